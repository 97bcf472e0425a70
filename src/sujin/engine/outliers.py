"""Which of many shares is too high to be chance: each part compared with all the others together.

A part stands out when Fisher's exact test (Fisher, Statistical Methods for Research Workers, 1934)
says that so many hits in it are rare were its share that of the others. Of the parts named at most
a share `q` is expected to be named wrongly (Benjamini and Hochberg, JRSS B 57, 1995).
"""

from collections.abc import Mapping, Sequence

Q = 0.10


def standing_out(counts: Mapping[str, tuple[int, int]], *, q: float = Q) -> dict[str, float]:
    """Part -> p-value, of the parts whose (hits, of) share is higher than chance would have it,
    the surest first. Raises ValueError when there are more hits than cases."""
    for part, (hits, of) in counts.items():
        if not 0 <= hits <= of:
            raise ValueError(f"{part}: {hits} of {of} is no proportion")
    all_hits = sum(hits for hits, _of in counts.values())
    everything = sum(of for _hits, of in counts.values())
    chances = {
        part: _rarity(hits, of, all_hits, everything) for part, (hits, of) in counts.items() if of
    }
    kept = discoveries(list(chances.values()), q)
    named = [part for part, is_kept in zip(chances, kept, strict=True) if is_kept]
    return {part: chances[part] for part in sorted(named, key=chances.__getitem__)}


def discoveries(chances: Sequence[float], q: float) -> list[bool]:
    """Which of the p-values are kept by the step-up procedure of Benjamini and Hochberg."""
    order = sorted(range(len(chances)), key=chances.__getitem__)
    most = 0
    for rank, place in enumerate(order, 1):
        if chances[place] <= q * rank / len(chances):
            most = rank
    bar = set(order[:most])
    return [place in bar for place in range(len(chances))]


def _rarity(hits: int, of: int, all_hits: int, everything: int) -> float:
    from scipy.stats import hypergeom

    return float(hypergeom.sf(hits - 1, everything, all_hits, of))
