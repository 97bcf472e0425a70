"""Entry: one thing that happened, for ever; and Docketed: a row whose history is entries."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models.functions import Now
from procrastinate.types import JSONDict

from sujin.platform import journal
from sujin.platform.bulk import insert
from sujin.platform.journal import Kind
from sujin.platform.models.identity import Person
from sujin.platform.queue import job_of

REACT = "sujin.platform.jobs.react"


class EntryQuerySet(models.QuerySet["Entry"]):
    def of(self, *kinds: type[Kind]) -> Self:
        return self.filter(kind__in=[kind.code for kind in kinds])

    def about(self, subject: str, ids: Iterable[int]) -> Self:
        return self.filter(subject=subject, subject_id__in=list(ids))

    def in_order(self) -> Self:
        return self.order_by("at", "pk")


class Entry(models.Model):
    """One thing that happened. Rows are only ever added; a trigger refuses anything else.

    ``at`` is when it happened, ``recorded_at`` when the database learned of it.
    """

    subject = models.CharField(max_length=24)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=48)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    data = models.JSONField(default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        indexes: ClassVar = [
            models.Index(fields=["subject", "subject_id", "at", "id"], name="entry_docket"),
            models.Index(fields=["kind", "at"], name="entry_kind_at"),
            models.Index(fields=["by", "at"], name="entry_by_at"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id}: {self.kind}"

    def what(self) -> Kind:
        """The entry as the kind it is."""
        return journal.kind_of(self.kind).read(self.data)


class Docketed(models.Model):
    """A noun whose every change is an entry. ``write`` is its only mutator."""

    subject: ClassVar[str]

    class Meta:
        abstract = True

    @property
    def entries(self) -> EntryQuerySet:
        return Entry.objects.filter(subject=self.subject, subject_id=self.pk)

    def take(self, kind: Kind) -> dict[str, Any]:
        """Copy the kind's cached fields onto this row, in memory only; returns them."""
        cached = kind.cached()
        for column, value in cached.items():
            setattr(self, column, value)
        return cached

    def entry(self, kind: Kind, *, by: Person, at: datetime) -> Entry:
        return Entry(
            subject=self.subject, subject_id=self.pk, kind=kind.code, by=by, at=at, data=kind.data()
        )

    @transaction.atomic
    def write(self, kind: Kind, *, by: Person, at: datetime) -> Entry:
        """Record that ``kind`` happened and bring the row's cached fields up to it."""
        cached = self.take(kind)
        if cached:
            self.save(update_fields=list(cached))
        return record([self.entry(kind, by=by, at=at)])[0]

    def replay(self, *, before: "Entry | None" = None) -> dict[str, Any]:
        """The cached fields as the docket alone gives them; what the row must equal, or what it
        was when ``before`` had not happened yet."""
        state: dict[str, Any] = {}
        told = self.entries.filter(pk__lt=before.pk) if before else self.entries
        for entry in told.order_by("pk"):
            state |= entry.what().cached()
        return state


def about_person(person: Person, kind: Kind, *, by: Person, at: datetime) -> Entry:
    """An entry on a person's own docket: coming, going, posts, exports."""
    return Entry(
        subject="person", subject_id=person.pk, kind=kind.code, by=by, at=at, data=kind.data()
    )


def record(entries: Sequence[Entry], *, announce: bool = True) -> Sequence[Entry]:
    """Append entries and queue their reactions in the same transaction."""
    written = insert(entries)
    if announce:
        _announce(written)
    return written


def _announce(entries: Iterable[Entry]) -> None:
    awaited = [entry for entry in entries if journal.reactions_to(entry.kind)]
    if awaited:
        # By name: the job reads entries, so entries must not know its module.
        jobs: list[JSONDict] = [{"entry_id": entry.pk} for entry in awaited]
        job_of(REACT, queue="reactions").batch_defer(*jobs)
