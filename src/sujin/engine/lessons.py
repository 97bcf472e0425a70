"""What a model learns from and what it is examined on: never the same text, on any day.

A text belongs to the examination by its own hash, so that it stays there through every later
training: two versions can then be held against the same unseen texts. Only what a person looked at
is examined. A case that was closed as the machine had coded it says little: nobody may have
looked, and a machine taught its own verdicts grows sure of its errors (confirmation bias of
pseudo-labels: Arazo and others, IJCNN 2020). Such texts are taught, but of each code only so many
that people's own outweigh or match them.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sujin.engine.folding import fold

# From the weakest testimony to the strongest.
UNCHANGED, DECLARED, LABELLED, CONFIRMED, CORRECTED = (
    "unchanged",
    "declared",
    "labelled",
    "confirmed",
    "corrected",
)
SOURCES = (UNCHANGED, DECLARED, LABELLED, CONFIRMED, CORRECTED)
BY_PEOPLE = frozenset({LABELLED, CONFIRMED, CORRECTED})
# A code that people have hardly touched keeps this many of the machine's own, or it is forgotten.
LEAST_UNCHANGED = 40
_EXAMINED = 51  # of 256 hashes: a fifth


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text with its personal data masked, its code, and who says so: one of SOURCES."""

    text: str
    code: str
    source: str


@dataclass(frozen=True, slots=True)
class Division:
    """What is taught and what is examined, and of which codes there was too little to teach."""

    taught: tuple[Lesson, ...]
    examined: tuple[Lesson, ...]
    left_out: dict[str, int]


def divide(lessons: Iterable[Lesson], *, fewest: int, seed: int) -> Division:
    """Parts the lessons. Of equal texts the strongest testimony counts, and once. A code with
    fewer than `fewest` texts to teach is left out of both parts."""
    once = {
        fold(lesson.text): lesson
        for lesson in sorted(lessons, key=lambda lesson: SOURCES.index(lesson.source))
    }
    examined = [one for text, one in once.items() if one.source in BY_PEOPLE and is_examined(text)]
    rest = [one for text, one in once.items() if not is_examined(text)]
    taught = _balanced(rest, seed)
    counts = Counter(lesson.code for lesson in taught)
    known = {code for code, n in counts.items() if n >= fewest}
    left_out = Counter(one.code for one in (*taught, *examined) if one.code not in known)
    return Division(
        tuple(one for one in taught if one.code in known),
        tuple(one for one in examined if one.code in known),
        dict(left_out),
    )


def is_examined(folded: str) -> bool:
    """Whether this text is one of the fifth that no model ever learns from."""
    return hashlib.sha256(folded.encode()).digest()[0] < _EXAMINED


def digest(lessons: Sequence[Lesson]) -> str:
    """A hash of the lessons, whatever their order."""
    lines = sorted(f"{one.code}\t{one.source}\t{one.text}" for one in lessons)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _balanced(lessons: Sequence[Lesson], seed: int) -> list[Lesson]:
    """All that people said, and of each code no more unchanged texts than of those."""
    said = [one for one in lessons if one.source != UNCHANGED]
    counts = Counter(one.code for one in said)
    chance = np.random.default_rng(seed)
    for code in sorted({one.code for one in lessons}):
        quiet = [one for one in lessons if one.source == UNCHANGED and one.code == code]
        most = max(LEAST_UNCHANGED, counts[code])
        places = sorted(chance.permutation(len(quiet))[:most].tolist())
        said += [quiet[place] for place in places]
    return said
