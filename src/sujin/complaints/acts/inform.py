"""Tell the people concerned: run by the worker once the entry that causes it has committed."""

from django.db.models import Q

from sujin.complaints import kinds
from sujin.complaints.acts.tell import tell
from sujin.complaints.approvers import may_decide
from sujin.complaints.desks import Desks
from sujin.complaints.ladder import People
from sujin.complaints.models import (
    Approval,
    Assignment,
    Breach,
    Complaint,
    Dispatch,
    Learner,
    Promise,
)
from sujin.engine.tier import Tier
from sujin.platform import reach
from sujin.platform.acts.tell import tell as notify
from sujin.platform.models import Entry, Org, Person, Post
from sujin.platform.reach import roles


def inform_desk(entry: Entry) -> None:
    """Everybody at the desk it was sent or offered to, except whoever sent it."""
    what = entry.what()
    assert isinstance(what, kinds.Routed | kinds.Offered)
    case = _case(entry)
    staff = Desks(entry.at).staff(Org.objects.get(pk=what.desk))
    tell(
        [person for person in staff if person.pk != entry.by_id],
        of=entry,
        number=case.number,
        urgent=case.tier == "urgent",
    )


def inform_lookers(entry: Entry) -> None:
    """Whoever may set tiers at the desk that was asked to look."""
    what = entry.what()
    assert isinstance(what, kinds.ReferredUp)
    staff = Desks(entry.at).staff(Org.objects.get(pk=what.desk), "retier")
    tell(staff, of=entry, number=_case(entry).number, urgent=True)


def inform_owners(entry: Entry) -> None:
    """The owners of the professional line: they see a case before the outlet is exhausted."""
    case = _case(entry)
    early = [role.code for role in roles().values() if "early_view" in role.may]
    posts = Post.objects.on_duty_at(entry.at).filter(role__in=early, org__line=case.line)
    near = posts.filter(org__in=_ids(case.seen_by)).select_related("person")
    if case.line and case.kind == "complaint":
        tell([post.person for post in near], of=entry, number=case.number)


def inform_giver(entry: Entry) -> None:
    """The accountable person hears that something came back or that the customer called again."""
    case = _case(entry)
    if case.accountable is not None and case.accountable_id != entry.by_id:
        tell([case.accountable], of=entry, number=case.number, urgent=True)


def inform_successor(entry: Entry) -> None:
    """Whoever answers for it from now on, because somebody else cannot any more."""
    what = entry.what()
    assert isinstance(what, kinds.Relieved)
    case = _case(entry)
    persons = Person.objects.filter(pk=what.person).exclude(pk=entry.by_id)
    tell(persons, of=entry, number=case.number, urgent=case.tier == "urgent")


def inform_of_customer(entry: Entry) -> None:
    """The customer added words or papers from outside; what staff add themselves is no news."""
    if entry.by.is_service:
        inform_giver(entry)


def inform_decider(entry: Entry) -> None:
    """Whoever may be the second pair of eyes on this case."""
    case = _case(entry)
    deciding = [role.code for role in roles().values() if "approve" in role.may]
    posts = Post.objects.on_duty_at(entry.at).filter(role__in=deciding, org__in=_ids(case.seen_by))
    persons: list[Person] = [post.person for post in posts.select_related("person")]
    tell([person for person in persons if person.pk != entry.by_id], of=entry, number=case.number)


def inform_of_lowering(entry: Entry) -> None:
    """A lighter tier means later limits: whoever is above hears of it, a heavier one is no news."""
    what = entry.what()
    assert isinstance(what, kinds.Retiered)
    if list(Tier).index(Tier(what.tier)) < list(Tier).index(Tier(what.before)):
        inform_decider(entry)


def inform_approvers(entry: Entry) -> None:
    """Whoever may decide the request, except who asked."""
    what = entry.what()
    assert isinstance(what, kinds.Asked)
    case = _case(entry)
    posts = Post.objects.on_duty_at(entry.at).filter(org__in=_ids(case.seen_by))
    near = {post.person_id: post.person for post in posts.select_related("person")}
    deciding = [
        person
        for person in near.values()
        if person.pk != entry.by_id and may_decide(reach.of(person, entry.at), what.approvers, case)
    ]
    tell(deciding, of=entry, number=case.number, urgent=True)


def inform_asked_desks(entry: Entry) -> None:
    """Everybody at the desks that were asked, except whoever asked."""
    what = entry.what()
    assert isinstance(what, kinds.OpinionsAsked)
    case, desks = _case(entry), Desks(entry.at)
    orgs = Org.objects.filter(pk__in=[int(key) for key in what.desks])
    staff = {person.pk: person for org in orgs for person in desks.staff(org)}
    staff.pop(entry.by_id, None)
    tell(staff.values(), of=entry, number=case.number, urgent=case.tier == "urgent")


