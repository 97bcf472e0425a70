"""Same facts, same remedy? Which units grant more, less, or more erratically than the others.

Decisions are compared within strata of like cases. More or less: van Elteren's stratified rank
test (Bulletin of the International Statistical Institute 37, 1960). More erratic: the same test on
distances from the unit's own middle (Brown and Forsythe, Journal of the American Statistical
Association 69, 1974, for the middle; Conover, Johnson and Johnson, Technometrics 23, 1981, for
ranks). Sizes of effects are drawn towards nought as far as units differ little (DerSimonian and
Laird, Controlled Clinical Trials 7, 1986). Nothing but ranks decides, so no law is assumed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import erfc, sqrt

import numpy as np
import numpy.typing as npt

from sujin.engine import discoveries
from sujin.engine.proportion import Z95

Numbers = npt.NDArray[np.float64]
TELLING = 10
_SD_OF_LOG = 0.5  # the error of a logarithm of a standard deviation of n values is this over n**0.5


@dataclass(frozen=True, slots=True)
class Decision:
    """A sum granted where another was at stake; ``strata`` from the narrowest class of like cases
    to the widest."""

    key: int
    unit: str
    strata: tuple[str, ...]
    amount: float
    granted: float


class Way(StrEnum):
    """How a unit departs."""

    LEVEL = "level"
    SPREAD = "spread"


@dataclass(frozen=True, slots=True)
class Departure:
    """How one unit stands beside the others in one way.

    ``effect`` is a factor: how many times what others grant in like cases (level), or how many
    times as scattered (spread); ``low`` to ``high`` its 95 % interval; ``yuan`` what the level
    makes of all its decisions. ``n`` below the least number: ``too_few``, and nothing is said.
    """

    unit: str
    way: Way
    n: int
    effect: float
    low: float
    high: float
    yuan: float
    p: float
    too_few: bool
    found: bool = False
    telling: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A decision as its stratum sees it: the logarithm of its share less the stratum's middle."""

    key: int
    unit: str
    off: float


@dataclass(frozen=True, slots=True, eq=False)
class _Field:
    """All decisions as arrays: unit and stratum by number, how far off the stratum's middle."""

    keys: npt.NDArray[np.int64]
    units: tuple[str, ...]
    of_unit: npt.NDArray[np.int64]
    of_stratum: npt.NDArray[np.int64]
    off: Numbers
    granted: Numbers


def audit(
    decisions: Sequence[Decision], *, least: int = 20, q: float = 0.10, in_stratum: int = 8
) -> list[Departure]:
    """Two departures for each unit, those found at the false-discovery rate ``q`` marked.

    Decisions without a sum at stake or granted are no matter of degree and are left out; so is a
    stratum with a single unit, and one that stays smaller than ``in_stratum`` at its widest.
    """
    field = _field(_comparable(decisions, in_stratum))
    if field is None:
        return []
    own = _own_middles(field)
    level = _departures(field, Way.LEVEL, field.off, least)
    spread = _departures(field, Way.SPREAD, np.abs(field.off - own[field.of_unit]), least)
    found = [*_shrunk(level, field), *spread]
    cut = discoveries.threshold([one.p for one in found if not one.too_few] or [1.0], q)
    return [replace(one, found=not one.too_few and one.p <= cut) for one in found]


def points(decisions: Sequence[Decision], *, in_stratum: int = 8) -> list[Point]:
    """Every decision that is compared, for a picture of them."""
    field = _field(_comparable(decisions, in_stratum))
    if field is None:
        return []
    rows = zip(field.keys, field.of_unit, field.off, strict=True)
    return [Point(int(key), field.units[unit], float(off)) for key, unit, off in rows]


def _comparable(decisions: Iterable[Decision], least: int) -> dict[str, list[Decision]]:
    """Strata large enough to compare in, each decision in the narrowest that is."""
    left = [one for one in decisions if one.amount > 0 and one.granted > 0]
    depth = max((len(one.strata) for one in left), default=0)
    kept: dict[str, list[Decision]] = {}
    for level in range(depth):
        groups: dict[str, list[Decision]] = defaultdict(list)
        for one in left:
            groups[one.strata[min(level, len(one.strata) - 1)]].append(one)
        whole = {
            name: rows
            for name, rows in groups.items()
            if len(rows) >= least and len({one.unit for one in rows}) > 1
        }
        kept |= {f"{level}:{name}": rows for name, rows in whole.items()}
        left = [one for name, rows in groups.items() if name not in whole for one in rows]
    return kept


