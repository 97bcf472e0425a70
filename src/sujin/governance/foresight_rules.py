"""The pack's word on looking ahead: section ``foresight`` of ``pack.toml``."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sujin import packs
from sujin.engine.foresight import Terms

HOUSE_PACK = "cn_bank"
_WEEK = timedelta(days=7)


class BadForesight(ValueError):
    """A number of the section that cannot be meant; the message says the remedy."""


@dataclass(frozen=True, slots=True)
class ForesightRules:
    """``call_at``: from this chance on a week is called hot; ``history``: what is learnt from;
    ``scored``: how far back the page counts what came true."""

    terms: Terms
    call_at: float
    history: timedelta
    scored: timedelta


@cache
def rules() -> ForesightRules:
    return read_rules(packs.manifest(HOUSE_PACK)["foresight"])


def read_rules(told: dict[str, Any]) -> ForesightRules:
    """Raises BadForesight, naming the number and the remedy."""
    for name in ("weeks", "least", "most", "hot_least", "history_weeks", "scored_weeks"):
        if not told[name] > 0:
            raise BadForesight(f"pack.toml foresight.{name} is {told[name]}: write more than 0")
    if told["factor"] <= 1:
        raise BadForesight(f"pack.toml foresight.factor is {told['factor']}: write more than 1")
    if not 0 < told["call_at"] < 1:
        raise BadForesight(f"pack.toml foresight.call_at is {told['call_at']}: write 0 to 1")
    terms = Terms(
        int(told["weeks"]), float(told["least"]), int(told["most"]), float(told["factor"]),
        int(told["hot_least"]),
    )  # fmt: skip
    history, scored = (_WEEK * int(told[f"{name}_weeks"]) for name in ("history", "scored"))
    return ForesightRules(terms, float(told["call_at"]), history, scored)
