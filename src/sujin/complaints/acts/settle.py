"""Write the first second down: rows, contacts, people and entries, or nothing at all."""

from collections.abc import Sequence, Set
from datetime import datetime

from django.db import connection

from sujin.complaints import kinds
from sujin.complaints.acts.reconsider import reconsider
from sujin.complaints.arrival import Arrival, Reception
from sujin.complaints.desks import Desks
from sujin.complaints.draft import PartyDraft
from sujin.complaints.models import Complaint, Contact, Party, Transfer
from sujin.complaints.models.party import UNVERIFIED
from sujin.complaints.remembered import remembered
from sujin.engine.text import search_tokens
from sujin.platform.bulk import insert
from sujin.platform.models import Entry, Person
from sujin.platform.models.entry import record


def settle(
    arrivals: Sequence[Arrival], desks: Desks, *, by: Person, at: datetime, announce: bool
) -> None:
    """Insert what is new; add a contact to the cases that were joined."""
    fresh = [found for found in arrivals if found.reception is Reception.NEW]
    joined = [found for found in arrivals if found.reception is Reception.JOINED]
    for found in fresh:
        found.complaint.tokens = search_tokens(found.text)
    insert([found.complaint for found in fresh])
    _insert_people(fresh)
    contacts = _insert_contacts([*fresh, *joined], by)
    record([entry for found in fresh for entry in _entries(found, by=by, at=at)], announce=announce)
    for found, contact in zip(joined, contacts[len(fresh) :], strict=True):
        _join(found, contact, desks, by=by, at=at)


def settle_parted(found: Arrival, contact: Contact, *, by: Person, at: datetime) -> None:
    """Insert the case that a contact of another one becomes; the people it told of go with it."""
    case = found.complaint
    case.tokens = search_tokens(found.text)
    insert([case])
    if found.draft.regulator is not None:
        Transfer.of(case, found.draft.regulator).save()
    contact.parties.all().delete()
    insert([Party.of(case, party) for party in found.draft.parties])
    Contact.objects.filter(pk=contact.pk).update(complaint=case, told="")
    record(_entries(found, by=by, at=at))


def _insert_people(fresh: Sequence[Arrival]) -> None:
    insert([Party.of(found.complaint, party) for found in fresh for party in found.draft.parties])
    insert(
        [
            Transfer.of(found.complaint, found.draft.regulator)
            for found in fresh
            if found.draft.regulator is not None
        ]
    )


def _insert_contacts(arrivals: Sequence[Arrival], by: Person) -> Sequence[Contact]:
    return insert(
        [
            Contact(
                complaint=found.complaint,
                channel=found.draft.channel,
                at=found.draft.received_at,
                origin=found.origin,
                taken_by=by,
                text=found.text,
                # What masking changed is kept word for word, sealed; equal text is not kept twice.
                raw=found.draft.text if found.draft.text != found.text else "",
                source=found.draft.source,
                external_id=found.draft.external_id,
                told=remembered(found.draft) if found.reception is Reception.JOINED else "",
                attributes=dict(found.draft.attributes),
            )
            for found in arrivals
        ]
    )


def _entries(found: Arrival, *, by: Person, at: datetime) -> list[Entry]:
    return [found.complaint.entry(kind, by=by, at=at) for kind in found.kinds]


def _join(found: Arrival, contact: Contact, desks: Desks, *, by: Person, at: datetime) -> None:
    """One more contact on an open case; new facts may raise it, never lower it."""
    case = Complaint.objects.select_for_update(of=("self",)).get(pk=found.complaint.pk)
    because = found.repeat.because if found.repeat else {}
    case.write(kinds.Contacted(found.draft.channel, contact.pk, dict(because)), by=by, at=at)
    _widen(case, found)
    tell(case, contact, found.draft.parties)
    found.complaint = reconsider(case, found, desks, by=by, at=at)


def _widen(case: Complaint, found: Arrival) -> None:
    """The case is found by the new words and the new identifiers, too."""
    keys = sorted({*case.customer_keys, *found.keys})
    known = sorted({*case.known, *found.known})
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE complaints_complaint SET tokens = tokens || array_to_tsvector(%s::text[]), "
            "customer_keys = %s, known = %s WHERE id = %s",
            [search_tokens(found.text), keys, known, case.pk],
        )
    case.customer_keys, case.known = keys, known


def tell(case: Complaint, contact: Contact, parties: Sequence[PartyDraft]) -> None:
    """What the contact tells about people is kept, unless the case knows all of it."""
    known = [party.shown(clear=True).items() for party in case.parties.all()]
    fresh = [Party.of(case, party) for party in parties]
    told = [party for party in fresh if not any(_says(party) <= one for one in known)]
    for party in told:
        # Whoever types a known telephone number into a public form need not be its owner.
        party.authority, party.contact = party.authority or UNVERIFIED, contact
    insert(told)


def _says(party: Party) -> Set[tuple[str, str]]:
    """What a contact tells about a person: nothing new when somebody of the case has all of it."""
    return party.shown(clear=True).items()
