"""有效, 无效 or 证据不足: the verdict on a measure that was declared before it began."""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import expm1, nan, sqrt

import numpy as np

from sujin.engine.verify.estimate import INNER, Change, Estimate, TooShort, estimate
from sujin.engine.verify.observed import Counts, Declared, Observed
from sujin.engine.verify.placebo import Placebo, by_time, by_unit, outliers, wider

_DRAWS = 4000
# Fewer cases than this in the time before the start say nothing of shares.
LEAST_CASES = 30
_Z = 1.959963984540054
# Two starts this close, in periods, cannot be told apart.
_CLOSE = 4


class Verdict(StrEnum):
    """What may be said of a measure."""

    WORKED = "worked"
    FAILED = "failed"
    UNCLEAR = "unclear"


class Reason(StrEnum):
    """Why."""

    FELL = "fell"
    ROSE = "rose"
    LESS_THAN_PROMISED = "less_than_promised"
    MOVED = "moved"
    TOO_WIDE = "too_wide"
    TOO_FEW = "too_few"
    TOO_SHORT = "too_short"
    REDEFINED = "redefined"


@dataclass(frozen=True, eq=False)
class Finding:
    """``net`` is the effect by which is judged: what fell at the target less what rose where cases
    could be moved to. ``own`` is that at the target alone, ``raw`` the plain before and after of
    equally long times, which knows nothing of season, market and noise. ``estimate`` is None where
    nothing could be estimated."""

    verdict: Verdict
    reason: Reason
    raw: Change
    own: Change
    net: Change
    moved: dict[str, Change]
    units: tuple[Placebo, ...]
    times: tuple[Placebo, ...]
    left_out: tuple[str, ...]
    estimate: Estimate | None


_NOTHING = Change(nan, nan, nan)


def judge(
    observed: Observed, declared: Declared, *, seed: int = 0, inner: float = INNER
) -> Finding:
    """The finding on a measure; the same for the same facts and ``seed``. ``inner``: the share of
    like intervals that hold the truth; more for a second look.

    A measure worked when the whole interval of its net effect lies below 0; it failed when the
    interval holds no fall as large as promised. Anything else is 证据不足.
    """
    at = observed.place(declared.start)
    raw = before_after(observed, at)
    if observed.target[:at].sum() < LEAST_CASES:
        return _unclear(Reason.TOO_FEW, raw)
    try:
        return _judged(observed, declared, raw, seed, inner)
    except TooShort:
        return _unclear(Reason.TOO_SHORT, raw)


def _judged(
    observed: Observed, declared: Declared, raw: Change, seed: int, inner: float
) -> Finding:
    units = by_unit(observed, declared)
    left_out = outliers(units)
    kept = {name: row for name, row in observed.controls.items() if name not in left_out}
    clean = replace(observed, controls=kept)
    controls = np.array(list(kept.values())).reshape(len(kept), len(observed.starts))
    if left_out:
        units = by_unit(clean, declared)
    width = wider(units)
    own = replace(estimate(observed.target, controls, clean, declared), wider=width)
    # What is counted at the target was redefined, not what is counted elsewhere.
    plain, alone = replace(declared, definitions=()), replace(clean, heads=None)
    sinks = {
        name: replace(estimate(row, controls, alone, plain), wider=width)
        for name, row in observed.sinks.items()
    }
    net, here = _net(observed, own, sinks, seed, inner), own.change(inner)
    verdict, reason = _verdict(observed, declared, here, net)
    return Finding(
        verdict, reason, raw, here, net,
        {name: found.change(inner) for name, found in sinks.items()},
        tuple(units), tuple(by_time(observed, declared, controls)), tuple(sorted(left_out)), own,
    )  # fmt: skip


def _verdict(
    observed: Observed, declared: Declared, own: Change, net: Change
) -> tuple[Verdict, Reason]:
    if net.high < 0:
        return Verdict.WORKED, Reason.FELL
    if net.low > 0:
        return Verdict.FAILED, Reason.ROSE
    moved = own.high < 0
    if net.low > -declared.promised:
        return Verdict.FAILED, Reason.MOVED if moved else Reason.LESS_THAN_PROMISED
    if moved:
        return Verdict.UNCLEAR, Reason.MOVED
    return Verdict.UNCLEAR, _why_wide(observed, declared)


def _why_wide(observed: Observed, declared: Declared) -> Reason:
    start = observed.place(declared.start)
    unknown = [one for one in declared.definitions if one.ratio is None]
    close = any(abs(observed.place(one.at) - start) < _CLOSE for one in unknown)
    return Reason.REDEFINED if close else Reason.TOO_WIDE


def _net(
    observed: Observed, own: Estimate, sinks: dict[str, Estimate], seed: int, inner: float
) -> Change:
    """What fell at the target less what rose at the sinks, as a share of what the target would have
    had."""
    if not sinks:
        return own.change(inner)
    rng = np.random.default_rng(seed)
    after = own.model.used.copy()
    after[: own.start] = False
    fell = _cases(observed.target[after].sum(), own.drawn(rng, _DRAWS))
    rose = [
        _cases(observed.sinks[name][after].sum(), found.drawn(rng, _DRAWS))
        for name, found in sinks.items()
    ]
    # Of each: what there was, and what there would have been.
    changed = (fell[0] - fell[1]) + sum(was - would for was, would in rose)
    shares = changed / fell[1]
    low, high = np.quantile(shares, [(1 - inner) / 2, (1 + inner) / 2])
    return Change(float(np.median(shares)), float(low), float(high))


def _cases(came: float, effects: Counts) -> tuple[float, Counts]:
    """Cases that came, and those that would have come without the effect."""
    return came, came * np.exp(-effects)


def before_after(observed: Observed, at: int) -> Change:
    """The plain comparison of the time after ``at`` with as long a time before it: a ratio of
    Poisson counts, with a normal interval of its logarithm."""
    length = min(len(observed.starts) - at, at)
    before = observed.target[at - length : at].sum()
    after = observed.target[at : at + length].sum()
    if not before or not after:
        return _NOTHING
    middle, spread = np.log(after / before), sqrt(1 / after + 1 / before)
    return Change(*(expm1(middle + z * spread) for z in (0.0, -_Z, _Z)))


def _unclear(reason: Reason, raw: Change) -> Finding:
    return Finding(Verdict.UNCLEAR, reason, raw, _NOTHING, _NOTHING, {}, (), (), (), None)
