"""What the pack says of proposals, experience officers and outreach: read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from sujin import packs
from sujin.complaints.kinds.base import in_language
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.engine.series.panel import ALL, Node
from sujin.engine.tables import Cells, Shape

POINTS_MOST = 5
_CRITERIA = Shape("proposal_criteria", must=("row", "weight", "hint_zh", "hint_en"), languages="title")  # noqa: E501 # fmt: skip
_REWARDS = Shape("proposal_rewards", must=("row", "score_min", "on_verdict", "yuan"), languages="title")  # noqa: E501 # fmt: skip
_TOPICS = Shape(
    "outreach_topics", must=("row", "business", "cause", "because_zh", "because_en"),
    languages="title",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that an assessor gives 0 to 5 points for."""

    code: str
    weight: float
    names: Mapping[str, str]
    hints: Mapping[str, str]

    def __str__(self) -> str:
        return in_language(self.names)

    @property
    def hint(self) -> str:
        return in_language(self.hints)


@dataclass(frozen=True, slots=True)
class Level:
    """A level of award; ``on_verdict``: only when the house's own verification says 有效."""

    code: str
    score_min: float
    on_verdict: bool
    yuan: int
    names: Mapping[str, str]

    def __str__(self) -> str:
        return in_language(self.names)


@dataclass(frozen=True, slots=True)
class Topic:
    """What an outreach is about, and which complaints are of it."""

    code: str
    business: str
    cause: str
    names: Mapping[str, str]
    reasons: Mapping[str, str]

    def __str__(self) -> str:
        return in_language(self.names)

    @property
    def because(self) -> str:
        return in_language(self.reasons)

    def node(self, path: str) -> Node:
        """Its complaints at the place with this path; empty is the whole house."""
        return (path, self.business, self.cause, ALL)


@cache
def criteria() -> Mapping[str, Criterion]:
    """By code, in the order of the table. Raises BadTable."""
    return {one.row: _criterion(one) for one in _cells(_CRITERIA)}


@cache
def levels() -> Mapping[str, Level]:
    """By code, the lowest first. Raises BadTable."""
    found = [_level(one) for one in _cells(_REWARDS)]
    return {one.code: one for one in sorted(found, key=lambda one: one.score_min)}


@cache
def topics() -> Mapping[str, Topic]:
    """By code. Raises BadTable."""
    return {
        one.row: Topic(
            one.row, one.text("business"), one.text("cause"), one.languages("title"),
            _both(one, "because"),
        )
        for one in _cells(_TOPICS)
    }  # fmt: skip


def segments() -> Mapping[str, str]:
    """Names in the reader's language, by code."""
    return _named("voice_segments")


def methods() -> Mapping[str, str]:
    return _named("outreach_methods")


def number(rule: str) -> float:
    """A rule of ``proposal_rules.csv`` or ``voice_rules.csv``."""
    return _numbers()[rule]


def score(points: Mapping[str, int]) -> float:
    """The mean of the points by weight."""
    rows = criteria().values()
    weighed = sum(one.weight * points[one.code] for one in rows)
    return round(weighed / sum(one.weight for one in rows), 2)


def level_name(code: str) -> str:
    """What a level is called; its code when the pack dropped it."""
    row = levels().get(code)
    return str(row) if row else code


def topic_name(code: str) -> str:
    row = topics().get(code)
    return str(row) if row else code


@cache
def _numbers() -> Mapping[str, float]:
    rows = [*packs.rows(HOUSE_PACK, "proposal_rules"), *packs.rows(HOUSE_PACK, "voice_rules")]
    return {row["rule"]: float(row["value"]) for row in rows}


def _named(table: str) -> Mapping[str, str]:
    return {
        row["row"]: in_language({"zh": row["title_zh"], "en": row["title_en"]})
        for row in packs.rows(HOUSE_PACK, table)
    }


def _cells(shape: Shape) -> list[Cells]:
    return list(shape.rows(packs.rows(HOUSE_PACK, shape.table)))


def _criterion(one: Cells) -> Criterion:
    weight = float(one.decimal("weight") or Decimal(1))
    return Criterion(one.row, weight, one.languages("title"), _both(one, "hint"))


def _level(one: Cells) -> Level:
    least = float(one.decimal("score_min") or Decimal(0))
    on_verdict = one.text("on_verdict") == "yes"
    return Level(one.row, least, on_verdict, one.whole("yuan") or 0, one.languages("title"))


def _both(one: Cells, name: str) -> Mapping[str, str]:
    return {language: one.text(f"{name}_{language}") for language in ("zh", "en")}
