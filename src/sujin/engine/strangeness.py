"""How strange the words of a text are: the share of its pairs of characters never met before.

New slang makes strange pairs long before anybody knows what it means; a score that was never taught
the words stays low and says nothing.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from sujin.engine.folding import fold

_PLACES = 1 << 17  # pairs are kept by a hash of this size
Known = npt.NDArray[np.bool_]


def met(texts: Iterable[str]) -> Known:
    """The pairs of these texts, as marks in a table."""
    known = np.zeros(_PLACES, bool)
    for text in texts:
        known[_pairs(text)] = True
    return known


def strangeness(texts: Sequence[str], known: Known) -> list[float]:
    """For each text the share of its pairs that are not known, between 0 and 1."""
    found = []
    for text in texts:
        pairs = _pairs(text)
        found.append(round(float(1 - known[pairs].mean()), 5) if len(pairs) else 0.0)
    return found


def _pairs(text: str) -> npt.NDArray[np.intp]:
    folded = fold(text)
    if len(folded) < 2:  # two characters make a pair
        return np.empty(0, np.intp)
    codes = np.frombuffer(folded.encode("utf-32-le"), np.uint32).astype(np.uint64)
    mixed = codes[:-1] * np.uint64(0x9E3779B1) + codes[1:] * np.uint64(0x85EBCA77)
    mixed ^= mixed >> np.uint64(15)
    return (mixed % np.uint64(_PLACES)).astype(np.intp)
