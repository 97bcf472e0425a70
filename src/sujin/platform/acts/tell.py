"""Tell persons of an entry: a notice each, once."""

from collections.abc import Iterable

from sujin.platform.models import Entry, Notice, Person


def tell(persons: Iterable[Person], *, of: Entry, number: str, urgent: bool = False) -> None:
    """One unread notice per person; telling twice changes nothing."""
    Notice.objects.bulk_create(
        [
            Notice(person=person, entry=of, number=number, urgent=urgent, told_at=of.recorded_at)
            for person in persons
        ],
        ignore_conflicts=True,
    )
