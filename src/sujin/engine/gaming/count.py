"""From cases to tallies, where cases are at hand; a database counts the same in SQL."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np

from sujin.engine.gaming import looks
from sujin.engine.gaming.detectors import Detector, Own
from sujin.engine.gaming.looks import NEAR_LIMIT_DAYS, Lengths
from sujin.engine.gaming.record import Record
from sujin.engine.gaming.tally import Tally

YEAR = "year"
Place = tuple[str, str]  # unit, period


def quarter(at: datetime) -> str:
    """The quarter a moment lies in, as 2026Q3."""
    return f"{at.year}Q{(at.month + 2) // 3}"


def tallies(
    detector: Detector, cases: Sequence[Record], periods: Sequence[str], by: Lengths
) -> list[Tally]:
    """One tally for each unit in each of the quarters named, and in all of them together.

    A unit with cases and no trial has a tally of nothing: it is too few to say, not missing.
    """
    units = sorted({case.unit for case in cases})
    hits: Counter[Place] = Counter()
    trials: Counter[Place] = Counter()
    shapes: dict[Place, Counter[int]] = defaultdict(Counter)
    for case in cases:
        look = detector.look(case, by)
        for place in _places(case.unit, look.at, periods) if look else ():
            trials[place] += 1
            hits[place] += bool(look and look.hit)
            shapes[place][look.before if look else 0] += 1
    receipts = _receipts(cases, periods, by) if detector.own is Own.RECEIPTS else {}
    return [
        Tally(*place, hits[place], trials[place], _own(detector, shapes[place], receipts, place))
        for place in ((unit, period) for period in (*periods, YEAR) for unit in units)
    ]


def slope(shape: Sequence[int]) -> tuple[float, float] | None:
    """What the days before let the last one expect: its share of all of them, and the weight of
    that in cases. ``shape[d]`` counts what ended with ``d`` whole days left.

    A straight line through the logarithms of the other days, as bunching is measured against the
    smooth course around it (Chetty, Friedman, Olsen and Pistaferri, Quarterly Journal of Economics
    126, 2011; Kleven, Annual Review of Economics 8, 2016; the jump at the edge after McCrary,
    Journal of Econometrics 142, 2008). None of too few.
    """
    rest = np.asarray(shape[1:], dtype=np.float64) + 0.5
    if rest.sum() < 2 * rest.size:
        return None
    days = np.arange(1, rest.size + 1, dtype=np.float64)
    design = np.column_stack([np.ones_like(days), days])
    inverse = np.linalg.inv(design.T @ (design * rest[:, None]))
    level = inverse @ (design.T @ (rest * np.log(rest)))
    expected, variance = float(np.exp(level[0])), float(inverse[0, 0])
    share = expected / (expected + float(rest.sum()))
    # The delta method: how many cases a share of this uncertainty would rest on.
    weight = 1 / (share * (1 - share) * variance) - 1
    return share, max(weight, 2.0)


def receipts_share(late: int, all_of_them: int) -> tuple[float, float] | None:
    """The share of a unit's receipts that fell into the last days, and how many it rests on."""
    return ((late + 0.5) / (all_of_them + 1), all_of_them + 1.0) if all_of_them else None


def _places(unit: str, at: datetime, periods: Sequence[str]) -> Iterable[Place]:
    period = quarter(at)
    return ((unit, period), (unit, YEAR)) if period in periods else ()


def _receipts(
    cases: Iterable[Record], periods: Sequence[str], by: Lengths
) -> dict[Place, Counter[bool]]:
    found: dict[Place, Counter[bool]] = defaultdict(Counter)
    for case in cases:
        for place in _places(case.unit, case.received_at, periods):
            found[place][looks.is_late(case.received_at, by.last_days)] += 1
    return found


def _own(
    detector: Detector,
    shape: Counter[int],
    receipts: dict[Place, Counter[bool]],
    place: Place,
) -> tuple[float, float] | None:
    if detector.own is Own.SLOPE:
        return slope([shape[day] for day in range(NEAR_LIMIT_DAYS)])
    if detector.own is Own.RECEIPTS and place in receipts:
        return receipts_share(receipts[place][True], receipts[place].total())
    return None
