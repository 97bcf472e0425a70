"""What the house hears in the words of a contact: the engine, with the pack's tables."""

from datetime import datetime
from functools import cache

from sujin import packs
from sujin.complaints.rulebook import HOUSE_PACK, rulebook
from sujin.engine import dont_say, learn, promises
from sujin.engine.dont_say import Slip, Taboo
from sujin.engine.learn import Marks
from sujin.engine.promises import Promised


def marks(note: str) -> Marks:
    """The five letters of a note."""
    return learn.mark(note, letters())


def slips(text: str) -> tuple[Slip, ...]:
    """What should not have been said, with the better wording."""
    return dont_say.slips(text, _taboos())


def promised(note: str, at: datetime) -> tuple[Promised, ...]:
    """What the note, written at ``at``, promises; its moments are those of the bank."""
    house = rulebook().house
    return promises.extract(note, at.astimezone(house.zone), house.calendar, _promises())


@cache
def letters() -> learn.Rules:
    return learn.read_rules(*map(_rows, ("learn_letters", "learn", "learn_doubts")))


@cache
def _taboos() -> tuple[Taboo, ...]:
    return dont_say.read_taboos(_rows("dont_say"))


@cache
def _promises() -> promises.Rules:
    return promises.read_rules(_rows("promises"))


def _rows(table: str) -> list[dict[str, str]]:
    return packs.rows(HOUSE_PACK, table)
