"""How serious a matter is: ordinary, complex or urgent, by the first tier row it meets.

Every condition of a row asks for something to be there ("at least 50000 yuan", "a regulator is
involved"), so more facts never make a row stop matching. ``flips`` answers what would have to be
different for another tier; it searches, so ask it only where somebody reads the answer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from sujin.engine.tables import BadTable, Cells, Shape

TABLE = "tiers"
FLAGS = ("vulnerable", "regulator", "media", "escalation", "legal", "safety")
CHANGES_AT_MOST = 3  # a reader cannot weigh more than three changed facts at once
_FEN = Decimal("0.01")  # the smallest step by which an amount in yuan can fall below a threshold
_SHAPE = Shape(
    TABLE,
    must=("row", "tier", "amount_min", "people_min", "repeats_min", "requires"),
    languages="because",
)


class Tier(StrEnum):
    """The three modes of work, mildest first."""

    ORDINARY = "ordinary"
    COMPLEX = "complex"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class TierFacts:
    """What is known of a matter; ``amount`` is in yuan and None when nobody stated one, ``people``
    is at least 1."""

    amount: Decimal | None = None
    vulnerable: bool = False
    regulator: bool = False
    media: bool = False
    people: int = 1
    repeats: int = 0
    escalation: bool = False
    legal: bool = False
    safety: bool = False


@dataclass(frozen=True, slots=True)
class TierRow:
    """One row of the table: the tier that holds when all its conditions are met."""

    row: str
    tier: Tier
    amount_min: Decimal | None
    people_min: int | None
    repeats_min: int | None
    required: frozenset[str]
    because: Mapping[str, str]

    def holds(self, facts: TierFacts) -> bool:
        """Whether every condition of this row is met; both ends of "at least" count."""
        if self.people_min is not None and facts.people < self.people_min:
            return False
        if self.repeats_min is not None and facts.repeats < self.repeats_min:
            return False
        too_little = facts.amount is None or facts.amount < (self.amount_min or 0)
        if self.amount_min is not None and too_little:
            return False
        return all(getattr(facts, flag) for flag in self.required)

    @property
    def conditions(self) -> tuple[Decimal | None, int | None, int | None, frozenset[str]]:
        """What the row asks for; at least one person, or no repeat, asks for nothing."""
        people = self.people_min if (self.people_min or 0) > 1 else None
        return self.amount_min, people, self.repeats_min or None, self.required


@dataclass(frozen=True, slots=True)
class TierVerdict:
    """The tier, the row that gave it and that row's sentence in each language."""

    tier: Tier
    row: str
    because: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Flip:
    """The fewest changed facts that give another tier, and the row that would then decide."""

    tier: Tier
    changes: tuple[str, ...]
    row: str


@dataclass(frozen=True, slots=True)
class _Change:
    says: str
    fact: str
    value: bool | int | Decimal


def read_rows(rows: Sequence[Mapping[str, str]]) -> tuple[TierRow, ...]:
    """The table ``tiers`` in its own order. Raises BadTable naming row and column."""
    return tuple(map(_row, _SHAPE.rows(rows)))


def judge(facts: TierFacts, table: Sequence[TierRow]) -> TierVerdict:
    """The tier of the first row that holds. Raises BadTable when none does (no default row)."""
    for row in table:
        if row.holds(facts):
            return TierVerdict(row.tier, row.row, row.because)
    raise BadTable(TABLE, "last", "tier", "no row holds; the last row must have no condition")


def flips(facts: TierFacts, table: Sequence[TierRow]) -> tuple[Flip, ...]:
    """For each other tier the fewest changes that give it, mildest tier first.

    Up means facts added, down means facts taken away, never both. Every set of at most three
    facts is tried, fewest first, and judged again, so what is returned is true of this table; a
    tier that three changes cannot reach is left out. Among equally short answers the first in the
    order amount, people, repeats, then FLAGS wins, with the nearest threshold first.
    """
    now = judge(facts, table).tier
    order = list(Tier)
    wanted = [tier for tier in order if tier is not now]
    found = (_flip(facts, table, tier, order.index(tier) > order.index(now)) for tier in wanted)
    return tuple(flip for flip in found if flip is not None)


