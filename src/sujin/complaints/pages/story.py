"""Everything the dossier shows about a case, read in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints import clock, kinds, sides, words
from sujin.complaints.kinds.base import DocketKind
from sujin.complaints.models import Complaint, Contact
from sujin.complaints.rulebook import HOUSE_PACK, name_of, rulebook
from sujin.complaints.sides import Entities, Reads
from sujin.complaints.told import Custody
from sujin.complaints.told import told as read_all
from sujin.engine import tier
from sujin.engine.sla import Reading
from sujin.engine.tier import TierFacts
from sujin.platform.journal import Kind
from sujin.platform.models import Attachment, Entry, Org
from sujin.platform.ui.request import StaffRequest

TIMELINE_MAX = 300
# How a tier's table words a condition, and how people do. The longer mark stands first.
CHANGES = {
    ">=": _("%(fact)s不少于 %(value)s"),
    "<=": _("%(fact)s不多于 %(value)s"),
    "<": _("%(fact)s少于 %(value)s"),
    "=": _("%(fact)s：%(value)s"),
}
YES_NO = {"yes": _("是"), "no": _("否")}


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
    related = list(_related(case, request))
    lines = timeline([case, *related], request, entities)
    own = [line for line in lines if line.entry.subject_id == case.pk]
    return {
        "clocks": clocks(case, request),
        "missing_year": clock.missing_year(request.at) if case.is_open else None,
        "contacts": [_said(contact, clear=clear) for contact in _contacts(case)],
        "parties": [(party, _personal(party.shown(clear=clear))) for party in case.parties.all()],
        "is_clear": clear,
        "verdict": verdict(case, own),
        "related": related,
        "timeline": list(reversed(lines)),
        "attachments": papers(case, request, entities),
        "transfers": case.transfers.order_by("pk"),
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


def verdict(case: Complaint, lines: Iterable[Line]) -> dict[str, Any]:
    """Why this tier, what would change it, and the words behind each code."""
    triaged = next((line.kind for line in lines if isinstance(line.kind, kinds.Triaged)), None)
    if not isinstance(triaged, kinds.Triaged):
        return {}
    flips = tier.flips(facts(case, triaged), rulebook().tiers)
    return {
        "row": triaged.tier_row,
        "because": triaged.sentence(),
        "flips": [
            (flip.tier.value, [_change(change) for change in flip.changes]) for flip in flips
        ],
        "axes": [_axis(case, axis, triaged) for axis in words.AXES],
        "was_overridden": triaged.tier != case.tier,
        "look": _look(triaged),
    }


def _look(triaged: kinds.Triaged) -> dict[str, Any]:
    """The second look, when there was one: its score of a hundred and what raised it."""
    if triaged.urgency is None:
        return {}
    named = [words.FACTS.get(one, one) for one in triaged.raised_by]
    return {"score": triaged.urgency * 100, "referred": triaged.referred, "words": named}


def facts(case: Complaint, triaged: kinds.Triaged) -> TierFacts:
    """The facts the tier was judged on, as the row keeps them."""
    signals = set(case.signals)
    return TierFacts(
        amount=triaged.amount,
        vulnerable=case.vulnerable,
        regulator=case.lane == "regulator",
        media="media" in signals,
        people=case.people,
        repeats=triaged.repeats,
        escalation="escalation" in signals,
        legal="legal" in signals,
        safety="safety" in signals,
    )


def _change(change: str) -> str:
    """``amount>=50000`` in words."""
    for mark, said in CHANGES.items():
        fact, found, value = change.partition(mark)
        if found:
            named = {"fact": words.FACTS.get(fact, fact), "value": YES_NO.get(value, value)}
            return str(said) % named
    return change


def _axis(case: Complaint, axis: str, triaged: kinds.Triaged) -> dict[str, Any]:
    code = getattr(case, axis)
    return {
        "label": words.AXES[axis],
        "name": name_of(axis, code, english=words.is_english(), pack=_pack(axis, case)),
        "confidence": round(triaged.confidence.get(axis, 0) * 100),
        "words": triaged.words.get(axis, ()),
        "is_corrected": code != getattr(triaged, axis),
    }


def _pack(axis: str, case: Complaint) -> str:
    return case.pack if axis in {"business", "cause"} else HOUSE_PACK


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
