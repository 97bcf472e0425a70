"""Tell who has to read, to answer, or wants to know: run once the entry has committed."""

from collections.abc import Iterable

from sujin.knowledge import kinds
from sujin.knowledge.answering import above, answering
from sujin.knowledge.duties import DRAFT, RELEASE
from sujin.knowledge.models import Acknowledgement, Revision
from sujin.platform.acts.tell import tell
from sujin.platform.models import Entry, Person


def inform_readers(entry: Entry) -> None:
    """Everybody who has it to read."""
    rows = Acknowledgement.objects.missing().filter(distribution=entry.subject_id)
    tell([row.person for row in rows.select_related("person")], of=entry, number=_number(entry))


def inform_late(entry: Entry) -> None:
    """Those who were asked to hurry, or are reminded, and have not read meanwhile."""
    what = entry.what()
    assert isinstance(what, kinds.DistributionUrged | kinds.DistributionReminded)
    rows = Acknowledgement.objects.missing().filter(
        distribution=entry.subject_id, person__in=what.people
    )
    people = [row.person for row in rows.select_related("person")]
    tell(people, of=entry, number=_number(entry), urgent=True)


def inform_owner(entry: Entry) -> None:
    """Whoever writes for the item's owner has a task."""
    revision = _revision(entry)
    _tell(answering(revision.item.owner, DRAFT, entry.at), entry)


def inform_those_above(entry: Entry) -> None:
    """Whoever releases for the owner, at the desk and above it: the task is late."""
    revision = _revision(entry)
    _tell(above(revision.item.owner, RELEASE, entry.at), entry, urgent=True)


def inform_speakers(entry: Entry) -> None:
    """Whoever spoke is told what became of it."""
    rows = _revision(entry).feedback.select_related("person")
    _tell([row.person for row in rows], entry)


def _tell(people: Iterable[Person], entry: Entry, *, urgent: bool = False) -> None:
    told = {person.pk: person for person in people if person.pk != entry.by_id}
    tell(told.values(), of=entry, number=_number(entry), urgent=urgent)


def _revision(entry: Entry) -> Revision:
    return Revision.objects.select_related("item__owner").get(pk=entry.subject_id)


def _number(entry: Entry) -> str:
    return str(entry.subject_id)
