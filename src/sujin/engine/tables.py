"""Reads the cells of a rule table and says aloud, by table, row and column, what it cannot read.

A table arrives as the officer typed it: a list of rows, column name to text. The readers of this
floor (tier, route, repeat, sla, workdays) turn those texts into values through ``Cells``, so one
wrong cell gives one sentence that names the place and never a rule that silently does not apply.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

LANES = frozenset({"ordinary", "regulator"})
ORG_KINDS = frozenset(
    {"head", "department", "company", "centre", "branch1", "branch2", "sub", "outlet"}
)
_ROW_ID = re.compile(r"[a-z0-9_-]+")
_NOTE = "note"
_YES_NO = {"yes": True, "no": False}


class BadTable(ValueError):
    """A rule table that cannot be obeyed as written; the message names table, row and column."""

    def __init__(self, table: str, row: str, column: str, why: str) -> None:
        super().__init__(f"{table}: row {row or '?'}, column {column or '?'}: {why}")
        self.table, self.row, self.column, self.why = table, row, column, why


@dataclass(frozen=True, slots=True)
class Cells:
    """One row of a table, asked column by column; every refusal is a BadTable."""

    table: str
    row: str
    texts: Mapping[str, str]

    def bad(self, column: str, why: str) -> BadTable:
        """The error to raise about one cell of this row."""
        return BadTable(self.table, self.row, column, why)

    def text(self, column: str, default: str = "") -> str:
        """The cell without its outer blanks; a missing or blank cell is ``default``."""
        return (self.texts.get(column) or "").strip() or default

    def code(self, column: str, known: Set[str], default: str = "") -> str:
        """One code out of ``known``; blank is ``default``, and wrong when that is blank too."""
        return self._known(column, self.text(column, default), known)

    def codes(self, column: str, known: Set[str], separator: str = "|") -> frozenset[str]:
        """The codes of a cell such as ``answered|closed``; blank is the empty set."""
        text = self.text(column)
        parts = text.split(separator) if text else []
        return frozenset(self._known(column, part.strip(), known) for part in parts)

    def yes(self, column: str) -> bool:
        """``yes`` is true; ``no`` and blank are false."""
        return bool(self.yes_or_any(column))

    def yes_or_any(self, column: str) -> bool | None:
        """``yes``, ``no``, or None for a blank cell."""
        text = self.text(column)
        if text and text not in _YES_NO:
            raise self.bad(column, f"{text!r} is neither yes nor no")
        return _YES_NO.get(text)

    def whole(self, column: str, least: int = 0) -> int | None:
        """A whole number not below ``least``, or None for a blank cell."""
        text = self.text(column)
        if text and not (text.isascii() and text.isdigit()):
            raise self.bad(column, f"{text!r} is not a whole number")
        if text and int(text) < least:
            raise self.bad(column, f"{text} is below {least}")
        return int(text) if text else None

    def decimal(self, column: str) -> Decimal | None:
        """A finite decimal number not below 0, or None for a blank cell."""
        text = self.text(column)
        try:
            number = Decimal(text) if text else None
        except InvalidOperation:
            raise self.bad(column, f"{text!r} is not a number") from None
        if number is not None and not (number.is_finite() and number >= 0):
            raise self.bad(column, f"{text} is not a number from 0 up")
        return number

    def day(self, column: str) -> date | None:
        """A date such as 2020-03-01, or None for a blank cell."""
        text = self.text(column)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise self.bad(column, f"{text!r} is not a date like 2026-02-17") from None

    def languages(self, prefix: str) -> Mapping[str, str]:
        """Every column ``<prefix>_<language>`` as language to sentence; none may be blank."""
        names = [name for name in self.texts if name.startswith(f"{prefix}_")]
        for name in names:
            if not self.text(name):
                raise self.bad(name, "the sentence is missing")
        return {name.removeprefix(f"{prefix}_"): self.text(name) for name in names}

    def _known(self, column: str, code: str, known: Set[str]) -> str:
        if code not in known:
            raise self.bad(column, f"unknown code {code!r}. Have: {', '.join(sorted(known))}")
        return code


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns a table must have, which it may have, and whose columns name languages."""

    table: str
    must: tuple[str, ...]
    may: tuple[str, ...] = ()
    languages: str = ""

    def rows(self, rows: Sequence[Mapping[str, str]]) -> Iterator[Cells]:
        """The rows in table order. Raises BadTable on a wrong column or a wrong row id."""
        seen: set[str] = set()
        for number, texts in enumerate(rows, start=1):
            row = (texts.get("row") or "").strip() if "row" in self.must else f"line {number}"
            self._check_columns(row or f"line {number}", texts)
            self._check_row(row, number, seen)
            seen.add(row)
            yield Cells(self.table, row, texts)

    def _check_columns(self, row: str, texts: Mapping[str, str]) -> None:
        for column in self.must:
            if column not in texts:
                raise BadTable(self.table, row, column, "the column is missing")
        for column in texts:
            if not self._has(column):
                raise BadTable(self.table, row, column, "this table has no such column")
        if self.languages and not any(map(self._is_language, texts)):
            raise BadTable(self.table, row, f"{self.languages}_zh", "the column is missing")

    def _check_row(self, row: str, number: int, seen: Set[str]) -> None:
        if "row" in self.must and not _ROW_ID.fullmatch(row):
            raise BadTable(self.table, f"line {number}", "row", f"{row!r} is not an id like c2")
        if row in seen:
            raise BadTable(self.table, row, "row", "two rows have this id")

    def _has(self, column: str) -> bool:
        return column in (*self.must, *self.may, _NOTE) or self._is_language(column)

    def _is_language(self, column: str) -> bool:
        return bool(self.languages) and column.startswith(f"{self.languages}_")
