"""Where the marks of an event's curve stand: bars of what came, the band of what was said before,
the line of what would have come anyway. No script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 34, 8, 14, 26
BEFORE = 7  # ordinary days shown in front of the event
TICKS = 4
WEEK = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """What came on one day."""

    x: float
    y: float
    width: float
    height: float
    day: date
    count: int
    is_event: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across, or a day below, with its words."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything the template puts into the picture; paths are ready to be written down."""

    bars: tuple[Bar, ...]
    band: str
    middle: str
    ordinary: str
    rows: tuple[Tick, ...]
    days: tuple[Tick, ...]
    begin: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM


@dataclass(frozen=True, slots=True)
class Said:
    """The forecast of a day."""

    day: date
    low: float
    mid: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """What is drawn: ``first`` to ``last`` are the days of the watch, counts are known up to and
    with ``through``; ``ordinary`` begins on ``first``."""

    first: date
    last: date
    through: date
    counts: Mapping[date, int]
    said: Sequence[Said]
    ordinary: Sequence[float]

    @property
    def begin(self) -> date:
        return self.first - timedelta(days=BEFORE)

    @property
    def days(self) -> list[date]:
        span = (self.last - self.begin).days + 1
        return [self.begin + timedelta(days=n) for n in range(span)]

    @property
    def most(self) -> float:
        top = [float(self.counts.get(day, 0)) for day in self.days]
        return _round(max([1.0, *top, *(one.high for one in self.said), *self.ordinary]))


@dataclass(frozen=True, slots=True)
class Scale:
    """Days and counts as places of the picture."""

    begin: date
    step: float
    most: float

    def x(self, day: date) -> float:
        return LEFT + ((day - self.begin).days + 0.5) * self.step

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - value / self.most * (HEIGHT - TOP - BOTTOM)


def draw(curve: Curve) -> Picture:
    """The picture of an event's curve."""
    days = curve.days
    to = Scale(curve.begin, (WIDTH - LEFT - RIGHT) / len(days), curve.most)
    usual = [(curve.first + timedelta(days=n), one) for n, one in enumerate(curve.ordinary)]
    rows = [n * to.most / TICKS for n in range(TICKS + 1)]
    return Picture(
        bars=tuple(_bar(curve, to, day) for day in days if day <= curve.through),
        band=_band([(to.x(one.day), to.y(one.low), to.y(one.high)) for one in curve.said]),
        middle=_path([(to.x(one.day), to.y(one.mid)) for one in curve.said]),
        ordinary=_path([(to.x(day), to.y(value)) for day, value in usual]),
        rows=tuple(Tick(round(to.y(value), 1), f"{value:g}") for value in rows),
        days=tuple(Tick(round(to.x(day), 1), f"{day:%m-%d}") for day in _labelled(days)),
        begin=round(to.x(curve.first) - to.step / 2, 1),
    )


def _bar(curve: Curve, to: Scale, day: date) -> Bar:
    count = curve.counts.get(day, 0)
    wide = max(to.step * 0.7, 1.0)
    return Bar(
        x=round(to.x(day) - wide / 2, 1),
        y=round(to.y(count), 1),
        width=round(wide, 1),
        height=round(HEIGHT - BOTTOM - to.y(count), 1),
        day=day,
        count=count,
        is_event=day >= curve.first,
    )


def _labelled(days: Sequence[date]) -> Sequence[date]:
    """Below some days their dates, the event's first among them."""
    every = WEEK if len(days) > 3 * WEEK else 3
    return days[BEFORE::every]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _band(points: Sequence[tuple[float, float, float]]) -> str:
    """Along the upper edge and back along the lower one."""
    over = [(x, high) for x, _low, high in points]
    under = [(x, low) for x, low, _high in reversed(points)]
    return _path(over + under)


def _round(most: float) -> float:
    """The next number that parts into four whole steps."""
    for step in (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2500, 5000):
        if step * TICKS >= most:
            return float(step * TICKS)
    return most
