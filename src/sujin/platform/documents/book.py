"""A book: many short pieces under chapters, with a cover and contents, as a PDF or a Word file.

What is made of one ``Book`` is the same to the byte whenever it is made: dates inside the files are
``made_at``, and nothing else in them depends on the moment or the machine.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

# How a piece stands on the page: plain words; words to be said aloud; a marked box of what must
# not be done; small print; a table.
TEXT, QUOTE, BOX, SMALL, TABLE = "text", "quote", "box", "small", "table"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece under its own small heading; ``text`` is the small Markdown of ``blocks``. A table
    has ``head`` and ``rows`` instead."""

    kind: str
    title: str
    text: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each row of a table as pairs of column and cell."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the second level; ``note`` stands under it in small print."""

    title: str
    note: str
    pieces: tuple[Piece, ...]
    # What a page calls it; not printed.
    key: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading of the first level; ``pieces`` stand before its sections."""

    title: str
    sections: tuple[Section, ...]
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """``facts`` are the lines of the cover, name and value; ``closing`` is printed on its foot."""

    title: str
    label: str
    author: str
    facts: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    closing: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class BookForm:
    """One way to hand a book out."""

    content_type: str
    ending: str
    make: Callable[[Book], bytes]


def forms() -> Mapping[str, BookForm]:
    """The ways by their names. The makers are loaded when they are asked for first: a page that
    lists issues needs neither."""
    from sujin.platform.documents.book_pdf import pdf
    from sujin.platform.documents.book_word import docx

    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return {
        "pdf": BookForm("application/pdf", ".pdf", pdf),
        "docx": BookForm(word, ".docx", docx),
    }
