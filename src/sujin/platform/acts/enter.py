"""Coming and going of staff: each leaves an entry."""

from datetime import datetime

from sujin.platform import kinds
from sujin.platform.models import Person
from sujin.platform.models.entry import about_person, record


def sign_in(person: Person, *, way: str, at: datetime) -> None:
    """``way`` is how: by password, or by a click on a demonstration."""
    record([about_person(person, kinds.SignedIn(way), by=person, at=at)])


def sign_out(person: Person, *, at: datetime) -> None:
    record([about_person(person, kinds.SignedOut(), by=person, at=at)])
