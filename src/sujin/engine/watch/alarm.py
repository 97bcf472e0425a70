"""A warning: where, since when, how many instead of how many, what would have kept it silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from scipy import stats

from sujin.engine.series.panel import Node

_INNER = 0.95


@dataclass(frozen=True, slots=True)
class Alarm:
    """``node`` explains the rise; ``relatives`` rose only because it did. From ``since`` to
    ``last_alarm`` came ``observed`` cases where ``expected`` (from ``low`` to ``high`` in 95 of
    100 like cases) were to be expected. ``evidence`` in nats, ``p`` the chance of as much of it
    without a wave: both of what is left when the waves named before it are taken out. With
    ``silent_at`` cases or fewer nobody would have been warned."""

    node: Node
    detectors: tuple[str, ...]
    first_alarm: date
    last_alarm: date
    since: date
    observed: float
    expected: float
    low: float
    high: float
    evidence: float
    p: float
    silent_at: float
    relatives: tuple[Node, ...] = field(default=())

    @property
    def excess(self) -> float:
        return self.observed - self.expected


def interval(mean: float, variance: float, inner: float = _INNER) -> tuple[float, float]:
    """Where ``inner`` of all counts of this mean and variance lie."""
    if variance <= mean * 1.0005:
        low, high = stats.poisson.interval(inner, mean)
    else:
        share = mean / variance
        low, high = stats.nbinom.interval(inner, mean * share / (1 - share), share)
    return float(max(low, 0.0)), float(high)


def related(one: Node, other: Node, parents: Sequence[Mapping[str, str]]) -> bool:
    """Whether, on every axis, one of the two codes lies below the other or is the same."""
    return all(
        a in _above(b, up) or b in _above(a, up)
        for a, b, up in zip(one, other, parents, strict=True)
    )


def _above(code: str, parents: Mapping[str, str]) -> set[str]:
    """The code, everything, and what lies between."""
    found = {code, ""}
    while parents.get(code, ""):
        code = parents[code]
        found.add(code)
    return found


def alike(one: Node, other: Node, parents: Sequence[Mapping[str, str]]) -> int:
    """How much two nodes are the same trouble: most when they are the same node; 0 when they are
    not related, or related only by meaning everything where the other names something."""
    if one == other:
        return len(parents) + 1
    if not related(one, other, parents):
        return 0
    return sum("" not in (a, b) for a, b in zip(one, other, strict=True))


def follow(
    standing: Sequence[Alarm], found: Sequence[Alarm], *, now: date, calm: timedelta,
    parents: Sequence[Mapping[str, str]],
) -> list[Alarm]:  # fmt: skip
    """The waves that stand now. A wave that was seen before and is ``found`` again, perhaps at a
    node that explains it better, goes on under its new name, the most alike first; one not seen for
    longer than ``calm`` is over."""
    pairs = [
        (-alike(wave.node, alarm.node, parents), at, place)
        for at, wave in enumerate(standing)
        for place, alarm in enumerate(found)
    ]
    before: dict[int, int] = {}
    for score, at, place in sorted(pairs):
        if score < 0 and place not in before and at not in before.values():
            before[place] = at
    waves = [
        _goes_on(standing[before[place]], alarm) if place in before else alarm
        for place, alarm in enumerate(found)
    ]
    gone = [wave for at, wave in enumerate(standing) if at not in before.values()]
    return waves + [wave for wave in gone if now - wave.last_alarm <= calm]


def _goes_on(before: Alarm, alarm: Alarm) -> Alarm:
    since = min(before.since, alarm.since)
    return replace(alarm, first_alarm=before.first_alarm, since=since)
