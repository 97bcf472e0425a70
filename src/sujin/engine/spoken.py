"""Words that spoke for a verdict, read off what every character of the text brought to it.

A linear model's score is a sum, so every piece's share of it is exact; pieces overlap, and a
reader wants words. Each piece's share is divided among its characters; then the stretches that
bring most are taken, one after the other, none overlapping.
"""

import re

import numpy as np
import numpy.typing as npt

_MOST_WORDS = 5
_LONGEST = 6  # characters of a script without spaces
_LATIN = re.compile(r"[a-z\u00df-\u024f]+")
# What a character must bring to be worth reading, as a share of what the good ones bring.
_WORTH = 0.6
_MOST_LOOKED_AT = 20_000  # characters


def loudest(folded: str, brought: npt.NDArray[np.float64]) -> tuple[str, ...]:
    """At most five words of the folded text that brought most, in its order, each once: whole
    words in Latin letters, stretches of two to six characters else. Of an over-long text the
    beginning alone is looked at."""
    folded = folded[:_MOST_LOOKED_AT]
    good = brought[: len(folded)][brought[: len(folded)] > 0]
    if not good.size:
        return ()
    gains = brought[: len(folded)] - _WORTH * float(good.mean())
    taken: dict[str, tuple[int, int]] = {}
    for gain, start, end in sorted(_candidates(folded, gains), reverse=True):
        piece = folded[start:end]
        if gain <= 0 or len(taken) == _MOST_WORDS:
            break
        if piece not in taken and all(end <= a or start >= b for a, b in taken.values()):
            taken[piece] = (start, end)
    return tuple(sorted(taken, key=taken.__getitem__))


def _candidates(folded: str, gains: npt.NDArray[np.float64]) -> list[tuple[float, int, int]]:
    """Every stretch that may be named, with what it brings beyond what is owed."""
    sums = np.concatenate([[0.0], np.cumsum(gains)])
    words = [(each.start(), each.end()) for each in _LATIN.finditer(folded)]
    found = [
        (float(sums[end] - sums[start]), start, end) for start, end in words if end > start + 1
    ]
    latin = np.zeros(len(folded), bool)
    for start, end in words:
        latin[start:end] = True
    run = 0
    for at, char in enumerate(folded):
        run = run + 1 if char.isalnum() and not latin[at] else 0
        for size in range(2, min(run, _LONGEST) + 1):
            start = at + 1 - size
            found.append((float(sums[at + 1] - sums[start]), start, at + 1))
    return [each for each in found if each[0] > 0]
