"""走访: somebody goes where it is hot; 走访问题: what was found there, until its owner's echo."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints import words as names
from sujin.governance.kinds import visit as kinds
from sujin.governance.models.owned import WATCH
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

VISIT = "visit"
# Whoever works at a desk answers for what was found there.
MENDS = "claim"
READERS = frozenset({WATCH, VISIT, MENDS})


def paths_of(reach: Reach, *permissions: str) -> list[str]:
    return [place.path for place in reach.places(*permissions)]


class VisitQuerySet(models.QuerySet["Visit"]):
    def whole(self, reach: Reach) -> Self:
        """Visits that the person may see all of: to the own tree, own ones, proposed ones."""
        if reach.everything:
            return self
        own = Q(visitor=reach.person_id) | Q(proposed_by=reach.person_id)
        return self.filter(own | below(paths_of(reach, WATCH, VISIT), "place__path"))

    def within(self, reach: Reach) -> Self:
        """Besides, those with a concern of the own desk."""
        if reach.everything:
            return self
        mending = Concern.objects.owned(reach).values("visit")
        whole = Visit.objects.whole(reach).values("pk")
        return self.filter(Q(pk__in=whole) | Q(pk__in=mending))

    def late(self, at: datetime) -> Self:
        """Not answered, or not gone, in time, and nobody above was told."""
        unanswered = Q(state=kinds.PROPOSED, answer_by__lt=at, escalated="")
        today = timezone.localdate(at)
        ungone = Q(state=kinds.ACCEPTED, due_on__lt=today) & ~Q(escalated="report")
        return self.filter(unanswered | ungone)


class Visit(Docketed):
    """Place, business and days are those of the hot cell. ``figures`` are the cell's as they were
    when the visit was proposed; ``escalated`` says what went up: ``answer``, then ``report``."""

    subject = "visit"

    place = models.ForeignKey(Org, models.PROTECT, related_name="+", verbose_name=_("走访哪里"))
    business = models.CharField(_("业务"), max_length=60, blank=True, default="")
    first: "models.DateField[date, date]" = models.DateField()
    last: "models.DateField[date, date]" = models.DateField()
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    visitor = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    figures: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    why = models.TextField(blank=True, default="")
    due_on = models.DateField(_("走访期限"), null=True)
    answer_by = models.DateTimeField(null=True)
    state = models.CharField(
        _("状态"), max_length=12, default=kinds.PROPOSED, choices=list(kinds.VISIT_STATES.items())
    )
    visited_on = models.DateField(null=True)
    reported_at = models.DateTimeField(null=True)
    summary = models.TextField(blank=True, default="")
    escalated = models.CharField(max_length=8, blank=True, default="")

    if TYPE_CHECKING:
        concerns: "RelatedManager[Concern]"

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="a_reported_visit_says_when_and_what",
                condition=~Q(state=kinds.REPORTED)
                | (Q(visited_on__isnull=False) & Q(reported_at__isnull=False) & ~Q(summary="")),
            ),
            models.CheckConstraint(
                name="the_days_of_a_visits_figures_are_in_order",
                condition=Q(first__lte=F("last")),
            ),
            models.UniqueConstraint(
                name="one_visit_ahead_for_a_cell",
                fields=["place", "business", "first", "last"],
                condition=Q(state__in=kinds.AHEAD),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_on"], name="visit_state")]

    def __str__(self) -> str:
        return _t("走访 %(number)d") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("governance:visit", args=[self.pk])

    @property
    def business_name(self) -> str:
        return names.named("business", self.business) if self.business else _t("全部业务")

    @property
    def is_ahead(self) -> bool:
        return self.state in kinds.AHEAD


class ConcernQuerySet(models.QuerySet["Concern"]):
    def owned(self, reach: Reach) -> Self:
        """Those that the person's desk, or one below it, answers for."""
        return self.filter(below(paths_of(reach, MENDS), "owner__path"))

    def readable(self, reach: Reach) -> Self:
        """Those of visits that the person may see all of, and those of the own desk."""
        whole = Visit.objects.whole(reach).values("pk")
        return self.filter(Q(visit__in=whole) | below(paths_of(reach, MENDS), "owner__path"))

    def unconfirmed(self) -> Self:
        return self.filter(state__in=kinds.UNCONFIRMED)

    def late(self, at: datetime) -> Self:
        """Not answered in time, and nobody above was told."""
        return self.filter(state=kinds.OPEN, escalated_at__isnull=True, due_at__lt=at)


class Concern(Docketed):
    """One thing found on a visit. Every column but visit, number and who found it is a cache of the
    docket."""

    subject = "concern"

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="concerns")
    number = models.PositiveSmallIntegerField()
    found_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    found_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    words = models.TextField(blank=True, default="")
    severity = models.CharField(_("轻重"), max_length=16, blank=True, default="")
    owner = models.ForeignKey(Org, models.PROTECT, related_name="+", null=True)
    due_at = models.DateTimeField(_("整改期限"), null=True)
    state = models.CharField(
        _("状态"), max_length=12, default=kinds.OPEN, choices=list(kinds.CONCERN_STATES.items())
    )
    answer = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    confirmed_at = models.DateTimeField(null=True)
    returns = models.PositiveSmallIntegerField(default=0)
    escalated_at = models.DateTimeField(null=True)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="a_concern_has_its_number", fields=["visit", "number"]),
            models.CheckConstraint(
                name="what_is_confirmed_was_answered",
                condition=~Q(state=kinds.CONFIRMED)
                | (Q(answered_at__isnull=False) & Q(confirmed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="who_found_a_concern_does_not_answer_it",
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("found_by")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="concern_state")]

    def __str__(self) -> str:
        return _t("问题 %(number)d") % {"number": self.number}

    def get_absolute_url(self) -> str:
        return f"{self.visit.get_absolute_url()}#concern-{self.number}"

    @property
    def severity_name(self) -> str:
        return kinds.severity_name(self.severity)
