"""The pack's word on events: ``events.csv``, one row for each kind of event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.utils.translation import get_language

from sujin import packs
from sujin.engine.events.expected import Shape
from sujin.engine.tables import BadTable

HOUSE_PACK, TABLE = "cn_bank", "events"
MINUTES = ("ack_minutes", "flash_minutes")
DAYS = ("acute_days", "watch_days")


@dataclass(frozen=True, slots=True)
class EventRow:
    """A kind of event. ``ack`` and ``line`` are what the owner of a line has to say that it has
    been heard and until the answer line is live, ``flash`` to acknowledge a flash report; after
    ``acute`` days it is only watched, for ``watch`` days in all. A market move of ``move`` per cent
    or more opens one, for the channels at which holders are served."""

    kind: str
    zh: str
    en: str
    icon: str
    ack: timedelta
    line: timedelta
    flash: timedelta
    acute: int
    watch: int
    shape: Shape
    move: float | None
    channels: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.en if get_language() == "en" else self.zh


@cache
def kinds() -> Mapping[str, EventRow]:
    """The rows by their code, in the order of the table. Raises BadTable."""
    return {row["kind"]: _row(row) for row in packs.rows(HOUSE_PACK, TABLE)}


def of_kind(kind: str) -> EventRow:
    """The row of an event; one whose row the pack has dropped is kept as news would be."""
    rows = kinds()
    return rows.get(kind) or next(iter(rows.values()))


def names() -> list[tuple[str, str]]:
    """Codes with their names, for a choice."""
    return [(code, row.name) for code, row in kinds().items()]


def _row(row: Mapping[str, str]) -> EventRow:
    number = {name: _number(row, name) for name in (*MINUTES, *DAYS, "line_hours", "rise")}
    more = {name: _number(row, name) for name in ("peak", "half_life", "spread")}
    return EventRow(
        kind=row["kind"],
        zh=row["zh"],
        en=row["en"],
        icon=row["icon"],
        ack=timedelta(minutes=number["ack_minutes"]),
        line=timedelta(hours=number["line_hours"]),
        flash=timedelta(minutes=number["flash_minutes"]),
        acute=int(number["acute_days"]),
        watch=int(number["watch_days"]),
        shape=Shape(int(number["rise"]), more["peak"], more["half_life"], more["spread"]),
        move=_number(row, "move_pct") if row["move_pct"] else None,
        channels=tuple(filter(None, row["channels"].split("|"))),
    )


def _number(row: Mapping[str, str], column: str) -> float:
    """A number above nought; the rise alone may be nought."""
    try:
        found = float(row[column])
    except ValueError:
        raise BadTable(f"{TABLE}.csv", row["kind"], column, "is no number") from None
    if found < 0 or (found == 0 and column != "rise"):
        raise BadTable(f"{TABLE}.csv", row["kind"], column, "must be above nought")
    return found
