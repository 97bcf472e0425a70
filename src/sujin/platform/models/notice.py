"""A line for a person about something that happened."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.platform.models.entry import Entry
from sujin.platform.models.identity import Person


class NoticeQuerySet(models.QuerySet["Notice"]):
    def to(self, person: Person) -> Self:
        return self.filter(person=person)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One person is told of one entry, once. ``number`` is what it is about, for the link."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    number = models.CharField(_("编号"), max_length=24)
    urgent = models.BooleanField(default=False)
    told_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="told_once", fields=["person", "entry"])
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "-told_at"], name="notice_person_told"),
            models.Index(
                fields=["person"], name="notice_unread", condition=models.Q(read_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.number}"

    @property
    def target(self) -> str:
        """The page of what the notice is about; the roof says which page shows which subject."""
        return reverse(settings.SUBJECT_PAGES[self.entry.subject], args=[self.number])
