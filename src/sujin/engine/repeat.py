"""Whether a new matter was brought before: joined, linked, grouped with others, or new.

The table decides by rows; its order is the priority. Among the earlier matters that fit a row the
most recent is meant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sujin.engine.identity import Customer, IdentityRow, of_one, same
from sujin.engine.signature import Signature, likeness, sign
from sujin.engine.tables import BadTable, Cells, Shape

__all__ = [
    "Action",
    "Matter",
    "RepeatRow",
    "RepeatVerdict",
    "Signature",
    "judge",
    "likeness",
    "lint",
    "read_rows",
    "sign",
]

TABLE = "repeats"
COMPLAINT = "complaint"
_OTHER = "other"
_SHAPE = Shape(
    TABLE,
    must=("row", "same_customer", "open", "within_hours", "same_matter", "likeness_min", "action"),
    languages="because",
)
LATE = timedelta(hours=24)


class Action(StrEnum):
    """What a repeat leads to."""

    JOIN = "join"  # one more contact on the same case
    LINK = "link"  # a case of its own, linked, counted once, one level up
    GROUP = "group"  # other customers in nearly the same words
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Matter:
    """One case as this judgement sees it.

    ``customer`` is who brought it; the table of identities says whether two are the same.
    ``business`` is a dotted code or "" when unknown; ``received_at`` is an aware moment.
    """

    key: int
    customer: Customer
    business: str
    received_at: datetime
    is_open: bool
    level: int
    signature: Signature | None
    channel: str
    cause: str = ""
    kind: str = COMPLAINT


@dataclass(frozen=True, slots=True)
class RepeatRow:
    """One row. ``same_customer`` None and ``within_hours`` None mean any; ``open`` is about the
    earlier matter; ``likeness_min`` 0 means not asked for."""

    row: str
    same_customer: bool | None
    open: str
    within_hours: int | None
    same_matter: str
    likeness_min: float
    action: Action
    because: Mapping[str, str]

    @property
    def is_default(self) -> bool:
        """Whether the row fits without any earlier matter."""
        asks_nothing = self.same_customer is None and self.within_hours is None
        any_matter = self.same_matter == "any" and self.likeness_min == 0
        return self.action is Action.NONE and asks_nothing and any_matter and self.open == "any"


@dataclass(frozen=True, slots=True)
class RepeatVerdict:
    """What to do, with which earlier matter ``of`` (its key), by which row and why.

    ``likeness`` is that of the two texts (0 when one has no signature); ``others`` are the keys of
    the further matters that fit the same row, most recent first.
    """

    action: Action
    of: int | None
    row: str
    because: Mapping[str, str]
    likeness: float
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    earlier: Matter
    same_customer: bool
    by: IdentityRow | None  # the row of identities that decided
    age: timedelta
    same_business: bool
    exact: bool
    likeness: float
    sinks: bool

    def fits(self, row: RepeatRow) -> bool:
        # A complaint is owed a decision: it never disappears in an enquiry, which is owed none, and
        # having asked before makes nobody a repeated complainant.
        if self.sinks and row.action in (Action.JOIN, Action.LINK):
            return False
        if row.same_customer is not None and row.same_customer is not self.same_customer:
            return False
        if row.open != "any" and (row.open == "yes") is not self.earlier.is_open:
            return False
        if row.within_hours is not None and self.age > timedelta(hours=row.within_hours):
            return False
        return self._is_same(row)

    def _is_same(self, row: RepeatRow) -> bool:
        is_like = self.likeness >= row.likeness_min
        if row.same_matter == "exact":
            return self.exact or (is_like and row.likeness_min > 0)
        if row.same_matter == "yes":
            return self.same_business or (is_like and row.likeness_min > 0)
        return is_like


def read_rows(rows: Sequence[Mapping[str, str]]) -> tuple[RepeatRow, ...]:
    """The table ``repeats`` in its own order. Raises BadTable naming row and column."""
    return tuple(map(_row, _SHAPE.rows(rows)))


def judge(
    new: Matter,
    earlier: Sequence[Matter],
    table: Sequence[RepeatRow],
    identities: Sequence[IdentityRow],
) -> RepeatVerdict:
    """The first row that some earlier matter fits, or the default row.

    The matter itself and matters received after it are not looked at. Same matter means: the
    business codes agree, or the likeness reaches the row's ``likeness_min``. Where the customers
    of the matters that fit are known to be two people, whose the new one is is not guessed: only
    the strongest row of identities counts, and none when that leaves two. Raises BadTable when no
    row fits (no default row).
    """
    pairs = _pairs(new, earlier, identities)
    for row in table:
        if row.is_default:
            return RepeatVerdict(row.action, None, row.row, row.because, 0.0, ())
        fitting = [pair for pair in pairs if pair.fits(row)]
        meant = _meant(row, fitting, identities)
        if meant:
            return _verdict(row, meant)
        pairs = [pair for pair in pairs if not any(pair is one for one in fitting)]
    raise BadTable(TABLE, "last", "action", "no row fits; the last row must be none for any")


def _meant(row: RepeatRow, fitting: list[_Pair], identities: Sequence[IdentityRow]) -> list[_Pair]:
    """Those of one customer, or nobody's."""
    if row.action not in (Action.JOIN, Action.LINK):
        return fitting
    places = of_one([(pair.earlier.customer, pair.by) for pair in fitting], identities)
    return [fitting[place] for place in places]


