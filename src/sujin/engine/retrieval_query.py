"""A query as weighted terms: what was asked, what may have been meant, what each tells."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sujin.engine.retrieval_chatter import is_chatter
from sujin.engine.retrieval_postings import Floats, Postings
from sujin.engine.retrieval_terms import (
    CODE,
    GROUP,
    LONGEST_ROW,
    Ints,
    Keys,
    Terms,
    read,
    row_key,
)
from sujin.engine.retrieval_typos import meant
from sujin.engine.synonyms import Synonyms

LONGEST = 400  # characters of a query that are read; a longer one has long said what it wants
_UNFOLDED_MOST = 4 * LONGEST
# What rows of one, two and three characters, words, codes, groups of expressions and expressions
# count, beside how telling each is. Tuned on half of the real questions.
BY_LENGTH: Floats = np.array((0, 1.3, 1, 0.05, 1, 2.5, 1.5, 0), np.float32)
CHATTER = 0.3  # what a term counts that only wraps the question, or reaches into what does


@dataclass(frozen=True, eq=False)
class Query:
    """Distinct terms with their `weights` (idf included); term i was typed from `starts[i]` to
    `ends[i]` of `folded`; `instead[i]` is what stands there when it is no row of the query."""

    terms: Terms
    keys: Keys
    places: Ints
    weights: Floats
    idf: Floats
    starts: Ints
    ends: Ints
    lengths: Ints
    instead: dict[int, str]

    @property
    def folded(self) -> str:
        """The text that the places count in."""
        return self.terms.folded

    @cached_property
    def mass(self) -> float:
        """The sum of the weights; 0 when the query says nothing."""
        return float(self.weights.sum())

    @cached_property
    def groups(self) -> tuple[tuple[int, int, int], ...]:
        """Of every term that is a group of expressions: its place, and where it was typed."""
        places = np.flatnonzero(self.lengths == GROUP).tolist()
        return tuple((i, int(self.starts[i]), int(self.ends[i])) for i in places)

    @cached_property
    def is_typed(self) -> npt.NDArray[np.bool_]:
        """Of every term, whether it is characters that stand in the query."""
        typed = self.lengths <= CODE
        typed[list(self.instead)] = False
        return typed

    @cached_property
    def norm(self) -> float:
        """The length of the weights as `normed` postings measure it."""
        return float(np.sqrt((self.weights * self.idf).sum()))


def asked(text: str, synonyms: Synonyms, known: Postings) -> Query:
    """`text` as a query to a collection. Chatter and expressions as such weigh nothing."""
    terms = read(text[:_UNFOLDED_MOST], synonyms)
    if len(terms.folded) > LONGEST:
        terms = read(terms.folded[:LONGEST], synonyms)
    chatter = is_chatter(terms.folded)
    more = _meant(terms, chatter, known)
    keys = np.concatenate((terms.keys, np.array([one.key for one in more], np.uint64)))
    starts = np.concatenate((terms.starts, np.array([one.start for one in more], np.int64)))
    ends = np.concatenate((terms.ends, np.array([one.end for one in more], np.int64)))
    lengths = np.concatenate((terms.lengths, np.array([one.length for one in more], np.int64)))
    shares = np.concatenate((_shares(terms, chatter), [one.share for one in more]))
    keys, first = np.unique(keys, return_index=True)
    typed = terms.keys.size
    instead = {i: more[at - typed].characters for i, at in enumerate(first) if at >= typed}
    places = known.places(keys)
    idf = known.idf(known.in_texts(places))
    weights = (idf * BY_LENGTH[lengths[first]] * shares[first]).astype(np.float32)
    return Query(
        terms, keys, places, weights, idf, starts[first], ends[first], lengths[first], instead
    )


@dataclass(frozen=True, slots=True)
class _More:
    key: int
    start: int
    end: int
    length: int
    share: float
    characters: str


def _meant(terms: Terms, chatter: npt.NDArray[np.bool_], known: Postings) -> list[_More]:
    """The rows of what may have been meant in place of what is mistyped."""
    found = list[_More]()
    for one in meant(terms.folded, chatter, known):
        typed = terms.folded[one.start : one.end]
        for length in range(1, LONGEST_ROW + 1):
            for at in range(len(one.characters) - length + 1):
                row = one.characters[at : at + length]
                if row not in typed:
                    found.append(
                        _More(row_key(row), one.start, one.end, length, one.weight, one.characters)
                    )
    return found


def _shares(terms: Terms, chatter: npt.NDArray[np.bool_]) -> Floats:
    """Less for a term that is chatter in part; an expression never is."""
    before = np.concatenate(([0], np.cumsum(chatter)))
    is_telling = (before[terms.ends] == before[terms.starts]) | (terms.lengths == GROUP)
    return np.where(is_telling, np.float32(1), np.float32(CHATTER))
