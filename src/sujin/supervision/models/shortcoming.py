"""检查问题: one item that did not hold at one outlet; the rectification list is all of them."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.governance.visitbook import Severity, severities
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach
from sujin.supervision.inspectionbook import Item, items
from sujin.supervision.kinds import shortcoming as kinds
from sujin.supervision.models.inspection import (
    RECTIFY,
    Inspection,
    InspectionPlan,
    paths_of,
)


class ShortcomingQuerySet(models.QuerySet["Shortcoming"]):
    def within(self, reach: Reach) -> Self:
        """Of outlets whose list the person answers for, of plans in reach, of own inspections."""
        plans = InspectionPlan.objects.within(reach).values("pk")
        found = Q(inspection__inspector=reach.person_id) & Q(inspection__inspector__isnull=False)
        there = below(paths_of(reach, RECTIFY), "outlet__path")
        return self.filter(there | Q(inspection__plan__in=plans) | found)

    def standing(self) -> Self:
        return self.filter(state__in=kinds.STANDING)

    def late(self, at: Any) -> Self:
        """Not answered in time, and nobody above was told."""
        return self.filter(state=kinds.OPEN, escalated_at__isnull=True, due_at__lt=at)


class Shortcoming(Docketed):
    """Every column but inspection, outlet and item is a cache of the docket."""

    subject = "shortcoming"

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="shortcomings")
    outlet = models.ForeignKey(Org, models.PROTECT, related_name="+", verbose_name=_("网点"))
    item = models.CharField(_("检查项"), max_length=24)
    again_of = models.ForeignKey("self", models.PROTECT, related_name="+", null=True)
    words = models.TextField(blank=True, default="")
    severity = models.CharField(_("轻重"), max_length=16, blank=True, default="")
    state = models.CharField(
        _("状态"), max_length=10, default=kinds.OPEN, choices=list(kinds.SHORTCOMING_STATES.items())
    )
    due_at = models.DateTimeField(_("整改期限"), null=True)
    answer = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    returns = models.PositiveSmallIntegerField(default=0)
    seen = models.TextField(blank=True, default="")
    look = models.CharField(max_length=8, blank=True, default="", choices=list(kinds.LOOKS.items()))
    mended_at = models.DateTimeField(null=True)
    holds = models.BooleanField(null=True)
    held_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    objects = ShortcomingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="an_item_falls_short_once_an_inspection", fields=["inspection", "item"]
            ),
            models.UniqueConstraint(
                name="an_item_stands_once_at_an_outlet",
                fields=["outlet", "item"],
                condition=Q(state__in=kinds.STANDING),
            ),
            models.CheckConstraint(
                name="what_was_mended_was_answered_and_seen",
                condition=~Q(state=kinds.MENDED)
                | (~Q(answer="") & ~Q(seen="") & Q(mended_at__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="shortcoming_state"),
            models.Index(fields=["outlet", "item"], name="shortcoming_outlet"),
        ]

    def __str__(self) -> str:
        return _t("问题 %(number)d") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("supervision:shortcoming", args=[self.pk])

    @property
    def row(self) -> Item | None:
        """None once the pack has dropped it."""
        return items().get(self.item)

    @property
    def item_name(self) -> str:
        return str(self.row or self.item)

    @property
    def weight(self) -> Severity | None:
        return severities().get(self.severity)

    @property
    def stands(self) -> bool:
        return self.state in kinds.STANDING
