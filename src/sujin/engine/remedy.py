"""How much may be granted: the permitted range of a remedy, by the first row that fits the facts.

Nothing but the facts decides, so two handlers with the same facts get the same range. A row is
about a business, a cause or a demand (with the classes below it), who the customer is, what was
found and how much is at stake; it permits a share of that amount, a fixed sum, or no money.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sujin.engine.tables import BadTable, Cells, Shape

TABLE = "standards"
SHARE, YUAN = "share", "yuan"
_FEN = Decimal("0.01")
_CODES = ("business", "cause", "demand", "tier", "finding")
_SHAPE = Shape(
    TABLE,
    must=(
        *("row", *_CODES, "vulnerable", "amount_min", "amount_below"),
        *("unit", "least", "most", "article", "signoff"),
    ),
    languages="title",
)


@dataclass(frozen=True, slots=True)
class RemedyFacts:
    """What decides; ``amount`` is in yuan and None when nobody stated one."""

    business: str = ""
    cause: str = ""
    demand: str = ""
    tier: str = "ordinary"
    vulnerable: bool = False
    finding: str = ""
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StandardRow:
    """One row of the table; an empty condition asks for nothing. ``codes`` are those of one
    column, alternatives; ``unit`` is a ``share`` of the amount or a fixed sum in ``yuan``."""

    row: str
    codes: Mapping[str, frozenset[str]]
    vulnerable: bool | None
    amount_min: Decimal | None
    amount_below: Decimal | None
    unit: str
    least: Decimal
    most: Decimal
    article: str
    signoff: bool
    title: Mapping[str, str]

    def holds(self, facts: RemedyFacts) -> bool:
        """Whether every condition of the row is met; ``below`` does not include its number."""
        if self.vulnerable is not None and facts.vulnerable != self.vulnerable:
            return False
        if self.amount_min is not None and (facts.amount or 0) < self.amount_min:
            return False
        if self.amount_below is not None and (facts.amount or 0) >= self.amount_below:
            return False
        return all(_within(getattr(facts, name), codes) for name, codes in self.codes.items())


@dataclass(frozen=True, slots=True)
class Range:
    """From ``least`` to ``most`` yuan, both included. ``lacks_amount``: the row permits a share and
    nobody has stated the amount, so that nothing can be permitted yet."""

    least: Decimal
    most: Decimal
    row: str
    article: str
    signoff: bool
    because: Mapping[str, str]
    lacks_amount: bool = False

    def holds(self, remedy: Decimal) -> bool:
        return self.least <= remedy <= self.most


def read_rows(rows: Sequence[Mapping[str, str]]) -> tuple[StandardRow, ...]:
    """The table ``standards`` in its own order. Raises BadTable naming row and column."""
    return tuple(map(_row, _SHAPE.rows(rows)))


def permitted(facts: RemedyFacts, rows: Sequence[StandardRow]) -> Range:
    """What the first row that fits permits. Raises BadTable when none does (no default row)."""
    for row in rows:
        if row.holds(facts):
            return _range(row, facts.amount)
    raise BadTable(TABLE, "last", "row", "no row fits; the last row must have no condition")


def lint(rows: Sequence[StandardRow], known: Mapping[str, frozenset[str]]) -> list[str]:
    """What is wrong with a table that can be read: no default, unknown codes, rows never reached
    because another asks for no more. ``known`` are the codes of each column."""
    found = []
    if not rows or not _asks_nothing(rows[-1]):
        found.append(f"{TABLE}: no row is the default; the last row must have no condition")
    for position, row in enumerate(rows):
        for name, codes in row.codes.items():
            found += [
                f"{TABLE}: row {row.row}, column {name}: unknown code {code!r}"
                for code in sorted(codes - known.get(name, codes))
            ]
        hider = next((other for other in rows[:position] if _takes(other, row)), None)
        if hider is not None:
            found.append(f"{TABLE}: row {row.row} is never reached; row {hider.row} is before it")
    return found


def _range(row: StandardRow, amount: Decimal | None) -> Range:
    lacks = row.unit == SHARE and amount is None and row.most > 0
    base = (amount or Decimal(0)) if row.unit == SHARE else Decimal(1)
    least, most = (_fen(share * base) for share in (row.least, row.most))
    return Range(least, most, row.row, row.article, row.signoff, row.title, lacks)


def _fen(yuan: Decimal) -> Decimal:
    return yuan.quantize(_FEN, ROUND_HALF_UP)


def _within(code: str, wanted: frozenset[str]) -> bool:
    """Any of the classes, or one below it; no class at all fits everything."""
    return not wanted or any(f"{code}.".startswith(f"{one}.") for one in wanted)


def _asks_nothing(row: StandardRow) -> bool:
    amounts = (row.vulnerable, row.amount_min, row.amount_below)
    return not any(row.codes.values()) and amounts == (None, None, None)


def _takes(other: StandardRow, row: StandardRow) -> bool:
    """Whether every case that fits ``row`` fits ``other``."""
    for name, wanted in other.codes.items():
        mine = row.codes[name]
        if wanted and not (mine and all(_within(code, wanted) for code in mine)):
            return False
    if other.vulnerable not in (None, row.vulnerable):
        return False
    if other.amount_min and (row.amount_min is None or row.amount_min < other.amount_min):
        return False
    below = other.amount_below
    return below is None or (row.amount_below is not None and row.amount_below <= below)


def _row(cells: Cells) -> StandardRow:
    least, most = cells.decimal("least"), cells.decimal("most")
    if least is None or most is None or least > most:
        raise cells.bad("most", "least and most must both be there, least no more than most")
    unit = cells.code("unit", frozenset({SHARE, YUAN}))
    low, high = cells.decimal("amount_min"), cells.decimal("amount_below")
    if low is not None and high is not None and low >= high:
        raise cells.bad("amount_below", "it must lie above amount_min")
    return StandardRow(
        row=cells.row,
        codes={name: frozenset(filter(None, cells.text(name).split("|"))) for name in _CODES},
        vulnerable=cells.yes_or_any("vulnerable"),
        amount_min=low,
        amount_below=high,
        unit=unit,
        least=least,
        most=most,
        article=cells.text("article"),
        signoff=cells.yes("signoff"),
        title=cells.languages("title"),
    )
