"""效果卡: what a headline's drop is made of, and what of it remains.

"Complaints fell by 48 %" compares two times. On logarithms the fall is a sum: the year's course,
what happened everywhere, this unit's own trend, a changed definition, cases handed elsewhere, the
measure, and a rest that nobody explains. Each is told as a factor with its interval; their product
is the drop. Cases that rose where they could be moved to are put back, as often as they are likely
(multiple imputation: Rubin, Multiple Imputation for Nonresponse in Surveys, 1987).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from math import exp, log, prod

import numpy as np

from sujin.engine.verify.estimate import INNER, Estimate, estimate
from sujin.engine.verify.noise import draws
from sujin.engine.verify.observed import Counts, Declared, Observed
from sujin.engine.verify.placebo import by_unit, outliers, wider

_IMPUTED, _DRAWS = 20, 200
_HALF = 0.5


class Cause(StrEnum):
    """What a drop may be made of, in the order in which it is told."""

    SEASON = "season"
    MARKET = "market"
    TREND = "trend"
    DEFINITION = "definition"
    MOVED = "moved"
    MEASURE = "measure"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Part:
    """One cause: by what it multiplied the count, and between what."""

    cause: Cause
    factor: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both counted."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class EffectCard:
    """``raw`` is the count of the later time for each of the earlier one, by period; the product of
    the parts' factors is the same."""

    raw: float
    parts: tuple[Part, ...]

    def of(self, cause: Cause) -> Part:
        return next(part for part in self.parts if part.cause is cause)


def effect_card(
    observed: Observed, declared: Declared, *, before: Span, after: Span,
    moved_on: date | None = None, seed: int = 0,
) -> EffectCard:  # fmt: skip
    """The card of a measure between two times. ``moved_on``: when cases began to be handed to the
    sinks; the start of the measure if nothing else is said.

    Raises ValueError for a time without periods or without cases, TooShort as `estimate` does.
    """
    observed, width = _comparable(observed, declared)
    spans = tuple(_periods(observed, span) for span in (before, after))
    raw = _raw(observed.target, spans)
    rng = np.random.default_rng(seed)
    moved = _moved(observed, declared, moved_on, rng)
    logs: dict[Cause, list[Counts]] = {cause: [] for cause in Cause}
    season = _season_of_all(observed, declared, spans, rng)
    unlike = _unlike(observed, spans, rng)
    for extra in moved:
        told = _told(observed, declared, extra, spans, season, rng)
        told[Cause.MEASURE] = _wider(told[Cause.MEASURE], width)
        told[Cause.MARKET] = told[Cause.MARKET] + unlike
        told[Cause.MOVED] = np.full(_DRAWS, _put_back(observed.target, extra, spans))
        told[Cause.REST] = log(raw) - sum(told.values(), np.zeros(_DRAWS))
        for cause, values in told.items():
            logs[cause].append(values)
    parts = [_part(cause, np.concatenate(logs[cause])) for cause in Cause]
    known, rest = parts[:-1], parts[-1]
    # Middles of factors multiply to the raw ratio but for a hair; the rest takes the hair.
    exact = raw / prod(part.factor for part in known)
    return EffectCard(raw, (*known, replace(rest, factor=exact)))


def _comparable(observed: Observed, declared: Declared) -> tuple[Observed, float]:
    """Without the controls that the verdict leaves out, and how much wider than said it takes the
    measure's effect."""
    gone = outliers(by_unit(observed, declared))
    kept = {name: row for name, row in observed.controls.items() if name not in gone}
    clean = replace(observed, controls=kept)
    return clean, wider(by_unit(clean, declared))


def _wider(logs: Counts, width: float) -> Counts:
    middle = np.median(logs)
    return np.asarray(middle + width * (logs - middle))


def _periods(observed: Observed, span: Span) -> slice:
    first, last = observed.place(span.first), observed.place(span.last)
    if last < len(observed.starts) and observed.starts[last] == span.last:
        last += 1
    if first >= last:
        raise ValueError(f"no period begins between {span.first} and {span.last}")
    return slice(first, last)


def _raw(target: Counts, spans: tuple[slice, ...]) -> float:
    earlier, later = (float(target[span].mean()) for span in spans)
    if not earlier or not later:
        raise ValueError("one of the two times has no cases")
    return later / earlier


