"""Tell who has to assess, and those whose proposal it is, what became of it."""

from sujin.governance.acts.lateness import tell_desks
from sujin.platform.acts.tell import tell
from sujin.platform.models import Entry, Person
from sujin.platform.reach import roles_with
from sujin.supervision.models import Proposal
from sujin.supervision.models.proposal import ASSESS


def inform_assessors(entry: Entry) -> None:
    """Whoever assesses at the owning desk."""
    found = Proposal.objects.select_related("owner").get(pk=entry.subject_id)
    able = roles_with(ASSESS)
    tell_desks([found.owner], able, entry)


def inform_proposers(entry: Entry) -> None:
    """Everybody who wrote on it, but for the one who acts."""
    tell_writers(Proposal.objects.get(pk=entry.subject_id), entry)


def tell_writers(found: Proposal, entry: Entry) -> None:
    """The page that is named is the entry's own subject's."""
    told = Person.objects.filter(pk__in=found.writers, is_active=True).exclude(pk=entry.by_id)
    tell(told, of=entry, number=str(entry.subject_id))
