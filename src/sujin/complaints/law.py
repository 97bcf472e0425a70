"""Under which rules a case stands: chosen on the day of its receipt, kept when the law changes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from sujin import packs
from sujin.complaints.draft import Draft
from sujin.complaints.rulebook import HOUSE_PACK, rulebook
from sujin.engine import regimes
from sujin.engine.regimes import Regime
from sujin.platform.models import Org


def at_receipt(draft: Draft, origin: Org) -> tuple[str, ...]:
    """The regimes of a new case. A foreign archive's cases stand under its own law, not ours."""
    source = packs.manifest(draft.pack)
    letter = [draft.regulator.agency] if draft.regulator else []
    if draft.pack == HOUSE_PACK:
        jurisdiction, agencies = origin.jurisdiction, letter
    else:
        jurisdiction, agencies = source["jurisdiction"], [*letter, *source["agencies"]]
    return chosen(jurisdiction, agencies, draft.received_at)


def chosen(jurisdiction: str, agencies: Sequence[str], received_at: datetime) -> tuple[str, ...]:
    """Ids of the regimes in force for what was received then."""
    found = regimes.in_force(
        rulebook().regimes, received_at=received_at, jurisdiction=jurisdiction, agencies=agencies
    )
    return tuple(regime.id for regime in found)


def of(ids: Iterable[str]) -> tuple[Regime, ...]:
    """The regimes themselves; one whose pack is gone is an error, never silently no law."""
    known = {regime.id: regime for regime in rulebook().regimes}
    return tuple(known[one] for one in ids)


def topics_of(business: str, signals: Iterable[str]) -> frozenset[str]:
    """What a case is about in the words of the regimes' limits, by the pack's topics.csv."""
    heard = set(signals)
    return frozenset(
        topic
        for topic, axis, code in _topics()
        if (axis == "signal" and code in heard)
        or (axis == "business" and f"{business}.".startswith(f"{code}."))
    )


@cache
def _topics() -> tuple[tuple[str, str, str], ...]:
    rows = packs.rows(HOUSE_PACK, "topics")
    return tuple((row["topic"], row["axis"], row["code"]) for row in rows)
