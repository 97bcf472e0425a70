"""All detectors over all units and periods, as one family of questions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from sujin.engine import discoveries
from sujin.engine.gaming import peers
from sujin.engine.gaming.tally import Limits, Reading, State, Tally

Q = 0.05


def guard(
    counted: Mapping[str, Sequence[Tally]],
    limits: Mapping[str, Limits],
    *,
    q: float = Q,
    dependent: bool = False,
) -> list[Reading]:
    """A reading for every tally, found where it is a discovery at the rate ``q``.

    ``counted`` and ``limits`` by detector. Cells too small to judge take no part in the family. A
    quarter and the year it lies in rise together, as do detectors that share cases, which the
    procedure of Benjamini and Hochberg allows; ``dependent`` asks for the stricter one.
    """
    found = [
        reading
        for detector, tallies in counted.items()
        for group in _by_period(tallies)
        for reading in peers.read(detector, group, limits[detector])
    ]
    asked = [one.p for one in found if one.state is not State.TOO_FEW]
    cut = discoveries.threshold(asked, q, dependent=dependent)
    return [_judged(one, cut, limits[one.detector]) for one in found]


def _by_period(tallies: Sequence[Tally]) -> list[list[Tally]]:
    groups: dict[str, list[Tally]] = defaultdict(list)
    for one in tallies:
        groups[one.period].append(one)
    return list(groups.values())


def _judged(one: Reading, cut: float, limits: Limits) -> Reading:
    if one.state is State.TOO_FEW:
        return one
    bare = replace(one, tail=np.ones(1))
    if one.p > cut:
        return bare
    enough = max(limits.hits, int(np.ceil(limits.ratio * one.expected)))
    likely = int(np.count_nonzero(one.tail > cut))
    return replace(bare, state=State.FOUND, silent_at=max(enough, likely) - 1)
