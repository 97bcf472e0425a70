"""The pack's word on 研判会: how many topics, over which days, and what the house can change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.utils.translation import get_language

from sujin import packs

HOUSE_PACK = "cn_bank"


class BadMeetingRule(ValueError):
    """A row or a number that cannot be meant; the message says where and the remedy."""


@dataclass(frozen=True, slots=True)
class Control:
    """A row of topic_control.csv: how far complaints of a cause are the house's own to change."""

    cause: str
    weight: float
    title: Mapping[str, str]

    def __str__(self) -> str:
        return self.title["en" if get_language() == "en" else "zh"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Section ``meetings``."""

    topics: int
    recent: timedelta
    before_weeks: int
    least: int
    old: timedelta


@cache
def controls() -> Mapping[str, Control]:
    """By cause."""
    return {one.cause: one for one in map(read_control, packs.rows(HOUSE_PACK, "topic_control"))}


@cache
def limits() -> Limits:
    return read_limits(packs.manifest(HOUSE_PACK)["meetings"])


def read_control(row: Mapping[str, str]) -> Control:
    """Raises BadMeetingRule, naming the row and the remedy."""
    where = f"topic_control.csv row {row['cause']}"
    try:
        weight = float(row["weight"])
    except ValueError:
        weight = -1.0
    if not 0 <= weight <= 1:
        raise BadMeetingRule(f"{where}: weight {row['weight']!r}: a share from 0 to 1")
    return Control(row["cause"], weight, {"zh": row["zh"], "en": row["en"]})


def read_limits(told: Mapping[str, Any]) -> Limits:
    """Raises BadMeetingRule, naming the number and the remedy."""
    numbers = {name: int(told[name]) for name in ("topics", "before_weeks", "least", "old_days")}
    recent = int(told["recent_days"])
    low = [name for name, value in numbers.items() if value < 1]
    if low or recent % 7 or recent < 7:
        name = low[0] if low else "recent_days"
        raise BadMeetingRule(f"pack.toml [meetings] {name}: write 1 or more, days in whole weeks")
    return Limits(
        numbers["topics"], timedelta(days=recent), numbers["before_weeks"], numbers["least"],
        timedelta(days=numbers["old_days"]),
    )  # fmt: skip
