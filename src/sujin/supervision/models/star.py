"""评分: a round of a scheme (stars of outlets, score cards of branches), a sheet for each unit, and
appeals against a line of it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.figures.selection import Window
from sujin.engine.stars import reached
from sujin.governance.metric_board import whole_month
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach
from sujin.supervision import starbook
from sujin.supervision.kinds import star as kinds
from sujin.supervision.models.inspection import INSPECT, RECTIFY, paths_of

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

RATE = "rate"
READERS = frozenset({RATE, RECTIFY, INSPECT})


def sees_all(reach: Reach) -> bool:
    return reach.everything and bool({RATE, INSPECT} & reach.may)


class StarRoundQuerySet(models.QuerySet["StarRound"]):
    def within(self, reach: Reach) -> Self:
        """Drafts are for whoever rates; what is published for everybody with a sheet in it."""
        return self if sees_all(reach) else self.exclude(state=kinds.DRAFTED)


class StarRound(Docketed):
    """The last of its months is ``month``; every column but that and the scheme is a cache of the
    docket."""

    subject = "star_round"

    scheme = models.CharField(max_length=16, default=starbook.OUTLET)
    month: "models.DateField[date, date]" = models.DateField(_("月份"))
    first: "models.DateField[date, date]" = models.DateField()
    digest = models.CharField(max_length=64, blank=True, default="")
    rules: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    state = models.CharField(
        _("状态"), max_length=10, default=kinds.DRAFTED, choices=list(kinds.ROUND_STATES.items())
    )
    published_at = models.DateTimeField(_("公布时间"), null=True)
    appeal_by = models.DateTimeField(_("申诉期限"), null=True)

    if TYPE_CHECKING:
        sheets: "RelatedManager[StarSheet]"

    objects = StarRoundQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="a_month_is_rated_once", fields=["scheme", "month"]),
            models.CheckConstraint(
                name="a_published_round_says_until_when",
                condition=Q(state=kinds.DRAFTED)
                | (Q(published_at__isnull=False) & Q(appeal_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row or self.scheme} {self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        return f"{reverse('supervision:stars', args=[self.scheme])}?month={self.month:%Y-%m}"

    @property
    def row(self) -> starbook.Scheme | None:
        """None once the pack has dropped it."""
        return starbook.schemes().get(self.scheme)

    @property
    def window(self) -> Window:
        """The days whose cases count."""
        return Window(self.first, whole_month(self.month).last)

    @property
    def verbs_url(self) -> str:
        """Below which its verbs stand."""
        return f"/ratings/{self.scheme}/{self.month:%Y-%m}"

    def takes_appeals(self, at: datetime) -> bool:
        is_open = self.state == kinds.PUBLISHED
        return is_open and self.appeal_by is not None and at <= self.appeal_by


class StarSheetQuerySet(models.QuerySet["StarSheet"]):
    def within(self, reach: Reach) -> Self:
        """All for whoever rates; else the published ones of outlets that the person answers for."""
        if sees_all(reach):
            return self
        there = below(paths_of(reach, RECTIFY), "unit__path")
        return self.filter(there).exclude(round__state=kinds.DRAFTED)


class StarSheet(Docketed):
    """Every column but round and unit is a cache of the docket."""

    subject = "star_sheet"

    round = models.ForeignKey(StarRound, models.PROTECT, related_name="sheets")
    unit = models.ForeignKey(Org, models.PROTECT, related_name="+", verbose_name=_("单位"))
    lines: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    points, low, high = (
        models.FloatField(default=0), models.FloatField(default=0), models.FloatField(default=0),
    )  # fmt: skip
    star = models.PositiveSmallIntegerField(_("星级"), default=1)
    star_low = models.PositiveSmallIntegerField(default=1)
    star_high = models.PositiveSmallIntegerField(default=1)
    rank_first = models.PositiveIntegerField(default=1)
    rank_last = models.PositiveIntegerField(default=1)
    of = models.PositiveIntegerField(default=1)
    before = models.PositiveIntegerField(default=0)
    behind = models.PositiveIntegerField(default=0)

    objects = StarSheetQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="a_unit_has_one_sheet", fields=["round", "unit"]),
            models.CheckConstraint(
                name="a_sheets_points_lie_in_its_interval",
                condition=Q(low__lte=F("high")) & Q(star_low__lte=F("star_high")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["round", "-points"], name="star_points"),
            models.Index(fields=["unit", "-round"], name="star_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.round}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:star", args=[self.pk])

    @property
    def is_kept(self) -> bool:
        """Whether the level is the one it had, because nobody is sure enough of another."""
        levels = [row.level for row in starbook.levels(self.round.scheme).values()]
        return reached(self.points, levels) != self.star

    @property
    def low_name(self) -> str:
        return starbook.level_name(self.round.scheme, self.star_low)

    @property
    def high_name(self) -> str:
        return starbook.level_name(self.round.scheme, self.star_high)

    @property
    def star_name(self) -> str:
        return starbook.level_name(self.round.scheme, self.star)


class StarAppeal(Docketed):
    """``keys`` are the cases (or inspections, shortcomings) behind a line that should not count."""

    subject = "star_appeal"

    sheet = models.ForeignKey(StarSheet, models.PROTECT, related_name="appeals")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    item = models.CharField(_("评分项"), max_length=24, blank=True, default="")
    words = models.TextField(blank=True, default="")
    keys = ArrayField(models.BigIntegerField(), default=list)
    because = models.TextField(blank=True, default="")
    state = models.CharField(
        _("状态"), max_length=8, default=kinds.ASKED, choices=list(kinds.APPEAL_STATES.items())
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="one_appeal_waits_for_a_line", fields=["sheet", "item"],
                condition=Q(state=kinds.ASKED),
            ),
            models.CheckConstraint(
                name="a_decided_appeal_says_why", condition=Q(state=kinds.ASKED) | ~Q(because="")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return _t("申诉 %(number)d") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return f"{self.sheet.get_absolute_url()}#appeal-{self.pk}"

    @property
    def verbs_url(self) -> str:
        """Below which its verbs stand."""
        return f"/ratings/appeals/{self.pk}"
