"""Remind the host of a sitting: that it begins soon, lacks minutes, or can be checked."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from sujin.complaints import kinds
from sujin.complaints.acts.claim import locked
from sujin.complaints.acts.meet import about
from sujin.complaints.acts.tell import tell
from sujin.complaints.models import Complaint, Session
from sujin.complaints.models.session import MINUTES_WITHIN
from sujin.platform.acts.tell import tell as notify
from sujin.platform.models import Entry, Org, Person, Post
from sujin.platform.reach import roles

SOON = timedelta(hours=2)


def remind_hosts(*, by: Person, at: datetime) -> int:
    """One notice for each thing that is due, once; returns how many were given."""
    given = 0
    for pk, what in list(_due(at)):
        given += _remind(pk, what, by=by, at=at)
    return given


def _due(at: datetime) -> Iterator[tuple[int, str]]:
    rows = {
        "start": Session.objects.upcoming(at).filter(starts_at__lte=at + SOON),
        "minutes": Session.objects.without_minutes(at).filter(starts_at__lte=at - MINUTES_WITHIN),
        "check": Session.objects.to_check(at),
    }
    for what, found in rows.items():
        fresh = found.exclude(reminded__contains=[what]).order_by("pk")
        yield from ((pk, what) for pk in fresh.values_list("pk", flat=True))


@transaction.atomic
def _remind(pk: int, what: str, *, by: Person, at: datetime) -> int:
    """The row is asked again under its lock: two workers give one notice."""
    session = Session.objects.select_for_update(of=("self",)).get(pk=pk)
    if what in session.reminded:
        return 0
    session.reminded = [*session.reminded, what]
    session.save(update_fields=["reminded"])
    told = kinds.SessionReminded(**about(session, at_table=False), host=session.host_id, what=what)
    locked(session.complaint).write(told, by=by, at=at)
    return 1


def inform_host(entry: Entry) -> None:
    """The host hears what is due."""
    what = entry.what()
    assert isinstance(what, kinds.SessionReminded)
    # A reminder is the host's own, whichever side the host stands on.
    notify([Person.objects.get(pk=what.host)], of=entry, number=_number(entry), urgent=True)


def inform_invited(entry: Entry) -> None:
    """Whoever sits at the table, and the desks that got something to do there, except who wrote."""
    what = entry.what()
    assert isinstance(what, kinds.SessionBooked | kinds.SessionMoved | kinds.SessionHeld)
    session = Session.objects.select_related("host").get(pk=what.session)
    people = {one.person for one in session.invited.select_related("person") if one.person}
    orgs = [one.org for one in session.invited.select_related("org") if one.org]
    if isinstance(what, kinds.SessionHeld):
        orgs = list(Org.objects.filter(pk__in=what.desks))
    people |= {session.host, *_staff(orgs, entry.at)}
    hearing = [person for person in people if person.pk != entry.by_id]
    tell(sorted(hearing, key=lambda person: person.pk), of=entry, number=_number(entry))


def inform_reviewers(entry: Entry) -> None:
    """Everybody at the superior desk who may decide."""
    what = entry.what()
    assert isinstance(what, kinds.ReviewAsked)
    staff = _staff([Org.objects.get(pk=what.desk)], entry.at, permission="review")
    tell(staff, of=entry, number=_number(entry), urgent=True)


def inform_side(entry: Entry) -> None:
    """The desk that has to say something about a split."""
    what = entry.what()
    assert isinstance(what, kinds.Shared | kinds.SplitDisputed)
    staff = _staff([Org.objects.get(pk=what.desk)], entry.at)
    tell([one for one in staff if one.pk != entry.by_id], of=entry, number=_number(entry))


def _staff(orgs: list[Org], at: datetime, permission: str = "claim") -> list[Person]:
    holding = [role.code for role in roles().values() if permission in role.may]
    posts = Post.objects.held_at(at).filter(org__in=orgs, role__in=holding)
    return list({post.person_id: post.person for post in posts.select_related("person")}.values())


def _number(entry: Entry) -> str:
    return str(Complaint.objects.values_list("number", flat=True).get(pk=entry.subject_id))
