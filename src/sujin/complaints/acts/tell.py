"""Tell people of an entry about a case: only those whose side reads it whole."""

from collections.abc import Iterable

from sujin.complaints import sides
from sujin.complaints.models import Complaint
from sujin.complaints.told import Custody, told
from sujin.platform import reach
from sujin.platform.acts.tell import tell as notify
from sujin.platform.models import Entry, Person


def tell(persons: Iterable[Person], *, of: Entry, number: str, urgent: bool = False) -> None:
    """A notice shows the whole sentence, so it goes to nobody of the other legal entity who could
    not read that sentence in the dossier."""
    asked = list(persons)
    if not asked:
        return
    case = Complaint.objects.select_related("desk", "origin").get(pk=of.subject_id)
    entities = sides.Entities()
    entry = told([of], entities, Custody([case], entities))[0]
    hearing = [
        person
        for person in asked
        if entry.reads(entities.look(case, reach.of(person, of.at))) is sides.Reads.WHOLE
    ]
    notify(hearing, of=of, number=number, urgent=urgent)
