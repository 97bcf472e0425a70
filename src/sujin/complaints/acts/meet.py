"""Meet the customer: book, move or call off a sitting, with the risk stated beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds, sight, tables
from sujin.complaints.acts.claim import held_for, refuse_to_call_in
from sujin.complaints.models import Complaint, Participant, Session
from sujin.complaints.models.session import KINDS, NO_RISK, SIDES, THREE_PARTY, WAYS
from sujin.complaints.sides import Entities, side_of_person
from sujin.engine.text import redact
from sujin.platform.models import Org, Person
from sujin.platform.organisation import BANK
from sujin.platform.refusal import Refusal


class CannotMeet(Refusal):
    """The sitting cannot be booked, moved, held or called off so; the message says why."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody outside the house who was invited: a name to be sealed, and a part."""

    name: str
    role: str
    side: str = "other"


@dataclass(frozen=True, slots=True)
class Table:
    """Everybody who is asked to come."""

    orgs: Sequence[Org]
    persons: Sequence[Person]
    guests: Sequence[Guest]


@transaction.atomic
def book(
    complaint: Complaint,
    *,
    kind: str,
    way: str,
    starts_at: datetime,
    minutes_planned: int,
    place: str,
    host: Person,
    orgs: Sequence[Org],
    persons: Sequence[Person],
    guests: Sequence[Guest],
    consent: bool,
    risk: str,
    risk_words: str,
    by: Person,
    at: datetime,
) -> Session:
    """Arrange a sitting with the customer; whoever is invited sees the case from now on. The risk
    is stated here, before anybody knows how it ends."""
    case = _open(complaint, by)
    refuse_to_call_in(case, host, *persons)
    _refuse_booking(case, kind, way, starts_at, consent=consent, at=at)
    entities = Entities()
    _refuse_table(kind, risk, risk_words, orgs, entities)
    session = Session.objects.create(
        complaint=case,
        kind=kind,
        way=way,
        starts_at=starts_at,
        minutes_planned=minutes_planned,
        place=place.strip(),
        host=host,
        booked_by=by,
        booked_at=at,
        consent=consent,
        risk=risk,
        risk_words=redact(risk_words.strip()).text[:400],
        risk_stated_at=at,
    )
    table = Table(orgs, persons, guests)
    _invite(session, case, table, entities)
    case.write(_booked(session, case, table, entities), by=by, at=at)
    return session


def _refuse_booking(
    case: Complaint, kind: str, way: str, starts_at: datetime, *, consent: bool, at: datetime
) -> None:
    if kind not in KINDS or way not in WAYS:
        raise CannotMeet(_t("请选择形式和方式"))
    if starts_at <= at:
        raise CannotMeet(_t("时间已经过去，请约在现在以后；已经开过的请写办理记录"))
    if not consent:
        raise CannotMeet(_t("请先征得客户同意"))
    if case.sessions.booked().filter(kind=kind).exists():
        raise CannotMeet(_t("已经约了一次还没有开，请先登记纪要、改期或取消"))


def _refuse_table(
    kind: str, risk: str, risk_words: str, orgs: Sequence[Org], entities: Entities
) -> None:
    if risk not in tables.risks():
        raise CannotMeet(_t("请选择事前研判的升级风险，没有就选没有"))
    if risk != NO_RISK and not risk_words.strip():
        raise CannotMeet(_t("请写明为什么有这种升级风险"))
    if kind == THREE_PARTY and all(entities.side_of(org) == BANK for org in orgs):
        raise CannotMeet(_t("三方会商要有子公司参加，请在邀请的机构里选上"))


def _invite(session: Session, case: Complaint, table: Table, entities: Entities) -> None:
    channel = {case.origin_id} if session.kind == THREE_PARTY else set()
    at_table = {org.pk: org for org in [*_hosts(session, case), *table.orgs]}
    rows = [Participant(session=session, side="customer")]
    for org in at_table.values():
        side = "channel" if org.pk in channel else _side(org, entities)
        rows.append(Participant(session=session, side=side, org=org))
    for person in table.persons:
        of_bank = BANK in side_of_person(person, session.booked_at, entities)
        side = "bank" if of_bank else "company"
        rows.append(Participant(session=session, side=side, person=person))
    for guest in table.guests:
        side = guest.side if guest.side in SIDES else "other"
        role = guest.role.strip()[:40]
        rows.append(Participant(session=session, side=side, name=guest.name.strip(), role=role))
    Participant.objects.bulk_create(rows)


