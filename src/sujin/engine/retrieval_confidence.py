"""How sure a search may be of its first hit: a logistic curve over what can be seen of it.

How much of what the query tells the first hit holds, how far it is ahead of the second, and its
score. The constants were fitted on half of the real questions and on invented ones.
"""

import math
from collections.abc import Sequence

import numpy as np

from sujin.engine.retrieval_postings import Floats

_START, _COVER, _AHEAD, _SCORE = -4.0, 2.0, 3.0, 1.0
_STEEP = 4  # with which a later hit's chance falls with its score


def confidences(covers: float, scores: Sequence[float]) -> tuple[float, ...]:
    """The chance of each hit, of scores in falling order, to be the right one. `covers` is the
    share of the query's weight that the first holds, from 0 to 1; together at most 1."""
    if not scores:
        return ()
    first = scores[0]
    second = scores[1] if len(scores) > 1 else 0.0
    seen = _START + _COVER * covers + _AHEAD * (first - second) / first + _SCORE * first
    sure = 1 / (1 + math.exp(-seen))
    shares: Floats = (np.array(scores[1:], np.float32) / np.float32(first)) ** _STEEP
    rest = (1 - sure) * sure * shares / max(float(shares.sum()), 1.0)
    return (sure, *np.asarray(rest, float).tolist())