def inform_silent(entry: Entry) -> None:
    """Whoever was asked and whoever may answer there, except whoever goes on without them."""
    what = entry.what()
    assert isinstance(what, kinds.ProceededWithout)
    case = _case(entry)
    asked = Assignment.objects.select_related("desk", "person").get(pk=what.assignment)
    persons = [person for person in People(case, Desks(entry.at), asked).asked() if person]
    told = {person.pk: person for person in persons if person.pk != entry.by_id}
    tell(told.values(), of=entry, number=case.number)


def inform_helper(entry: Entry) -> None:
    """Whoever was asked by name."""
    what = entry.what()
    assert isinstance(what, kinds.HelpAsked)
    case = _case(entry)
    tell(Person.objects.filter(pk=what.person), of=entry, number=case.number, urgent=True)


def inform_pressed(entry: Entry) -> None:
    """The accountable person and everybody at the desk, except whoever presses."""
    case = _case(entry)
    staff = Desks(entry.at).staff(case.desk) if case.desk else []
    hearing = {person.pk: person for person in [*staff, case.accountable] if person is not None}
    hearing.pop(entry.by_id, None)
    tell(hearing.values(), of=entry, number=case.number, urgent=True)


def inform_rung(entry: Entry) -> None:
    """The people of the rung of the ladder."""
    what = entry.what()
    assert isinstance(what, kinds.Escalated)
    persons = Person.objects.filter(pk__in=what.persons)
    tell(persons, of=entry, number=_case(entry).number, urgent=True)


def inform_of_missed(entry: Entry) -> None:
    """A promise was broken: whoever is accountable, whoever made it, and the desk's people."""
    what = entry.what()
    assert isinstance(what, kinds.PromiseMissed)
    case = _case(entry)
    case = case.merged_into or case
    made = Promise.objects.select_related("made_by", "desk").get(pk=what.promise)
    desks = Desks(entry.at)
    staff = [person for desk in (case.desk, made.desk) if desk for person in desks.staff(desk)]
    near = [*staff, made.made_by, *([case.accountable] if case.accountable else [])]
    found = {person.pk: person for person in near if not person.is_service}
    tell(found.values(), of=entry, number=case.number, urgent=True)


def inform_asker(entry: Entry) -> None:
    """Whoever asked hears what was decided, or that it lapsed."""
    what = entry.what()
    assert isinstance(what, kinds.Granted | kinds.Refused | kinds.Lapsed)
    case = _case(entry)
    asker = Approval.objects.select_related("asked_by").get(pk=what.request).asked_by
    if asker.pk != entry.by_id:
        tell([asker], of=entry, number=case.number, urgent=True)


def inform_examiners(entry: Entry) -> None:
    """Auditors of the whole house, and the supervisors above the cases concerned, hear of what the
    night has newly found."""
    new = Breach.objects.filter(seen_in=entry.subject_id).select_related("complaint")
    orgs = {pk for one in new if one.complaint for pk in _ids(one.complaint.seen_by)}
    auditing = [role.code for role in roles().values() if "journal" in role.may]
    leading = [role.code for role in roles().values() if {"approve", "export"} <= role.may]
    posts = Post.objects.held_at(entry.at).select_related("person")
    near = posts.filter(Q(role__in=auditing) | Q(role__in=leading, org__in=orgs))
    if new:
        told = {post.person_id: post.person for post in near}
        notify(told.values(), of=entry, number=str(entry.subject_id), urgent=True)


def inform_teachers(entry: Entry) -> None:
    """Whoever may change the machine, and the auditors, hear that it is adrift, or is no more."""
    role_codes = [role.code for role in roles().values() if {"teach", "journal"} & role.may]
    posts = Post.objects.on_duty_at(entry.at).filter(role__in=role_codes).select_related("person")
    axis = Learner.objects.get(pk=entry.subject_id).axis
    told = {post.person_id: post.person for post in posts}
    notify(told.values(), of=entry, number=axis, urgent=True)


def inform_watchers(entry: Entry) -> None:
    """Auditors of the whole house, and whoever leads the work at the head office."""
    auditing = [role.code for role in roles().values() if "journal" in role.may]
    leading = [role.code for role in roles().values() if {"approve", "export"} <= role.may]
    posts = Post.objects.held_at(entry.at).select_related("person")
    near = posts.filter(Q(role__in=auditing) | Q(role__in=leading, org__parent__isnull=True))
    told = {post.person_id: post.person for post in near}
    notify(told.values(), of=entry, number=str(entry.subject_id), urgent=True)


def inform_sender(entry: Entry) -> None:
    """Whoever put a letter into the outbox hears that it did not arrive, or was taken out."""
    what = entry.what()
    assert isinstance(what, kinds.DeliveryFailed | kinds.DispatchStopped)
    sender = Dispatch.objects.select_related("queued_by").get(pk=what.dispatch).queued_by
    if sender.pk != entry.by_id:
        tell([sender], of=entry, number=_case(entry).number, urgent=True)


def _case(entry: Entry) -> Complaint:
    return Complaint.objects.select_related("accountable", "desk").get(pk=entry.subject_id)


def _ids(tokens: list[str]) -> list[int]:
    return [int(token[2:]) for token in tokens if token.startswith("o:")]
