"""Every figure of a quarterly bulletin, worked out from published counts of banks.

The metrics are those of the national bulletins: counts and shares by group, the median of a group's
members, complaints for each thousand outlets and each ten million personal customers, and the same
of a few kinds of business. A figure is compared with the quarter before only on the same basis.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Final

OUTLETS, CUSTOMERS = "outlets", "customers"
# For so many of them a rate is told.
SCALES: Final = {OUTLETS: Decimal(1_000), CUSTOMERS: Decimal(10_000_000)}


class CannotCompile(ValueError):
    """The figures do not make a bulletin; the message says which and what to load."""


@dataclass(frozen=True, slots=True)
class Count:
    """What was published of one bank: all complaints (``business`` empty) or those of a kind."""

    bank: str
    group: str
    business: str
    value: Decimal
    outlets: Decimal | None = None
    customers: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One bank in its group: ``share`` of the group in a chapter of all complaints, of the bank's
    own complaints in that of a business; ``change`` from the quarter before; ``rate`` where the
    chapter is of rates."""

    bank: str
    value: Decimal
    share: Decimal | None
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its count and share of all, the median of its members, the members from the most
    to the fewest."""

    name: str
    value: Decimal
    share: Decimal | None
    change: Decimal | None
    median: Decimal
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """All complaints, or those of one business: ``share`` of all complaints."""

    business: str
    value: Decimal
    share: Decimal
    change: Decimal | None
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Rates:
    """Complaints for each so many of ``per``; groups without any figure of it are left out."""

    per: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Bulletin:
    """``breaks``: the quarter before was counted on another basis, so nothing is compared."""

    quarter: date
    basis: str
    breaks: bool
    whole: Chapter
    rates: tuple[Rates, ...]
    chapters: tuple[Chapter, ...]

    @property
    def unreconciled(self) -> tuple[str, ...]:
        """Banks whose kinds of business come to more than all their complaints, or that have kinds
        and no count of all."""
        totals = {one.bank: one.value for group in self.whole.groups for one in group.members}
        kinds: dict[str, Decimal] = {}
        for chapter in self.chapters:
            for group in chapter.groups:
                for one in group.members:
                    kinds[one.bank] = kinds.get(one.bank, Decimal(0)) + one.value
        return tuple(sorted(bank for bank, sum_ in kinds.items() if sum_ > totals.get(bank, -1)))


def compiled(
    quarter: date, basis: str, counts: Sequence[Count], *, groups: Sequence[str],
    businesses: Sequence[str], before: Sequence[Count] | None,
) -> Bulletin:  # fmt: skip
    """The bulletin. ``groups`` and ``businesses`` give the order; ``before`` are the counts of the
    quarter before on the same basis, None when it had another one or none was published.

    A group that is not among ``groups`` stands after them.

    Raises CannotCompile for no counts, a bank that stands twice, and a bank without a group.
    """
    _refuse(counts)
    earlier = {(one.bank, one.business): one.value for one in before or ()}
    present = {one.group for one in counts}
    named = [name for name in groups if name in present]
    named += sorted(present - set(named))
    whole = _chapter("", counts, named, earlier)
    kinds = [code for code in businesses if any(one.business == code for one in counts)]
    return Bulletin(
        quarter, basis, before is None, whole,
        tuple(rates for per in SCALES if (rates := _rates(per, counts, named)).groups),
        tuple(_chapter(code, counts, named, earlier) for code in kinds),
    )  # fmt: skip


def _refuse(counts: Sequence[Count]) -> None:
    if not any(not one.business for one in counts):
        raise CannotCompile("no bank has a count of all its complaints: load those first")
    seen: set[tuple[str, str]] = set()
    for one in counts:
        if (one.bank, one.business) in seen:
            raise CannotCompile(f"{one.bank} {one.business}: two figures of one quarter")
        seen.add((one.bank, one.business))
        if not one.group:
            raise CannotCompile(f"{one.bank}: no group; load its figures with one")


def _chapter(
    business: str, counts: Sequence[Count], groups: Sequence[str],
    earlier: Mapping[tuple[str, str], Decimal],
) -> Chapter:  # fmt: skip
    mine = [one for one in counts if one.business == business]
    owns = {one.bank: one.value for one in counts if not one.business}
    total = sum((one.value for one in mine), Decimal(0))
    every = sum(owns.values(), Decimal(0))
    made = tuple(
        _group(name, [one for one in mine if one.group == name], total, owns, earlier)
        for name in groups
        if any(one.group == name for one in mine)
    )
    change = _change(total, _known(mine, earlier))
    return Chapter(business, total, _share(total, every) or Decimal(0), change, made)


def _group(
    name: str, counts: Sequence[Count], total: Decimal, owns: Mapping[str, Decimal],
    earlier: Mapping[tuple[str, str], Decimal],
) -> Group:  # fmt: skip
    value = sum((one.value for one in counts), Decimal(0))
    members = [
        Member(
            one.bank, one.value,
            _share(one.value, owns.get(one.bank, Decimal(0)) if one.business else value),
            _change(one.value, earlier.get((one.bank, one.business))),
        )
        for one in counts
    ]  # fmt: skip
    change = _change(value, _known(counts, earlier))
    middle = median(one.value for one in counts)
    return Group(name, value, _share(value, total), change, middle, _ordered(members))


def _known(counts: Sequence[Count], earlier: Mapping[tuple[str, str], Decimal]) -> Decimal | None:
    """The sum of the quarter before, if every one of these banks had a figure in it."""
    found = [earlier.get((one.bank, one.business)) for one in counts]
    known = [value for value in found if value is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(found) else None


def _rates(per: str, counts: Sequence[Count], groups: Sequence[str]) -> Rates:
    made = []
    for name in groups:
        members = [
            Member(one.bank, one.value / base * SCALES[per], None, None)
            for one in counts
            if not one.business and one.group == name and (base := getattr(one, per))
        ]
        if members:
            middle = median(one.value for one in members)
            made.append(Group(name, middle, None, None, middle, _ordered(members)))
    return Rates(per, tuple(made))


def _ordered(members: Sequence[Member]) -> tuple[Member, ...]:
    return tuple(sorted(members, key=lambda one: (-one.value, one.bank)))


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    return part / whole if whole else None


def _change(value: Decimal, before: Decimal | None) -> Decimal | None:
    return value / before - 1 if before else None
