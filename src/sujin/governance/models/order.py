"""测值: one figure of an indicator; and 督办单: what a figure beyond its target opens by itself."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.engine.indicators import Rule, State
from sujin.governance.indicatorbook import Indicator, indicators
from sujin.governance.kinds.order import (
    ACKNOWLEDGED,
    CLOSED,
    OPENED,
    ORDER_STATES,
    STANDING,
)
from sujin.governance.models.owned import WATCH, OwnedQuerySet
from sujin.platform.models import Docketed, Org
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach

GAUGE_STATES = {
    State.INSIDE: _("达标"),
    State.BEYOND: _("未达标，尚在偶然范围"),
    State.BREACHED: _("确认超标"),
    State.FEW: _("件数太少，不判断"),
}
RULES = {Rule.BOUND: _("单期超出偶然范围"), Rule.RUN: _("连续多期在不利一侧")}


def _owned(reach: Reach) -> Q:
    """Figures that a line at head office answers for are its own everywhere."""
    mine = {place.line for place in reach.places(WATCH) if place.line}
    return Q(indicator__in=[one.code for one in indicators().values() if one.owner in mine])


class GaugeQuerySet(models.QuerySet["Gauge"]):
    def within(self, reach: Reach) -> Self:
        """Figures of units at or below the person's own, and those of the own line."""
        if WATCH not in reach.may:
            return self.none()
        if reach.everything:
            return self
        paths = [place.path for place in reach.places(WATCH)]
        return self.filter(below(paths, "org__path") | _owned(reach))


class Gauge(models.Model):
    """One indicator of one unit in one period that is over: ``bad`` of ``n`` cases on the wrong
    side, ``value`` the figure itself (a share, or days) with its interval. Written once."""

    indicator = models.CharField(_("指标"), max_length=24)
    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    first: "models.DateField[date, date]" = models.DateField()
    last: "models.DateField[date, date]" = models.DateField()
    n, bad = models.PositiveIntegerField(), models.PositiveIntegerField()
    value = models.FloatField(null=True)
    low, high = models.FloatField(null=True), models.FloatField(null=True)
    threshold = models.FloatField()
    state = models.CharField(max_length=8, choices=list(GAUGE_STATES.items()))
    rule = models.CharField(max_length=8, blank=True, default="", choices=list(RULES.items()))
    p, run_p = models.FloatField(default=1), models.FloatField(default=1)
    run = models.PositiveIntegerField(default=0)
    gauged_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()

    objects = GaugeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="a_period_is_gauged_once", fields=["indicator", "org", "first"]
            ),
            models.CheckConstraint(
                name="no_more_are_bad_than_there_are", condition=Q(bad__lte=F("n"))
            ),
            models.CheckConstraint(
                name="a_breach_names_its_rule",
                condition=Q(state=State.BREACHED, rule__in=list(Rule))
                | (~Q(state=State.BREACHED) & Q(rule="")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["indicator", "-first"], name="gauge_period")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.org} {self.first}"

    def get_absolute_url(self) -> str:
        where = [self.indicator, self.org.code, self.first.isoformat()]
        return reverse("governance:gauge", args=where)

    @property
    def row(self) -> Indicator | None:
        """None once the pack has dropped it."""
        return indicators().get(self.indicator)


class WorkOrderQuerySet(OwnedQuerySet["WorkOrder"]):
    about, newly, stands = "org__path", OPENED, STANDING


class WorkOrder(Docketed):
    """Every column but ``opened_at`` is a cache of the docket. At most one stands for each
    indicator and unit."""

    subject = "order"

    opened_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(_("开出时间"))
    indicator = models.CharField(_("指标"), max_length=24)
    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Org, models.PROTECT, related_name="+", null=True)
    state = models.CharField(
        _("状态"), max_length=12, default=OPENED, choices=list(ORDER_STATES.items())
    )
    since: "models.DateField[date | None, date | None]" = models.DateField(null=True)
    last: "models.DateField[date | None, date | None]" = models.DateField(null=True)
    inside = models.PositiveSmallIntegerField(default=0)
    acknowledge_by = models.DateTimeField(_("签收期限"), null=True)
    acknowledged_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = WorkOrderQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="one_order_stands_for_an_indicator_of_a_unit",
                fields=["indicator", "org"],
                condition=~Q(state=CLOSED),
            ),
            models.CheckConstraint(
                name="a_closed_order_says_when",
                condition=Q(state=CLOSED, closed_at__isnull=False)
                | (~Q(state=CLOSED) & Q(closed_at__isnull=True)),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-opened_at"], name="order_state")]

    def __str__(self) -> str:
        return _t("督办单 %(number)d") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("governance:order", args=[self.pk])

    @property
    def row(self) -> Indicator | None:
        """None once the pack has dropped it."""
        return indicators().get(self.indicator)

    @property
    def name(self) -> str:
        return str(self.row or self.indicator)

    @property
    def stands(self) -> bool:
        return self.state in STANDING

    @property
    def is_acknowledged(self) -> bool:
        return self.state == ACKNOWLEDGED
