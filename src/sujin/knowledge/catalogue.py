"""Forms of knowledge and their parts: rows of ``knowledge/forms.csv`` and ``knowledge/parts.csv``.

A form (体裁) is what an item is: a scenario, an answer line, a guideline … It says which parts a
version has, which of them must be there, which may be quoted to customers, and for how long.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from sujin import packs

PACK = "cn_bank"


class BrokenCatalogue(ValueError):
    """A row of the tables cannot be used; the message names table, row and column."""


# Where the line in charge has still to write something, the starter content says so.
GAP = "请归口部门填写"


def without_gaps(text: str) -> str:
    """The lines that are filled in: a note from one department to another is nothing to quote."""
    return "\n".join(line for line in text.splitlines() if GAP not in line).strip()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form. ``kind`` is how its text is written: ``text`` ``list`` ``weighed``
    ``quiz`` ``phone`` ``date``; ``weight`` is what a hit in it is worth in the search."""

    code: str
    zh: str
    en: str
    kind: str
    is_required: bool
    is_public: bool
    weight: float

    @property
    def name(self) -> str:
        return self.en if get_language() == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Form:
    """One form of knowledge. ``valid_months`` is the longest a release may hold."""

    code: str
    zh: str
    en: str
    icon: str
    valid_months: int
    is_tabular: bool
    parts: tuple[Part, ...]

    @property
    def name(self) -> str:
        return self.en if get_language() == "en" else self.zh

    def part(self, code: str) -> Part | None:
        return next((part for part in self.parts if part.code == code), None)


@cache
def forms() -> Mapping[str, Form]:
    """The forms by code, in the order of the table. Raises BrokenCatalogue."""
    parts: dict[str, list[Part]] = {}
    for nth, row in enumerate(packs.rows(PACK, "knowledge/parts"), start=2):
        parts.setdefault(row["form"], []).append(_part(nth, row))
    rows = packs.rows(PACK, "knowledge/forms")
    if strange := parts.keys() - {row["form"] for row in rows}:
        raise BrokenCatalogue(f"knowledge/parts.csv: unknown form {', '.join(sorted(strange))}")
    return {row["form"]: _form(nth, row, parts) for nth, row in enumerate(rows, start=2)}


def line_names() -> dict[str, str]:
    """The professional lines by code, named in the reader's language."""
    column = "en" if get_language() == "en" else "zh"
    return {row["line"]: row[column] for row in packs.rows(PACK, "lines")}


def _part(nth: int, row: Mapping[str, str]) -> Part:
    if row["kind"] not in KINDS:
        raise BrokenCatalogue(f"knowledge/parts.csv line {nth}, column kind: {row['kind']!r}")
    return Part(
        row["part"], row["zh"], row["en"], row["kind"],
        row["required"] == "yes", row["public"] == "yes", float(row["weight"]),
    )  # fmt: skip


def _form(nth: int, row: Mapping[str, str], parts: Mapping[str, Sequence[Part]]) -> Form:
    if not row["valid_months"].isdigit() or not parts.get(row["form"]):
        raise BrokenCatalogue(f"knowledge/forms.csv line {nth}: valid_months, or no part at all")
    return Form(
        row["form"], row["zh"], row["en"], row["icon"],
        int(row["valid_months"]), row["tabular"] == "yes", tuple(parts[row["form"]]),
    )  # fmt: skip


KINDS = frozenset({"text", "list", "weighed", "quiz", "phone", "date"})
