"""The small tables of sittings and reviews: what may be feared, what may come of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache

from sujin import packs
from sujin.complaints.kinds.base import in_language
from sujin.complaints.rulebook import HOUSE_PACK

Row = Mapping[str, str]


@cache
def risks() -> dict[str, Row]:
    """What a case may grow into, by code."""
    return {row["risk"]: row for row in packs.rows(HOUSE_PACK, "session_risks")}


@cache
def outcomes() -> dict[str, Row]:
    """What may come of a sitting, by code."""
    return {row["outcome"]: row for row in packs.rows(HOUSE_PACK, "session_outcomes")}


@cache
def verdicts() -> dict[str, Row]:
    """What a review may decide, by code."""
    return {row["verdict"]: row for row in packs.rows(HOUSE_PACK, "review_verdicts")}


def check_due(risk: str, outcome: str, held_at: datetime) -> datetime | None:
    """When it can be seen whether the feared thing was averted; None when nothing can be claimed:
    no risk was stated, or the sitting did not take place."""
    days = int(risks()[risk]["check_days"])
    if not days or outcomes()[outcome]["took_place"] != "yes":
        return None
    return held_at + timedelta(days=days)


def titles(row: Row) -> dict[str, str]:
    return {"zh": row["title_zh"], "en": row["title_en"]}


def choices(table: Mapping[str, Row]) -> list[tuple[str, str]]:
    """The rows for a form, in the reader's language."""
    return [(code, in_language(titles(row))) for code, row in table.items()]


def name(table: Mapping[str, Row], code: str) -> str:
    return in_language(titles(table[code])) if code in table else code
