"""``sujin eval tier``: urgent complaints missed by the rules alone, and with the promise.

The truth of a text is what the laboratory put into it; what the machine reads is what the rules
hear. So that there is something to miss, a share of the grave clauses is said in words no list
knows (``lab/unheard.py``): the usual ones before and after the calibration, new slang only after.
"""

from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

import numpy as np
import numpy.typing as npt

from sujin.complaints.calibrating import LEARNED, REFERENCE, looks, readings, taught
from sujin.complaints.settled import Labelled
from sujin.engine import conformal
from sujin.engine.conformal import CAUGHT, CannotPromise, Guarantee, Method
from sujin.engine.folding import fold
from sujin.engine.strangeness import Known, met
from sujin.engine.tier import TierFacts
from sujin.engine.urgency import Scorer
from sujin.engine.vigil import Guards, Tally
from sujin.lab.exams.exam import CannotSit, Exam, Figures
from sujin.lab.exams.tier_bank import bank
from sujin.lab.exams.tier_told import told

DELTA = 0.01  # how often a guard may ring although nothing changed
READINGS = 2  # urgency and strangeness
DELETED_OF = 60
Places = npt.NDArray[np.intp]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--alpha", type=float, default=0.02, help="share that may be missed")
    parser.add_argument(
        "--method",
        choices=[*Method],
        default=Method.AVERAGE.value,
        help="whose promise is watched and shifted; both are shown beside each other",
    )
    parser.add_argument("--splits", type=int, default=20)
    parser.add_argument("--size", type=int, default=16_000, help="contacts of the story")
    parser.add_argument("--unheard", type=float, default=0.3, help="share said in unknown words")


@dataclass(frozen=True, slots=True)
class Split:
    """One reseeded sitting: the scorer taught on one part, the promise made on another."""

    seed: int
    scorer: Scorer
    promised: Guarantee
    other: Guarantee | None
    tested: Places
    known: Known
    reference: tuple[tuple[float, float], ...]


def run(options: Mapping[str, Any]) -> Figures:
    """The figures, the same for the same seed and size. CannotSit when the story is too short."""
    usual, shifted = bank(options["seed"], options["size"], options["unheard"])
    sittings: list[dict[str, Any]] = []
    reasons: list[tuple[float, float]] = []
    for number in range(options["splits"]):
        try:
            split = _split(usual, options, options["seed"] + number)
        except CannotPromise as refused:
            raise CannotSit(f"{refused}: give a larger --size") from refused
        sittings.append(_sit(split, usual, shifted))
        if number < 3:
            reasons += _deletions(split, usual)
    return {
        "alpha": options["alpha"], "method": str(options["method"]), "contacts": len(usual),
        "urgent": int(sum(read.is_urgent for read in usual)), "splits": len(sittings),
        **_over(sittings, options["alpha"]), "reasons": _told_reasons(reasons),
        "methods": _side_by_side(sittings, options["alpha"], Method(options["method"])),
    }  # fmt: skip


