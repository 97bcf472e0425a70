"""Whether the words given as reasons are the reasons: take them away and see what changes.

The deletion test (Samek and others, 2017; "comprehensiveness" in DeYoung and others, 2020): the
winning code's probability must fall further when the named words are taken out than when as many
words drawn by chance are. An explanation that fails it is decoration.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sujin.engine.folding import fold

Shares = Callable[[Sequence[str]], npt.NDArray[Any]]
Explained = Callable[[str, int], Sequence[str]]
Spans = list[tuple[int, int]]
# A character of a script without spaces, or a run of letters and figures.
_UNIT = re.compile(r"[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3]|[^\W_\u3005-\u30ff\u3400-\u9fff]+")
_DRAWS = 1000
_LOW, _HIGH = 2.5, 97.5  # percentiles: a 95 % interval


@dataclass(frozen=True, slots=True)
class Deletion:
    """Of `n` texts that were explained: the mean fall of the winner's probability and the share
    of verdicts changed, without the named words and without random ones; `gain` is the mean
    difference of the falls, between `gain_low` and `gain_high` in 95 of 100 draws."""

    n: int
    named_drop: float
    random_drop: float
    named_flips: float
    random_flips: float
    gain: float
    gain_low: float
    gain_high: float


def deletion(shares: Shares, explained: Explained, texts: Sequence[str], seed: int) -> Deletion:
    """The test of `explained(text, column)` against `shares(texts)`, both of one model."""
    chance = np.random.default_rng(seed)
    folded = [fold(text) for text in texts]
    winners = shares(folded).argmax(axis=1) if folded else np.empty(0, int)
    tried = [
        (text, int(winner), spans)
        for text, winner in zip(folded, winners, strict=True)
        if (spans := named(text, explained(text, int(winner))))
    ]
    if not tried:
        return Deletion(0, 0, 0, 0, 0, 0, 0, 0)
    bare = [_without(text, spans) for text, _, spans in tried]
    poor = [_without(text, _anywhere(text, spans, chance)) for text, _, spans in tried]
    columns = np.array([winner for _, winner, _ in tried])
    whole, one, two = (shares(group) for group in ([text for text, _, _ in tried], bare, poor))
    return _told(columns, whole, one, two, chance)


def named(text: str, words: Sequence[str]) -> Spans:
    """Where the words stand in the folded text, every time; the first of two that overlap."""
    found: Spans = []
    if words:
        pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        found = [(each.start(), each.end()) for each in re.finditer(pattern, text)]
    return found


def _anywhere(text: str, spans: Spans, chance: np.random.Generator) -> Spans:
    """As many runs of as many units, drawn evenly from all places where they do not overlap."""
    units = [(each.start(), each.end()) for each in _UNIT.finditer(text)]
    sizes = [max(1, len(_UNIT.findall(text[start:end]))) for start, end in spans]
    free = max(0, len(units) - sum(sizes))
    before = np.sort(chance.integers(0, free + 1, size=len(sizes)))
    firsts = before + np.concatenate([[0], np.cumsum(sizes)[:-1]])
    last = len(units) - 1
    return [
        (units[min(first, last)][0], units[min(first + size - 1, last)][1])
        for first, size in zip(firsts.tolist(), sizes, strict=True)
        if units
    ]


def _without(text: str, spans: Spans) -> str:
    rest: list[str] = []
    at = 0
    for start, end in sorted(spans):
        rest.append(text[at:start])
        at = max(at, end)
    return " ".join([*rest, text[at:]])


def _told(
    columns: npt.NDArray[Any],
    whole: npt.NDArray[Any],
    one: npt.NDArray[Any],
    two: npt.NDArray[Any],
    chance: np.random.Generator,
) -> Deletion:
    rows = np.arange(len(columns))
    first, second = (whole[rows, columns] - each[rows, columns] for each in (one, two))
    gains = first - second
    means = gains[chance.integers(0, len(rows), size=(_DRAWS, len(rows)))].mean(axis=1)
    return Deletion(
        n=len(rows),
        named_drop=float(first.mean()),
        random_drop=float(second.mean()),
        named_flips=float((one.argmax(axis=1) != columns).mean()),
        random_flips=float((two.argmax(axis=1) != columns).mean()),
        gain=float(gains.mean()),
        gain_low=float(np.percentile(means, _LOW)),
        gain_high=float(np.percentile(means, _HIGH)),
    )
