"""Words that customers mistype: 征新 for 征信, 手续废 for 手续费, 帐号 for 账号.

A pack's word lists are widened once, when they are read, so that a mistyped word is found like the
right one. Texts are never corrected and nothing is looked up while reading: a verdict shows the
word as the customer wrote it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sujin.engine.tables import Shape

_SHAPE = Shape("confusions", must=("row", "wrong", "right"), languages="because")


@dataclass(frozen=True, slots=True)
class Confusion:
    """``wrong`` is written where ``right`` is meant, for a reason an officer may read."""

    row: str
    wrong: str
    right: str
    because: Mapping[str, str]


def read_rows(rows: Sequence[Mapping[str, str]]) -> tuple[Confusion, ...]:
    """The table ``confusions``. Raises BadTable naming row and column."""
    return tuple(
        Confusion(cells.row, cells.text("wrong"), cells.text("right"), cells.languages("because"))
        for cells in _SHAPE.rows(rows)
    )


def spellings(
    term: str, confusions: Iterable[Confusion], known: frozenset[str] = frozenset()
) -> Iterator[str]:
    """`term`, then as it is mistyped in one place; what is a word of its own in `known` is not."""
    yield term
    for one in confusions:
        mistyped = term.replace(one.right, one.wrong, 1)
        if mistyped != term and mistyped not in known:
            yield mistyped
