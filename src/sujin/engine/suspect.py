"""Which codes most need a human look: the chance that the code on the case is wrong.

Three ways to suspect a code, on one scale. A person chose it, and the machine is surer of another
than it usually is of that other (confident learning: Northcutt, Jiang and Chuang, JAIR 70, 2021,
reduced to the machine's first choice). The machine chose it and is itself unsure (least confidence:
Settles, Active Learning Literature Survey, 2009, section 3.1). Two machines disagree: the words
and the model, or the one that judged and the one that judges now (query by committee: Seung, Opper
and Sompolinsky, COLT 1992).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sujin.engine.choice import lineage

PEOPLE, UNSURE, MACHINES = "people", "unsure", "machines"
REASONS = (PEOPLE, UNSURE, MACHINES)
# Without enough cases of a code to tell how sure the machine usually is of it.
_FEW, _USUAL = 5, 0.8


@dataclass(frozen=True, slots=True)
class Opinion:
    """The code on a case, whether a person put or confirmed it, and what the machine says now with
    its confidence; `words` is what the words alone say, with theirs."""

    code: str
    by_person: bool
    machine: str
    confidence: float
    words: str = ""
    words_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Why the code is suspected and the chance, as the machine sees it, that it is wrong."""

    why: str
    score: float
    instead: str
    confidence: float


def usual(opinions: Iterable[Opinion]) -> dict[str, float]:
    """How sure the machine is on average of each code where it agrees with the case: what it must
    reach before it may contradict a person."""
    held: dict[str, list[float]] = defaultdict(list)
    for one in opinions:
        if one.code and is_same(one.machine, one.code):
            held[one.code].append(one.confidence)
    return {code: sum(found) / len(found) for code, found in held.items() if len(found) >= _FEW}


def suspect(
    opinion: Opinion, usually: Mapping[str, float], *, unsure_below: float
) -> Suspicion | None:
    """The suspicion about one code, or None when there is none worth a person's time."""
    says, sure = opinion.machine, opinion.confidence
    if opinion.by_person:
        is_other = bool(says) and not is_same(says, opinion.code)
        is_sure = sure >= max(unsure_below, usually.get(says, _USUAL))
        return Suspicion(PEOPLE, sure, says, sure) if is_other and is_sure else None
    if says and not is_same(says, opinion.code) and sure >= unsure_below:
        return Suspicion(MACHINES, sure, says, sure)
    if sure < unsure_below:
        # A code that is missing misleads nobody: it waits behind those that may be wrong.
        wrong = 1 - sure if opinion.code else 1 - unsure_below
        return Suspicion(UNSURE, wrong, says, sure)
    is_split = opinion.words and not is_same(opinion.words, says)
    if is_split and opinion.words_confidence >= unsure_below:
        return Suspicion(MACHINES, opinion.words_confidence / 2, opinion.words, sure)
    return None


def is_same(one: str, other: str) -> bool:
    """Equal, or one is a finer name of the other."""
    return one in lineage(other) or other in lineage(one)
