"""Which traces complaints may share, what each is worth, and how few are too few.

A row of ``agent_traces.csv`` gives ``agree``, the share of complaints of one organised group that
show the same value (m of Fellegi and Sunter, 1969), and ``floor``, how often complaints of people
who have nothing to do with an organised group share a value all the same (u): households, homes,
lawyers, forms that lie about. The smaller of agreement by chance can never fall below that floor.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

from sujin.engine.tables import Cells, Shape

TABLE = "agent_traces"
# Who acts, what is written, and how it comes: no family alone makes a link.
PEOPLE, WORDS, PATTERN = FAMILIES = ("people", "words", "pattern")
# What sharing a value founds: a group; one across homes only; one of more people than a household
# has, too; nothing, since neighbours and petitioners share it.
YES, APART, MANY, NO = FOUNDS = ("yes", "apart", "many", "no")
_SHAPE = Shape(
    TABLE,
    ("row", "trace", "family", "agree", "floor", "founds"),
    may=("title_zh", "title_en"),
    languages="because",
)


@dataclass(frozen=True, slots=True)
class TraceRow:
    """What one sort of trace is worth; ``title`` and ``because`` by language."""

    trace: str
    family: str
    agree: float
    floor: float
    founds: str
    title: Mapping[str, str]
    because: Mapping[str, str]

    def bits(self, outside: int, of: int) -> float:
        """The weight of sharing a value which ``outside`` of ``of`` other complaints hold, too: the
        logarithm to base two of the likelihood ratio, never below nought."""
        chance = max(self.floor, (outside + 1) / (of + 1))
        return max(0.0, log2(self.agree / min(1.0, chance)))


@dataclass(frozen=True, slots=True)
class Rules:
    """The table and its numbers.

    ``family_bits`` caps what one family may add, ``link_bits`` is what a link needs (more than one
    cap, so that two families must agree), ``principals_min`` the fewest customers of a group,
    ``household_max`` how many people one household may have,
    ``words_like`` from which likeness on two texts are one, ``false_per_year`` how many groups a
    year chance alone may make, ``looks_per_year`` how often somebody looks.
    """

    rows: Mapping[str, TraceRow]
    family_bits: float
    link_bits: float
    principals_min: int
    household_max: int
    words_like: float
    false_per_year: float
    looks_per_year: int

    def weight(self, sums: Mapping[str, float]) -> float:
        """The bits of a link, given the sum of each family: every family up to its cap, since the
        traces of one go together."""
        return sum(min(self.family_bits, bits) for bits in sums.values())

    def ties(self, sums: Mapping[str, float]) -> bool:
        """Whether that makes a link: people and words must both speak, and weigh enough together;
        what is circumstantial never decides."""
        both = [sums.get(PEOPLE, 0.0), sums.get(WORDS, 0.0)]
        weighed = self.weight(dict(zip((PEOPLE, WORDS), both, strict=True)))
        return all(both) and weighed >= self.link_bits

    def __post_init__(self) -> None:
        if self.link_bits <= self.family_bits:
            raise ValueError("link_bits must exceed family_bits: one family must never be enough")


def read_rows(rows: Sequence[Mapping[str, str]]) -> dict[str, TraceRow]:
    """The table by trace. Raises BadTable for a cell that cannot be obeyed."""
    return {row.trace: row for row in map(_row, _SHAPE.rows(rows))}


def _row(cells: Cells) -> TraceRow:
    agree, floor = cells.decimal("agree"), cells.decimal("floor")
    if agree is None or floor is None or not 0 < floor < agree <= 1:
        raise cells.bad("floor", "needs 0 < floor < agree <= 1")
    return TraceRow(
        trace=cells.text("trace"),
        family=cells.code("family", frozenset(FAMILIES)),
        agree=float(agree),
        floor=float(floor),
        founds=cells.code("founds", frozenset(FOUNDS)),
        title=cells.languages("title"),
        because=cells.languages("because"),
    )
