"""检查: a plan drawn by lot, each inspection of it, its marks and photographs."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.models import Attachment, Docketed, Org, Person
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach
from sujin.supervision.inspectionbook import Sort, sorts
from sujin.supervision.kinds import inspection as kinds

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from sujin.supervision.models.shortcoming import Shortcoming

PLAN, CHECK, RECTIFY = "plan", "check", "rectify"
# Whoever looks over the whole house reads, and changes nothing.
INSPECT = "inspect"
READERS = frozenset({PLAN, CHECK, RECTIFY, INSPECT})


def paths_of(reach: Reach, *permissions: str) -> list[str]:
    return [place.path for place in reach.places(*permissions)]


class InspectionPlanQuerySet(models.QuerySet["InspectionPlan"]):
    def within(self, reach: Reach) -> Self:
        """Those drawn at the person's own place or below it: a branch does not see the plans of the
        head office."""
        if reach.everything and {PLAN, INSPECT} & reach.may:
            return self
        return self.filter(below(paths_of(reach, PLAN), "org__path"))


class InspectionPlan(Docketed):
    """``org`` draws it for outlets below itself. ``pool`` is what was drawn from: of each outlet
    its key, risk and who is barred. The seed stays in its column until the plan is over."""

    subject = "inspection_plan"

    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    drawn_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    drawn_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    seed = models.BigIntegerField()
    name = models.CharField(_("名称"), max_length=80, blank=True, default="")
    sort = models.CharField(_("哪一种"), max_length=12, blank=True, default="")
    first: "models.DateField[date, date]" = models.DateField(_("从"))
    last: "models.DateField[date, date]" = models.DateField(_("到"))
    visits = models.PositiveIntegerField(_("抽几家"), default=0)
    factor = models.FloatField(default=1)
    digest = models.CharField(max_length=64, blank=True, default="")
    pool: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    state = models.CharField(
        _("状态"), max_length=8, default=kinds.RUNNING, choices=list(kinds.PLAN_STATES.items())
    )
    over_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        inspections: "RelatedManager[Inspection]"

    objects = InspectionPlanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="a_plans_days_are_in_order", condition=Q(first__lte=F("last"))
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "last"], name="plan_state")]

    def __str__(self) -> str:
        return self.name or _t("检查计划 %(number)d") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("supervision:plan", args=[self.pk])

    @property
    def row(self) -> Sort | None:
        """None once the pack has dropped it."""
        return sorts().get(self.sort)

    @property
    def runs(self) -> bool:
        return self.state == kinds.RUNNING


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def within(self, reach: Reach) -> Self:
        """The inspector's own; those of plans in reach; and of the own outlet what was told to it:
        inspections that are over, and those that are announced."""
        plans = InspectionPlan.objects.within(reach).values("pk")
        own = Q(inspector=reach.person_id) & Q(inspector__isnull=False)
        announced = [one.code for one in sorts().values() if one.announced]
        told = Q(state=kinds.SUBMITTED) | Q(plan__sort__in=announced)
        there = below(paths_of(reach, RECTIFY), "outlet__path")
        return self.filter(own | Q(plan__in=plans) | (there & told))

    def mine(self, reach: Reach) -> Self:
        """Those that the person is to make."""
        return self.filter(inspector=reach.person_id, state=kinds.AHEAD)


class Inspection(Docketed):
    """Every column but plan and outlet is a cache of the docket."""

    subject = "inspection"

    plan = models.ForeignKey(InspectionPlan, models.PROTECT, related_name="inspections")
    outlet = models.ForeignKey(Org, models.PROTECT, related_name="+", verbose_name=_("网点"))
    inspector = models.ForeignKey(
        Person, models.PROTECT, related_name="+", null=True, verbose_name=_("检查人")
    )
    day: "models.DateField[date, date]" = models.DateField(_("哪一天"))
    chance = models.FloatField(default=0)
    state = models.CharField(
        _("状态"), max_length=10, default=kinds.AHEAD, choices=list(kinds.INSPECTION_STATES.items())
    )
    submitted_at = models.DateTimeField(null=True)
    result: "models.JSONField[Any, Any]" = models.JSONField(default=list)

    if TYPE_CHECKING:
        marks: "RelatedManager[Mark]"
        photos: "RelatedManager[Photo]"
        shortcomings: "RelatedManager[Shortcoming]"

    objects = InspectionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="a_plan_goes_once", fields=["plan", "outlet"]),
            models.UniqueConstraint(
                name="nobody_goes_twice_on_a_day",
                fields=["plan", "inspector", "day"],
                condition=Q(inspector__isnull=False),
            ),
            models.CheckConstraint(
                name="a_submitted_inspection_says_when",
                condition=~Q(state=kinds.SUBMITTED) | Q(submitted_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["inspector", "state", "day"], name="inspection_mine"),
            models.Index(fields=["outlet", "-submitted_at"], name="inspection_outlet"),
        ]

    def __str__(self) -> str:
        return _t("检查 %(number)d") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("supervision:inspection", args=[self.pk])

    @property
    def is_ahead(self) -> bool:
        return self.state == kinds.AHEAD

    @property
    def days_off(self) -> int:
        """By how many days the drawn day was missed: negative when it was handed in before."""
        if self.submitted_at is None:
            return 0
        return (timezone.localdate(self.submitted_at) - self.day).days


class Mark(models.Model):
    """What was seen of one item, the last word of the telephone that made it; ``key`` tells one
    sending from the same sent again."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="marks")
    item = models.CharField(max_length=24)
    mark = models.CharField(max_length=4, choices=list(kinds.MARKS.items()))
    words = models.TextField(blank=True, default="")
    key = models.UUIDField()
    noted_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="an_item_has_one_mark", fields=["inspection", "item"])
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id}: {self.item}"


class Photo(models.Model):
    """A photograph of one item, once however often it is sent."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="photos")
    item = models.CharField(max_length=24)
    key = models.UUIDField()
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="a_photo_is_kept_once", fields=["inspection", "key"])
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id}: {self.item}"
