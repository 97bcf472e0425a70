"""Dates as people write them: which of day and month comes first is read from the file itself.

A date with a part above 12 gives the order away. Each separator is judged by itself, because files
that were put together write 5/2/2019 and 27-04-2019 side by side. Where the evidence contradicts
itself every date decides for itself and the majority decides the rest.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

EXAMPLES = 1000
_TIME = (
    r"(?:(?:(?<=日)|,?(?:\s{1,4}at)?[T\s])\s{0,8}(?P<hour>\d{1,2})[:：时点](?P<minute>\d{1,2})?"
    r"(?:[:：分](?P<second>\d{1,2})?)?[\d.秒]*\s*(?P<half>[AaPp][Mm])?\s*(?:Z|GMT|UTC|[+-]\d\d:?\d\d)?)?"
)
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})\s*[-/.年]\s*(?P<month>\d{{1,2}})\s*[-/.月]\s*(?P<day>\d{{1,2}})\s*日?{_TIME}"
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:\d{6})?")
_YEAR_LAST = re.compile(
    rf"(?P<one>\d{{1,2}})(?P<mark>[-/.])(?P<two>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}|\d{{2}}){_TIME}"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_APART = r"[-/.,\s]*"
_MONTH_NAMED = tuple(
    re.compile(rf"{_WEEKDAY}{_APART.join(parts)}{_TIME}", re.I)
    for parts in (
        (_NAME, _DAY, r"(?<!\d)(?P<year>\d{4}|\d{2})"),
        (_DAY, r"(?:of\s+)?" + _NAME, r"(?P<year>\d{4}|\d{2})"),
        (r"(?P<year>\d{4})", _NAME, _DAY),
    )
)


class Order(StrEnum):
    """Which comes first where the year comes last."""

    MONTH_FIRST = "m/d/yyyy"
    DAY_FIRST = "d/m/yyyy"


# What a separator means when nothing in the file says otherwise: slashes are how Americans write.
HABIT = {"/": Order.MONTH_FIRST, "-": Order.DAY_FIRST, ".": Order.DAY_FIRST}


@dataclass(frozen=True, slots=True)
class Dates:
    """How this file writes dates. ``mixed`` separators have been seen in both orders.

    ``named``: some months are English words.
    """

    orders: Mapping[str, Order]
    mixed: frozenset[str]
    proven: frozenset[str]
    named: bool

    @property
    def about(self) -> str:
        """The orders found, for people."""
        found = [self._about(mark) for mark in self.orders]
        return "; ".join([*found, *(["mmm d yyyy"] if self.named else [])]) or "yyyy-m-d"

    def _about(self, mark: str) -> str:
        said = self.orders[mark].replace("/", mark)
        if mark in self.mixed:
            return f"{said}（混用，逐行判断 mixed）"
        return said if mark in self.proven else f"{said}（无法证实 not proven）"

    def read(self, words: str) -> datetime | None:
        """The local moment, midnight when no time is given; ``None`` for what is no date."""
        found = _YEAR_FIRST.fullmatch(words) or _COMPACT.fullmatch(words)
        if found is not None:
            return _moment(found, int(found["month"]), int(found["day"]))
        found = _YEAR_LAST.fullmatch(words)
        if found is not None:
            one, two = int(found["one"]), int(found["two"])
            is_month_first = self._is_month_first(found["mark"], one, two)
            return _moment(found, *((one, two) if is_month_first else (two, one)))
        found = _month_named(words)
        if found is not None:
            month = _MONTHS.index(found["name"][:3].lower()) + 1
            return _moment(found, month, int(found["day"]))
        return None

    def _is_month_first(self, mark: str, one: int, two: int) -> bool:
        if mark in self.mixed and (one > 12) != (two > 12):
            return two > 12
        return self.orders.get(mark, HABIT[mark]) is Order.MONTH_FIRST


def detect(examples: Iterable[str]) -> Dates:
    """Learn the order from the first dates of a file."""
    votes: dict[str, Counter[Order]] = {}
    named = False
    for words in examples:
        named = named or _month_named(words) is not None
        found = _YEAR_LAST.fullmatch(words)
        if found is not None:
            seen = votes.setdefault(found["mark"], Counter())
            one, two = int(found["one"]), int(found["two"])
            if (one > 12) != (two > 12):
                seen[Order.DAY_FIRST if one > 12 else Order.MONTH_FIRST] += 1
    return Dates(
        {mark: _winner(seen, HABIT[mark]) for mark, seen in votes.items()},
        frozenset(mark for mark, seen in votes.items() if len(seen) > 1),
        frozenset(mark for mark, seen in votes.items() if len(seen) == 1),
        named,
    )


def is_date(words: str) -> bool:
    """Whether it looks like a date in any order."""
    return any(form.fullmatch(words) for form in (_YEAR_FIRST, _YEAR_LAST, *_MONTH_NAMED))


def _month_named(words: str) -> re.Match[str] | None:
    return next(filter(None, (form.fullmatch(words) for form in _MONTH_NAMED)), None)


def _winner(seen: Counter[Order], habit: Order) -> Order:
    return max(Order, key=lambda order: (seen[order], order is habit))


def _moment(found: re.Match[str], month: int, day: int) -> datetime | None:
    parts = found.groupdict(default="")
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if parts.get("half"):
        hour = hour % 12 + 12 * (parts["half"].lower() == "pm")
    try:
        return datetime(_full(int(parts["year"])), month, day, hour, minute, second)  # noqa: DTZ001
    except ValueError:
        return None


def _full(year: int) -> int:
    """Two digits are years around us: 70 to 99 lie in the last century."""
    if year >= 100:
        return year
    return 1900 + year if year >= 70 else 2000 + year
