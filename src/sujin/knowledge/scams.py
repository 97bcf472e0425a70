"""Signs of a scam, ticked at the counter, and the call that the pack's table makes of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from sujin import packs
from sujin.engine.scam import Call, CallRow, judge, read_rows
from sujin.knowledge.catalogue import PACK
from sujin.knowledge.models import Version
from sujin.knowledge.wording import weighed

FORM = "scam"
# Asked across all types, only what weighs: a hundred questions are asked by nobody in two minutes.
HEAVY = 4


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign; ``key`` names it in the address."""

    key: str
    weight: int
    words: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Suspected:
    """One type of scam with its signs and, when some are ticked, the call."""

    version: Version
    signs: tuple[Sign, ...]
    call: Call | None


def suspected(version: Version, ticked: Collection[str], *, least: int = 1) -> Suspected:
    """The type with those of its signs that weigh ``least``; the call counts all that is ticked."""
    told = enumerate(weighed(version.parts.get("signs", "")))
    signs = [
        Sign(f"{version.pk}-{nth}", weight, words, f"{version.pk}-{nth}" in ticked)
        for nth, (weight, words) in told
    ]
    weights = [sign.weight for sign in signs if sign.is_ticked]
    shown = tuple(sign for sign in signs if sign.weight >= least or sign.is_ticked)
    return Suspected(version, shown, judge(weights, calls()) if weights else None)


def worst(found: Sequence[Suspected]) -> Suspected | None:
    """The type with the most points, None when nothing is ticked anywhere."""
    called = [(one.call.points, one) for one in found if one.call is not None]
    return max(called, key=lambda pair: pair[0])[1] if called else None


@cache
def calls() -> tuple[CallRow, ...]:
    """The table ``knowledge/scam_calls.csv``. Raises BadTable."""
    return read_rows(packs.rows(PACK, "knowledge/scam_calls"))