def _field(strata: dict[str, list[Decision]]) -> _Field | None:
    rows = [(place, one) for place, found in enumerate(strata.values()) for one in found]
    if not rows:
        return None
    units = tuple(sorted({one.unit for _place, one in rows}))
    number = {unit: place for place, unit in enumerate(units)}
    of_stratum = np.array([place for place, _one in rows])
    share = np.array([np.log(one.granted / one.amount) for _place, one in rows])
    for place in range(len(strata)):
        share[of_stratum == place] -= np.median(share[of_stratum == place])
    return _Field(
        np.array([one.key for _place, one in rows]),
        units,
        np.array([number[one.unit] for _place, one in rows]),
        of_stratum,
        share,
        np.array([one.granted for _place, one in rows]),
    )


def _own_middles(field: _Field) -> Numbers:
    mine = range(len(field.units))
    return np.array([np.median(field.off[field.of_unit == unit]) for unit in mine])


def _departures(field: _Field, way: Way, values: Numbers, least: int) -> list[Departure]:
    from scipy.stats import rankdata

    ranks = [
        (rows := np.nonzero(field.of_stratum == place)[0], rankdata(values[rows]))
        for place in range(int(field.of_stratum.max()) + 1)
    ]
    found = []
    for number, unit in enumerate(field.units):
        z = _van_elteren(ranks, field.of_unit == number)
        p = erfc(abs(z) / sqrt(2)) if way is Way.LEVEL else erfc(z / sqrt(2)) / 2
        mine = field.of_unit == number
        effect, low, high = _effect(way, values, mine)
        n = int(mine.sum())
        telling = _telling(field, values * np.sign(z or 1.0), mine)
        found.append(Departure(unit, way, n, effect, low, high, 0.0, p, n < least, False, telling))
    return found


def _van_elteren(ranks: Sequence[tuple[npt.NDArray[np.int64], Numbers]], mine: object) -> float:
    """The standardised sum of the unit's ranks, each stratum weighed by its size plus one."""
    member = np.asarray(mine)
    total = variance = 0.0
    for rows, order in ranks:
        n, m = order.size, int(member[rows].sum())
        if 0 < m < n:
            middle = (n + 1) / 2
            total += (float(order[member[rows]].sum()) - m * middle) / (n + 1)
            scatter = float(np.sum((order - middle) ** 2)) / (n * (n - 1))
            variance += m * (n - m) * scatter / (n + 1) ** 2
    return total / sqrt(variance) if variance else 0.0


def _effect(way: Way, values: Numbers, mine: npt.NDArray[np.bool_]) -> tuple[float, float, float]:
    """How many times the others' level, or the others' scatter, with its interval."""
    own, rest = values[mine], values[~mine]
    if own.size < 2 or rest.size < 2:
        return 1.0, 0.0, float("inf")
    if way is Way.LEVEL:
        error = sqrt(own.var(ddof=1) / own.size + rest.var(ddof=1) / rest.size)
        middle = float(own.mean() - rest.mean())
    else:
        error = _SD_OF_LOG * sqrt(4 / own.size + 4 / rest.size)
        middle = float(np.log(max(own.mean(), 1e-9) / max(rest.mean(), 1e-9)))
    return tuple(float(np.exp(middle + z * error)) for z in (0.0, -Z95, Z95))  # type: ignore[return-value]


def _shrunk(rows: list[Departure], field: _Field) -> list[Departure]:
    """Levels drawn towards one by how little units differ, and what they come to in yuan."""
    logs = np.array([np.log(one.effect) for one in rows])
    errors = np.array([(np.log(one.high) - np.log(max(one.low, 1e-9))) / (2 * Z95) for one in rows])
    errors = np.where(np.isfinite(errors), np.maximum(errors, 1e-6), 1e3)
    weights = 1 / errors**2
    middle = float(np.sum(weights * logs) / np.sum(weights))
    scatter = float(np.sum(weights * (logs - middle) ** 2)) - (len(rows) - 1)
    room = float(np.sum(weights) - np.sum(weights**2) / np.sum(weights))
    between = max(0.0, scatter / room) if room > 0 else 0.0
    return [
        _drawn(one, log, error, between, field)
        for one, log, error in zip(rows, logs, errors, strict=True)
    ]


def _drawn(one: Departure, log: float, error: float, between: float, field: _Field) -> Departure:
    kept = between / (between + error**2)
    log, error = log * kept, error * sqrt(kept)
    low, high = np.exp(log - Z95 * error), np.exp(log + Z95 * error)
    granted = float(field.granted[field.of_unit == field.units.index(one.unit)].sum())
    yuan = granted * (1 - float(np.exp(-log)))
    return replace(one, effect=float(np.exp(log)), low=float(low), high=float(high), yuan=yuan)


def _telling(field: _Field, values: Numbers, mine: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    """The unit's decisions that say it loudest."""
    rows = np.nonzero(mine)[0]
    order = rows[np.argsort(-values[rows], kind="stable")]
    return tuple(int(key) for key in field.keys[order[:TELLING]])
