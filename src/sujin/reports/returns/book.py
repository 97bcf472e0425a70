"""The pack's word on returns: which there are, their cells or columns, and what must add up."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from sujin import packs
from sujin.governance.facts import HOUSE_PACK
from sujin.reports.returns.counts import BASES, COUNTS, ROWS_OF, SPLITS, WHERE
from sujin.reports.returns.periods import Length
from sujin.reports.returns.sources import SOURCES

CELLS, ROWS = "cells", "rows"
NEEDS = ("must", "may")
_SUM = re.compile(r"[a-z0-9_]+( [+-] [a-z0-9_]+)*")


class BadReturn(ValueError):
    """A row of a table of returns that cannot be meant; the message names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if get_language() == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Cell:
    """A row of return_cells.csv: ``count`` of the cases ``where``, split or whole."""

    code: str
    section: str
    count: str
    where: str
    split: str
    name: Named


@dataclass(frozen=True, slots=True)
class Column:
    """A row of return_fields.csv; ``is_must``: a blank is a fault."""

    name: str
    source: str
    is_must: bool
    said: Named


@dataclass(frozen=True, slots=True)
class Check:
    """Two sums of cells that must be equal; each a list of sign and cell."""

    left: tuple[tuple[int, str], ...]
    right: tuple[tuple[int, str], ...]
    said: Named


@dataclass(frozen=True, slots=True)
class Return:
    """A row of returns.csv with all that belongs to it. ``codes`` by axis: prefix of the house's
    code, code of the return, and its name, the longest prefix first. ``language`` is the
    receiver's; ``base`` says whether repeats are complaints of their own."""

    code: str
    form: str
    length: Length
    name: Named
    basis: Named
    source: str
    awaits_signoff: bool
    base: str
    rows: str
    language: str
    cells: tuple[Cell, ...]
    columns: tuple[Column, ...]
    checks: tuple[Check, ...]
    codes: Mapping[str, Sequence[tuple[str, str, Named]]]

    def __str__(self) -> str:
        return str(self.name)

    def target(self, axis: str, code: str) -> tuple[str, Named] | None:
        """What the return calls a code of the house: its own code, and the name. An empty prefix
        takes whatever is left."""
        for prefix, target, name in self.codes.get(axis, ()):
            if not prefix or code == prefix or code.startswith(f"{prefix}."):
                return target, name
        return None


@cache
def returns() -> Mapping[str, Return]:
    """Every return by code, in the order of the file. Raises BadReturn."""
    return {row["code"]: _read(row) for row in packs.rows(HOUSE_PACK, "returns")}


def _read(row: Mapping[str, str]) -> Return:
    code = row["code"]
    cells = tuple(_cell(one) for one in _of("return_cells", code))
    columns = tuple(_column(one) for one in _of("return_fields", code))
    form = _one_of(row, "returns", "form", (CELLS, ROWS))
    if bool(cells) is (form == ROWS) or bool(columns) is (form == CELLS):
        raise BadReturn(
            f"returns.csv row {code}: a return of {form} has {form} alone: see its rows"
        )
    known = {cell.code for cell in cells}
    language = "zh-hans" if row["jurisdiction"] == "CN" else "en"
    return Return(
        code, form, Length(_one_of(row, "returns", "period", Length)), Named(row["zh"], row["en"]),
        Named(row["basis_zh"], row["basis_en"]), row["source"], row["signoff"] == "yes",
        _one_of(row, "returns", "base", BASES),
        _one_of(row, "returns", "rows", ("", *ROWS_OF)), language, cells, columns,
        tuple(_check(one, known) for one in _of("return_checks", code)), _codes(code),
    )  # fmt: skip


def _of(table: str, code: str) -> list[dict[str, str]]:
    return [row for row in packs.rows(HOUSE_PACK, table) if row["return"] == code]


def _cell(row: Mapping[str, str]) -> Cell:
    return Cell(
        row["cell"], row["section"], _one_of(row, "return_cells", "count", COUNTS),
        _one_of(row, "return_cells", "where", WHERE),
        _one_of(row, "return_cells", "split", ("", *SPLITS)), Named(row["zh"], row["en"]),
    )  # fmt: skip


def _column(row: Mapping[str, str]) -> Column:
    source = _one_of(row, "return_fields", "source", SOURCES)
    need = _one_of(row, "return_fields", "need", NEEDS)
    return Column(row["column"], source, need == "must", Named(row["zh"], row["en"]))


def _check(row: Mapping[str, str], known: Iterable[str]) -> Check:
    sides = tuple(_terms(row, side, set(known)) for side in ("left", "right"))
    return Check(sides[0], sides[1], Named(row["zh"], row["en"]))


def _terms(row: Mapping[str, str], side: str, known: set[str]) -> tuple[tuple[int, str], ...]:
    told = row[side]
    if not _SUM.fullmatch(told):
        raise BadReturn(f"return_checks.csv {row['return']}: {side} {told!r}: write a + b - c")
    words = ["+", *told.split(" ")]
    terms = tuple(
        (1 if sign == "+" else -1, cell) for sign, cell in zip(words[::2], words[1::2], strict=True)
    )
    for _sign, cell in terms:
        if cell not in known:
            raise BadReturn(f"return_checks.csv {row['return']}: {side}: no cell {cell}")
    return terms


def _codes(code: str) -> Mapping[str, Sequence[tuple[str, str, Named]]]:
    found: dict[str, list[tuple[str, str, Named]]] = {}
    for row in _of("return_codes", code):
        name = Named(row["zh"], row["en"])
        found.setdefault(row["axis"], []).append((row["code"], row["target"], name))
    return {axis: sorted(one, key=lambda row: -len(row[0])) for axis, one in found.items()}


def _one_of(row: Mapping[str, str], table: str, column: str, known: Iterable[str]) -> str:
    have = [str(one) for one in known]
    if row[column] not in have:
        where = row.get("code") or row.get("cell") or row.get("column") or ""
        said = f"{table}.csv {row.get('return', '')} {where}".replace("  ", " ")
        raise BadReturn(f"{said}: {column} {row[column]!r}: write one of {', '.join(have)}")
    return row[column]
