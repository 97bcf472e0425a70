"""Whether the questions of a test tell who knows from who does not: classical test theory.

Difficulty is the share of right answers; discrimination the point-biserial correlation of an answer
with the share of right answers to the rest of the same sheet, so that no question is compared with
itself (Crocker and Algina, Introduction to Classical and Modern Test Theory, 1986, chapter 14). A
question is called misleading only where its correlation lies below 0 by more than chance: the upper
one-sided 95 % limit of Fisher's z.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import atanh, sqrt, tanh

import numpy as np

# Whoever is asked something that so many know learns nothing of it, nor do we.
EASY = 0.95
_ONE_SIDED = 1.6449
_NEVER_ONE = 0.999999


class Flaw(StrEnum):
    """What is wrong with a question."""

    NONE = "none"
    FEW = "few"
    EASY = "easy"
    MISLEADING = "misleading"


@dataclass(frozen=True, slots=True)
class Item:
    """``easy`` is the share of right answers, ``tells`` the correlation; None when it has none."""

    key: str
    answers: int
    easy: float
    tells: float | None
    flaw: Flaw


def items(sheets: Iterable[Mapping[str, bool]], *, least: int) -> list[Item]:
    """One for each question of the answered ``sheets``, by key; of fewer than ``least`` answers
    nothing is said."""
    told: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for sheet in sheets:
        right = sum(sheet.values())
        for key, is_right in sheet.items():
            if len(sheet) > 1:
                told[key].append((is_right, (right - is_right) / (len(sheet) - 1)))
    return [_item(key, rows, least) for key, rows in sorted(told.items())]


def _item(key: str, rows: list[tuple[bool, float]], least: int) -> Item:
    right, rest = (np.asarray(column, np.float64) for column in zip(*rows, strict=True))
    easy, tells = float(right.mean()), None
    if right.std() > 0 and rest.std() > 0:
        tells = float(np.corrcoef(right, rest)[0, 1])
    return Item(key, len(rows), easy, tells, _flaw(len(rows), easy, tells, least))


def _flaw(answers: int, easy: float, tells: float | None, least: int) -> Flaw:
    if answers < max(least, 4):
        return Flaw.FEW
    # Of the two or three who erred where all others knew, nothing can be said.
    if easy >= EASY:
        return Flaw.EASY
    if tells is not None:
        bounded = min(max(tells, -_NEVER_ONE), _NEVER_ONE)
        if tanh(atanh(bounded) + _ONE_SIDED / sqrt(answers - 3)) < 0:
            return Flaw.MISLEADING
    return Flaw.NONE
