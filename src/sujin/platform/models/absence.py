"""Days on which somebody is away, and who stands in."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sujin.platform.models.identity import Person


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, at: datetime) -> Self:
        """Absences that cover the local day of ``at``."""
        today = timezone.localdate(at)
        return self.filter(since__lte=today, until__gte=today)

    def from_now(self, at: datetime) -> Self:
        """Those of today and those to come."""
        return self.filter(until__gte=timezone.localdate(at))


class Absence(models.Model):
    """``person`` is away from ``since`` to ``until``, both inclusive; ``deputy`` stands in, by
    posts of the same length (``Post.stands_in_for``)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="absences")
    deputy = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    since = models.DateField()
    until = models.DateField()
    because = models.CharField(_("事由"), max_length=120, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="absence_ends_after_it_begins", condition=Q(until__gte=F("since"))
            ),
            models.CheckConstraint(
                name="nobody_is_their_own_deputy",
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("person")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "until"], name="absence_person_until")]

    def __str__(self) -> str:
        return f"{self.person} {self.since}–{self.until}"