def lint(table: Sequence[RepeatRow]) -> list[str]:
    """What is wrong with a table that can be read: one sentence for each finding, or nothing."""
    found = []
    if not table or not table[-1].is_default:
        found.append(f"{TABLE}: no row is the default; the last row must be none for any matter")
    for position, row in enumerate(table):
        hiding = next((other for other in table[:position] if _takes(other, row)), None)
        if hiding is not None:
            found.append(f"{TABLE}: row {row.row} is never reached; row {hiding.row} is before it")
        asks_nothing = row.same_matter == "any" and row.likeness_min == 0
        if row.action is not Action.NONE and not row.same_customer and asks_nothing:
            found.append(f"{TABLE}: row {row.row} takes anybody's matter; set likeness_min")
    return found


def _row(cells: Cells) -> RepeatRow:
    least = cells.decimal("likeness_min") or 0
    if least > 1:
        raise cells.bad("likeness_min", f"{least} is above 1")
    return RepeatRow(
        row=cells.row,
        same_customer=cells.yes_or_any("same_customer"),
        open=cells.code("open", frozenset({"yes", "no", "any"}), default="any"),
        within_hours=cells.whole("within_hours"),
        same_matter=cells.code("same_matter", frozenset({"exact", "yes", "any"}), default="any"),
        likeness_min=float(least),
        action=Action(cells.code("action", frozenset(map(str, Action)))),
        because=cells.languages("because"),
    )


def _pairs(
    new: Matter, earlier: Sequence[Matter], identities: Sequence[IdentityRow]
) -> list[_Pair]:
    """Every earlier matter beside the new one, most recent first."""
    received = new.received_at.astimezone(UTC)
    aged = [
        (received - matter.received_at.astimezone(UTC), matter)
        for matter in earlier
        if matter.key != new.key
    ]
    # A call is delivered when it ends and dated when it began: a little late is not earlier.
    before = [(max(age, timedelta()), matter) for age, matter in aged if age >= -LATE]
    before.sort(key=lambda pair: (pair[0], -pair[1].key))
    return [_pair(new, matter, age, identities) for age, matter in before]


def _pair(new: Matter, earlier: Matter, age: timedelta, identities: Sequence[IdentityRow]) -> _Pair:
    one, other = new.signature, earlier.signature
    by = same(new.customer, earlier.customer, identities)
    return _Pair(
        earlier=earlier,
        same_customer=by is not None and by.same,
        by=by,
        age=age,
        same_business=_agree(new.business, earlier.business),
        exact=_is_exact(new, earlier),
        likeness=likeness(one, other) if one and other else 0.0,
        sinks=new.kind == COMPLAINT != earlier.kind,
    )


def _agree(one: str, other: str) -> bool:
    """Both known, the same top segment, and no contradiction on the second: a third segment is
    too fine to tell two matters apart, and ``other`` contradicts nothing."""
    first, second = one.split(".")[:2], other.split(".")[:2]
    if not one or not other or first[0] != second[0]:
        return False
    seconds = {*first[1:], *second[1:]} - {_OTHER}
    return len(seconds) < 2


def _is_exact(one: Matter, other: Matter) -> bool:
    """Nothing known tells the two apart: not the class on any level, not the cause.

    What is swallowed by an open case as one more contact is not looked at on its own again; so
    a card's annual fee and a theft from that card must stay two, whatever they share.
    """
    first, second = one.business.split("."), other.business.split(".")
    shared = min(len(first), len(second))
    known = bool(one.business and other.business)
    same_cause = not one.cause or not other.cause or one.cause == other.cause
    return known and first[:shared] == second[:shared] and same_cause


def _verdict(row: RepeatRow, fitting: Sequence[_Pair]) -> RepeatVerdict:
    latest = fitting[0]
    others = tuple(pair.earlier.key for pair in fitting[1:])
    if row.action is Action.NONE:
        return RepeatVerdict(row.action, None, row.row, row.because, 0.0, ())
    return RepeatVerdict(
        row.action, latest.earlier.key, row.row, row.because, latest.likeness, others
    )


def _takes(other: RepeatRow, row: RepeatRow) -> bool:
    """Whether every pair that fits ``row`` fits ``other``."""
    if other.is_default:
        return True
    if other.same_customer not in (None, row.same_customer) or other.open not in ("any", row.open):
        return False
    if other.within_hours is not None and (
        row.within_hours is None or row.within_hours > other.within_hours
    ):
        return False
    return _takes_matter(other, row)


def _takes_matter(other: RepeatRow, row: RepeatRow) -> bool:
    if other.same_matter == "any":
        return other.likeness_min == 0 or (
            row.same_matter == "any" and row.likeness_min >= other.likeness_min
        )
    reaches = 0 < other.likeness_min <= row.likeness_min
    if row.same_matter == "any":
        return reaches
    narrower = {"yes": {"yes", "exact"}, "exact": {"exact"}}[other.same_matter]
    return row.same_matter in narrower and (reaches or row.likeness_min == 0)
