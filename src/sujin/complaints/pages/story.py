"""Everything the dossier shows about a case, read in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _t

from sujin.complaints import clock, sides, words
from sujin.complaints.kinds.base import DocketKind
from sujin.complaints.models import Complaint, Contact, Transfer
from sujin.complaints.pages import why
from sujin.complaints.sides import Entities, Reads
from sujin.complaints.told import Custody
from sujin.complaints.told import told as read_all
from sujin.engine.sla import Reading
from sujin.platform.journal import Kind
from sujin.platform.models import Attachment, Entry, Org
from sujin.platform.ui.request import StaffRequest

TIMELINE_MAX = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline: an entry, read, and the case it belongs to."""

    entry: Entry
    kind: Kind
    sentence: str
    number: str


def tell(
    case: Complaint, request: StaffRequest, entities: Entities, *, clear: bool
) -> dict[str, Any]:
    """The dossier's facts; ``clear`` shows personal data unmasked."""
    related, contacts = list(_related(case, request)), list(_contacts(case))
    lines = timeline([case, *related], request, entities)
    own = [line for line in lines if line.entry.subject_id == case.pk]
    return {
        "clocks": clocks(case, request),
        "missing_year": clock.missing_year(request.at) if case.is_open else None,
        "contacts": [_said(contact, clear=clear) for contact in contacts],
        # The one that the case was registered with.
        "first_contact": min((contact.pk for contact in contacts), default=None),
        "parties": [(party, _personal(party.shown(clear=clear))) for party in case.parties.all()],
        "is_clear": clear,
        "verdict": why.verdict(case, (line.kind for line in own)),
        "related": related,
        "timeline": list(reversed(lines)),
        "attachments": papers(case, request, entities),
        "transfers": Transfer.objects.under(case).order_by("pk"),
        "linked": _nameable([case.repeat_of_id, case.merged_into_id], request),
        "signals": [words.SIGNALS.get(signal, signal) for signal in case.signals],
    }


def clocks(case: Complaint, request: StaffRequest) -> list[tuple[Reading, str]]:
    """The clock strip: every clock with its title in the reader's language."""
    language = "en" if words.is_english() else "zh"
    return [
        (reading, reading.title.get(language, reading.clock))
        for reading in clock.of(case, now=request.at)
        if reading.state != "waiting"
    ]


def papers(case: Complaint, request: StaffRequest, entities: Entities) -> list[Attachment]:
    """The files that the reader's side may open: as the entry that says they were added."""
    rows = Attachment.objects.filter(subject=case.subject, subject_id=case.pk)
    found = list(rows.select_related("added_by").order_by("added_at"))
    sight = entities.look(case, request.reach)
    said = {("paper", one.pk): (one.added_by_id, one.added_at) for one in found}
    if not found or sight.is_above:
        return found
    sides_of, custody = entities.of_people(said), Custody([case], entities)
    return [
        one
        for one in found
        if sides.may_open(sight, sides_of["paper", one.pk], custody.holder(case.pk, one.added_at))
    ]


def timeline(cases: list[Complaint], request: StaffRequest, entities: Entities) -> list[Line]:
    """What happened to the person and the matter, in one line of time; a case that the reader may
    not see is not named, and what the other legal entity wrote for itself is left out."""
    sights = {case.pk: entities.look(case, request.reach) for case in cases}
    numbers = {case.pk: case.number for case in cases}
    entries = (
        Entry.objects.about(Complaint.subject, numbers)
        .select_related("by")
        .order_by("-at", "-pk")[:TIMELINE_MAX]
    )
    told = [
        (one, reads)
        for one in read_all(reversed(entries), entities, Custody(cases, entities))
        if (reads := one.reads(sights[one.entry.subject_id])) is not Reads.NOTHING
    ]
    nameable = _nameable([_other(one.kind) for one, _reads in told], request)
    desks = Org.objects.in_bulk([one.kind.desk for one, _r in told if hasattr(one.kind, "desk")])
    return [
        _line(one.entry, one.kind, numbers, nameable, desks)
        if reads is Reads.WHOLE
        else Line(one.entry, one.kind, str(one.kind.title), numbers[one.entry.subject_id])
        for one, reads in told
    ]


def _line(
    entry: Entry, kind: Kind, numbers: dict[int, str], nameable: set[int], desks: dict[int, Org]
) -> Line:
    desk = getattr(kind, "desk", None)
    if desk in desks:
        kind = replace(kind, desk_name=str(desks[desk]))  # type: ignore[call-arg]
    other = _other(kind)
    if other is not None and other not in nameable:
        kind = replace(kind, number=_t("另一机构的一件"))  # type: ignore[call-arg]
    return Line(entry, kind, kind.sentence(), numbers[entry.subject_id])


def _other(kind: Kind) -> int | None:
    return kind.other if isinstance(kind, DocketKind) else None


def _nameable(ids: Iterable[int | None], request: StaffRequest) -> set[int]:
    """Those of the cases that the reader may see."""
    within = Complaint.objects.within(request.reach)
    return set(within.filter(pk__in={pk for pk in ids if pk}).values_list("pk", flat=True))


def _related(case: Complaint, request: StaffRequest) -> Iterable[Complaint]:
    """Cases of the same matter, and merged ones, as far as the person may see them."""
    first = case.repeat_of_id or case.pk
    same = Q(pk=first) | Q(repeat_of=first) | Q(merged_into=case.pk) | Q(pk=case.merged_into_id)
    group = case.group_id or case.pk
    near = same | Q(group=group) | Q(pk=case.group_id)
    rows = Complaint.objects.within(request.reach).filter(near).exclude(pk=case.pk)
    return (
        rows.select_related("desk", "origin")
        .defer("tokens", "minhash", "bands")
        .order_by("-received_at")[:20]
    )


def _contacts(case: Complaint) -> Iterable[Contact]:
    return case.contacts.select_related("origin", "taken_by").order_by("at", "pk")


def _said(contact: Contact, *, clear: bool) -> tuple[Contact, str]:
    return contact, (contact.raw or contact.text) if clear else contact.text


def _personal(shown: dict[str, str]) -> list[tuple[Any, str]]:
    return [(words.PERSONAL[field], value) for field, value in shown.items()]
