"""研判会: a meeting with its agenda; 会议决定: what was decided there, until it is done."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.engine.verify import Verdict
from sujin.governance.kinds import ledger
from sujin.governance.kinds import meeting as kinds
from sujin.governance.models.owned import WATCH
from sujin.governance.models.problem import GOVERN, Problem
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def within(self, reach: Reach) -> Self:
        """Those of the whole house for the head office; for others those in which their line has a
        seat, or that decided something for their desk."""
        if WATCH not in reach.may:
            return self.none()
        if reach.everything:
            return self
        lines = sorted({place.line for place in reach.places(WATCH) if place.line})
        mine = Decision.objects.owned(reach).values("meeting")
        return self.filter(Q(seats__overlap=lines) | Q(pk__in=mine))


class Meeting(Docketed):
    """``agenda`` is as data proposed it on the day it was convened, or as a person changed it;
    ``seats`` are lines."""

    subject = "meeting"

    convened_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    convened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sort = models.CharField(_("会议"), max_length=12, choices=list(kinds.SORTS.items()))
    held_on: "models.DateField[date, date]" = models.DateField(_("日期"))
    seats = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    agenda: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    state = models.CharField(
        _("状态"), max_length=12, default=kinds.PLANNED, choices=list(kinds.MEETING_STATES.items())
    )
    minutes = models.TextField(blank=True, default="")

    if TYPE_CHECKING:
        decisions: "RelatedManager[Decision]"

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="a_meeting_that_was_held_has_minutes",
                condition=~Q(state=kinds.HELD) | ~Q(minutes=""),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-held_on"], name="meeting_day")]

    def __str__(self) -> str:
        return f"{self.get_sort_display()} {self.held_on.isoformat()}"

    def get_absolute_url(self) -> str:
        return reverse("governance:meeting", args=[self.pk])

    def before(self) -> "Meeting | None":
        """The last one of its sort that was held earlier."""
        rows = Meeting.objects.filter(sort=self.sort, state=kinds.HELD, held_on__lt=self.held_on)
        return rows.order_by("-held_on", "-pk").first()


class DecisionQuerySet(models.QuerySet["Decision"]):
    def owned(self, reach: Reach) -> Self:
        """Those that the person's desk, or one below it, answers for."""
        return self.filter(below([place.path for place in reach.places(GOVERN)], "owner__path"))

    def readable(self, reach: Reach) -> Self:
        """Those of meetings in reach: all of them where the line has a seat, else the own ones."""
        if reach.everything:
            return self
        lines = sorted({place.line for place in reach.places(WATCH) if place.line})
        seated = Meeting.objects.filter(seats__overlap=lines).values("pk")
        return self.filter(Q(meeting__in=seated) | Q(pk__in=self.owned(reach).values("pk")))


class Decision(Docketed):
    """Every column but meeting and number is a cache of the docket."""

    subject = "decision"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True, default="")
    owner = models.ForeignKey(Org, models.PROTECT, related_name="+", null=True)
    due_on: "models.DateField[date, date]" = models.DateField(_("期限"))
    problem = models.ForeignKey(Problem, models.PROTECT, related_name="+", null=True)
    state = models.CharField(
        _("状态"), max_length=12, default=kinds.OPEN, choices=list(kinds.DECISION_STATES.items())
    )
    answer = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="a_decision_has_its_number", fields=["meeting", "number"]),
            models.CheckConstraint(
                name="a_decision_that_is_done_says_what",
                condition=~Q(state=kinds.DONE) | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_on"], name="decision_state")]

    def __str__(self) -> str:
        return _t("决定 %(number)d") % {"number": self.number}

    def get_absolute_url(self) -> str:
        return f"{self.meeting.get_absolute_url()}#decision-{self.number}"

    @property
    def status(self) -> str:
        """Where it stands now: of what went into the ledger, as the ledger says."""
        if self.problem is not None:
            return str(self.problem.get_state_display())
        return str(self.get_state_display())

    @property
    def is_open(self) -> bool:
        if self.problem is not None:
            return self.problem.state in ledger.STANDING
        return self.state == kinds.OPEN

    def changed(self) -> str:
        """What it changed, in the words of the verdicts on its measures."""
        if self.problem is None:
            return self.answer
        told = [one for one in self.problem.measures.all() if one.verdict]
        worked = [one for one in told if one.verdict == Verdict.WORKED]
        return "；".join(f"{one}：{one.verdict_name}" for one in worked or told)
