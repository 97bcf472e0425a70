"""Letters to customers: a template filled with facts, and what the law wants to find in it.

The placeholder language can do one thing, name a fact: ``{{ number }}``. A template is data that an
officer edits, so it can reach nothing else. What is still to be written stands between 〔 and 〕.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sujin.engine.redaction import Found, redact
from sujin.engine.tables import Cells, Shape

TABLE = "answer"
_SHAPE = Shape(
    TABLE,
    must=("row", "letter", "element", "heading", "least", "mentions", "article"),
    languages="title",
)
_FACT = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_TO_WRITE = re.compile(r"〔[^〔〕]*〕")
_HEADING = re.compile(r"^##\s+(.+?)\s*$", re.M)
_BLANK = re.compile(r"\s")
# What identifies one person. A landline is the bank's own as a rule: letters give it on purpose.
_IDENTIFYING = frozenset(("id_number", "passport", "permit", "card", "account", "phone"))
_MOBILE = re.compile("1[3-9][0-9]{9}")


class UnknownFact(LookupError):
    """A template names a fact that nobody has; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Element:
    """What a letter of one kind must contain: under ``heading`` at least ``least`` characters and
    one word out of each group of ``mentions``."""

    row: str
    letter: str
    element: str
    heading: str
    least: int
    mentions: tuple[tuple[str, ...], ...]
    article: str
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Missing:
    """An element that is not there: ``why`` is ``heading``, ``short``, ``unwritten`` or ``word``,
    ``words`` the words of which one should stand there."""

    element: Element
    why: str
    words: tuple[str, ...] = ()


def read_elements(rows: Sequence[Mapping[str, str]]) -> tuple[Element, ...]:
    """The table ``answer`` in its own order. Raises BadTable naming row and column."""
    return tuple(map(_element, _SHAPE.rows(rows)))


def fill(template: str, facts: Mapping[str, str]) -> str:
    """The template with its facts; raises UnknownFact. A fact is text: nothing in it is read."""

    def named(match: re.Match[str]) -> str:
        if match[1] not in facts:
            raise UnknownFact(f"{match[1]}: {', '.join(sorted(facts))}")
        return facts[match[1]]

    if len(_BRACES.findall(template)) != 2 * len(_FACT.findall(template)):
        raise UnknownFact(f"{{{{ … }}}}: {', '.join(sorted(facts))}")
    return _FACT.sub(named, template)


def lint(body: str, elements: Iterable[Element], letter: str) -> list[Missing]:
    """Every element that a letter of this kind lacks, in the order of the table."""
    parts = sections(body)
    found: list[Missing] = []
    for element in elements:
        if element.letter == letter:
            found += _lacks(parts.get(element.heading), element)
    return found


def sections(body: str) -> dict[str, str]:
    """Heading -> what stands under it, up to the next one."""
    marks = list(_HEADING.finditer(body))
    ends = [*(mark.start() for mark in marks[1:]), len(body)][: len(marks)]
    return {mark[1]: body[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)}


def unwritten(body: str) -> list[str]:
    """What a person has still to write, as the template asked for it."""
    return _TO_WRITE.findall(body)


def strangers(body: str, own: Iterable[str]) -> list[Found]:
    """Numbers in the clear that identify somebody and are none of ``own``, the values on file of
    the person the letter goes to; each once."""
    known = set(map(_plain, own))
    found = {
        each.value: each
        for each in redact(body).found
        if each.kind in _IDENTIFYING and _plain(each.value) not in known
    }
    return [
        each
        for each in found.values()
        if each.kind != "phone" or _MOBILE.fullmatch(each.value) is not None
    ]


def _plain(number: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", number)).upper()


def _lacks(part: str | None, element: Element) -> list[Missing]:
    if part is None:
        return [Missing(element, "heading")]
    if unwritten(part):
        return [Missing(element, "unwritten")]
    if len(_BLANK.sub("", part)) < element.least:
        return [Missing(element, "short")]
    said = part.casefold()
    return [
        Missing(element, "word", group)
        for group in element.mentions
        if not any(word.casefold() in said for word in group)
    ]


def _element(cells: Cells) -> Element:
    groups = [group.split("/") for group in cells.text("mentions").split("|") if group]
    return Element(
        row=cells.row,
        letter=cells.text("letter"),
        element=cells.text("element"),
        heading=cells.text("heading"),
        least=cells.whole("least", least=1) or 1,
        mentions=tuple(tuple(word.strip() for word in group) for group in groups),
        article=cells.text("article"),
        title=cells.languages("title"),
    )
