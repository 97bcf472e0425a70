"""What ``engine.custody`` read from a docket, kept so that a page of figures costs little.

Copies, all of them: ``acts.measure`` makes them again from the docket at any time.
"""

from typing import Any, ClassVar, Self

from django.db import models

from sujin.complaints.models.complaint import Complaint
from sujin.platform.models import Org, Person
from sujin.platform.reach import Reach


class OfCases(models.QuerySet[Any]):
    """Rows that belong to a case: seen by whoever sees the case."""

    def within(self, reach: Reach) -> Self:
        return self if reach.everything else self.filter(complaint__seen_by__sharing=reach.tokens)


class Spell(models.Model):
    """One desk and one person had the ball; ``until`` is null while they have it."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="spells")
    number = models.PositiveSmallIntegerField()
    desk = models.ForeignKey(Org, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    layer = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended = models.CharField(max_length=12, blank=True)
    waited_seconds = models.PositiveBigIntegerField(default=0)
    waiting_since = models.DateTimeField(null=True)
    # The last time this layer had it; what became of it there is what ended this spell.
    is_last_at_layer = models.BooleanField(default=False)
    is_last = models.BooleanField(default=False)

    objects = OfCases.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="spell_once", fields=["complaint", "number"])
        ]
        indexes: ClassVar = [models.Index(fields=["desk", "since"], name="spell_desk")]

    def __str__(self) -> str:
        return f"{self.complaint} {self.number}: {self.desk}"


class Overrun(models.Model):
    """A limit told for the case; over once ``due_at`` has passed, at the desk that had the ball."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="overruns")
    desk = models.ForeignKey(Org, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    clock = models.CharField(max_length=24)
    due_at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = OfCases.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="overrun_once", fields=["complaint", "clock", "due_at"])
        ]
        indexes: ClassVar = [models.Index(fields=["desk", "due_at"], name="overrun_desk")]

    def __str__(self) -> str:
        return f"{self.complaint} {self.clock}"


class Course(models.Model):
    """The way one case took through the house; ``entry`` is the last of its docket that was read.

    ``is_history``: it had ended before it reached us, so nobody here ever had the ball.
    """

    complaint = models.OneToOneField(Complaint, models.CASCADE, primary_key=True)
    entry = models.BigIntegerField()
    is_history = models.BooleanField(default=False)
    route_row = models.CharField(max_length=24, blank=True)
    first_desk = models.ForeignKey(Org, models.PROTECT, related_name="+", null=True)
    hops = models.PositiveSmallIntegerField(default=0)
    hand_backs = models.PositiveSmallIntegerField(default=0)
    layer_first = models.PositiveSmallIntegerField(null=True)
    layer_closed = models.PositiveSmallIntegerField(null=True)
    on_the_spot = models.BooleanField(default=False)
    outlet_minutes = models.PositiveIntegerField(default=0)
    contacted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    transferred_at = models.DateTimeField(null=True)
    transfer_contacted_at = models.DateTimeField(null=True)

    objects = OfCases.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["contacted_at"], name="course_contacted"),
            models.Index(fields=["answered_at"], name="course_answered"),
            models.Index(
                fields=["transfer_contacted_at"],
                name="course_transfer",
                condition=models.Q(transfer_contacted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint}: {self.hops}"
