"""前瞻研判: what was said of the weeks ahead, and how it compared once they had come."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _t

from sujin.complaints.rulebook import taxonomy
from sujin.engine.series.panel import Node
from sujin.governance.models.owned import WATCH
from sujin.governance.models.wave import line_of
from sujin.platform.models import Docketed
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

_SUNDAY = timedelta(days=6)


class Foresight(Docketed):
    """One Monday's study; ``week`` is the first week ahead. ``nodes`` and ``leads`` are a cache of
    the docket."""

    subject = "foresight"

    week: "models.DateField[date, date]" = models.DateField(unique=True)
    made_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    nodes = models.PositiveIntegerField(default=0)
    leads: "models.JSONField[Any, Any]" = models.JSONField(default=list)

    if TYPE_CHECKING:
        prospects: "RelatedManager[Prospect]"

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-week"], name="foresight_week")]

    def __str__(self) -> str:
        return _t("前瞻研判 %(week)s") % {"week": self.week.isoformat()}

    def get_absolute_url(self) -> str:
        return f"{reverse('governance:prospects')}?week={self.week.isoformat()}"


class ProspectQuerySet(models.QuerySet["Prospect"]):
    def within(self, reach: Reach) -> Self:
        """Nodes the person may see the figures of, as `in_reach` says of one."""
        if WATCH not in reach.may:
            return self.none()
        if reach.everything:
            return self
        own = reach.places(WATCH)
        lines = {place.line for place in own if place.line}
        codes = [code for axis, code in taxonomy() if axis == "business" and line_of(code) in lines]
        return self.filter(below([one.path for one in own], "org_path") | Q(business__in=codes))

    def scored(self) -> Self:
        return self.filter(scored_at__isnull=False)

    def due(self, today: date) -> Self:
        """Not scored yet though the week is over."""
        return self.filter(scored_at__isnull=True, week__lt=today - _SUNDAY)


class Prospect(models.Model):
    """Complaints of a node in the week that begins on ``week``: quantiles .1, .5, .9 and the chance
    of ``hot_from`` or more, as said. ``naive``: the mean of the last four weeks then. A trigger
    refuses another word once it is written; only what came is added, once, with the pinball loss
    and that of the naive forecast."""

    foresight = models.ForeignKey(Foresight, models.PROTECT, related_name="prospects")
    org_path = models.CharField(max_length=120, blank=True, default="")
    business = models.CharField(max_length=60, blank=True, default="")
    week: "models.DateField[date, date]" = models.DateField()
    ahead = models.PositiveSmallIntegerField()
    usual = models.FloatField()
    low, mid, high = models.FloatField(), models.FloatField(), models.FloatField()
    hot_from = models.PositiveIntegerField()
    chance = models.FloatField()
    called = models.BooleanField()
    naive = models.FloatField()
    parts: "models.JSONField[dict[str, float], dict[str, float]]" = models.JSONField(default=dict)
    events: "models.JSONField[list[int], list[int]]" = models.JSONField(default=list)
    actual = models.PositiveIntegerField(null=True)
    loss = models.FloatField(null=True)
    naive_loss = models.FloatField(null=True)
    scored_at = models.DateTimeField(null=True)

    objects = ProspectQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="foreseen_once", fields=["foresight", "org_path", "business", "week"]
            ),
            models.CheckConstraint(
                name="prospect_quantiles_rise", condition=Q(low__lte=F("mid"), mid__lte=F("high"))
            ),
            models.CheckConstraint(
                name="a_chance_is_a_share", condition=Q(chance__gte=0, chance__lte=1)
            ),
            models.CheckConstraint(
                name="a_scored_prospect_knows_what_came",
                condition=Q(scored_at__isnull=True)
                | Q(actual__isnull=False, loss__isnull=False, naive_loss__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["week"], name="prospect_unscored", condition=Q(scored_at__isnull=True)
            ),
            models.Index(fields=["-week", "ahead"], name="prospect_scored"),
        ]

    def __str__(self) -> str:
        return f"{self.org_path} {self.business} {self.week}"

    @property
    def node(self) -> Node:
        """As the pages of the watch name it: no cause, no channel."""
        return (self.org_path, self.business, "", "")

    @property
    def last_day(self) -> date:
        return self.week + _SUNDAY

    @property
    def is_within(self) -> bool:
        return self.actual is not None and self.low <= self.actual <= self.high

    @property
    def was_hot(self) -> bool:
        return self.actual is not None and self.actual >= self.hot_from
