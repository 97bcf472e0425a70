"""Tell who has to look, and who wrote: run by the worker once the entry has committed."""

from collections.abc import Iterable

from sujin.knowledge.answering import nearest
from sujin.knowledge.duties import RELEASE
from sujin.knowledge.models import Version
from sujin.platform.acts.tell import tell
from sujin.platform.models import Entry, Person


def inform_releasers(entry: Entry) -> None:
    """The second pairs of eyes at the owner's desk and the next above it; never the author."""
    version = _version(entry)
    # The owner's own holder may be the author: the next desk above is told, too.
    holders = nearest(version.item.owner, RELEASE, entry.at, levels=2)
    authors = {version.drafted_by_id, version.submitted_by_id}
    _tell((person for person in holders if person.pk not in authors), entry)


def inform_author(entry: Entry) -> None:
    """Whoever wrote it hears what became of it."""
    version = _version(entry)
    _tell([version.drafted_by], entry)


def _version(entry: Entry) -> Version:
    rows = Version.objects.select_related("item__owner", "drafted_by")
    return rows.get(pk=entry.subject_id)


def _tell(persons: Iterable[Person], entry: Entry) -> None:
    told = {one.pk: one for one in persons if one.pk != entry.by_id and not one.is_service}
    tell(told.values(), of=entry, number=str(entry.subject_id))
