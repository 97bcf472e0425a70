"""Which earlier complaint looks like the same matter, and why: claim beside claim.

A complaint tells much that is not its matter; so its most telling claims are compared, not the
whole. With a trained model the figure is a probability. Without one, and of claims in words that
the model has hardly met, it is a plain likeness of pieces, function words counting little: no
probability, and judged by a limit of its own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from sujin.engine.ngrams import Floats, length_weights, packed, pieces
from sujin.engine.pairs import BITS, PairModel
from sujin.engine.pieces import Rows, bare, rows_of, similarities

CLAIMS = 6  # of each text; more would cost more than five milliseconds a pair
_ASKED = 2  # pairs of claims that the model is asked about, of each pair of texts
_FAMILIAR = 0.5  # of a claim's pieces; of stranger words the model's opinion is a guess
_READ = 4000  # characters of a text, from its beginning
_SHORTEST = 6  # characters; less is an opening or a courtesy, and joined to what follows
_LONGEST = 120  # characters of a claim
_ENDS = re.compile(r"[。！？!?；;，,、\n]+")
_FUNCTION_WORDS = "的了是我你您他们这那在有和与就都也还要会被把给吗呢吧啊呀请问好很"
_FUNCTION_WEIGHT = 0.2


@dataclass(frozen=True, slots=True)
class Likely:
    """How alike two complaints are (0 to 1), by the claims that were nearest (`engine.reasons` says
    why). ``is_learnt``: the figure is a probability."""

    alike: float
    is_learnt: bool
    claims: tuple[str, str]


def likely(new: str, earlier: Sequence[str], model: PairModel | None) -> list[Likely]:
    """For each earlier complaint how like it is to the new one. Time is bounded however long the
    texts are."""
    mine, theirs = claims(new), [claims(text) for text in earlier]
    if not mine or not any(theirs):
        return [_UNLIKE for _ in earlier]
    idf = model.idf if model else plain_idf()
    near = similarities(rows_of(mine, idf), rows_of(_flat(theirs), idf), idf.size)
    ends = np.cumsum([0, *map(len, theirs)])
    nearest = [_nearest(near[:, ends[i] : ends[i + 1]]) for i in range(len(theirs))]
    pairs = [(mine[a], theirs[i][b]) for i, few in enumerate(nearest) for a, b in few]
    judged = iter(_judged(pairs, model))
    return [max((next(judged) for _ in few), key=_weight, default=_UNLIKE) for few in nearest]


def _judged(pairs: Sequence[tuple[str, str]], model: PairModel | None) -> list[Likely]:
    """Each pair by the model where it has met the words of both, else by the letters."""
    ones, others = [a for a, _b in pairs], [b for _a, b in pairs]
    plain = [Likely(float(x), False, pair) for x, pair in zip(_plain(pairs), pairs, strict=True)]
    if model is None:
        return plain
    met = np.minimum(model.familiarity(ones), model.familiarity(others)) >= _FAMILIAR
    learnt = zip(model.probabilities(ones, others), pairs, strict=True)
    asked = [Likely(float(chance), True, pair) for chance, pair in learnt]
    return [known if is_met else by for known, is_met, by in zip(asked, met, plain, strict=True)]


def _plain(pairs: Sequence[tuple[str, str]]) -> Floats:
    return plain_likeness([a for a, _b in pairs], [b for _a, b in pairs])


def _weight(one: Likely) -> tuple[bool, float]:
    """What was learnt is heard before what is only letters."""
    return one.is_learnt, one.alike


def claims(text: str) -> list[str]:
    """The `CLAIMS` longest statements of the text in its order, bare; what is too short to state
    anything goes with its neighbour."""
    found: list[str] = []
    for part in _ENDS.split(text[:_READ]):
        piece = bare(part[: 2 * _LONGEST])
        if found and (len(piece) < _SHORTEST or len(found[-1]) < _SHORTEST):
            found[-1] = (found[-1] + piece)[:_LONGEST]
        elif piece:
            found.append(piece[:_LONGEST])
    longest = sorted(range(len(found)), key=lambda i: (-len(found[i]), i))[:CLAIMS]
    return [found[i] for i in sorted(longest)]


def plain_likeness(ones: Sequence[str], others: Sequence[str]) -> Floats:
    """What serves without a model: the cosine of pieces of one to three characters, function words
    counting a fifth; 0 to 1."""
    one, other = (
        rows_of([*map(bare, ones)], plain_idf()),
        rows_of([*map(bare, others)], plain_idf()),
    )
    return np.array([_dot(one, other, place) for place in range(len(one))], np.float32)


@cache
def plain_idf() -> Floats:
    """Weights of pieces where no text has been learnt from."""
    weights = length_weights(BITS).copy()
    for char in _FUNCTION_WORDS:
        weights[pieces(packed([char]).codes, BITS).numbers] *= _FUNCTION_WEIGHT
    return weights


def _dot(one: Rows, other: Rows, place: int) -> float:
    here = slice(one.ends[place], one.ends[place + 1])
    there = slice(other.ends[place], other.ends[place + 1])
    _shared, i, j = np.intersect1d(one.columns[here], other.columns[there], return_indices=True)
    return min(1.0, float(one.values[here][i] @ other.values[there][j]))


def _flat(lists: Sequence[Sequence[str]]) -> list[str]:
    return [one for few in lists for one in few]


def _nearest(near: Floats) -> list[tuple[int, int]]:
    """The pairs of claims that are nearest; none where a text has no claim."""
    order = np.argsort(-near, axis=None, kind="stable")[:_ASKED]
    return [(int(place // near.shape[1]), int(place % near.shape[1])) for place in order]


_UNLIKE = Likely(0.0, False, ("", ""))
