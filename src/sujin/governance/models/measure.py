"""措施: what is done against a problem, declared before it begins."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.engine.series.panel import Node
from sujin.engine.verify import Verdict
from sujin.governance.kinds import ledger as kinds
from sujin.governance.ledgerbook import limits
from sujin.governance.models.problem import Problem
from sujin.governance.verdict_words import VERDICTS
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.reach import Reach

NODE = ("org", "business", "cause", "channel")


class MeasureQuerySet(models.QuerySet["Measure"]):
    def readable(self, reach: Reach) -> Self:
        """Those of problems in reach."""
        return self.filter(problem__in=Problem.objects.within(reach).values("pk"))

    def ripe(self, today: date) -> Self:
        """Carried out or not, those whose declared day has come."""
        return self.filter(state__in=[kinds.DECLARED, kinds.DONE], judge_on__lte=today)


class Measure(Docketed):
    """``targets`` name the nodes whose cases are to become fewer, ``controls`` the nodes it is
    compared with, ``sinks`` nodes where cases may be moved to, ``definitions`` days from
    which other things are counted. Every column but problem, number and who declared it is a cache
    of the docket."""

    subject = "measure"

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="measures")
    number = models.PositiveSmallIntegerField()
    declared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    declared_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    words = models.TextField(blank=True, default="")
    owner = models.ForeignKey(Org, models.PROTECT, related_name="+", null=True)
    starts_on: "models.DateField[date, date]" = models.DateField(_("开始"))
    judge_on: "models.DateField[date, date]" = models.DateField(_("核验"))
    promised = models.FloatField(_("承诺减少"), default=0.0)
    settle = models.PositiveSmallIntegerField(default=0)
    targets: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    controls: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    sinks: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    definitions: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    state = models.CharField(
        _("状态"), max_length=12, default=kinds.DECLARED, choices=list(kinds.MEASURE_STATES.items())
    )
    proof = models.TextField(blank=True, default="")
    done_at = models.DateTimeField(null=True)
    verdict = models.CharField(_("结论"), max_length=12, blank=True, default="")
    figures: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    judged_at = models.DateTimeField(null=True)
    looks = models.PositiveSmallIntegerField(default=0)
    waived_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="a_measure_has_its_number", fields=["problem", "number"]),
            models.CheckConstraint(
                name="what_is_judged_has_a_verdict",
                condition=~Q(state=kinds.JUDGED)
                | (~Q(verdict="") & Q(judged_at__isnull=False) & Q(looks__gte=1)),
            ),
            models.CheckConstraint(
                name="who_declares_a_measure_does_not_waive_it",
                condition=Q(waived_by__isnull=True) | ~Q(waived_by=F("declared_by")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "judge_on"], name="measure_state")]

    def __str__(self) -> str:
        return _t("措施 %(number)d") % {"number": self.number}

    def get_absolute_url(self) -> str:
        return f"{self.problem.get_absolute_url()}#measure-{self.number}"

    @property
    def verdict_name(self) -> str:
        return str(VERDICTS[Verdict(self.verdict)]) if self.verdict else ""

    @property
    def is_settled(self) -> bool:
        """Nothing has to be waited for; a verdict of too little evidence settles it only when no
        further look is left."""
        if self.state == kinds.JUDGED and self.verdict == Verdict.UNCLEAR:
            return self.looks > limits().more_looks
        return self.state in kinds.SETTLED

    @property
    def can_be_waived(self) -> bool:
        """Anything but what worked, was never taken, or is waived already."""
        over = self.state in (kinds.CANCELLED, kinds.WAIVED, kinds.LAPSED)
        return not over and self.verdict != Verdict.WORKED

    def has_begun(self, today: date) -> bool:
        return self.starts_on <= today


def named_node(node: Node) -> dict[str, str]:
    """A node as it is written down."""
    return dict(zip(NODE, node, strict=True))


def node_of(told: dict[str, str]) -> Node:
    """A node that was written down."""
    return tuple(told.get(name, "") for name in NODE)
