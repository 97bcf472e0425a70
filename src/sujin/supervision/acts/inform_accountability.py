"""Who hears of an accountability: the person first, and whoever has to decide."""

from sujin.governance.acts.lateness import tell_desks
from sujin.platform.acts.tell import tell
from sujin.platform.models import Entry, Org
from sujin.platform.reach import roles_with
from sujin.supervision.models import Accountability
from sujin.supervision.models.accountability import DECIDE


def inform_accountable(entry: Entry) -> None:
    """The person, of everything that is done about it."""
    row = _row(entry)
    tell([row.person], of=entry, number=str(row.pk), urgent=True)


def inform_deciders(entry: Entry) -> None:
    """Whoever decides over the unit: the nearest level above it that has somebody."""
    row = _row(entry)
    able = roles_with(DECIDE)
    above = Org.objects.in_bulk(row.unit.lineage[:-1])
    chain = [above[key] for key in reversed(row.unit.lineage[:-1])]
    next((one for one in chain if tell_desks([one], able, entry, number=str(row.pk))), None)


def inform_opener(entry: Entry) -> None:
    """Whoever opened it hears how it ended."""
    row = _row(entry)
    tell([row.opened_by], of=entry, number=str(row.pk))


def _row(entry: Entry) -> Accountability:
    rows = Accountability.objects.select_related("person", "unit", "opened_by")
    return rows.get(pk=entry.subject_id)
