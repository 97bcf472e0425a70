"""预警: a wave of complaints that was warned of; and 巡查: one look of the watch."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.rulebook import taxonomy
from sujin.engine.series.panel import Node
from sujin.governance.kinds.wave import (
    DISMISSED,
    GRAIN_NAMES,
    OVER,
    RAISED,
    STANDING,
    STREAM_NAMES,
    WAVE_STATES,
)
from sujin.governance.models.owned import WATCH, OwnedQuerySet
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.reach import Reach


def in_reach(reach: Reach, org: str, business: str) -> bool:
    """Whether the person may see the figures of a node: of the whole house at head office itself,
    of what lies below the own organisation, of the own line's business everywhere."""
    if WATCH not in reach.may:
        return False
    if reach.everything:
        return True
    own = reach.places(WATCH)
    if any(org.startswith(place.path) for place in own):
        return True
    return line_of(business) in {place.line for place in own if place.line}


def line_of(business: str) -> str:
    """The line that owns a business class, or the class above it; empty for none."""
    steps = business.split(".")
    for end in range(len(steps), 0, -1):
        row = taxonomy().get(("business", ".".join(steps[:end])))
        if row is not None and row.line:
            return row.line
    return ""


class WaveQuerySet(OwnedQuerySet["Wave"]):
    about, newly, stands = "org_path", RAISED, STANDING

    def seen_still(self) -> Self:
        """Those that a later look may see again: they stand, or were dismissed but are not over."""
        return self.filter(Q(state__in=STANDING) | Q(state=DISMISSED, over_at__isnull=True))


def _code(label: Any) -> Any:
    return models.CharField(label, max_length=60, blank=True, default="")


class Wave(Docketed):
    """Every column but ``raised_at`` is a cache of the docket. ``is_false`` is what a person says:
    a false alarm, a true wave, or nothing yet."""

    subject = "wave"

    raised_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(_("首次预警时间"))
    stream = models.CharField(_("类型"), max_length=16, choices=list(STREAM_NAMES.items()))
    grain = models.CharField(_("看法"), max_length=8, choices=list(GRAIN_NAMES.items()))
    org_path = models.CharField(max_length=120, blank=True, default="")
    business, cause, channel = _code(_("业务")), _code(_("原因")), _code(_("渠道"))
    detectors = ArrayField(models.CharField(max_length=16), default=list)
    since: "models.DateField[date, date]" = models.DateField(_("自"))
    first_alarm: "models.DateField[date, date]" = models.DateField(_("首次预警"))
    last_alarm: "models.DateField[date, date]" = models.DateField(_("最近预警"))
    observed, expected = models.FloatField(default=0), models.FloatField(default=0)
    low, high = models.FloatField(default=0), models.FloatField(default=0)
    evidence, p = models.FloatField(default=0), models.FloatField(default=1)
    silent_at = models.FloatField(default=0)
    relatives: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    parts: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    telling = ArrayField(models.BigIntegerField(), default=list)
    words: "models.JSONField[Any, Any]" = models.JSONField(default=list)

    state = models.CharField(
        _("状态"), max_length=12, default=RAISED, choices=list(WAVE_STATES.items())
    )
    owner = models.ForeignKey(Org, models.PROTECT, related_name="+", null=True)
    acknowledge_by = models.DateTimeField(_("签收期限"), null=True)
    acknowledged_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=24, blank=True, default="")
    is_false = models.BooleanField(null=True)
    dismissed_at = models.DateTimeField(null=True)
    dismissed_excess = models.FloatField(default=0)
    over_at = models.DateTimeField(null=True)

    objects = WaveQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="a_dismissed_wave_has_a_reason",
                condition=~Q(state=DISMISSED) | (~Q(reason="") & Q(is_false__isnull=False)),
            ),
            models.CheckConstraint(
                name="a_wave_that_is_over_says_when",
                condition=~Q(state=OVER) | Q(over_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-last_alarm"], name="wave_state"),
            models.Index(fields=["org_path"], name="wave_path", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return _t("预警 %(number)d") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("governance:wave", args=[self.pk])

    @property
    def node(self) -> Node:
        return (self.org_path, self.business, self.cause, self.channel)

    @property
    def excess(self) -> float:
        return self.observed - self.expected

    @property
    def last_day(self) -> date:
        """The last day of the period it was seen in."""
        return self.last_alarm + timedelta(days=6 if self.grain == "week" else 0)

    @property
    def has_calmed(self) -> bool:
        """No look follows it any more: what rises again is another wave."""
        return self.over_at is not None

    @property
    def stands(self) -> bool:
        return self.state in STANDING


class Watch(models.Model):
    """One look of a row of watch.csv at the period that begins on ``period``. ``held`` waves were
    seen and not raised that morning, because as many as the pack allows were."""

    row = models.CharField(max_length=8)
    stream = models.CharField(max_length=16)
    grain = models.CharField(max_length=8)
    period: "models.DateField[date, date]" = models.DateField()
    is_whole = models.BooleanField()
    seen_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    series = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    raised = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    hushed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="a_period_is_looked_at_once", fields=["row", "period"])
        ]
        indexes: ClassVar = [models.Index(fields=["-seen_at"], name="watch_seen")]

    def __str__(self) -> str:
        return f"{self.row} {self.period}"
