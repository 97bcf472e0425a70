"""What is asked of a desk or a named person for a case: an opinion, a contact, help, a report."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.together import STEPS
from sujin.complaints.models.complaint import Complaint
from sujin.platform.models import Org, Person
from sujin.platform.reach import Reach, roles

ADVISE = "advise"

OPINION, COACHED, LIAISON, EXPERT = "opinion", "coached", "liaison", "expert"
OVERSIGHT, FOLLOW_UP, LINKAGE = "oversight", "follow_up", "linkage"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def within(self, reach: Reach) -> Self:
        """Those about cases the person may see."""
        if reach.everything:
            return self
        return self.filter(complaint__seen_by__sharing=reach.tokens)

    def open(self) -> Self:
        return self.filter(done_at__isnull=True)

    def owed(self) -> Self:
        """Open ones of cases that go on: nobody asks any more for what an ended case needed."""
        return self.open().filter(complaint__closed_at__isnull=True)

    def silent(self) -> Self:
        """Those that the case went on without: nobody had answered in time."""
        return self.filter(done_at__isnull=False, done_by__isnull=True)

    def to_answer(self) -> Self:
        """Open ones, and silent ones of which nothing was heard since. A split of responsibility
        is agreed to or disputed, not merely answered."""
        return self.filter(done_by__isnull=True, answer="").exclude(step=LINKAGE)

    def asked_of(self, reach: Reach) -> Self:
        """Asked of a desk where the person may advise, or of the person, or of somebody in whose
        place the person acts."""
        desks = [post.org_id for post in reach.posts if ADVISE in roles()[post.role].may]
        persons = [reach.person_id, *reach.stood_in_for]
        return self.filter(models.Q(desk__in=desks) | models.Q(person__in=persons))


class Assignment(models.Model):
    """A question put to a desk, and its answer; the docket tells both, this row is the queue."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="assignments")
    step = models.CharField(max_length=12, choices=list(STEPS.items()))
    desk = models.ForeignKey(Org, models.PROTECT, related_name="+")
    # Somebody by name; the desk may answer instead, so that nobody's silence ends the matter.
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    question = models.CharField(_("请办事项"), max_length=400)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(_("意见"), blank=True)
    # Nobody, when the case went on without; an answer that comes later changes neither.
    done_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    done_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="a_desk_is_asked_once_at_a_time",
                fields=["complaint", "step", "desk"],
                # One session may leave a desk several things to do.
                condition=models.Q(done_at__isnull=True) & ~models.Q(step=FOLLOW_UP),
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["desk", "due_at"],
                name="assignment_queue",
                condition=models.Q(done_at__isnull=True),
            ),
            models.Index(
                fields=["person", "due_at"],
                name="assignment_by_name",
                condition=models.Q(done_at__isnull=True, person__isnull=False),
            ),
            models.Index(fields=["step", "-asked_at"], name="assignment_step_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {self.desk}"

    def is_overdue(self, at: datetime) -> bool:
        """Whether it still waits for an answer although its limit has passed."""
        return self.done_at is None and self.due_at <= at

    @property
    def is_silent(self) -> bool:
        """Whether the case went on without, and nothing was heard since."""
        return self.done_at is not None and not self.answer