def _split(reads: Sequence[Labelled], options: Mapping[str, Any], seed: int) -> Split:
    chance = np.random.default_rng(seed)
    order = chance.permutation(len(reads))
    learned, rest = np.split(order, [int(len(order) * LEARNED)])
    calibrated, tested = rest[: len(rest) // 2], rest[len(rest) // 2 :]
    scorer = taught(learned, reads, seed)
    urgent = [place for place in calibrated if reads[place].is_urgent]
    scores = looks(scorer, [reads[place] for place in urgent])
    method = Method(options["method"])
    promised = conformal.guarantee(scores, alpha=options["alpha"], method=method)
    known = met(reads[place].text for place in learned)
    kept = [reads[place] for place in calibrated[:REFERENCE]]
    reference = tuple(readings(scorer, known, kept))
    other = _other(scores, options["alpha"], method)
    return Split(seed, scorer, promised, other, tested, known, reference)


def _other(scores: Sequence[float], alpha: float, method: Method) -> Guarantee | None:
    """The other method's threshold on the same calibration; None where it is too small for it."""
    (other,) = set(Method) - {method}
    try:
        return conformal.guarantee(scores, alpha=alpha, method=other)
    except CannotPromise:
        return None


def _sit(split: Split, usual: Sequence[Labelled], shifted: Sequence[Labelled]) -> dict[str, Any]:
    tested = [usual[place] for place in split.tested]
    moved = [shifted[place] for place in split.tested]
    before = np.array(looks(split.scorer, tested))
    after = np.array(looks(split.scorer, moved))
    found = _missing(split.promised, tested, before)
    under = _missing(split.promised, moved, after)
    return {
        "other": _missing(split.other, tested, before) if split.other else None,
        "n": split.promised.n,
        "rules": found["rules"],
        "promise": found["promise"],
        "referred": found["referred"],
        "shifted_rules": under["rules"],
        "shifted": under["promise"],
        **_watched(split, tested, moved, before, after),
    }


def _missing(promised: Guarantee, reads: Sequence[Labelled], looked: Any) -> dict[str, float]:
    urgent = np.array([read.is_urgent for read in reads])
    called = looked == CAUGHT
    seen = called | (looked >= promised.threshold)
    return {
        "rules": float((urgent & ~called).sum() / urgent.sum()),
        "promise": float((urgent & ~seen).sum() / urgent.sum()),
        "referred": float((seen & ~called).mean()),
    }


def _watched(
    split: Split, tested: Sequence[Labelled], moved: Sequence[Labelled], before: Any, after: Any
) -> dict[str, Any]:
    """The guards know the calibration; the test comes once as it is and once with new slang."""
    quiet, alarmed = Guards(DELTA, split.seed, READINGS), Guards(DELTA, split.seed, READINGS)
    for guards, cases in ((quiet, tested), (alarmed, moved)):
        guards.know(split.reference)
        for case in readings(split.scorer, split.known, cases):
            guards.see(case)
    return {
        "quiet_rings": quiet.rang_at is not None,
        "delay": alarmed.rang_at,
        "miss_delay": _miss_delay(split.promised, moved, after),
        "miss_false": _miss_delay(split.promised, tested, before) is not None,
    }


def _miss_delay(promised: Guarantee, reads: Sequence[Labelled], looked: Any) -> int | None:
    """After how many urgent cases the found misses prove the promise broken; None when never."""
    missed = count = 0
    for read, look in zip(reads, looked, strict=True):
        if read.is_urgent:
            count += 1
            missed += bool(look < promised.threshold)
            if Tally(missed, count).evidence(promised.alpha) >= 1 / DELTA:
                return count
    return None


def _over(sittings: Sequence[Mapping[str, Any]], alpha: float) -> dict[str, Any]:
    """Over all splits: means, the worst, and how often the promise was not kept in that split."""
    missed = [sitting["promise"] for sitting in sittings]
    delays = [sitting["delay"] for sitting in sittings if sitting["delay"] is not None]
    proven = [sitting["miss_delay"] for sitting in sittings if sitting["miss_delay"] is not None]
    return {
        "calibration_n": round(mean(sitting["n"] for sitting in sittings)),
        "rules_missed": mean(sitting["rules"] for sitting in sittings),
        "promise_missed": mean(missed),
        "promise_missed_max": max(missed),
        "splits_above_alpha": mean(share > alpha for share in missed),
        "referred": mean(sitting["referred"] for sitting in sittings),
        "shift": {
            "rules_missed": mean(sitting["shifted_rules"] for sitting in sittings),
            "promise_missed": mean(sitting["shifted"] for sitting in sittings),
            "guard_rang": len(delays) / len(sittings),
            "guard_delay_cases": median(delays) if delays else None,
            "guard_false": mean(sitting["quiet_rings"] for sitting in sittings),
            "misses_proved": len(proven) / len(sittings),
            "misses_delay_urgent": median(proven) if proven else None,
            "misses_false": mean(sitting["miss_false"] for sitting in sittings),
        },
    }


def _side_by_side(
    sittings: Sequence[Mapping[str, Any]], alpha: float, method: Method
) -> dict[str, dict[str, float]]:
    """What each method promised on the same splits, what came of it, and what it costs. A method
    that some calibration was too small for is left out."""
    (other,) = set(Method) - {method}
    found = {method: list(sittings), other: [one["other"] for one in sittings]}
    return {
        str(each): {
            "missed": mean(row["promise"] for row in found[each]),
            "missed_max": max(row["promise"] for row in found[each]),
            "splits_above_alpha": mean(row["promise"] > alpha for row in found[each]),
            "referred": mean(row["referred"] for row in found[each]),
        }
        for each in Method
        if all(found[each])
    }


def _deletions(split: Split, reads: Sequence[Labelled]) -> list[tuple[float, float]]:
    """By how much the score falls without the words named, and without as many others."""
    places = [place for place in split.tested if reads[place].is_urgent][:DELETED_OF]
    found = []
    for place in places:
        read = reads[place]
        named = split.scorer.judge(read.text, read.facts).words
        if named:
            chance = np.random.default_rng(place)
            others = _other_pieces(read.text, named, chance)
            before, without, random = _logit(
                split.scorer,
                read.facts,
                (read.text, _cut(read.text, named), _cut(read.text, others)),
            )
            found.append((before - without, before - random))
    return found


def _logit(scorer: Scorer, facts: TierFacts, texts: Sequence[str]) -> list[float]:
    scores = np.clip(scorer.scores(texts, [facts] * len(texts)), 1e-9, 1 - 1e-9)
    return [float(score) for score in np.log(scores / (1 - scores))]


def _other_pieces(text: str, named: Sequence[str], chance: np.random.Generator) -> list[str]:
    folded = _cut(text, named)
    starts = chance.integers(0, max(1, len(folded) - 3), len(named))
    return [folded[at : at + len(word)] for at, word in zip(starts, named, strict=True)]


def _cut(text: str, pieces: Sequence[str]) -> str:
    folded = fold(text)
    for piece in pieces:
        folded = folded.replace(piece, "")
    return folded


def _told_reasons(falls: Sequence[tuple[float, float]]) -> dict[str, float]:
    if not falls:
        return {}
    return {
        "texts": len(falls),
        "named_words_lower_by": mean(named for named, _random in falls),
        "random_words_lower_by": mean(random for _named, random in falls),
        "named_lower_more": mean(named > random for named, random in falls),
    }


EXAM = Exam(
    "tier",
    "Urgent complaints missed: rules alone, with the promise, and once people speak otherwise.",
    add_arguments,
    run,
    told,
)
