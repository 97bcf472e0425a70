"""Short questions that ask the same: clusters by the pairs of characters that they share.

Passages of six characters (``shingles``) say nothing about a question of five, so likeness here is
of pairs: twice the shared pairs by all pairs of both (Dice, 1945), each pair weighed by how rare it
is among the questions, so that 怎么办 alone makes nothing alike.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from sujin.engine.folding import fold

ALIKE = 0.3  # of short questions: half the words the same, the other half said otherwise


@dataclass(frozen=True, slots=True)
class Cluster:
    """The questions of one cluster by their places, the most central first."""

    members: tuple[int, ...]


def clusters(texts: Sequence[str], *, alike: float = ALIKE) -> list[Cluster]:
    """The texts in clusters, the largest first; each text joins the likest leader before it, in
    the order given, or becomes one."""
    pairs = [_pairs(text) for text in texts]
    rarity = _rarity(pairs)
    leaders: list[list[int]] = []
    for place in range(len(texts)):
        scored = [(_likeness(pairs[one[0]], pairs[place], rarity), one) for one in leaders]
        score, home = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        if home is not None and score >= alike:
            home.append(place)
        else:
            leaders.append([place])
    found = [Cluster(_central(one, pairs, rarity)) for one in leaders]
    return sorted(found, key=lambda one: (-len(one.members), one.members))


def _pairs(text: str) -> frozenset[str]:
    """Pairs of neighbours, without blanks and marks; a single character stands for itself."""
    letters = "".join(one for one in fold(text) if one.isalnum())
    pairs = {letters[place : place + 2] for place in range(len(letters) - 1)}
    return frozenset(pairs or ({letters} if letters else set()))


def _rarity(pairs: Sequence[frozenset[str]]) -> dict[str, float]:
    counts = Counter(pair for one in pairs for pair in one)
    return {pair: log(1 + (len(pairs) + 1) / count) for pair, count in counts.items()}


def _likeness(one: frozenset[str], other: frozenset[str], rarity: dict[str, float]) -> float:
    if one == other:
        return 1.0
    shared = sum(rarity[pair] for pair in one & other)
    return 2 * shared / (_weight(one, rarity) + _weight(other, rarity) or 1.0)


def _weight(pairs: frozenset[str], rarity: dict[str, float]) -> float:
    return sum(rarity[pair] for pair in pairs)


def _central(
    members: Sequence[int], pairs: Sequence[frozenset[str]], rarity: dict[str, float]
) -> tuple[int, ...]:
    def near(place: int) -> float:
        return sum(_likeness(pairs[place], pairs[other], rarity) for other in members)

    return tuple(sorted(members, key=lambda place: (-near(place), place)))
