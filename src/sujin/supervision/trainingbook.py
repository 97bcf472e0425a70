"""What the pack says of trainings: what each is about, whose post asks for it, and the numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from sujin import packs
from sujin.complaints.kinds.base import in_language
from sujin.complaints.rulebook import HOUSE_PACK, taxonomy
from sujin.engine.tables import Cells, Shape
from sujin.engine.training import Demand
from sujin.knowledge.wording import Quiz
from sujin.platform.reach import roles

_ROWS: Final = Shape(
    "trainings",
    must=(
        *("row", "business", "cause", "items", "questions", "pass_percent", "tries"),
        *("retake_days", "valid_months", "minutes", "promised_percent"),
    ),
    languages="title",
)
_DEMANDS: Final = Shape("training_matrix", must=("role", "training", "must", "within_days"))


@dataclass(frozen=True, slots=True)
class Training:
    """A training: its theme in codes of the taxonomy (none: all complaints), the items whose
    quizzes it asks, and its test. ``promised``: the share by which the theme is to fall."""

    code: str
    title: Mapping[str, str]
    business: tuple[str, ...]
    cause: tuple[str, ...]
    items: tuple[str, ...]
    questions: int
    percent: int
    tries: int
    retake_days: int
    valid_months: int
    minutes: int
    promised: float

    def __str__(self) -> str:
        return in_language(self.title)

    @property
    def has_theme(self) -> bool:
        return bool(self.business or self.cause)

    def is_about(self, business: str, cause: str) -> bool:
        """Whether a case with these codes belongs to the theme."""
        return _lies(business, self.business) and _lies(cause, self.cause)


def _lies(code: str, themes: tuple[str, ...]) -> bool:
    return not themes or any(code == one or code.startswith(f"{one}.") for one in themes)


@cache
def trainings() -> Mapping[str, Training]:
    """By code, in the order of the table. Raises BadTable naming row and column."""
    return {
        cells.row: _training(cells) for cells in _ROWS.rows(packs.rows(HOUSE_PACK, "trainings"))
    }


def _training(cells: Cells) -> Training:
    known = {
        axis: frozenset(code for at, code in taxonomy() if at == axis)
        for axis in ("business", "cause")
    }
    return Training(
        cells.row,
        cells.languages("title"),
        tuple(sorted(cells.codes("business", known["business"]))),
        tuple(sorted(cells.codes("cause", known["cause"]))),
        tuple(cells.text("items").split("|")),
        _number(cells, "questions", 2, 50),
        _number(cells, "pass_percent", 1, 100),
        _number(cells, "tries", 1, 20),
        _number(cells, "retake_days", 0, 365),
        _number(cells, "valid_months", 1, 120),
        _number(cells, "minutes", 1, 10_000),
        _number(cells, "promised_percent", 1, 99) / 100,
    )


def _number(cells: Cells, column: str, least: int, most: int) -> int:
    number = cells.whole(column, least)
    if number is None or number > most:
        raise cells.bad(column, f"a whole number from {least} to {most} is needed")
    return number


@cache
def demands() -> tuple[Demand, ...]:
    """The rows of the matrix that must be fulfilled. Raises BadTable."""
    found = []
    for cells in _DEMANDS.rows(packs.rows(HOUSE_PACK, "training_matrix")):
        role = cells.code("role", frozenset(roles()))
        training = cells.code("training", frozenset(trainings()))
        days = _number(cells, "within_days", 0, 3650)
        if cells.yes("must"):
            found.append(Demand(role, training, days))
    return tuple(found)


def narrowed(*, role: str = "", training: str = "") -> tuple[Demand, ...]:
    """The demands of one role, on one training, or both."""
    return tuple(
        one for one in demands() if role in ("", one.role) and training in ("", one.training)
    )


@cache
def rule(name: str) -> int:
    """One of ``training_rules.csv``. Raises LookupError for a rule that is not there."""
    for row in packs.rows(HOUSE_PACK, "training_rules"):
        if row["rule"] == name:
            return int(row["value"])
    raise LookupError(f"training_rules.csv: no rule {name}")


@cache
def own_questions() -> Mapping[str, tuple[Quiz, ...]]:
    """By training, the questions that stand in no item of knowledge."""
    found: dict[str, list[Quiz]] = {}
    for row in packs.rows(HOUSE_PACK, "training_questions"):
        answers = (row["right"].strip(), *_split(row["wrong"]))
        found.setdefault(row["training"], []).append(Quiz(row["ask"].strip(), answers, 0))
    return {code: tuple(rows) for code, rows in found.items()}


def _split(cell: str) -> Iterable[str]:
    return (one.strip() for one in cell.split("|") if one.strip())
