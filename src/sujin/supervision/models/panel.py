"""客户体验官 and 体验评审: customers without a name who look at one change, and what came of it."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.governance.models import Measure
from sujin.governance.models.owned import WATCH
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach
from sujin.supervision.ballots import Result, has_said_worse, result
from sujin.supervision.models.proposal import Proposal
from sujin.supervision.voicebook import segments


class PanelistQuerySet(models.QuerySet["Panelist"]):
    def within(self, reach: Reach) -> Self:
        """Those of the own units."""
        if WATCH not in reach.may:
            return self.none()
        if reach.everything:
            return self
        return self.filter(below([place.path for place in reach.places(WATCH)], "unit__path"))

    def since(self, day: date) -> Self:
        """Who takes part now, or did on that day or later."""
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gt=day))

    def taking_part(self, day: date) -> Self:
        """Who is an experience officer on that day."""
        return self.since(day).filter(joined_on__lte=day)


class Panelist(Docketed):
    """Known by a number of ours alone. Every column but the unit is a cache of the docket."""

    subject = "panelist"

    unit = models.ForeignKey(Org, models.PROTECT, related_name="+", verbose_name=_("哪个单位请的"))
    segment = models.CharField(_("哪类客户"), max_length=24, blank=True, default="")
    joined_on: "models.DateField[date, date]" = models.DateField(_("加入"))
    consented_on: "models.DateField[date, date]" = models.DateField(_("同意日期"))
    consent_how = models.CharField(_("怎样同意的"), max_length=200, blank=True, default="")
    left_on = models.DateField(_("退出"), null=True)

    objects = PanelistQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="nobody_is_asked_before_consent",
                condition=Q(consented_on__lte=F("joined_on")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "left_on"], name="panelist_unit")]

    def __str__(self) -> str:
        return _t("体验官 %(number)04d") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("supervision:panelists")

    @property
    def segment_name(self) -> str:
        return segments().get(self.segment, self.segment)


class WalkthroughQuerySet(models.QuerySet["Walkthrough"]):
    def within(self, reach: Reach) -> Self:
        """Those of the own units, and of proposals that one sees: whoever wrote one reads what
        customers say of it."""
        if reach.everything:
            return self
        paths = [place.path for place in reach.places(WATCH)]
        seen = Proposal.objects.within(reach).values("pk")
        return self.filter(below(paths, "unit__path") | Q(proposal__in=seen))

    def of_proposal(self, proposal: Proposal) -> Self:
        """Of the proposal itself, or of its measure."""
        found = Q(proposal=proposal.pk)
        if proposal.measure_id is not None:
            found |= Q(measure=proposal.measure_id)
        return self.filter(found)


class Walkthrough(Docketed):
    """``sessions`` hold the ballots; ``answered`` is how many of them the answer speaks of. Every
    column but the first three is a cache of the docket."""

    subject = "walkthrough"

    opened_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(_("开始"))
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Org, models.PROTECT, related_name="+", verbose_name=_("哪个单位"))
    words = models.TextField(_("看哪个变化"), blank=True, default="")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="walkthroughs", null=True)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+", null=True)
    sessions: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    answer = models.TextField(_("采纳情况"), blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered = models.PositiveSmallIntegerField(default=0)

    objects = WalkthroughQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="a_walkthrough_looks_at_one_change",
                condition=Q(proposal__isnull=True) | Q(measure__isnull=True),
            ),
            models.CheckConstraint(
                name="what_is_answered_says_what",
                condition=Q(answered=0) | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-opened_at", "-id"], name="walkthrough_opened")]

    def __str__(self) -> str:
        return _t("体验评审 %(number)d") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("supervision:walkthrough", args=[self.pk])

    @property
    def result(self) -> Result | None:
        return result(self.sessions)

    @property
    def awaits_answer(self) -> bool:
        """Most have said that it became worse, and nobody has answered that yet."""
        return has_said_worse(self.sessions, self.answered)
