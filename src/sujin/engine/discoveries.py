"""Many questions at once: which answers are discoveries, so that few of them are false.

Of what is called a discovery, on average no more than the share ``q`` is one by chance: Benjamini
and Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical Society B 57
(1995), for independent questions and those that rise together; Benjamini and Yekutieli, Annals of
Statistics 29 (2001), for any dependence, at the price of fewer discoveries.
"""

from collections.abc import Sequence

import numpy as np


def threshold(
    p_values: Sequence[float], q: float, *, dependent: bool = False, asked: int | None = None
) -> float:
    """Up to which p-value an answer is a discovery; 0 when none is. ``asked`` counts the questions
    when those that cannot be discoveries were left out of ``p_values``.

    Raises ValueError for a ``q`` that is no share, a p-value outside 0 to 1, or fewer questions
    than answers.
    """
    if not 0 < q < 1:
        raise ValueError(f"q={q} is no share of false discoveries")
    ordered = np.sort(np.asarray(p_values, dtype=np.float64))
    if not ordered.size:
        return 0.0
    if not (ordered[0] >= 0 and ordered[-1] <= 1):
        raise ValueError("a p-value lies between 0 and 1")
    questions = ordered.size if asked is None else asked
    if questions < ordered.size:
        raise ValueError(f"{ordered.size} answers to {questions} questions")
    places = np.arange(1, ordered.size + 1)
    penalty = float(np.sum(1 / np.arange(1, questions + 1))) if dependent else 1.0
    passed = np.nonzero(ordered <= q * places / (questions * penalty))[0]
    return float(q * (passed[-1] + 1) / (questions * penalty)) if passed.size else 0.0
