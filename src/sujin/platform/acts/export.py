"""Data left the house: how much of what, by whom."""

from datetime import datetime

from sujin.platform import kinds
from sujin.platform.models import Person
from sujin.platform.models.entry import about_person, record


def exported(what: str, rows: int, *, by: Person, at: datetime) -> None:
    """One entry per export, written before the file is handed out."""
    record([about_person(by, kinds.Exported(what, rows), by=by, at=at)])
