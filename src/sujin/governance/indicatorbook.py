"""The pack's word on indicators: what is measured of whom, the target, and who answers for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from django.utils.translation import get_language

from sujin import packs
from sujin.complaints.figures.selection import Window
from sujin.complaints.rulebook import lines
from sujin.engine.indicators import Promise, Target
from sujin.governance.facts import HOUSE_PACK
from sujin.governance.metricbook import UNIT, Metric, Statistic, metrics
from sujin.platform.organisation import OrgKind
from sujin.platform.reach import roles

DAY = timedelta(days=1)


class BadIndicator(ValueError):
    """A row of indicators.csv that cannot be meant; the message names column and remedy."""


class Direction(StrEnum):
    """Which side of the threshold is in order; the threshold itself always is."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Period(StrEnum):
    """How long one figure is about."""

    WEEK = "week"
    MONTH = "month"

    def of(self, day: date) -> date:
        """The first day of the period in which ``day`` lies."""
        return day - day.weekday() * DAY if self is Period.WEEK else day.replace(day=1)

    def window(self, first: date) -> Window:
        """The whole period that begins on ``first``."""
        return Window(first, self.of(first + timedelta(days=7 if self is self.WEEK else 31)) - DAY)

    def before(self, day: date, count: int) -> list[Window]:
        """The last ``count`` periods that are over on ``day``, the oldest first."""
        found: list[Window] = []
        first = self.of(day)
        while len(found) < count:
            first = self.of(first - DAY)
            found.insert(0, self.window(first))
        return found


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of indicators.csv: a metric with a target. ``wrong`` says in both languages which cases
    speak against it."""

    code: str
    metric: Metric
    kinds: tuple[OrgKind, ...]
    direction: Direction
    threshold: float
    period: Period
    least: int
    owner: str
    role: str
    acknowledge: timedelta
    wrong: Mapping[str, str]

    def __str__(self) -> str:
        return str(self.metric)

    def said(self, what: str) -> str:
        """A word of the metric, or ``wrong``, in the reader's language."""
        if what == "wrong":
            return self.wrong["en" if get_language() == "en" else "zh"]
        return self.metric.said(what)

    @property
    def quantile(self) -> float | None:
        """None for a share."""
        return self.metric.statistic.fraction

    @property
    def is_share(self) -> bool:
        return self.quantile is None

    @property
    def target(self) -> Target:
        """The target as the share of cases that may lie on the wrong side."""
        if self.quantile is not None:
            return Target(1 - self.quantile, self.least)
        at_least = self.direction is Direction.AT_LEAST
        return Target(1 - self.threshold if at_least else self.threshold, self.least)

    def bad(self, values: Sequence[float]) -> int:
        """How many of these lie on the wrong side."""
        if self.quantile is not None:
            return sum(value > self.threshold for value in values)
        hits = sum(value > 0 for value in values)
        return len(values) - hits if self.direction is Direction.AT_LEAST else hits


@dataclass(frozen=True, slots=True)
class Terms:
    """Section ``indicators`` of the pack."""

    promise: Promise
    inside_periods: int
    back_periods: int


@cache
def indicators() -> Mapping[str, Indicator]:
    """Every row by code, in the order of the file."""
    made = [read_row(row) for row in packs.rows(HOUSE_PACK, "indicators")]
    if len({one.code for one in made}) != len(made):
        raise BadIndicator("indicators.csv: a code stands twice: give each row its own")
    return {one.code: one for one in made}


@cache
def terms() -> Terms:
    told = packs.manifest(HOUSE_PACK)["indicators"]
    promise = Promise(float(told["alpha"]), int(told["run"]))
    return Terms(promise, int(told["inside_periods"]), int(told["back_periods"]))


def read_row(row: Mapping[str, str]) -> Indicator:
    """Raises BadIndicator, naming the row, the column and the remedy."""
    wrong = {lang: row[f"wrong_{lang}"] for lang in ("zh", "en")}
    if not all(wrong.values()):
        raise _bad(row, "wrong_zh", "write in both languages which cases speak against it")
    metric = metrics()[_one_of(row, "metric", metrics())]
    if metric.statistic in (Statistic.COUNT, Statistic.PER_10K):
        raise _bad(row, "metric", "a target needs a share or a quantile")
    direction = Direction(_one_of(row, "direction", Direction))
    if metric.statistic.fraction is not None and direction is Direction.AT_LEAST:
        raise _bad(row, "direction", "days may only be at_most")
    top = None if metric.statistic.fraction is not None else 1.0
    return Indicator(
        code=row["code"], metric=metric, kinds=_kinds(row), direction=direction,
        threshold=_number(row, "threshold", top), period=Period(_one_of(row, "period", Period)),
        least=int(_number(row, "least", None)),
        owner=_one_of(row, "owner", (UNIT, *lines())), role=_one_of(row, "role", roles()),
        acknowledge=timedelta(hours=_number(row, "acknowledge_hours", None)), wrong=wrong,
    )  # fmt: skip


def _kinds(row: Mapping[str, str]) -> tuple[OrgKind, ...]:
    found = row["kinds"].split()
    if not found or not set(found) <= set(OrgKind):
        raise _bad(row, "kinds", f"write some of {', '.join(OrgKind)}")
    return tuple(OrgKind(kind) for kind in found)


def _one_of(row: Mapping[str, str], column: str, known: Iterable[str]) -> str:
    have = [str(one) for one in known]
    if row[column] not in have:
        raise _bad(row, column, f"write one of {', '.join(have)}")
    return row[column]


def _number(row: Mapping[str, str], column: str, below: float | None) -> float:
    try:
        value = float(row[column])
    except ValueError as error:
        raise _bad(row, column, "write a number") from error
    if not value > 0 or (below is not None and value >= below):
        raise _bad(row, column, "write a number above 0" + (", below 1" if below else ""))
    return value


def _bad(row: Mapping[str, str], column: str, remedy: str) -> BadIndicator:
    said = row.get(column, "")
    return BadIndicator(f"indicators.csv row {row['code']}: {column} {said!r}: {remedy}")
