"""How sure one may be of a proportion: the score interval of Wilson (1927), Journal of the American
Statistical Association 22, pages 209-212. It holds for few cases, and at none or all of them. Where
a bound is promised, the exact one of Clopper and Pearson, Biometrika 26 (1934), pages 404-413."""

from math import sqrt

# Two-sided 95 percent of the normal distribution.
Z95 = 1.959963984540054


def interval(hits: int, of: int, z: float = Z95) -> tuple[float, float]:
    """The lower and upper end for ``hits`` out of ``of``; nothing is known of none: (0, 1).

    Raises ValueError when there are more hits than cases, or fewer than none.
    """
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of} is no proportion")
    if of == 0:
        return 0.0, 1.0
    share, spread = hits / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def exact_upper(hits: int, of: int, sure: float = 0.95) -> float:
    """The share that, with certainty ``sure``, is not exceeded: one-sided, exact, never too low.

    Raises ValueError when there are more hits than cases, or fewer than none.
    """
    from scipy.special import betaincinv

    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of} is no proportion")
    return 1.0 if hits == of else float(betaincinv(hits + 1, of - hits, sure))
