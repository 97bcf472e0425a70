"""Expressions that stand for one another: what customers say and what the bank writes.

A group of them is one more term that a text can hold: whoever asks with one member meets every
text that holds another (the operator #syn of INQUERY: Callan, Croft and Harding, 1992).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sujin.engine.folding import fold
from sujin.engine.tables import Shape
from sujin.engine.terms import TermIndex

KINDS = frozenset({"same", "short", "spoken", "dialect", "english"})
_SHAPE = Shape("synonyms", must=("row", "words", "kind"))
_FEWEST = 2
_UPPER = 1 << 63


@dataclass(frozen=True, slots=True)
class Said:
    """An expression met at `start` of a folded text, and the numbers of the groups it is in."""

    start: int
    words: str
    groups: tuple[int, ...]


@dataclass(frozen=True)
class Synonyms:
    """Groups of expressions, folded; one expression may be in several."""

    groups: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, groups: Iterable[Iterable[str]]) -> "Synonyms":
        """These groups, folded as texts are; a group keeps each expression once."""
        return cls(tuple(tuple(dict.fromkeys(filter(None, map(fold, one)))) for one in groups))

    def met(self, folded: str) -> list[Said]:
        """The expressions in a folded text, in its order; of two at one place the longer."""
        return [Said(start, words, groups) for start, words, _, groups in self._index.hits(folded)]

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Every expression's own number, the same in every process."""
        return {word: numbered("member", word) for group in self.groups for word in group}

    @cached_property
    def group_numbers(self) -> tuple[int, ...]:
        """Every group's number; it is told by its expressions, not by its place in the table."""
        return tuple(numbered("group", "|".join(sorted(group))) for group in self.groups)

    @cached_property
    def _index(self) -> TermIndex[int]:
        numbered = enumerate(self.groups)
        return TermIndex([("said", word, number) for number, group in numbered for word in group])


def numbered(kind: str, words: str) -> int:
    """A number of 64 bits, the highest set, for words of some kind."""
    digest = hashlib.blake2b(words.encode(), digest_size=8, person=kind.encode()).digest()
    return int.from_bytes(digest, "little") | _UPPER


def read_rows(rows: Sequence[Mapping[str, str]]) -> Synonyms:
    """The table ``synonyms``: words separated by ``|``. Raises BadTable naming row and column."""
    groups = list[list[str]]()
    for cells in _SHAPE.rows(rows):
        cells.code("kind", KINDS)
        words = [word.strip() for word in cells.text("words").split("|")]
        if not all(words) or len(set(map(fold, words))) != len(words) or len(words) < _FEWEST:
            raise cells.bad("words", "at least two expressions, none empty, none twice")
        groups.append(words)
    return Synonyms.of(groups)
