"""Markdown read once, for every form it is handed out in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of words, bold or not."""

    text: str
    bold: bool


@dataclass(frozen=True, slots=True)
class Block:
    """``kind`` is ``title``, ``heading``, ``item``, ``text``, or ``closing`` for the lines at the
    end that say who writes and when."""

    kind: str
    runs: tuple[Run, ...]


@cache
def _reader() -> MarkdownIt:
    # No HTML, no links, no pictures: what somebody typed cannot reach outside.
    return MarkdownIt("zero", {"html": False, "breaks": True}).enable(
        ["heading", "list", "emphasis", "newline"]
    )


def html(text: str) -> SafeString:
    """The text as HTML; everything in it that is not Markdown is escaped by the reader."""
    # Raw HTML is switched off above; what the reader gives is markup of its own making.
    return mark_safe(str(_reader().render(text)))  # noqa: S308


def blocks(text: str) -> list[Block]:
    """The text as a flat sequence of blocks, for the makers of files."""
    found = list(_blocks(text))
    # Several lines of their own at the end are the signature.
    if len(found) > 1 and found[-1].kind == "text" and len(found[-1].runs) > 1:
        if any(run.text == "\n" for run in found[-1].runs):
            found[-1] = replace(found[-1], kind="closing")
    return found


def _blocks(text: str) -> Iterator[Block]:
    kind = "text"
    in_item = False
    for token in _reader().parse(text):
        if token.type == "heading_open":
            kind = "title" if token.tag == "h1" else "heading"
        elif token.type in {"list_item_open", "list_item_close"}:
            in_item = token.type == "list_item_open"
        elif token.type == "inline":
            yield Block("item" if in_item else kind, tuple(_runs(token.children or ())))
            kind = "text"


def _runs(children: Sequence[Token]) -> Iterator[Run]:
    bold = False
    for child in children:
        if child.type in {"strong_open", "strong_close"}:
            bold = child.type == "strong_open"
        elif child.type in {"softbreak", "hardbreak"}:
            yield Run("\n", bold)
        elif child.content:
            yield Run(child.content, bold)
