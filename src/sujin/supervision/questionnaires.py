"""The pack's questionnaires and the numbers by which their answers are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from sujin import packs
from sujin.complaints.kinds.base import in_language
from sujin.complaints.rulebook import HOUSE_PACK, rulebook
from sujin.engine.tables import Cells, Shape

CASE, SAMPLE = "case", "sample"
CSAT5, NPS, YES_NO, WORDS = "csat5", "nps", "yes_no", "words"
# The highest mark of each scale; the lowest is 1 of the first and 0 of the others.
MARKS: Mapping[str, range] = {CSAT5: range(1, 6), NPS: range(11), YES_NO: range(2)}
OVERALL, RECOMMEND = "overall", "recommend"
DIMENSIONS: Mapping[str, Any] = {
    OVERALL: _("总体"), "efficiency": _("效率"), "professionalism": _("专业"),
    "attitude": _("态度"), "result": _("结果"), RECOMMEND: _("推荐"), WORDS: _("想说的话"),
}  # fmt: skip
_SURVEYS = Shape(
    "surveys",
    must=("survey", "sort", "valid_days", "remind_days", "intro_zh", "intro_en"),
    languages="title",
)
_QUESTIONS = Shape(
    "survey_questions",
    must=("survey", "code", "dimension", "scale", "required"),
    languages="title",
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``dimension`` is under what it is told."""

    code: str
    dimension: str
    scale: str
    required: bool
    titles: Mapping[str, str]

    @property
    def title(self) -> str:
        return in_language(self.titles)

    @property
    def marks(self) -> range:
        return MARKS.get(self.scale, range(0))


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What customers are asked; open for ``valid_days``, reminded of once after ``remind_days``."""

    code: str
    sort: str
    valid_days: int
    remind_days: int
    titles: Mapping[str, str]
    intros: Mapping[str, str]
    questions: tuple[Question, ...]

    @property
    def title(self) -> str:
        return in_language(self.titles)

    @property
    def intro(self) -> str:
        return in_language(self.intros)

    @property
    def scored(self) -> tuple[Question, ...]:
        """The questions that have marks."""
        return tuple(one for one in self.questions if one.scale in MARKS)


@cache
def questionnaires() -> Mapping[str, Questionnaire]:
    """By code. Raises BadTable naming row and column."""
    questions: dict[str, list[Question]] = {}
    for cells in _QUESTIONS.rows(packs.rows(HOUSE_PACK, "survey_questions")):
        questions.setdefault(cells.text("survey"), []).append(_question(cells))
    rows = _SURVEYS.rows(packs.rows(HOUSE_PACK, "surveys"))
    return {cells.text("survey"): _questionnaire(cells, questions) for cells in rows}


def of_sort(sort: str) -> list[Questionnaire]:
    return [one for one in questionnaires().values() if one.sort == sort]


def numbers() -> dict[str, Any]:
    """What the pack says about reading answers."""
    return dict(rulebook().manifest["surveys"])


def _question(cells: Cells) -> Question:
    return Question(
        cells.text("code"), cells.code("dimension", DIMENSIONS.keys()),
        cells.code("scale", MARKS.keys() | {WORDS}), cells.yes("required"),
        cells.languages("title"),
    )  # fmt: skip


def _questionnaire(cells: Cells, questions: Mapping[str, list[Question]]) -> Questionnaire:
    code = cells.text("survey")
    return Questionnaire(
        code, cells.code("sort", {CASE, SAMPLE}), cells.whole("valid_days", 1) or 1,
        cells.whole("remind_days", 1) or 1, cells.languages("title"),
        {tongue: cells.text(f"intro_{tongue}") for tongue in ("zh", "en")},
        tuple(questions.get(code, ())),
    )  # fmt: skip
