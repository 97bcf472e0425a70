"""The pack's word on the ledger: causes of problems, days, and what a measure has to declare."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import get_language

from sujin import packs

HOUSE_PACK = "cn_bank"
CONTROLLABLE = ("yes", "partly", "no")


class BadLedgerRule(ValueError):
    """A row or a number that cannot be meant; the message says where and the remedy."""


@dataclass(frozen=True, slots=True)
class RootCause:
    """A row of root_causes.csv; ``controllable`` says whether the institution can change it."""

    code: str
    controllable: str
    title: Mapping[str, str]

    def __str__(self) -> str:
        return self.title["en" if get_language() == "en" else "zh"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Section ``ledger``: working days to find a cause, days to close, and, in weeks, when a
    measure is judged and how much past teaches."""

    cause_days: int
    due_days: int
    longest_days: int
    promised: float
    judge_weeks: int
    longest_weeks: int
    more_looks: int
    controls: int
    history_weeks: int


@cache
def root_causes() -> Mapping[str, RootCause]:
    """By code, in the order of the file."""
    rows = map(read_cause, packs.rows(HOUSE_PACK, "root_causes"))
    return {one.code: one for one in rows}


@cache
def limits() -> Limits:
    return read_limits(packs.manifest(HOUSE_PACK)["ledger"])


def cause_name(code: str) -> str:
    """In the reader's language; one that the pack has dropped keeps its code."""
    found = root_causes().get(code)
    return str(found) if found else code


def read_cause(row: Mapping[str, str]) -> RootCause:
    """Raises BadLedgerRule, naming the row and the remedy."""
    where = f"root_causes.csv row {row['cause']}"
    if row["controllable"] not in CONTROLLABLE:
        raise BadLedgerRule(f"{where}: controllable {row['controllable']!r}: yes, partly or no")
    if not row["zh"] or not row["en"]:
        raise BadLedgerRule(f"{where}: write zh and en")
    return RootCause(row["cause"], row["controllable"], {"zh": row["zh"], "en": row["en"]})


def read_limits(told: Mapping[str, Any]) -> Limits:
    """Raises BadLedgerRule, naming the number and the remedy."""
    where = "pack.toml [ledger]"
    promised = float(told["promised"])
    if not 0 < promised < 1:
        raise BadLedgerRule(f"{where} promised {promised}: a share between 0 and 1")
    names = [name for name in Limits.__slots__ if name != "promised"]
    numbers = {name: int(told[name]) for name in names}
    low = [name for name, value in numbers.items() if value < (0 if name == "more_looks" else 1)]
    if low:
        raise BadLedgerRule(f"{where} {low[0]} {numbers[low[0]]}: write 1 or more")
    if numbers["judge_weeks"] > numbers["longest_weeks"]:
        raise BadLedgerRule(f"{where} judge_weeks: not more than longest_weeks")
    return Limits(promised=promised, **numbers)
