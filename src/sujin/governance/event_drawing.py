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


def draw(
    first: date,
    last: date,
    through: date,
    counts: Mapping[date, int],
    said: Sequence[Said],
    ordinary: Sequence[float],
) -> Picture:
    """``ordinary`` begins on ``first``; counts are drawn up to and with ``through``."""
    begin = first - timedelta(days=BEFORE)
    span = (last - begin).days + 1
    top = max([counts.get(begin + timedelta(days=n), 0) for n in range(span)], default=0)
    most = _round(max([top, *(one.high for one in said), *ordinary, 1.0]))
    step = (WIDTH - LEFT - RIGHT) / span

    def x(day: date) -> float:
        return LEFT + ((day - begin).days + 0.5) * step

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM)

    days = [begin + timedelta(days=n) for n in range(span)]
    bars = [_bar(day, counts.get(day, 0), x(day), y, step, first) for day in days if day <= through]
    there = [(first + timedelta(days=n), value) for n, value in enumerate(ordinary)]
    return Picture(
        bars=tuple(bars),
        band=_band([(x(one.day), y(one.low), y(one.high)) for one in said]),
        middle=_path([(x(one.day), y(one.mid)) for one in said]),
        ordinary=_path([(x(day), y(value)) for day, value in there]),
        rows=tuple(Tick(round(y(n * most / TICKS), 1), f"{n * most / TICKS:g}") for n in range(5)),
        days=tuple(Tick(round(x(day), 1), f"{day:%m-%d}") for day in days[BEFORE :: _every(span)]),
        begin=round(x(first) - step / 2, 1),
    )


def _bar(day: date, count: int, x: float, y, step: float, first: date) -> Bar:  # type: ignore[no-untyped-def]
    wide = max(step * 0.7, 1.0)
    height = HEIGHT - BOTTOM - y(count)
    left = x - wide / 2
    return Bar(
        round(left, 1), round(y(count), 1), round(wide, 1), round(height, 1), day, count,
        day >= first,
    )  # fmt: skip


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _band(points: Sequence[tuple[float, float, float]]) -> str:
    """Along the upper edge and back along the lower one."""
    over = [(x, high) for x, _low, high in points]
    under = [(x, low) for x, low, _high in reversed(points)]
    return _path(over + under)


def _every(span: int) -> int:
    return WEEK if span > 3 * WEEK else 2


def _round(most: float) -> float:
    """The next number that parts into four whole steps."""
    for step in (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2500, 5000):
        if step * TICKS >= most:
            return float(step * TICKS)
    return most
