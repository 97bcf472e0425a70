"""Rows of a table for a spreadsheet: what would be taken for a formula is text."""

import re
from collections.abc import Iterable
from typing import Any

# What begins a formula, of full width as well, and what some programs skip before it.
_FORMULA = re.compile("[=+\\-@\t\r\n＝＋－＠]")


def guarded(row: Iterable[Any]) -> list[Any]:
    """The same cells; words that begin like a formula have an apostrophe before them, numbers and
    days stay as they are."""
    return [_guarded(cell) if isinstance(cell, str) else cell for cell in row]


def _guarded(words: str) -> str:
    return f"'{words}" if _FORMULA.match(words) else words
