"""How far two people agree who coded the same case, beyond what chance would give.

Cohen's kappa (Educational and Psychological Measurement 20, 1960). Its interval is Wilson's for the
share of pairs that agree, with the agreement by chance taken as known, as Cohen does.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sujin.engine.proportion import interval


@dataclass(frozen=True, slots=True)
class Agreement:
    """`kappa` of `n` pairs within `lower` and `upper`; 1 is perfect, 0 is chance. None when there
    are no pairs, or both name one and the same code only, where chance cannot be told apart."""

    n: int
    observed: float
    kappa: float | None
    lower: float
    upper: float


def agree(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """The agreement of the first codes of the pairs with the second."""
    n = len(pairs)
    if not n:
        return Agreement(0, 0.0, None, -1.0, 1.0)
    observed = sum(a == b for a, b in pairs) / n
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    expected = sum(first[code] * second[code] for code in first) / n**2
    if expected == 1:
        return Agreement(n, observed, None, -1.0, 1.0)
    kappa = (observed - expected) / (1 - expected)
    ends = interval(sum(a == b for a, b in pairs), n)
    lower, upper = ((end - expected) / (1 - expected) for end in ends)
    return Agreement(n, observed, kappa, lower, upper)
