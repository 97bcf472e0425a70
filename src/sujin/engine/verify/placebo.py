"""The same question asked where nothing was done: of units without the measure, and of the time
before it. Whatever is found there is chance or drift that the model does not know.

Of units: placebo tests as in Abadie, Diamond and Hainmueller (Journal of the American Statistical
Association 105, 2010). Their spread beyond what was said widens the interval of the measure itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import expm1, sqrt
from typing import Final

import numpy as np

from sujin.engine.verify.estimate import Estimate, TooShort, estimate
from sujin.engine.verify.observed import LEAST_BEFORE, Counts, Declared, Observed

# So many units at most are asked, and so many starts.
MOST_UNITS, MOST_STARTS = 20, 8
# A control so many times further out than the others took part in something itself.
_OUTLYING: Final = 3.5
# What "no wider than said" is worth, in units that were asked.
_WORTH = 4.0
_NORMAL_QUARTILE = 0.6745


@dataclass(frozen=True, slots=True)
class Placebo:
    """A unit or a start at which nothing was done: the change found there, as a share, and by how
    many of its own standard deviations."""

    name: str
    share: float
    z: float


def by_unit(observed: Observed, declared: Declared) -> list[Placebo]:
    """Of each control (the largest first, `MOST_UNITS` at most) beside the other controls; nothing
    with fewer than three."""
    names = sorted(observed.controls, key=lambda name: (-observed.controls[name].sum(), name))
    if len(names) < 3:
        return []
    alone, plain = replace(observed, heads=None), replace(declared, definitions=())
    return [
        _placebo(name, estimate(observed.controls[name], _others(observed, name), alone, plain))
        for name in names[:MOST_UNITS]
    ]


def by_time(observed: Observed, declared: Declared, controls: Counts) -> list[Placebo]:
    """Of starts before the true one, as long before as the time after it is; learnt from nothing
    that came after the true start."""
    start = observed.place(declared.start)
    before = Observed(
        observed.starts[:start], observed.target[:start],
        heads=None if observed.heads is None else observed.heads[:start],
    )  # fmt: skip
    told = list(_starts(start, len(observed.starts) - start))
    found = []
    for at in told:
        upto = min(at + len(observed.starts) - start, start)
        found.append(_at(before, declared, controls[:, :start], at, upto))
    return [one for one in found if one is not None]


def _starts(start: int, length: int) -> Iterator[int]:
    """Evenly apart, with as much before each as is needed and all of ``length`` after it."""
    first, last = max(LEAST_BEFORE, length), start - length
    if last >= first:
        many = min(MOST_STARTS, (last - first) // max(length // 2, 1) + 1)
        yield from sorted({int(at) for at in np.linspace(first, last, many)})


def _at(
    before: Observed, declared: Declared, controls: Counts, at: int, upto: int
) -> Placebo | None:
    some = Observed(
        before.starts[:upto], before.target[:upto],
        heads=None if before.heads is None else before.heads[:upto],
    )  # fmt: skip
    known = tuple(one for one in declared.definitions if some.place(one.at) < upto)
    asked = replace(declared, start=before.starts[at], definitions=known)
    try:
        return _placebo(
            before.starts[at].isoformat(), estimate(some.target, controls[:, :upto], some, asked)
        )
    except TooShort:
        return None


def _others(observed: Observed, name: str) -> Counts:
    return np.array([row for other, row in observed.controls.items() if other != name])


def _placebo(name: str, found: Estimate) -> Placebo:
    return Placebo(name, expm1(found.middle), found.middle / found.spread)


def outliers(placebos: Sequence[Placebo]) -> set[str]:
    """Units that changed at the start as none of the others did: something was done there, too, or
    cases were moved there."""
    if not placebos:
        return set()
    told = np.array([one.z for one in placebos])
    # One that jumped moves what all others are compared with, so the middle is theirs.
    far = np.abs(told - np.median(told))
    usual = max(1.0, float(np.median(far)) / _NORMAL_QUARTILE)
    return {one.name for one, size in zip(placebos, far, strict=True) if size > _OUTLYING * usual}


def wider(placebos: Sequence[Placebo]) -> float:
    """How many times the said spread the placebos have; at least 1, and drawn towards it."""
    squares = sum(one.z**2 for one in placebos)
    return max(1.0, sqrt((squares + _WORTH) / (len(placebos) + _WORTH)))
