"""An item as a text file or a row: how starter content and imports are written down.

A text begins with a head of TOML between two lines ``+++``; then each part stands under a heading
``## name of the part``. A table has a column for each part; ``|`` parts several values of a cell.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _t

from sujin import packs
from sujin.knowledge.catalogue import PACK, Form, forms

HEAD = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n", re.S)
HEADING = re.compile(r"^## +(.+?) *$", re.M)
SCOPES = ("business", "cause", "demand", "tiers", "touchpoints", "surfaces")


class BrokenItem(ValueError):
    """A text or row that cannot be read; the message names the file, the part and the remedy."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What one version of an item says, and where it holds."""

    code: str
    form: str
    line: str
    title: str
    parts: Mapping[str, str]
    asks: tuple[str, ...] = ()
    scope: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def starter() -> list[Wording]:
    """All the starter content of the pack, forms in their order. Raises BrokenItem."""
    told = [one for form in forms().values() for one in _of_form(form)]
    seen: set[str] = set()
    for one in told:
        if one.code in seen:
            raise BrokenItem(f"knowledge: two items are called {one.code}")
        seen.add(one.code)
    return told


def _of_form(form: Form) -> Iterator[Wording]:
    if form.is_tabular and f"knowledge/{form.code}.csv" in packs.tables(PACK):
        for nth, row in enumerate(packs.rows(PACK, f"knowledge/{form.code}"), start=2):
            yield of_row(form, row, where=f"knowledge/{form.code}.csv line {nth}")
    for path in packs.papers(PACK, f"knowledge/items/{form.code}"):
        yield of_text(form, packs.text(PACK, path), where=path)


def of_row(form: Form, row: Mapping[str, str], *, where: str) -> Wording:
    """An item from a row of a table. Raises BrokenItem."""
    parts = {}
    for part in form.parts:
        said = row.get(part.code, "")
        values = [one.strip() for one in said.split("|") if one.strip()]
        is_list = part.kind in {"list", "weighed"}
        parts[part.code] = "\n".join(f"- {one}" for one in values) if is_list else said.strip()
    head = {name: row.get(name, "") for name in ("code", "title", "line")}
    lists = {name: _split(row.get(name, "")) for name in (*SCOPES, "asks")}
    return _checked(form, {**head, **lists}, parts, where)


def of_text(form: Form, text: str, *, where: str) -> Wording:
    """An item from a text. Raises BrokenItem."""
    found = HEAD.match(text)
    if found is None:
        raise BrokenItem(f"{where}: begins with a head between two lines +++")
    try:
        head = tomllib.loads(found[1])
    except tomllib.TOMLDecodeError as error:
        raise BrokenItem(f"{where}: the head is no TOML ({error})") from error
    parts = _parts(form, text[found.end() :], where)
    return _checked(form, head, parts, where)


def _parts(form: Form, body: str, where: str) -> dict[str, str]:
    by_name = {part.zh: part.code for part in form.parts}
    pieces = HEADING.split(body)
    if pieces[0].strip():
        raise BrokenItem(f"{where}: there are words before the first heading")
    parts: dict[str, str] = {}
    for name, said in zip(pieces[1::2], pieces[2::2], strict=True):
        if name not in by_name:
            have = ", ".join(by_name)
            raise BrokenItem(f"{where}: {name!r} is no part of {form.zh}. Have: {have}")
        if by_name[name] in parts:
            raise BrokenItem(f"{where}: {name!r} is there twice")
        parts[by_name[name]] = said.strip()
    return parts


def _checked(form: Form, head: Mapping[str, Any], parts: Mapping[str, str], where: str) -> Wording:
    missing = [name for name in ("code", "title", "line") if not head.get(name)]
    missing += [part.zh for part in form.parts if part.is_required and not parts.get(part.code)]
    if missing:
        raise BrokenItem(f"{where}: {', '.join(missing)} missing")
    filled = {code: said for code, said in parts.items() if said}
    scope = {name: tuple(head.get(name, ())) for name in SCOPES}
    scope["surfaces"] = scope["surfaces"] or ("staff",)
    asks = tuple(head.get("asks", ()))
    return Wording(head["code"], form.code, head["line"], head["title"], filled, asks, scope)


def _split(cell: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in cell.split("|") if one.strip())


# The ways in which a part is written, read back.


def lines(text: str) -> list[str]:
    """A list: its lines without their dashes."""
    return [line.lstrip()[2:].strip() for line in text.splitlines() if line.lstrip()[:2] == "- "]


WEIGHED = re.compile(r"^- \[([1-5])\] *(.+)$", re.M)


def weighed(text: str) -> list[tuple[int, str]]:
    """A checklist: the weight of each sign and its words."""
    return [(int(weight), said.strip()) for weight, said in WEIGHED.findall(text)]


@dataclass(frozen=True, slots=True)
class Quiz:
    """One question with its answers; ``right`` is the place of the right one."""

    ask: str
    answers: tuple[str, ...]
    right: int


ASK = re.compile(r"^- 问[：:] *(.+)$")
ANSWER = re.compile(r"^\s*- \[([ x])\] *(.+)$")


def quizzes(text: str) -> list[Quiz]:
    """The questions of a ``quiz`` part. Raises BrokenItem when one has not exactly one right
    answer among two or more."""
    asked: list[tuple[str, list[tuple[bool, str]]]] = []
    for line in text.splitlines():
        if found := ASK.match(line):
            asked.append((found[1].strip(), []))
        elif (found := ANSWER.match(line)) and asked:
            asked[-1][1].append((found[1] == "x", found[2].strip()))
    return [_quiz(ask, answers) for ask, answers in asked]


def _quiz(ask: str, answers: Sequence[tuple[bool, str]]) -> Quiz:
    right = [nth for nth, (is_right, _said) in enumerate(answers) if is_right]
    if len(answers) < 2 or len(right) != 1:
        told = _t("“%(ask)s”要有两个以上的答案，恰好一个是对的") % {"ask": ask}
        raise BrokenItem(told)
    return Quiz(ask, tuple(said for _is_right, said in answers), right[0])
