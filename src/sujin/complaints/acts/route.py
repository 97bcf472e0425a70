"""To which desk, by which row."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sujin.complaints import clock, kinds, sight
from sujin.complaints.acts.claim import claiming
from sujin.complaints.arrival import Arrival
from sujin.complaints.desks import Desks
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import rulebook
from sujin.engine import route as routing
from sujin.engine.repeat import Action
from sujin.engine.route import RouteFacts
from sujin.platform.models import Org, Person

RAISED = {
    "zh": "重复投诉提级，由前件办理机构的上一级办理",
    "en": "A repeated complaint rises: one level above the desk that had the matter before",
}
NO_LIMIT = clock.Due(None, "")


def route(arrivals: Sequence[Arrival], desks: Desks, *, by: Person, at: datetime) -> None:
    """Entry *Routed* for each; a first receiver whose own desk it is has claimed it already."""
    for found in arrivals:
        facts = facts_of(found.complaint, company=found.is_company)
        choice = routing.choose(facts, rulebook().routes)
        desk = desks.resolve(choice.desk, origin=found.origin, line=found.line)
        raised = _raised(found, desk, desks)
        because = choice.because if raised == desk else RAISED
        _send(found, raised, choice.row, because, desks, by=by, at=at)
        if raised == found.origin and found.draft.outcome is None:
            _keep(found, raised, desks, by=by, at=at)
        _conclude(found)


def facts_of(case: Complaint, *, company: bool) -> RouteFacts:
    """What the routing table asks about a case."""
    return RouteFacts(
        kind=case.kind,
        lane=case.lane,
        business=case.business,
        line=case.line,
        tier=case.tier,
        repeats=case.level,
        level=case.level,
        company=company,
        origin=case.origin.kind,
        channel=case.channel,
        pack=case.pack,
    )


def _raised(found: Arrival, desk: Org, desks: Desks) -> Org:
    """A repeat is owned at least one level above the desk that had the matter before."""
    linked = found.repeat is not None and found.repeat.action is Action.LINK
    before = found.earlier.desk if linked and found.earlier is not None else None
    if before is None:
        return desk
    above = desks.above(before)
    return above if len(above.lineage) < len(desk.lineage) or desk == before else desk


def _send(
    found: Arrival,
    desk: Org,
    row: str,
    because: Mapping[str, str],
    desks: Desks,
    *,
    by: Person,
    at: datetime,
) -> None:
    case = found.complaint
    receiver = case.accountable or desks.duty_officer(desk) or by
    owners = desks.owners(found.origin, found.line)
    # What had ended before it reached us runs no clock here.
    over = found.draft.outcome is not None
    due = NO_LIMIT if over else clock.due(case, now=at, ticks=found.ticks(at))
    found.take(
        kinds.Routed(
            desk=desk.pk,
            desk_name=desk.name,
            row=row,
            because=dict(because),
            accountable=receiver.pk,
            seen_by=sight.tokens(
                [found.origin, desk, *owners], [receiver, None if by.is_service else by]
            ),
            due_at=due.at,
            due_clock=due.clock,
        )
    )
    # The objects, beside the ids the kind has copied: the next steps and the page ask for names.
    case.desk, case.accountable = desk, receiver


def _keep(found: Arrival, desk: Org, desks: Desks, *, by: Person, at: datetime) -> None:
    """The case stays where it was brought: whoever took it in there has it in hand at once."""
    if desks.employs(desk, by):
        found.take(claiming(found.complaint, desk, by=by, at=at, ticks=found.ticks(at)))


def _conclude(found: Arrival) -> None:
    """An imported case that was already over needs no desk; the docket says how it ended."""
    outcome = found.draft.outcome
    if outcome is not None:
        seen_by = tuple(found.complaint.seen_by)
        found.take(
            kinds.Concluded(closed_at=outcome.at, outcome=outcome.label[:60], seen_by=seen_by)
        )
