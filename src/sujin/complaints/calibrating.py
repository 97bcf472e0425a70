"""Make a promise about urgent complaints: teach a score on one part, calibrate on the other."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt

from sujin.complaints.assurance import Assurance, Card, untaught
from sujin.complaints.settled import Labelled
from sujin.engine import conformal, urgency
from sujin.engine.conformal import CAUGHT, CannotPromise, Method
from sujin.engine.strangeness import Known, met, strangeness
from sujin.engine.urgency import Scorer

LEARNED = 0.4  # of the cases; the others calibrate
OTHERS_LEARNED = 4000  # of those that are not urgent so many are enough to learn from
REFERENCE = 2000  # scores kept for the guard
Places = npt.NDArray[np.intp]


def calibrate(
    rows: Sequence[Labelled],
    *,
    alpha: float,
    method: Method,
    delta: float,
    urgent_min: int,
    seed: int,
    source: str,
    at: datetime,
) -> Assurance:
    """The promise that these cases carry; raises CannotPromise when they are too few.

    Which case teaches and which calibrates is drawn by ``seed``; none does both.
    """
    order = np.random.default_rng(seed).permutation(len(rows))
    learning, rest = np.split(order, [int(len(order) * LEARNED)])
    urgent = [rows[place] for place in rest if rows[place].is_urgent]
    if len(urgent) < urgent_min:
        raise CannotPromise(
            f"{len(urgent)} urgent cases to calibrate on; the pack asks for {urgent_min}"
        )
    scorer = taught(learning, rows, seed)
    promised = conformal.guarantee(looks(scorer, urgent), alpha=alpha, method=method, delta=delta)
    kept = [rows[place] for place in rest[:REFERENCE]]
    known = met(rows[place].text for place in learning)
    card = Card(
        assured=_hash(rows, seed), begun_at=at.isoformat(timespec="seconds"), source=source,
        learned=len(learning), calibrated=len(rest), seed=seed, promised=promised,
    )  # fmt: skip
    return Assurance(scorer, card, known, tuple(readings(scorer, known, kept)))


def taught(places: Places, rows: Sequence[Labelled], seed: int) -> Scorer:
    """The score after these cases: all that are urgent, and enough of the others."""
    urgent = [rows[place] for place in places if rows[place].is_urgent]
    others = [rows[place] for place in places if not rows[place].is_urgent]
    chosen = [*urgent, *others[:OTHERS_LEARNED]]
    return urgency.teach(
        untaught(),
        [row.text for row in chosen],
        [row.facts for row in chosen],
        [row.is_urgent for row in chosen],
        seed=seed,
    )


def looks(scorer: Scorer, rows: Sequence[Labelled]) -> list[float]:
    """What each case counts as to the promise: its score, or that the rules caught it."""
    scores = scorer.scores([row.text for row in rows], [row.facts for row in rows])
    return [
        CAUGHT if row.is_called_urgent else round(float(score), 5)
        for row, score in zip(rows, scores, strict=True)
    ]


def readings(
    scorer: Scorer, known: Known, rows: Sequence[Labelled]
) -> Iterator[tuple[float, float]]:
    """What the guards compare: how urgent a case counts, and how strange its words are."""
    strange = strangeness([row.text for row in rows], known)
    for look, odd in zip(looks(scorer, rows), strange, strict=True):
        yield min(1.0, look), odd


def _hash(rows: Sequence[Labelled], seed: int) -> str:
    made = hashlib.sha256(str(seed).encode())
    for row in rows:
        made.update(f"{row.text}\0{row.facts}\0{row.is_called_urgent}{row.is_urgent}\n".encode())
    return made.hexdigest()[:12]
