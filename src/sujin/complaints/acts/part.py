"""A contact that was taken for one more of a case is another customer's, or about another matter:
it becomes a case of its own, as if it had come alone."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _t

from sujin.complaints import arrival, clock, kinds
from sujin.complaints.acts.claim import held_for
from sujin.complaints.acts.receive import Receipt
from sujin.complaints.acts.recognise import recognise_parted
from sujin.complaints.acts.register import register
from sujin.complaints.acts.relieve import relieve_if_lost
from sujin.complaints.acts.route import route
from sujin.complaints.acts.settle import settle_parted, tell
from sujin.complaints.acts.triage import triage
from sujin.complaints.arrival import Arrival, Reception
from sujin.complaints.desks import Desks
from sujin.complaints.draft import Lane, RegulatorDraft
from sujin.complaints.models import Complaint, Contact, Party, Transfer, turns
from sujin.complaints.models.party import customer_keys, known_of
from sujin.complaints.remembered import draft_of
from sujin.complaints.rulebook import rulebook
from sujin.engine.text import redact, search_tokens
from sujin.platform.models import Attachment, Person
from sujin.platform.refusal import Refusal


class CannotPart(Refusal):
    """The contact stays where it is; the message says why."""


@transaction.atomic
def part(complaint: Complaint, *, contact: int, because: str, by: Person, at: datetime) -> Receipt:
    """Register, triage and route the contact on its own: its clocks run from when it came, its
    people and papers go with it, and it has a number and a code. Whoever stands aside here does
    there. The case keeps its tier and what else it rose to; both dockets tell it. An ended case
    parts too: the other customer is owed an answer all the same. Merging the two undoes it.
    """
    turns.wait(complaint.customer_keys)
    case = held_for(complaint, by)
    words = redact(because.strip()).text
    moved = _leaving(case, contact, words)
    found = _arrive(case, moved, by=by, at=at)
    papers = _move_papers(case, found.complaint, moved)
    _leave(case, found, moved, words, by=by, at=at)
    new = found.complaint
    told = kinds.Separated(case.pk, case.number, words, papers, tuple(case.recused))
    new.write(told, by=by, at=at)
    relieve_if_lost(new, by=by, at=at)
    return Receipt(new, Reception.NEW, found.code)


def _leaving(case: Complaint, contact: int, because: str) -> Contact:
    rows = case.contacts.select_related("complaint", "origin")
    contacts = list(rows.select_for_update(of=("self",)).order_by("pk"))
    moved = next((one for one in contacts if one.pk == contact), None)
    if moved is None:
        raise CannotPart(_t("这次联系不在这一件里"))
    if moved == contacts[0]:
        raise CannotPart(_t("这一件就是由这次联系登记的，不能拆出；请拆出其余各次联系"))
    if not because:
        raise CannotPart(_t("请写明为什么不是这一件"))
    return moved


def _arrive(case: Complaint, moved: Contact, *, by: Person, at: datetime) -> Arrival:
    """The story of the first second, told again for this contact alone: what it repeats is told
    of every case but the one it leaves, and it joins none: a person has just said that it stands
    by itself."""
    desks, found = Desks(at), arrival.read([draft_of(moved)], [moved.origin], rulebook())[0]
    recognise_parted(found, case)
    register([found], by=by, at=at)
    triage([found])
    route([found], desks, by=by, at=at)
    settle_parted(found, moved, by=by, at=at)
    return found


def _move_papers(case: Complaint, new: Complaint, moved: Contact) -> tuple[str, ...]:
    """The files that were handed in with the contact: those of its very moment and door."""
    joined = case.entries.of(kinds.Contacted).filter(data__contact=moved.pk).first()
    if joined is None:
        return ()
    papers = Attachment.objects.filter(
        subject=case.subject, subject_id=case.pk, added_at=joined.at, added_by=joined.by_id
    )
    names = tuple(
        redact(name).text for name in papers.order_by("pk").values_list("name", flat=True)
    )
    papers.update(subject_id=new.pk)
    return names


def _leave(
    case: Complaint, found: Arrival, moved: Contact, because: str, *, by: Person, at: datetime
) -> None:
    """The case is found by the words and people that are left, and by nothing else."""
    letter = found.draft.regulator
    is_last = letter is not None and _let_go(case, letter)
    rest = list(case.contacts.select_related("complaint", "origin").order_by("pk"))
    for contact in rest[1:]:
        tell(case, contact, draft_of(contact).parties)
    _narrow(case, [contact.text for contact in rest])
    due = min((one.due_at for one in case.transfers.all() if one.due_at), default=None)
    parted = kinds.Parted(
        of=found.complaint.pk,
        number=found.complaint.number,
        contact=moved.pk,
        because=because,
        lost_letter=letter is not None,
        lane=Lane.ORDINARY.value if is_last else case.lane,
        regulator_due_at=due,
    )
    case.write(parted, by=by, at=at)
    if letter is not None and case.is_open:
        read = clock.due(case, now=at, ticks=case.ticks())
        case.write(kinds.Rescheduled(read.at, read.clock), by=by, at=at)


def _let_go(case: Complaint, letter: RegulatorDraft) -> bool:
    """The letter has gone with the contact; whether none is left here."""
    same = case.transfers.filter(agency=letter.agency, reference=letter.reference).order_by("-pk")
    Transfer.objects.filter(pk__in=same.values("pk")[:1]).delete()
    return not case.transfers.exists()


def _narrow(case: Complaint, texts: list[str]) -> None:
    parties = tuple(Party.objects.filter(complaint=case))
    case.customer_keys, case.known = customer_keys(parties), known_of(parties)
    case.save(update_fields=["customer_keys", "known"])
    tokens = sorted({token for text in texts for token in search_tokens(text)})
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE complaints_complaint SET tokens = array_to_tsvector(%s::text[]) WHERE id = %s",
            [tokens, case.pk],
        )
