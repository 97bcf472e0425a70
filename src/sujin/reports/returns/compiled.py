"""A return of cells, worked out: every line with its value, its checks, and the cases behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _t

from sujin.complaints.models import Complaint
from sujin.complaints.words import named
from sujin.platform.models import Org
from sujin.reports.returns.book import Cell, Check, Return
from sujin.reports.returns.counts import COUNTS, SPLITS, WHERE, base
from sujin.reports.returns.periods import Period

NONE = "-"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: ``key`` is the part of a split, empty of a whole; ``name`` for people."""

    cell: Cell
    key: str
    name: str
    value: Decimal

    @property
    def code(self) -> str:
        """What it is called when two submissions are compared."""
        return f"{self.cell.code}.{self.key}" if self.key else self.cell.code


@dataclass(frozen=True, slots=True)
class Checked:
    """A check with both of its sums."""

    check: Check
    left: Decimal
    right: Decimal

    @property
    def holds(self) -> bool:
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class Compiled:
    """A return of one period."""

    asked: Return
    period: Period
    lines: tuple[Line, ...]
    checks: tuple[Checked, ...]

    @property
    def values(self) -> dict[str, str]:
        """As it is kept when submitted."""
        return {line.code: f"{line.value.normalize():f}" for line in self.lines}


def compiled(asked: Return, period: Period) -> Compiled:
    """One query for each cell."""
    lines = tuple(line for cell in asked.cells for line in _lines(asked, cell, period))
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[line.cell.code] = sums.get(line.cell.code, Decimal(0)) + line.value
    checks = tuple(
        Checked(check, _sum(check.left, sums), _sum(check.right, sums)) for check in asked.checks
    )
    return Compiled(asked, period, lines, checks)


def _sum(terms: Sequence[tuple[int, str]], sums: Mapping[str, Decimal]) -> Decimal:
    return sum((sign * sums.get(cell, Decimal(0)) for sign, cell in terms), Decimal(0))


def _lines(asked: Return, cell: Cell, period: Period) -> list[Line]:
    rows = _cases(asked, cell, period)
    what = Sum("remedy") if COUNTS[cell.count].money else Count("pk")
    if not cell.split:
        found = rows.aggregate(value=what)["value"]
        return [Line(cell, "", str(cell.name), Decimal(found or 0))]
    column = SPLITS[cell.split]
    parts = _Parts(asked, cell)
    sums: dict[str, Decimal] = {}
    for code, value in rows.order_by().values_list(column).annotate(value=what):
        key = parts.key(code)
        sums[key] = sums.get(key, Decimal(0)) + Decimal(value or 0)
    made = [Line(cell, key, parts.name(key), value) for key, value in sums.items() if value]
    return sorted(made, key=lambda line: (-line.value, line.key))


def _cases(asked: Return, cell: Cell, period: Period) -> QuerySet[Complaint, Any]:
    return base(asked.base).filter(COUNTS[cell.count].among(period.window), WHERE[cell.where])


class _Parts:
    """Into which part of a split a case falls, and what the part is called."""

    def __init__(self, asked: Return, cell: Cell) -> None:
        self.asked, self.split = asked, cell.split
        rows = Org.objects.filter(parent__parent__isnull=True) if self.split == "branch" else ()
        self.orgs = {org.path: org for org in rows}

    def key(self, code: str) -> str:
        if self.split == "branch":
            org = self.orgs.get("/".join(code.split("/")[:2]) + "/") or self.orgs.get(code)
            return org.code if org else NONE
        if self.split == "product":
            found = self.asked.target("product", code)
            return found[0] if found else NONE
        return code.split(".", maxsplit=1)[0] or NONE

    def name(self, key: str) -> str:
        if key == NONE:
            return _t("未分类")
        if self.split == "branch":
            return next(str(org) for org in self.orgs.values() if org.code == key)
        if self.split == "product":
            targets = self.asked.codes["product"]
            return next(str(name) for _prefix, target, name in targets if target == key)
        return named(self.split, key)

    def codes(self, key: str, known: Sequence[str]) -> list[str]:
        return [code for code in known if self.key(code) == key]


def behind(asked: Return, cell: Cell, key: str, period: Period) -> QuerySet[Complaint, Any]:
    """Exactly the cases of a line."""
    rows = _cases(asked, cell, period)
    if not cell.split:
        return rows
    column = SPLITS[cell.split]
    known = list(rows.order_by().values_list(column, flat=True).distinct())
    mine = _Parts(asked, cell).codes(key, known)
    return rows.filter(Q(**{f"{column}__in": mine}))
