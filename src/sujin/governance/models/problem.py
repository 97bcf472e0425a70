"""问题: a row of the ledger."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.engine.series.panel import Node
from sujin.governance.kinds import ledger as kinds
from sujin.governance.kinds.wave import STREAM_NAMES
from sujin.governance.ledgerbook import cause_name
from sujin.governance.models.owned import WATCH, OwnedQuerySet
from sujin.knowledge.models import Item
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from sujin.governance.models.measure import Measure

GOVERN, WAIVE = "govern", "waive"


class ProblemQuerySet(OwnedQuerySet["Problem"]):
    about, newly, stands = "org_path", kinds.OPENED, kinds.STANDING

    def within(self, reach: Reach) -> Self:
        """Besides those of the own tree and desk: those one wrote down, and those against which
        one's desk carries out a measure."""
        mine = super().within(reach)
        if WATCH not in reach.may or reach.everything:
            return mine
        paths = [place.path for place in reach.places(GOVERN)]
        # Through the table of measures by itself: a join would list a problem twice.
        measured = self.model.objects.filter(below(paths, "measures__owner__path"))
        others = Q(opened_by=reach.person_id) | Q(pk__in=measured.order_by().values("pk"))
        return self.filter(Q(pk__in=mine.values("pk")) | others)


class Problem(Docketed):
    """Where it is (``org_path`` and codes, as of a node of the watch), whose it is, why it happens.
    Every column but the first four and the source is a cache of the docket."""

    subject = "problem"

    opened_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(_("登记时间"))
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    stream = models.CharField(_("类型"), max_length=16, choices=list(STREAM_NAMES.items()))
    org_path = models.CharField(max_length=200, blank=True, default="")
    business = models.CharField(_("业务"), max_length=60, blank=True, default="")
    cause = models.CharField(_("原因"), max_length=60, blank=True, default="")
    channel = models.CharField(_("渠道"), max_length=60, blank=True, default="")
    source = models.CharField(_("来源"), max_length=12, blank=True, default="")
    source_key = models.BigIntegerField(null=True)

    name = models.CharField(_("问题"), max_length=200, blank=True, default="")
    owner = models.ForeignKey(Org, models.PROTECT, related_name="+", null=True)
    acknowledge_by = models.DateTimeField(_("定因期限"), null=True)
    due_on: "models.DateField[date, date]" = models.DateField(_("办结期限"))
    state = models.CharField(
        _("状态"), max_length=12, default=kinds.OPENED, choices=list(kinds.PROBLEM_STATES.items())
    )
    root = models.CharField(_("根因"), max_length=24, blank=True, default="")
    why = models.TextField(blank=True, default="")
    escalated_at = models.DateTimeField(null=True)
    urged = models.PositiveSmallIntegerField(default=0)
    guideline = models.ForeignKey(Item, models.PROTECT, related_name="+", null=True)
    closed_at = models.DateTimeField(null=True)

    # In words, for the list that shows it.
    where: str = ""

    if TYPE_CHECKING:
        measures: "RelatedManager[Measure]"

    objects = ProblemQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="a_problem_acted_on_has_a_cause",
                condition=Q(state__in=[kinds.OPENED, kinds.DROPPED]) | ~Q(root=""),
            ),
            models.CheckConstraint(
                name="a_problem_that_is_over_says_when",
                condition=Q(state__in=kinds.STANDING) | Q(closed_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_standing_problem_from_one_source",
                fields=["source", "source_key"],
                condition=Q(state__in=kinds.STANDING, source_key__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_on"], name="problem_state"),
            models.Index(
                fields=["org_path"], name="problem_path", opclasses=["varchar_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return _t("问题 %(number)d") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("governance:problem", args=[self.pk])

    @property
    def node(self) -> Node:
        return (self.org_path, self.business, self.cause, self.channel)

    @property
    def root_name(self) -> str:
        return cause_name(self.root) if self.root else ""

    @property
    def stands(self) -> bool:
        return self.state in kinds.STANDING
