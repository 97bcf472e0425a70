"""A row of any table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sujin.channels.csv.flaws import Flaw


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` counts rows as a spreadsheet shows them, ``line`` lines as a text editor does."""

    number: int
    line: int
    cells: list[str]
    flaw: Flaw | None = None


class Sheet(Protocol):
    """A table that can be read from the top any number of times; ``about`` says what it is.

    ``pads``: empty cells at the end of a row are left out, and that is no fault of the row.
    """

    @property
    def pads(self) -> bool: ...

    @property
    def about(self) -> str: ...

    def __iter__(self) -> Iterator[Row]: ...
