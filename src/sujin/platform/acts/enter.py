"""Coming and going of staff: each leaves an entry."""

from datetime import datetime

from sujin.platform import kinds
from sujin.platform.journal import Kind
from sujin.platform.models import Entry, Person
from sujin.platform.models.entry import record


def sign_in(person: Person, *, way: str, at: datetime) -> None:
    _write(person, kinds.SignedIn(way), at)


def sign_out(person: Person, *, at: datetime) -> None:
    _write(person, kinds.SignedOut(), at)


def _write(person: Person, kind: Kind, at: datetime) -> None:
    record(
        [
            Entry(
                subject="person",
                subject_id=person.pk,
                kind=kind.code,
                by=person,
                at=at,
                data=kind.data(),
            )
        ]
    )
