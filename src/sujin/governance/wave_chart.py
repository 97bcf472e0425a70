"""Where the marks of a series stand: counts as bars, what was expected as a band; no script."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from sujin.engine.series.panel import ALL, Axis, Counts, Grain, Node, panel
from sujin.engine.series.seasons import season
from sujin.engine.watch.band import Expected, band
from sujin.engine.watch.terms import DAILY, WEEKLY
from sujin.governance import watching

WIDTH, HEIGHT, FOOT, LEFT = 720, 220, 24, 34
SHOWN = {Grain.WEEK: 104, Grain.DAY: 180}
# Learnt from before what is shown.
LEARNT = {Grain.WEEK: 52, Grain.DAY: 200}
Height = Callable[[float], float]
TERMS = {Grain.WEEK: WEEKLY, Grain.DAY: DAILY}


@dataclass(frozen=True, slots=True)
class Series:
    """Periods with their counts and what was expected of each."""

    grain: Grain
    starts: tuple[date, ...]
    counts: tuple[int, ...]
    expected: tuple[Expected | None, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One period: ``x`` to ``x + width``, from ``y`` down to the foot."""

    x: float
    y: float
    width: float
    height: float
    look: str
    title: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words beside an axis."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything the template puts into the picture; ``since`` is where the wave begins."""

    bars: tuple[Bar, ...]
    range_path: str
    mean_path: str
    labels: tuple[Label, ...]
    rules: tuple[Label, ...]
    since: float | None
    width: int = WIDTH
    height: int = HEIGHT
    foot: int = HEIGHT - FOOT


def series(stream: str, node: Node, grain: Grain, last: date) -> Series:
    """The node's past up to the period of ``last``."""
    wanted = SHOWN[grain] + LEARNT[grain]
    first = grain.of(last) - grain.step * (wanted - 1)
    tree = (Axis("all", {}),)
    inside = (
        (("x",), day, count)
        for leaf, day, count in watching.counted(stream, first, last)
        if watching.lies_below(leaf, node)
    )
    made = panel(inside, tree, grain=grain, first=first, last=last)
    at = made.nodes.index((ALL,))
    counts: Counts = made.counts[at]
    begun = int(np.argmax(counts > 0)) if counts.any() else len(counts)
    counts, starts = counts[begun:], made.starts[begun:]
    if not starts:
        return Series(grain, (), (), ())
    moved = season(starts, grain, watching.house_calendar())
    told = band(counts, moved, TERMS[grain], most=SHOWN[grain])
    cut = slice(max(len(starts) - SHOWN[grain], 0), None)
    return Series(grain, starts[cut], tuple(map(int, counts[cut])), tuple(told[cut]))


def draw(told: Series, since: date | None = None, *, look: str = "wave") -> Drawing:
    """The picture of a series; ``since`` is when a wave, or a measure, began; ``look`` names what
    is drawn from then on."""
    tops = [*told.counts, *(one.high for one in told.expected if one is not None), 4]
    most = float(max(tops)) * 1.05
    step = (WIDTH - LEFT) / max(len(told.starts), 1)

    def at(value: float) -> float:
        return round((HEIGHT - FOOT) * (1 - min(value, most) / most), 1)

    begins = _place(told, since)
    bars = tuple(_bar(told, place, step, at, begins, look) for place in range(len(told.starts)))
    mark = round(LEFT + step * begins, 1) if begins is not None else None
    rules = tuple(Label(0, at(value), f"{value:.0f}") for value in (most / 2, most / 1.05))
    return Drawing(bars, *_paths(told, step, at), _months(told, step), rules, mark)


def _place(told: Series, since: date | None) -> int | None:
    if since is None or not told.starts or since < told.starts[0]:
        return None
    return min((since - told.starts[0]) // told.grain.step, len(told.starts) - 1)


def _bar(  # noqa: PLR0917 - where and how one bar stands
    told: Series, place: int, step: float, at: Height, begins: int | None, later: str
) -> Bar:
    count, expected = told.counts[place], told.expected[place]
    top = at(count)
    is_wave = begins is not None and place >= begins
    said = f"{told.starts[place]}: {count}"
    if expected is not None:
        said += f" / {expected.mean:.1f} ({expected.low:.0f}–{expected.high:.0f})"
    high = expected is not None and count > expected.high
    look = later if is_wave else "high" if high else "plain"
    foot = HEIGHT - FOOT
    wide = round(max(step * 0.8, 0.8), 2)
    return Bar(round(LEFT + step * place, 1), top, wide, round(foot - top, 1), look, said)


def _paths(told: Series, step: float, at: Height) -> tuple[str, str]:
    """The band as one closed line, and the middle of it."""
    known = [(place, one) for place, one in enumerate(told.expected) if one is not None]
    if not known:
        return "", ""
    xs = [round(LEFT + step * (place + 0.4), 1) for place, _one in known]
    up = [f"{x} {at(one.high)}" for x, (_place, one) in zip(xs, known, strict=True)]
    down = [f"{x} {at(one.low)}" for x, (_place, one) in zip(xs, known, strict=True)]
    middle = [f"{x} {at(one.mean)}" for x, (_place, one) in zip(xs, known, strict=True)]
    return f"M{'L'.join([*up, *reversed(down)])}Z", f"M{'L'.join(middle)}"


def _months(told: Series, step: float) -> tuple[Label, ...]:
    """A few dates along the foot."""
    every = max(len(told.starts) // 6, 1)
    return tuple(
        Label(round(LEFT + step * place, 1), HEIGHT - 6, f"{told.starts[place]:%y-%m-%d}")
        for place in range(0, max(len(told.starts) - every // 2, 1), every)
        if told.starts
    )


def last_whole(grain: Grain, today: date) -> date:
    """A day of the last period that is over."""
    return grain.of(today) - timedelta(days=1)
