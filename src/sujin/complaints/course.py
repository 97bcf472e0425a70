"""A reading as rows: the spells, the overruns and the course of one case."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils import timezone

from sujin.complaints import funnel, kinds
from sujin.complaints.custody import HISTORY, SOLVED
from sujin.complaints.models import Complaint, Course, Overrun, Spell
from sujin.complaints.models.assignment import COACHED
from sujin.engine import custody
from sujin.engine.custody import Custody
from sujin.platform.models import Entry, Org

Orgs = Mapping[int, Org]
# An answer is a word to the customer, too.
SPOKEN = (kinds.Responded.code, kinds.Answered.code)


def is_history(reading: Custody) -> bool:
    return any(spell.ended == HISTORY for spell in reading.spells)


def spells(case: Complaint, reading: Custody, orgs: Orgs) -> Iterator[Spell]:
    """The spells as rows; none for a case that had ended before it reached us."""
    if is_history(reading):
        return
    last_at = {_layer(spell, orgs): place for place, spell in _routed(reading)}
    for place, spell in enumerate(reading.spells):
        layer = _layer(spell, orgs)
        yield Spell(
            complaint=case,
            number=place,
            desk_id=spell.desk,
            person_id=spell.person,
            layer=layer,
            since=spell.since,
            until=spell.until,
            ended=spell.ended,
            waited_seconds=round(spell.waited.total_seconds()),
            waiting_since=spell.waiting_since,
            is_last_at_layer=last_at.get(layer) == place,
            is_last=place == len(reading.spells) - 1,
        )


def overruns(case: Complaint, reading: Custody) -> Iterator[Overrun]:
    """The limits told, with who had the ball when each ran out or will."""
    if is_history(reading):
        return
    for one in reading.overruns:
        yield Overrun(
            complaint=case,
            desk_id=one.desk,
            person_id=one.person,
            clock=one.clock,
            due_at=one.due_at,
            until=one.until,
        )


def course(case: Complaint, docket: Sequence[Entry], reading: Custody, orgs: Orgs) -> Course:
    """One row of numbers for the case."""
    row = Course(complaint=case, entry=max(entry.pk for entry in docket), route_row=_row(docket))
    row.is_history = is_history(reading)
    if row.is_history:
        return row
    row.hops, row.hand_backs = reading.hops, reading.hand_backs
    row.first_desk_id = reading.trail[0] if reading.trail else None
    row.layer_first = funnel.layer_of(orgs[reading.trail[0]]) if reading.trail else None
    last = reading.spells[-1]
    row.layer_closed = _layer(last, orgs) if last.ended in SOLVED else None
    row.on_the_spot = _on_the_spot(case, reading)
    row.outlet_minutes = _minutes(case, docket, reading, orgs)
    _contacts(row, case, docket)
    return row


def _routed(reading: Custody) -> Iterator[tuple[int, custody.Spell]]:
    """The spells with their places, without the wait for the first routing."""
    return (
        (place, spell)
        for place, spell in enumerate(reading.spells)
        if spell.ended != custody.ROUTED
    )


def _layer(spell: custody.Spell, orgs: Orgs) -> int:
    return funnel.layer_of(orgs[spell.desk])


def _row(docket: Sequence[Entry]) -> str:
    routed = (entry.data["row"] for entry in docket if entry.kind == kinds.Routed.code)
    return next(routed, "")


def _on_the_spot(case: Complaint, reading: Custody) -> bool:
    """当时当地: solved by the desk that was asked first, within the days of the pack, for good."""
    last, first = reading.spells[-1], reading.spells[0]
    if last.ended not in SOLVED or last.until is None or reading.hops:
        return False
    if reading.trail[:1] != (case.origin_id,):
        return False
    days = (timezone.localdate(last.until) - timezone.localdate(first.since)).days
    return days <= funnel.target("on_the_spot_days")


def _minutes(case: Complaint, docket: Sequence[Entry], reading: Custody, orgs: Orgs) -> int:
    """What the outlets were asked for: their steps, and the contacts they were coached for."""
    table = funnel.minutes()
    steps = [table.get(one.code, 0) for one in reading.work if _is_outlet(orgs[one.desk])]
    opinions = [entry for entry in docket if entry.kind == kinds.OpinionGiven.code]
    coached = [entry for entry in opinions if entry.data["step"] == COACHED]
    if not _is_outlet(orgs[case.origin_id]):
        coached = []
    return sum(steps) + len(coached) * table[kinds.OpinionGiven.code]


def _is_outlet(desk: Org) -> bool:
    return desk.kind in funnel.OUTLETS


def _contacts(row: Course, case: Complaint, docket: Sequence[Entry]) -> None:
    """The first time we spoke to the customer, the first answer, and the first word after the
    regulator's letter; a letter that opened the case counts from the case's receipt."""
    spoken = [one.at for one in docket if one.kind in SPOKEN]
    row.contacted_at = min(spoken, default=None)
    row.answered_at = next((one.at for one in docket if one.kind == kinds.Answered.code), None)
    letter = next((one for one in docket if one.kind == kinds.Transferred.code), None)
    if letter is None:
        return
    opened = next(one for one in docket if one.kind == kinds.Registered.code)
    row.transferred_at = case.received_at if letter.at == opened.at else letter.at
    row.transfer_contacted_at = min((at for at in spoken if at >= letter.at), default=None)
