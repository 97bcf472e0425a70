"""The pack's word on waves: what is watched, what is promised, why a warning may be dismissed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

from django.utils.translation import get_language

from sujin import packs
from sujin.engine.series.panel import Grain
from sujin.engine.watch import DAILY, WEEKLY, Terms

HOUSE_PACK = "cn_bank"
# What an organisation may have more or fewer of: customers, accounts, outlets, transactions.
MEASURES = ("customers", "accounts", "outlets", "transactions")
STREAMS = ("complaint", "consultation")
WORDS = "words"
FALSE, TRUE = "false", "true"
GRAINS = {Grain.WEEK: WEEKLY, Grain.DAY: DAILY}
_LOOKS = ("week", "day", WORDS)


class BadWatch(ValueError):
    """A row of watch.csv or watch_reasons.csv that cannot be meant; the message says the remedy."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A row of watch.csv. ``grain`` is ``week``, ``day``, or ``words`` for new words by day.
    ``per`` is what the counts are divided by, where the bank has said how many there are; or
    nothing."""

    row: str
    stream: str
    grain: str
    terms: Terms
    most_axes: int
    look_back: timedelta
    per: str
    title: Mapping[str, str]

    def __str__(self) -> str:
        return self.title["en" if get_language() == "en" else "zh"]

    @property
    def calm(self) -> timedelta:
        """So long unseen, and a wave is over."""
        return self.terms.grain.step * self.terms.gap


@dataclass(frozen=True, slots=True)
class Reason:
    """A row of watch_reasons.csv: why a warning is dismissed, and what that says of the watch."""

    code: str
    is_false: bool
    title: Mapping[str, str]

    def __str__(self) -> str:
        return self.title["en" if get_language() == "en" else "zh"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Section ``waves`` of the pack."""

    new_a_morning: int
    acknowledge: timedelta
    telling_cases: int
    words: int
    regrowth: float
    false_thrice: int
    quarter: timedelta
    flash_evidence: float


@cache
def watched() -> tuple[Watched, ...]:
    """Every row, in the order of the file."""
    return tuple(map(read_row, packs.rows(HOUSE_PACK, "watch")))


@cache
def reasons() -> Mapping[str, Reason]:
    """Why a warning may be dismissed, by code."""
    return {row["reason"]: _reason(row) for row in packs.rows(HOUSE_PACK, "watch_reasons")}


@cache
def limits() -> Limits:
    told = packs.manifest(HOUSE_PACK)["waves"]
    return Limits(
        int(told["new_a_morning"]),
        timedelta(hours=float(told["acknowledge_hours"])),
        int(told["telling_cases"]),
        int(told["words"]),
        float(told["regrowth"]),
        int(told["false_thrice"]),
        timedelta(days=int(told["quarter_days"])),
        float(told["flash_evidence"]),
    )


def false_a_month() -> float:
    """What all rows together promise at most."""
    return sum(one.terms.false_a_month for one in watched())


def read_row(row: Mapping[str, str]) -> Watched:
    """Raises BadWatch, naming the row and the remedy."""
    where = f"watch.csv row {row['row']}"
    if row["stream"] not in STREAMS:
        raise BadWatch(f"{where}: stream {row['stream']!r}: write one of {', '.join(STREAMS)}")
    if row["grain"] not in _LOOKS:
        raise BadWatch(f"{where}: grain {row['grain']!r}: write week, day or words")
    try:
        terms = _terms(row)
        axes, days = int(row["most_axes"]), int(row["look_back"])
    except ValueError as error:
        raise BadWatch(f"{where}: {error}: write numbers above 0, q below 1") from error
    if not 1 <= axes <= 4:
        raise BadWatch(f"{where}: most_axes {axes}: write 1 to 4, at most 3 for a large bank")
    needed = (terms.history + terms.gap) * terms.grain.step.days
    if days < needed:
        raise BadWatch(f"{where}: look_back {days}: write {needed} or more, to hold the history")
    if row["per"] not in ("", *MEASURES):
        raise BadWatch(f"{where}: per {row['per']!r}: write nothing or one of {MEASURES}")
    title = {"zh": row["zh"], "en": row["en"]}
    watch = timedelta(days=days)
    return Watched(row["row"], row["stream"], row["grain"], terms, axes, watch, row["per"], title)


def _terms(row: Mapping[str, str]) -> Terms:
    grain = Grain.WEEK if row["grain"] == Grain.WEEK else Grain.DAY
    least, gap, history = (int(row[name]) for name in ("least", "gap", "history"))
    if min(least, gap, history) < 1:
        raise ValueError(f"least, gap, history are {least}, {gap}, {history}")
    q, false_a_month = float(row["q"]), float(row["false_a_month"])
    terms = replace(GRAINS[grain], least=least, gap=gap, history=history)
    return replace(terms, q=q, false_a_month=false_a_month)


def _reason(row: Mapping[str, str]) -> Reason:
    if row["means"] not in (FALSE, TRUE):
        said = f"watch_reasons.csv row {row['reason']}: means {row['means']!r}"
        raise BadWatch(f"{said}: write false (a false alarm) or true (true, but known)")
    return Reason(row["reason"], row["means"] == FALSE, {"zh": row["zh"], "en": row["en"]})
