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
# An official number has its year in these brackets: 银发〔2016〕261号.
_YEAR = re.compile(r"〔[0-9]{4}〕")
_TO_WRITE = re.compile(
    r"〔[^〔〕]*〕|〔[^〔〕\n]*|〕|[\[［【]\s*写明[^\]］】]*[\]］】]?"
    r"|\{\{(?!\s*customer\s*\}\})[^{}]*\}*"
)
# What a reader does not take as the bank's own words: comments, quotations, headings.
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_NOT_SAID = re.compile(r"^[ \t]*(?:>|#{1,6}\s).*$", re.M)
_CLAUSE = re.compile(r"[，,。；;！!？?\n]|\.\s")
# The last of these before a remedy says whether it is open to the customer.
_MODAL = re.compile(
    r"(?P<no>不可以?|不得|不能|不准|不许|不予|无权|无法|没有权|禁止|may not|can ?not|can't|must not"
    r"|not entitled|no right)|可以?|有权|\bmay\b|\bcan\b|entitled|right"
)
_SALUTATION = re.compile(
    r"\{\{\s*customer\s*\}\}|^[ \t]*(?:尊敬的|Dear\b)[^\n]*\w|^[^#>\n]*\w[^\n]{0,40}[：:][ \t]*$",
    re.M,
)
_HEADING = re.compile(r"^##\s+(.+?)\s*$", re.M)
# What identifies one person. A landline is the bank's own as a rule: letters give it on purpose.
_IDENTIFYING = frozenset(("id_number", "passport", "permit", "card", "account", "phone"))
_MOBILE = re.compile("1[3-9][0-9]{9}")


class UnknownFact(LookupError):
    """A template names a fact that nobody has; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Element:
    """What a letter of one kind must contain: under ``heading`` at least ``least`` letters or
    digits and one word out of each group of ``mentions``."""

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
    """An element that is not there: ``why`` is ``heading``, ``twice``, ``short``,
    ``unwritten`` or ``word``; ``words`` are those of which one should stand there, or, of
    ``unwritten``, what is left open outside the sections the law asks for."""

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
    asked = [element for element in elements if element.letter == letter]
    parts = _parts(_COMMENT.sub("", body))
    found: list[Missing] = []
    for element in asked:
        found += _lacks([said for heading, said in parts if heading == element.heading], element)
    headings = {element.heading for element in asked}
    others = [f"{heading}\n{said}" for heading, said in parts if heading not in headings]
    gaps = unwritten("\n".join([*others, *_COMMENT.findall(body)]))
    return found + ([Missing(asked[0], "unwritten", tuple(gaps))] if asked and gaps else [])


def is_addressed(body: str) -> bool:
    """Whether it says, before its first section, whom it speaks to."""
    return bool(_SALUTATION.search(_parts(_COMMENT.sub("", body))[0][1]))


def sections(body: str) -> dict[str, str]:
    """Heading -> what stands under it, up to the next one."""
    return dict(_parts(body)[1:])


def unwritten(body: str) -> list[str]:
    """What a person has still to write, as the template asked for it."""
    return _TO_WRITE.findall(_YEAR.sub("", body))


def _parts(body: str) -> list[tuple[str, str]]:
    """What stands before the first heading, under an empty one; then each section."""
    marks = list(_HEADING.finditer(body))
    ends = [*(mark.start() for mark in marks), len(body)]
    found = [("", body[: ends[0]].strip())]
    for mark, end in zip(marks, ends[1:], strict=True):
        found.append((mark[1], body[mark.end() : end].strip()))
    return found


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


def _lacks(parts: Sequence[str], element: Element) -> list[Missing]:
    if not parts:
        return [Missing(element, "heading")]
    if len(parts) > 1:
        return [Missing(element, "twice")]
    if unwritten(parts[0]):
        return [Missing(element, "unwritten")]
    said = _folded(_NOT_SAID.sub("", parts[0]))
    if sum(map(str.isalnum, said)) < element.least:
        return [Missing(element, "short")]
    names = _opens if element.element == "remedies" else str.__contains__
    return [
        Missing(element, "word", group)
        for group in element.mentions
        if not any(names(said, _folded(word)) for word in group)
    ]


def _folded(text: str) -> str:
    """One width, one case, and nothing that has no width at all."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(one for one in plain if unicodedata.category(one) != "Cf").casefold()


def _opens(said: str, word: str) -> bool:
    """Whether a remedy is named somewhere without being denied in the same breath."""
    for clause in _CLAUSE.split(said):
        before, is_named, _rest = clause.partition(word)
        modals = list(_MODAL.finditer(before))
        if is_named and not (modals and modals[-1]["no"]):
            return True
    return False


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