def lint(table: Sequence[TierRow]) -> list[str]:
    """What is wrong with a table that can be read: one sentence for each finding, or nothing."""
    found = [f"{TABLE}: no row is the default; the last row must have no condition"]
    if table and table[-1].conditions == (None, None, None, frozenset()):
        found = []
    for position, row in enumerate(table):
        found += [
            f"{TABLE}: row {row.row} requires the unknown fact {flag!r}. Have: {', '.join(FLAGS)}"
            for flag in sorted(row.required - set(FLAGS))
        ]
        found += _hidden(row, table[:position])
    return found


def _row(cells: Cells) -> TierRow:
    tiers = frozenset(map(str, Tier))
    return TierRow(
        row=cells.row,
        tier=Tier(cells.code("tier", tiers)),
        amount_min=cells.decimal("amount_min"),
        people_min=cells.whole("people_min"),
        repeats_min=cells.whole("repeats_min"),
        required=cells.codes("requires", frozenset(FLAGS), separator="+"),
        because=cells.languages("because"),
    )


def _hidden(row: TierRow, earlier: Sequence[TierRow]) -> list[str]:
    """A row is never reached when the least facts that meet it already meet an earlier row."""
    for other in earlier:
        if other.conditions == row.conditions:
            return [f"{TABLE}: row {row.row} has the same conditions as row {other.row}"]
        if _asks_less(other, row):
            return [f"{TABLE}: row {row.row} is never reached; row {other.row} stands before it"]
    return []


def _asks_less(other: TierRow, row: TierRow) -> bool:
    pairs = zip(other.conditions[:3], row.conditions[:3], strict=True)
    thresholds = all(a is None or (b is not None and a <= b) for a, b in pairs)
    return thresholds and other.required <= row.required


def _flip(facts: TierFacts, table: Sequence[TierRow], tier: Tier, upward: bool) -> Flip | None:
    changes = list(_additions(facts, table) if upward else _removals(facts, table))
    for size in range(1, CHANGES_AT_MOST + 1):
        for chosen in combinations(changes, size):
            changed = {change.fact: change.value for change in chosen}
            if len(changed) == size:
                verdict = judge(replace(facts, **changed), table)  # type: ignore[arg-type]
                if verdict.tier is tier:
                    return Flip(tier, tuple(change.says for change in chosen), verdict.row)
    return None


def _additions(facts: TierFacts, table: Sequence[TierRow]) -> Iterator[_Change]:
    for least in sorted({row.amount_min for row in table if row.amount_min is not None}):
        if facts.amount is None or facts.amount < least:
            yield _Change(f"amount>={least}", "amount", least)
    for fact, having in (("people", facts.people), ("repeats", facts.repeats)):
        for number in _thresholds(table, fact):
            if having < number:
                yield _Change(f"{fact}>={number}", fact, number)
    for flag in FLAGS:
        if not getattr(facts, flag):
            yield _Change(f"{flag}=yes", flag, True)


def _removals(facts: TierFacts, table: Sequence[TierRow]) -> Iterator[_Change]:
    amounts = sorted({row.amount_min for row in table if row.amount_min}, reverse=True)
    for least in amounts:
        if facts.amount is not None and facts.amount >= least:
            yield _Change(f"amount<{least}", "amount", least - _FEN)
    for fact, having, floor in (("people", facts.people, 1), ("repeats", facts.repeats, 0)):
        for number in reversed(_thresholds(table, fact)):
            if having >= number > floor:
                yield _Change(f"{fact}<{number}", fact, number - 1)
    for flag in FLAGS:
        if getattr(facts, flag):
            yield _Change(f"{flag}=no", flag, False)


def _thresholds(table: Iterable[TierRow], fact: str) -> list[int]:
    numbers = (row.people_min if fact == "people" else row.repeats_min for row in table)
    return sorted({number for number in numbers if number is not None})
