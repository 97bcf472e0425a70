"""The pack's word on hot spots and field visits: when a place is hot, what is due when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.utils.translation import get_language

from sujin import packs

HOUSE_PACK = "cn_bank"
WEEK_DAYS = 7


class BadVisitRule(ValueError):
    """A row or a number that cannot be meant; the message says where and the remedy."""


@dataclass(frozen=True, slots=True)
class Hot:
    """Section ``hotspots``: hot is what lies above ``ratio`` with more than ``probability``."""

    probability: float
    ratio: float
    periods: int
    period: timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """Section ``visits``, in working days: to answer a proposal; to the latest day of a visit."""

    answer: int
    longest: int


@dataclass(frozen=True, slots=True)
class Severity:
    """A row of visit_severities.csv: how bad a concern is, and its working days."""

    code: str
    days: int
    title: Mapping[str, str]

    def __str__(self) -> str:
        return self.title["en" if get_language() == "en" else "zh"]


@cache
def hot() -> Hot:
    return read_hot(packs.manifest(HOUSE_PACK)["hotspots"])


@cache
def limits() -> Limits:
    told = packs.manifest(HOUSE_PACK)["visits"]
    return Limits(int(told["answer_days"]), int(told["longest_days"]))


@cache
def severities() -> Mapping[str, Severity]:
    """By code, the worst first."""
    rows = map(read_severity, packs.rows(HOUSE_PACK, "visit_severities"))
    return {one.code: one for one in rows}


def read_hot(told: Mapping[str, Any]) -> Hot:
    """Raises BadVisitRule, naming the number and the remedy."""
    probability, ratio = float(told["probability"]), float(told["ratio"])
    periods, days = int(told["periods"]), int(told["period_days"])
    where = "pack.toml [hotspots]"
    if not 0.5 <= probability < 1:
        raise BadVisitRule(f"{where} probability {probability}: write 0.5 or more, below 1")
    if ratio < 1:
        raise BadVisitRule(f"{where} ratio {ratio}: write 1.0 (the due share) or more")
    if not 1 <= periods <= 13:
        raise BadVisitRule(f"{where} periods {periods}: write 1 to 13")
    if days % WEEK_DAYS or not WEEK_DAYS <= days <= 13 * WEEK_DAYS:
        raise BadVisitRule(f"{where} period_days {days}: write whole weeks, 7 to 91")
    return Hot(probability, ratio, periods, timedelta(days=days))


def read_severity(row: Mapping[str, str]) -> Severity:
    """Raises BadVisitRule, naming the row and the remedy."""
    where = f"visit_severities.csv row {row['severity']}"
    if not row["days"].isdigit() or int(row["days"]) < 1:
        raise BadVisitRule(f"{where}: days {row['days']!r}: write 1 or more working days")
    if not row["zh"] or not row["en"]:
        raise BadVisitRule(f"{where}: write zh and en")
    return Severity(row["severity"], int(row["days"]), {"zh": row["zh"], "en": row["en"]})
