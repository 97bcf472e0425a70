"""Numbers of reading and reasons of feedback: rows of ``knowledge/reading.csv`` and
``knowledge/feedback.csv``; and the house's working days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from django.utils import timezone
from django.utils.translation import get_language

from sujin import packs
from sujin.engine.workdays import Calendar, CalendarNotLoaded, read_calendar
from sujin.knowledge.catalogue import PACK, BrokenCatalogue

CALENDARS, HOUSE = "calendars", "cn"
NUMBERS = ("quiz_questions", "quiz_pass", "remind_before", "remind_every", "remind_until")
_ONE = timedelta(days=1)
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something does not work; the owner answers within ``days`` working days. ``offered``
    ones a person chooses; the others the house itself gives."""

    code: str
    zh: str
    en: str
    days: int
    offered: bool

    @property
    def name(self) -> str:
        return self.en if get_language() == "en" else self.zh


@cache
def numbers() -> Mapping[str, int]:
    """The numbers by name; units stand in the table. Raises BrokenCatalogue."""
    found = {row["name"]: row["number"] for row in packs.rows(PACK, "knowledge/reading")}
    wrong = [name for name in NUMBERS if not found.get(name, "").isdigit()]
    if wrong:
        raise BrokenCatalogue(f"knowledge/reading.csv: no whole number for {', '.join(wrong)}")
    return {name: int(said) for name, said in found.items()}


@cache
def reasons() -> Mapping[str, Reason]:
    """The reasons by code, in the order of the table. Raises BrokenCatalogue."""
    rows = packs.rows(PACK, "knowledge/feedback")
    wrong = [row["reason"] for row in rows if not row["days"].isdigit()]
    if wrong:
        raise BrokenCatalogue(f"knowledge/feedback.csv: column days of {', '.join(wrong)}")
    return {
        row["reason"]: Reason(
            row["reason"], row["zh"], row["en"], int(row["days"]), row["offered"] == "yes"
        )
        for row in rows
    }


def due_on(at: datetime, days: int) -> date:
    """The ``days``-th working day after the local day of ``at``, in the house's calendar."""
    day = timezone.localdate(at)
    try:
        return _calendar().add_working(day, days)
    except CalendarNotLoaded:
        # Next year's holidays are published in December; until then Monday to Friday is all there
        # is, and the limit of an internal task may fall on a holiday.
        return _plainly(day, days)


def _plainly(day: date, days: int) -> date:
    while days:
        day += _ONE
        days -= day.weekday() <= _FRIDAY
    return day


@cache
def _calendar() -> Calendar:
    years = [row for row in packs.rows(CALENDARS, "years") if row["calendar"] == HOUSE]
    return read_calendar(packs.rows(CALENDARS, HOUSE), years)