def _hosts(session: Session, case: Complaint) -> list[Org]:
    """Who sits there without being asked: the desk that has it, and at three the channel."""
    own = [case.desk or case.origin]
    return [*own, case.origin] if session.kind == THREE_PARTY else own


def _side(org: Org, entities: Entities) -> str:
    return "bank" if entities.side_of(org) == BANK else "company"


def _booked(
    session: Session, case: Complaint, table: Table, entities: Entities
) -> kinds.SessionBooked:
    seen = sight.tokens([*_hosts(session, case), *table.orgs], [session.host, *table.persons])
    return kinds.SessionBooked(
        session=session.pk,
        form=session.kind,
        way=session.way,
        entities=_entities(session, entities),
        starts_at=session.starts_at,
        host=session.host_id,
        host_name=session.host.name,
        # A name from outside is personal: the docket keeps only the part.
        invited=(
            *(org.name for org in table.orgs),
            *(person.name for person in table.persons),
            *(guest.role for guest in table.guests if guest.role),
        ),
        risk=session.risk,
        risk_words=session.risk_words,
        seen_by=tuple(sorted({*case.seen_by, *seen})),
    )


def _entities(session: Session, entities: Entities) -> tuple[int, ...]:
    invited = session.invited.select_related("org", "person")
    found = {entities.side_of(one.org) for one in invited if one.org is not None}
    for one in invited:
        if one.person is not None:
            found |= side_of_person(one.person, session.booked_at, entities)
    return tuple(sorted(found))


@transaction.atomic
def move(session: Session, *, starts_at: datetime, because: str, by: Person, at: datetime) -> None:
    """Another time, with the reason."""
    held = still_booked(session, by)
    if starts_at <= at:
        raise CannotMeet(_t("时间已经过去，请约在现在以后"))
    if not because.strip():
        raise CannotMeet(_t("请写明改期理由"))
    before, held.starts_at = held.starts_at, starts_at
    # A new hour is a new appointment: its reminders have not been given.
    held.reminded = []
    held.save(update_fields=["starts_at", "reminded"])
    told = kinds.SessionMoved(
        **about(held), before=before, starts_at=starts_at, because=redact(because.strip()).text
    )
    held.complaint.write(told, by=by, at=at)


@transaction.atomic
def cancel(session: Session, *, because: str, by: Person, at: datetime) -> None:
    """It will not take place; the row stays as history."""
    held = still_booked(session, by)
    if not because.strip():
        raise CannotMeet(_t("请写明取消理由"))
    held.cancelled_at, held.cancelled_because = at, redact(because.strip()).text[:400]
    held.save(update_fields=["cancelled_at", "cancelled_because"])
    told = kinds.SessionCancelled(**about(held), because=held.cancelled_because)
    held.complaint.write(told, by=by, at=at)


def about(session: Session, *, at_table: bool = True) -> dict[str, Any]:
    """What every entry about the session says; what is the holder's own is said to no table."""
    return {
        "session": session.pk,
        "form": session.kind,
        "way": session.way,
        "entities": _entities(session, Entities()) if at_table else (),
    }


def held_row(session: Session, by: Person) -> Session:
    """The row as it is now, and its case, both held until the transaction ends."""
    held = Session.objects.select_for_update(of=("self",)).select_related("host").get(pk=session.pk)
    held.complaint = held_for(held.complaint, by)
    return held


def still_booked(session: Session, by: Person) -> Session:
    held = held_row(session, by)
    if not held.is_booked:
        raise CannotMeet(_t("这一次已经开过或取消，请另约"))
    return held


def _open(complaint: Complaint, by: Person) -> Complaint:
    case = held_for(complaint, by)
    if not case.is_open:
        raise CannotMeet(_t("已经结束"))
    return case
