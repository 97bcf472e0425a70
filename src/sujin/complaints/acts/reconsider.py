"""A new fact about an open case: it may rise a tier or change its lane, and then its desk."""

from dataclasses import replace
from datetime import datetime

from sujin.complaints import clock, kinds, law
from sujin.complaints.acts.claim import seen_by
from sujin.complaints.acts.route import facts_of as route_facts
from sujin.complaints.acts.triage import facts_of
from sujin.complaints.arrival import Arrival
from sujin.complaints.desks import Desks
from sujin.complaints.draft import Lane, RegulatorDraft
from sujin.complaints.models import Complaint, Transfer
from sujin.complaints.rulebook import rulebook
from sujin.engine import route as routing
from sujin.engine import tier
from sujin.engine.tier import Tier, TierFacts
from sujin.platform.models import Org, Person

# Signals of the text that are facts of the tier table under the same name.
FLAGS_BY_SIGNAL = ("media", "escalation", "legal", "safety")
ORDER = [Tier.ORDINARY, Tier.COMPLEX, Tier.URGENT]


def reconsider(
    case: Complaint, found: Arrival, desks: Desks, *, by: Person, at: datetime
) -> Complaint:
    """Re-tier and re-route ``case`` when the arrival's facts are graver; returns the case."""
    moved_lane = found.draft.lane is Lane.REGULATOR and case.lane != Lane.REGULATOR
    if found.draft.regulator is not None:
        _take_letter(case, found.draft.regulator, by=by, at=at)
    facts = _together(case, found, by=by, at=at)
    verdict = tier.judge(facts, rulebook().tiers)
    rises = ORDER.index(verdict.tier) > ORDER.index(Tier(case.tier))
    if rises:
        because = verdict.because.get("zh", "")
        case.write(
            kinds.Retiered(
                case.tier,
                verdict.tier.value,
                because,
                *_due(case, verdict.tier, at),
                reasons=dict(verdict.because),
                # A table that raises it is not the person who was asked to look.
                awaits_tier=case.awaits_tier and verdict.tier is not Tier.URGENT,
            ),
            by=by,
            at=at,
        )
    if rises or moved_lane:
        _reroute(case, found, desks, by=by, at=at)
    return case


def _together(case: Complaint, found: Arrival, *, by: Person, at: datetime) -> TierFacts:
    """What the case and the new contact say together; written down where it is more than before."""
    heard = rulebook().signals.read(found.text)
    new = facts_of(found, heard)
    amounts = [amount for amount in (case.amount, new.amount) if amount is not None]
    added = kinds.FactsAdded(
        amount=max(amounts, default=None),
        people=max(case.people, new.people),
        signals=tuple(sorted({*case.signals, *heard.found})),
        vulnerable=case.vulnerable or new.vulnerable,
    )
    before = (case.amount, case.people, sorted(case.signals), case.vulnerable)
    if (added.amount, added.people, list(added.signals), added.vulnerable) != before:
        case.write(added, by=by, at=at)
    told = {signal: True for signal in FLAGS_BY_SIGNAL if signal in added.signals}
    return replace(
        new,
        amount=added.amount,
        people=added.people,
        vulnerable=added.vulnerable,
        regulator=new.regulator or case.lane == Lane.REGULATOR,
        **told,
    )


def _take_letter(case: Complaint, letter: RegulatorDraft, *, by: Person, at: datetime) -> None:
    """Keep the letter; of two dates the regulators want to hear by, the earlier one counts."""
    Transfer.of(case, letter).save()
    dates = [date for date in (letter.due_at, case.regulator_due_at) if date is not None]
    due = min(dates, default=None)
    # The letter brings its sender's rules along, as they stood when the case was received.
    brought = law.chosen(case.origin.jurisdiction, [letter.agency], case.received_at)
    regimes = tuple(dict.fromkeys((*case.regimes, *brought)))
    noted = kinds.Transferred(letter.agency, letter.reference, letter.transferred_at, due, regimes)
    case.write(noted, by=by, at=at)


def _due(case: Complaint, raised: Tier, at: datetime) -> tuple[datetime | None, str]:
    due = clock.due(case, now=at, ticks=case.ticks(), tier=raised.value)
    return due.at, due.clock


def _reroute(case: Complaint, found: Arrival, desks: Desks, *, by: Person, at: datetime) -> None:
    """Send it to the desk its new tier or lane calls for, unless it is there already."""
    facts = route_facts(case, company=found.is_company)
    choice = routing.choose(facts, rulebook().routes)
    desk = desks.resolve(choice.desk, origin=case.origin, line=case.line)
    if desk.pk != case.desk_id:
        _send(case, desk, choice.row, dict(choice.because), desks, by=by, at=at)


def _send(
    case: Complaint,
    desk: Org,
    row: str,
    because: dict[str, str],
    desks: Desks,
    *,
    by: Person,
    at: datetime,
) -> None:
    """The person accountable so far stays so until the new desk takes the hand-over."""
    due = clock.due(case, now=at, ticks=case.ticks())
    sees = seen_by(case, desks, desk=desk, persons=[case.accountable_id])
    old = tuple(case.desk.tokens) if case.desk else ()
    case.write(
        kinds.Offered(
            desk=desk.pk,
            desk_name=desk.name,
            because=because.get("zh", row),
            reasons=because,
            offered_at=at,
            seen_by=tuple(sorted({*sees, *old})),
            due_at=due.at,
            due_clock=due.clock,
        ),
        by=by,
        at=at,
    )
