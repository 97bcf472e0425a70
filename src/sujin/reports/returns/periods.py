"""The period of a return: a month, quarter, half or year, by its name."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sujin.complaints.figures.selection import Window

_NAME = re.compile(r"(20\d\d)(?:-(\d\d)|Q([1-4])|H([12]))?")
DAY = timedelta(days=1)


class Length(StrEnum):
    """How long a period is; ``months`` of it."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"

    @property
    def months(self) -> int:
        return {"month": 1, "quarter": 3, "half": 6, "year": 12}[self]


class NoPeriod(ValueError):
    """A name that names none of this length; the message says how to write it."""


@dataclass(frozen=True, slots=True)
class Period:
    """``first`` is its first day."""

    length: Length
    first: date

    @classmethod
    def of(cls, length: Length, day: date) -> "Period":
        """The one in which ``day`` lies."""
        month = (day.month - 1) // length.months * length.months + 1
        return cls(length, date(day.year, month, 1))

    @classmethod
    def named(cls, length: Length, name: str) -> "Period":
        """``2025``, ``2025H1``, ``2025Q3`` or ``2025-03``. Raises NoPeriod."""
        found = _NAME.fullmatch(name)
        if found is None:
            raise NoPeriod("write 2025, 2025H1, 2025Q3 or 2025-03")
        year, month, quarter, half = (int(one) if one else None for one in found.groups())
        at = month or (quarter and quarter * 3 - 2) or (half and half * 6 - 5) or 1
        if not 1 <= at <= 12:
            raise NoPeriod("there are twelve months")
        made = cls(length, date(year or 0, at, 1))
        if str(made) != name:
            raise NoPeriod(f"this return is told by the {length}: as {made}")
        return made

    @property
    def last(self) -> date:
        return self.after.first - DAY

    @property
    def after(self) -> "Period":
        month = self.first.month - 1 + self.length.months
        return Period(self.length, date(self.first.year + month // 12, month % 12 + 1, 1))

    @property
    def before(self) -> "Period":
        return Period.of(self.length, self.first - DAY)

    @property
    def window(self) -> Window:
        return Window(self.first, self.last)

    def __str__(self) -> str:
        year, month = self.first.year, self.first.month
        return {
            "year": f"{year}", "half": f"{year}H{month // 6 + 1}",
            "quarter": f"{year}Q{month // 3 + 1}", "month": f"{year}-{month:02}",
        }[self.length]  # fmt: skip
