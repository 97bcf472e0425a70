"""What it is about and how grave it is: verdicts with reasons, on facts and the pack's tables."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sujin.complaints import kinds
from sujin.complaints.arrival import Arrival
from sujin.complaints.assurance import Look, second_looks
from sujin.complaints.draft import Lane
from sujin.complaints.rulebook import HOUSE_PACK, rulebook
from sujin.engine import tier
from sujin.engine.classify import Label
from sujin.engine.repeat import Action, RepeatVerdict
from sujin.engine.signals import Signals
from sujin.engine.text import amounts, people
from sujin.engine.tier import TierFacts, TierVerdict

VULNERABLE = frozenset({"elderly", "disabled", "minor", "hardship"})
AXES = ("business", "cause", "touchpoint", "demand")


def triage(arrivals: Sequence[Arrival]) -> None:
    """Entry *Triaged* for each, and *Repeated* or *Grouped* where an earlier case says so."""
    book = rulebook()
    heard = [book.signals.read(found.text) for found in arrivals]
    facts = [facts_of(found, signals) for found, signals in zip(arrivals, heard, strict=True)]
    verdicts = [tier.judge(one, book.tiers) for one in facts]
    looks = iter(_second_looks(arrivals, facts, verdicts))
    for found, signals, told, verdict in zip(arrivals, heard, facts, verdicts, strict=True):
        _triage(found, signals, told, verdict, next(looks))
        if found.earlier is not None and found.repeat is not None:
            _link(found, found.repeat)


def _second_looks(
    arrivals: Sequence[Arrival], facts: Sequence[TierFacts], verdicts: Sequence[TierVerdict]
) -> list[Look]:
    """A look at every case that is not over already; what an archive brings needs nobody's."""
    fresh = [place for place, found in enumerate(arrivals) if found.draft.outcome is None]
    looks = second_looks(
        [arrivals[place].text for place in fresh],
        [facts[place] for place in fresh],
        [verdicts[place].tier for place in fresh],
    )
    taken = dict(zip(fresh, looks, strict=True))
    return [taken.get(place, Look()) for place in range(len(arrivals))]


def _triage(
    found: Arrival, signals: Signals, facts: TierFacts, verdict: TierVerdict, look: Look
) -> None:
    labels = {axis: found.classification[axis] for axis in AXES}
    found.take(
        kinds.Triaged(
            business=found.business,
            cause=found.draft.declared.cause or labels["cause"].code,
            touchpoint=labels["touchpoint"].code,
            demand=labels["demand"].code,
            line=found.line,
            tier=verdict.tier.value,
            tier_row=verdict.row,
            tier_because=verdict.because,
            amount=facts.amount,
            people=facts.people,
            signals=tuple(sorted(signals.found)),
            vulnerable=facts.vulnerable,
            confidence={axis: _confidence(found, axis, label) for axis, label in labels.items()},
            words={axis: label.because for axis, label in labels.items()},
            repeats=facts.repeats,
            models=found.judges,
            declared=_declared(found),
            **_looked(look),
        )
    )


def _looked(look: Look) -> dict[str, Any]:
    """The second look as the entry keeps it."""
    return {
        "assured": look.assured,
        "urgency": look.score,
        "strange": look.strange,
        "referred": look.is_referred,
        "raised_by": look.because,
    }


def facts_of(found: Arrival, signals: Signals) -> TierFacts:
    """The facts the tier table asks about; what the source declares outranks what we read."""
    draft = found.draft
    flagged = {flag for party in draft.parties for flag in party.vulnerable}
    return TierFacts(
        amount=draft.declared.amount if draft.declared.amount is not None else _largest(found),
        vulnerable=bool((flagged | signals.found.keys()) & VULNERABLE),
        regulator=draft.lane is Lane.REGULATOR,
        media="media" in signals.found,
        people=draft.declared.people or people(found.text),
        repeats=_repeats(found),
        escalation="escalation" in signals.found,
        legal="legal" in signals.found,
        safety="safety" in signals.found,
    )


def _largest(found: Arrival) -> Decimal | None:
    sums = [sum_.yuan for sum_ in amounts(found.text) if sum_.currency == "CNY"]
    return min(max(sums), Decimal("99999999999999")) if sums else None


def _repeats(found: Arrival) -> int:
    linked = found.repeat is not None and found.repeat.action is Action.LINK
    return found.earlier.level + 1 if linked and found.earlier is not None else 0


def _confidence(found: Arrival, axis: str, label: Label) -> float:
    if axis in _declared(found) or found.draft.pack != HOUSE_PACK:
        return 1.0
    return round(label.confidence, 3)


def _declared(found: Arrival) -> tuple[str, ...]:
    """The axes that the source itself named."""
    return tuple(axis for axis in ("business", "cause") if getattr(found.draft.declared, axis))


def _link(found: Arrival, verdict: RepeatVerdict) -> None:
    first = found.earlier
    if first is None:
        return
    if verdict.action is Action.LINK:
        found.take(
            kinds.Repeated(
                of=first.repeat_of_id or first.pk,
                number=first.number,
                row=verdict.row,
                because=verdict.because,
                likeness=round(verdict.likeness, 3),
                level=first.level + 1,
                # Consultations and other matters keep their own count.
                counted=found.draft.kind.value != first.kind,
            )
        )
    elif verdict.action is Action.GROUP:
        likeness = round(verdict.likeness, 3)
        found.take(kinds.Grouped(first.group_id or first.pk, first.number, likeness))
