"""What earlier decisions say about a pair: texts that both were, or were not, the same as.

If a was the same matter as c, and c as b, then a is likely the same as b; if c was the same as one
and not as the other, it is likely not (signed paths; Cartwright and Harary, "Structural balance",
1956). A pair's own decision is left out when it is learnt from.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sujin.engine.ngrams import Floats, Ints

KNOWN = 10
_MOST_NEIGHBOURS = 64  # per text; a text that everything was compared with tells little of each


class Acquaintance:
    """Texts are numbered as in training; -1 is a text never seen."""

    def __init__(self, firsts: Ints, seconds: Ints, labels: npt.NDArray[np.int8]) -> None:
        self._said: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for one, other, label in zip(firsts.tolist(), seconds.tolist(), labels, strict=True):
            self._said[one][other].append(1 if label > 0 else -1)
            self._said[other][one].append(1 if label > 0 else -1)
        self._counts = {text: _counts(near) for text, near in self._said.items()}

    def figures(self, ones: Ints, others: Ints, own: Sequence[int] | None = None) -> Floats:
        """One line of `KNOWN` figures for each pair. ``own`` are the decisions (1, -1) of the pairs
        themselves, when they are among those learnt from."""
        table = np.zeros((len(ones), KNOWN), np.float32)
        for place, (one, other) in enumerate(zip(ones.tolist(), others.tolist(), strict=True)):
            table[place] = self._of(one, other, own[place] if own is not None else 0)
        return table

    def _of(self, one: int, other: int, own: int) -> list[float]:
        said = list(self._near(one).get(other, ()))
        if own and said:
            said.remove(own)
        told = [self._counted(text, own) for text in (one, other)]
        rates = sorted((same + 1) / (same + different + 2) for same, different in told)
        seen = sorted(map(sum, told))
        return [*self._by_one(one, other), *self._by_two(one, other), *rates, *seen, sum(said)]

    def _counted(self, text: int, own: int) -> tuple[int, int]:
        """How often this text was found the same as another, and not, its own pair left out."""
        same, different = self._counts.get(text, (0, 0))
        return (same - (own > 0), different - (own < 0)) if text >= 0 else (0, 0)

    def _by_one(self, one: int, other: int) -> list[float]:
        """Common acquaintances: the same as both, as one of them, as neither."""
        near, far = self._near(one), self._near(other)
        less, more = sorted((near, far), key=len)
        paths = Counter(
            (_is_same(less[each]) + _is_same(more[each]))
            for each in list(less)
            if each in more and each not in (one, other)
        )
        return [paths[2], paths[1], paths[0]]

    def _by_two(self, one: int, other: int) -> list[float]:
        """Ways from one to the other by two acquaintances: all the same, all but one."""
        near, far = self._near(one), self._near(other)
        paths: Counter[int] = Counter()
        for each in list(near)[:_MOST_NEIGHBOURS]:
            if each == other:
                continue
            between = self._near(each)
            for last in list(far)[:_MOST_NEIGHBOURS]:
                if last in between and last not in (one, each):
                    steps = (near[each], between[last], far[last])
                    paths[sum(map(_is_same, steps))] += 1
        return [paths[3], paths[2]]

    def _near(self, text: int) -> dict[int, list[int]]:
        return self._said.get(text, {})


def _is_same(said: Sequence[int]) -> bool:
    return sum(said) > 0


def _counts(near: dict[int, list[int]]) -> tuple[int, int]:
    said = [one for decisions in near.values() for one in decisions]
    return sum(one > 0 for one in said), sum(one < 0 for one in said)
