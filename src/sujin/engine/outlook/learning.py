"""Learn, calibrate and check on three spans of time that follow one another.

A case belongs to the span in which it was received, and a sighting counts in it only when its whole
window lies in it too: nothing that taught the estimate had seen a day of what it is checked on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sujin.engine.outlook.checking import Check, Limits, checked
from sujin.engine.outlook.fitting import Model, fit, regression
from sujin.engine.outlook.sightings import Sighting

LEARNED, CALIBRATED = 0.6, 0.2  # shares of the cases, oldest first; the rest is held out
LEAST_EVENTS = 20  # of a span; fewer cannot teach or calibrate
_SPREAD_OUT = 2654435761  # Knuth's multiplier: which sighting of a case is its only one


class TooFew(ValueError):
    """There is not enough of the past to learn from; the message says of what."""


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """The model, its check, and the held-out sightings in the order of the check's places."""

    model: Model
    check: Check
    learned: int
    calibrated: int
    held: tuple[Sighting, ...]


def learn(sightings: Iterable[Sighting], *, days: float, limits: Limits) -> Learnt:
    """Raises TooFew."""
    spans = _spans(sorted(sightings, key=lambda one: (one.received, one.key, one.at)), days)
    for name, rows in zip(("learn", "calibrate"), spans, strict=False):
        if sum(one.escalated for one in rows) < LEAST_EVENTS:
            raise TooFew(f"{name}: {sum(one.escalated for one in rows)} of {LEAST_EVENTS}")
    teaching, tuning, held = spans
    model = calibrated(fit(teaching), tuning)
    kept = one_each(held)
    said = model.probabilities([one.facts for one in kept]) if kept else np.zeros(0)
    happened = np.array([one.escalated for one in kept], dtype=np.float64)
    return Learnt(
        model, checked(said, happened, limits), _cases(teaching), _cases(tuning), tuple(kept)
    )


def calibrated(model: Model, sightings: Sequence[Sighting]) -> Model:
    """Platt's sigmoid on cases that did not teach, their outcomes drawn off nought and one as he
    says (Advances in Large Margin Classifiers, 1999, page 69)."""
    scores = model.log_odds([one.facts for one in sightings])
    hits = np.array([one.escalated for one in sightings])
    yes, no = int(hits.sum()), int((~hits).sum())
    aims = np.where(hits, (yes + 1) / (yes + 2), 1 / (no + 2))
    shift, slope = regression(scores[:, None], aims)
    return replace(model, slope=float(slope[0]), shift=shift)


def one_each(sightings: Sequence[Sighting]) -> list[Sighting]:
    """At most one sighting of each case, so that rows are independent.

    At which age is drawn before one looks, and a case that was not open then is left out: drawn
    among the sightings there are, a case that ended by escalating would be seen too often.
    """
    ages = max((one.nth for one in sightings), default=0) + 1
    return [one for one in sightings if (one.key * _SPREAD_OUT >> 7) % ages == one.nth]


def _spans(ordered: Sequence[Sighting], days: float) -> tuple[list[Sighting], ...]:
    received = sorted({one.key: one.received for one in ordered}.values())
    if not received:
        return [], [], []
    ends = [_share(received, LEARNED), _share(received, LEARNED + CALIBRATED), float("inf")]
    begins = [float("-inf"), *ends[:-1]]
    return tuple(
        [one for one in ordered if begin <= one.received < end and one.at + days <= end]
        for begin, end in zip(begins, ends, strict=True)
    )


def _share(received: Sequence[float], share: float) -> float:
    return received[min(int(share * len(received)), len(received) - 1)]


def _cases(sightings: Iterable[Sighting]) -> int:
    return len({one.key for one in sightings})
