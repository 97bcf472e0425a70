"""The guard's own tables: what each detector asks for, and the rules of all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from sujin import packs
from sujin.complaints.kinds.base import in_language
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.engine.gaming import Lengths, Limits
from sujin.engine.tables import Cells, Shape

_ROWS = Shape(
    "guard",
    must=(
        *("row", "trials_min", "hits_min", "peers_min", "ratio_min", "length"),
        *("because_zh", "because_en", "blind_zh", "blind_en"),
    ),
    languages="title",
)
# Which length of the engine a row's ``length`` is.
_LENGTHS = {
    "retyped_late": "last_days", "brink": "brink_hours", "hollow": "hollow_minutes",
    "praised_quickly": "quick_minutes", "moved_back": "first_days",
    "round_times": "round_minutes", "withdrawn_early": "early_days",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DetectorRow:
    """A detector as the officer wrote it down: its limits, its words, what it cannot see."""

    code: str
    limits: Limits
    length: int
    title: Mapping[str, str]
    because: Mapping[str, str]
    blind: Mapping[str, str]


@cache
def detectors() -> Mapping[str, DetectorRow]:
    """By code. Raises BadTable naming row and column."""
    return {cells.row: _row(cells) for cells in _ROWS.rows(packs.rows(HOUSE_PACK, "guard"))}


def title(code: str) -> str:
    """What a detector is called, in the reader's language; its code when the pack dropped it."""
    row = detectors().get(code)
    return in_language(row.title) if row else code


@cache
def lengths() -> Lengths:
    """How near counts as near."""
    return Lengths(**{name: detectors()[row].length for row, name in _LENGTHS.items()})


def q() -> float:
    return float(_rules()["q"])


def is_strict() -> bool:
    return _rules()["dependent"] == "yes"


def explain_days() -> int:
    return int(_rules()["explain_days"])


def quarters() -> int:
    return int(_rules()["quarters"])


@cache
def _rules() -> Mapping[str, str]:
    return {row["rule"]: row["value"] for row in packs.rows(HOUSE_PACK, "guard_rules")}


def _row(cells: Cells) -> DetectorRow:
    limits = Limits(
        cells.whole("trials_min") or 0,
        cells.whole("hits_min") or 0,
        cells.whole("peers_min") or 0,
        float(cells.decimal("ratio_min") or Decimal(1)),
    )
    both = ("zh", "en")
    return DetectorRow(
        cells.row,
        limits,
        cells.whole("length") or 0,
        cells.languages("title"),
        {language: cells.text(f"because_{language}") for language in both},
        {language: cells.text(f"blind_{language}") for language in both},
    )
