"""Who is enrolled in which training, each attempt at its test, and what a training did."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.models import Complaint
from sujin.engine.verify import Verdict
from sujin.governance.verdict_words import VERDICTS
from sujin.platform.models import Docketed, Org, Person, Post
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach
from sujin.supervision.kinds import training as kinds
from sujin.supervision.trainingbook import Training, trainings

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

TRAIN, INSPECT = "train", "inspect"


def watched_places(reach: Reach) -> list[Org]:
    """The organisations whose people's trainings the person sees, and of all below them."""
    return reach.places(TRAIN, INSPECT)


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def current(self) -> Self:
        return self.filter(state__in=kinds.CURRENT)

    def within(self, reach: Reach, at: datetime) -> Self:
        """The person's own; and those of people who now hold a post at or below a place where the
        person watches."""
        paths = [place.path for place in watched_places(reach)]
        posts = Post.objects.held_at(at).filter(below(paths, "org__path"))
        return self.filter(Q(person=reach.person_id) | Q(person__in=posts.values("person")))


class Enrolment(Docketed):
    """One person, one training. Every column but the first two is a cache of the docket; ``org`` is
    where the person was then."""

    subject = "enrolment"

    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    training = models.CharField(_("培训"), max_length=32)
    org = models.ForeignKey(Org, models.PROTECT, related_name="+", null=True)
    because = models.CharField(_("为什么"), max_length=12, choices=list(kinds.BECAUSE.items()))
    source = models.CharField(max_length=300, blank=True, default="")
    due_on: "models.DateField[date, date]" = models.DateField(_("期限"))
    state = models.CharField(
        _("状态"), max_length=10, default=kinds.ASSIGNED, choices=list(kinds.STATES.items())
    )
    tries = models.PositiveSmallIntegerField(default=0)
    first_passed = models.BooleanField(null=True)
    retake_on = models.DateField(null=True)
    passed_at = models.DateTimeField(null=True)
    valid_until = models.DateField(_("有效至"), null=True)
    excused_until = models.DateField(null=True)

    if TYPE_CHECKING:
        attempts: "RelatedManager[Attempt]"

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="one_enrolment_stands",
                fields=["person", "training"],
                condition=Q(state__in=kinds.CURRENT),
            ),
            models.CheckConstraint(
                name="who_passed_holds_it_until_a_day",
                condition=~Q(state=kinds.PASSED)
                | Q(passed_at__isnull=False, valid_until__isnull=False),
            ),
            models.CheckConstraint(
                name="who_is_excused_is_so_until_a_day",
                condition=~Q(state=kinds.EXCUSED) | Q(excused_until__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["training", "state"], name="enrolment_training"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("supervision:training_test", args=[self.pk])

    @property
    def about(self) -> Training | None:
        """What the pack says of it; None when the pack dropped it."""
        return trainings().get(self.training)

    @property
    def title(self) -> str:
        return str(self.about or self.training)

    def is_late(self, today: date) -> bool:
        return self.state == kinds.ASSIGNED and self.due_on < today


class Attempt(Docketed):
    """One try at a test. ``paper`` is the fingerprint of the questions as they were shown."""

    subject = "attempt"

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    begun_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    paper = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(
        max_length=10, default=kinds.BEGUN, choices=list(kinds.ATTEMPT_STATES.items())
    )
    asked = models.PositiveSmallIntegerField(default=0)
    right = models.PositiveSmallIntegerField(null=True)
    passed = models.BooleanField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="an_attempt_has_its_number", fields=["enrolment", "number"]
            ),
            models.UniqueConstraint(
                name="one_attempt_is_open", fields=["enrolment"], condition=Q(state=kinds.BEGUN)
            ),
            models.CheckConstraint(
                name="what_is_answered_is_marked",
                condition=~Q(state=kinds.ANSWERED)
                | Q(right__isnull=False, passed__isnull=False, ended_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["ended_at"], name="attempt_ended")]

    def __str__(self) -> str:
        return _t("第 %(number)d 次") % {"number": self.number}


class Drill(Docketed):
    """One closed case that a person judged for practice; ``right`` is None until it is answered."""

    subject = "drill"

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    training = models.CharField(max_length=32)
    case = models.ForeignKey(Complaint, models.PROTECT, related_name="+")
    begun_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    paper = models.CharField(max_length=64, blank=True, default="")
    asked = models.PositiveSmallIntegerField(default=0)
    right = models.PositiveSmallIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="a_case_is_drilled_once", fields=["person", "training", "case"]
            ),
            models.UniqueConstraint(
                name="one_drill_is_open",
                fields=["person", "training"],
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training} {self.begun_at:%Y-%m-%d}"


class TrainingEffect(Docketed):
    """The verdict on a training at the units trained in one month, beside those not yet trained."""

    subject = "training_effect"

    training = models.CharField(max_length=32)
    starts_on: "models.DateField[date, date]" = models.DateField()
    until: "models.DateField[date, date]" = models.DateField()
    units = ArrayField(models.BigIntegerField())
    controls = ArrayField(models.BigIntegerField())
    verdict = models.CharField(max_length=12, blank=True, default="")
    figures: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="a_group_is_judged_once", fields=["training", "starts_on", "units"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training} {self.starts_on}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:training", args=[self.training])

    @property
    def verdict_name(self) -> str:
        return str(VERDICTS[Verdict(self.verdict)]) if self.verdict else ""
