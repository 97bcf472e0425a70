"""A metric's months as a line with its interval; no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sujin.governance.metric_figures import Figure, said
from sujin.governance.metricbook import Metric

WIDTH, HEIGHT, FOOT, LEFT, TOP, RIGHT = 720.0, 200.0, 24.0, 64.0, 12.0, 28.0
_STEPS = 3


@dataclass(frozen=True, slots=True)
class Point:
    """A month that has a figure."""

    x: float
    y: float
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Words beside an axis."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """``band`` is the area between the ends of the intervals, empty where there are none."""

    path: str
    band: str
    points: tuple[Point, ...]
    months: tuple[Mark, ...]
    heights: tuple[Mark, ...]
    width: float = WIDTH
    height: float = HEIGHT


def draw(metric: Metric, past: Sequence[tuple[date, Figure]]) -> Drawing | None:
    """Months the oldest first; None where fewer than two have a figure."""
    known = [(at, *one) for at, one in enumerate(past) if one[1].value is not None]
    if len(known) < 2:
        return None
    top = max(max(one.high or 0.0, one.value or 0.0) for _at, _month, one in known) or 1.0
    step = (WIDTH - LEFT - RIGHT) / max(len(past) - 1, 1)

    def x(at: int) -> float:
        return round(LEFT + step * at, 1)

    def y(value: float) -> float:
        return round(HEIGHT - FOOT - value / top * (HEIGHT - FOOT - TOP), 1)

    points = tuple(
        Point(x(at), y(one.value or 0.0), f"{month:%Y-%m} {one.said} {one.span}".strip())
        for at, month, one in known
    )
    ends = [(x(at), y(one.low), y(one.high)) for at, _month, one in known
            if one.low is not None and one.high is not None]  # fmt: skip
    return Drawing(
        "M" + "L".join(f"{one.x} {one.y}" for one in points), _band(ends), points,
        tuple(Mark(x(at), HEIGHT - 6, f"{month:%y-%m}") for at, (month, _one) in enumerate(past)),
        tuple(Mark(LEFT - 6, y(top * one / _STEPS), said(metric, top * one / _STEPS))
              for one in range(_STEPS + 1)),
    )  # fmt: skip


def _band(ends: Sequence[tuple[float, float, float]]) -> str:
    """Along the upper ends and back along the lower; empty of none."""
    if not ends:
        return ""
    outline = [(x, high) for x, _low, high in ends] + [(x, low) for x, low, _ in reversed(ends)]
    return "M" + "L".join(f"{x} {y}" for x, y in outline) + "Z"