def _moved(
    observed: Observed, declared: Declared, moved_on: date | None, rng: np.random.Generator
) -> list[Counts]:
    """Cases by period that were handed to the sinks, as often as they are likely."""
    nothing = np.zeros(len(observed.starts))
    if not observed.sinks:
        return [nothing]
    since = replace(declared, start=moved_on or declared.start, definitions=(), settle=0)
    at = observed.place(since.start)
    controls, alone = _controls(observed), replace(observed, heads=None)
    found = [nothing.copy() for _ in range(_IMPUTED)]
    for row in observed.sinks.values():
        excess = estimate(row, controls, alone, since).drawn(rng, _IMPUTED)
        for one, effect in zip(found, excess, strict=True):
            one[at:] += row[at:] * (1 - exp(-effect))
    # More cannot have come back than makes the target's own counts negative.
    return [np.maximum(one, -observed.target) for one in found]


def _put_back(target: Counts, extra: Counts, spans: tuple[slice, ...]) -> float:
    """The logarithm of what handing cases on did to the ratio."""
    whole = target + extra
    return log(_raw(target, spans)) - log(_raw(np.maximum(whole, 1e-9), spans))


def _told(  # noqa: PLR0917 - the parts of one imputation
    observed: Observed, declared: Declared, extra: Counts, spans: tuple[slice, ...], season: Counts,
    rng: np.random.Generator,
) -> dict[Cause, Counts]:  # fmt: skip
    """Logarithms of factors of everything that the model of the target knows."""
    target = np.maximum(observed.target + extra, 0.0)
    found = estimate(target, _controls(observed), observed, declared)
    effects = draws(found.posterior, rng, _DRAWS)
    rng.shuffle(effects)
    logs = dict(zip(found.names, (effects * _apart(found, spans)).T, strict=True))
    nothing = np.zeros(_DRAWS)
    market = logs.get("controls", nothing)
    weight = effects[:, found.names.index("controls")] if "controls" in found.names else nothing
    return {
        Cause.SEASON: _sum(logs, ("cos", "sin")) + weight * season,
        Cause.MARKET: market - weight * season,
        Cause.TREND: logs["trend"],
        Cause.DEFINITION: _sum(logs, ("definition",)),
        Cause.MEASURE: logs["measure"],
    }


def _sum(logs: Mapping[str, Counts], beginnings: tuple[str, ...]) -> Counts:
    return sum((row for name, row in logs.items() if name.startswith(beginnings)), np.zeros(_DRAWS))


def _season_of_all(
    observed: Observed, declared: Declared, spans: tuple[slice, ...], rng: np.random.Generator
) -> Counts:
    """How far the year's course alone moved the controls between the two times: what they share
    with the target by the calendar is season, the rest of their movement is the market."""
    if not observed.controls:
        return np.zeros(_DRAWS)
    together = _controls(observed).sum(axis=0)
    plain = replace(declared, definitions=(), settle=0)
    found = estimate(together, np.zeros((0, len(together))), replace(observed, heads=None), plain)
    effects = draws(found.posterior, rng, _DRAWS)
    rng.shuffle(effects)
    logs = dict(zip(found.names, (effects * _apart(found, spans)).T, strict=True))
    return _sum(logs, ("cos", "sin"))


def _apart(found: Estimate, spans: tuple[slice, ...]) -> Counts:
    """By effect, how much more of it there is in the later time."""
    earlier, later = (found.model.rows[:, span].mean(axis=1) for span in spans)
    return np.asarray(later - earlier)


def _unlike(observed: Observed, spans: tuple[slice, ...], rng: np.random.Generator) -> Counts:
    """How unsure it is that what the controls did is the market: by drawing them anew."""
    controls = _controls(observed)
    if len(controls) < 2:
        return np.zeros(_DRAWS)
    earlier, later = (controls[:, span].mean(axis=1) + _HALF for span in spans)
    taken = rng.integers(len(controls), size=(_DRAWS, len(controls)))
    drawn = np.log(later[taken].sum(axis=1) / earlier[taken].sum(axis=1))
    return np.asarray(drawn - log(later.sum() / earlier.sum()))


def _controls(observed: Observed) -> Counts:
    rows = list(observed.controls.values())
    return np.array(rows).reshape(len(rows), len(observed.starts))


def _part(cause: Cause, logs: Counts) -> Part:
    low, high = np.quantile(logs, [(1 - INNER) / 2, (1 + INNER) / 2])
    return Part(cause, exp(float(np.median(logs))), exp(float(low)), exp(float(high)))
