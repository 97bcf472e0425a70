"""Read who had the ball from the dockets, and keep the reading for the figures.

A reading writes no entry: it says nothing that the docket does not say, and can be made again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from sujin.complaints import custody, kinds
from sujin.complaints.course import course, overruns, spells
from sujin.complaints.models import Complaint, Course, Overrun, Spell
from sujin.engine.custody import read
from sujin.platform.bulk import insert
from sujin.platform.models import Entry, Org

BATCH = 200
# What the worker may have missed: a reaction that failed for good, entries nobody announced.
LOOKED_BACK = timedelta(days=2)
Tell = Callable[[int], None]


def measure(case: Complaint) -> None:
    """Read one case again; the same docket gives the same rows."""
    _measure([case.pk])


def measure_entry(entry: Entry) -> None:
    """Read the case of an entry that has committed."""
    _measure([entry.subject_id])


def measure_all(*, tell: Tell = lambda done: None) -> int:
    """Read every case again, in batches that can be interrupted; returns how many."""
    done = last = 0
    while ids := list(
        Complaint.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        _measure(ids)
        done, last = done + len(ids), ids[-1]
        tell(done)
    return done


def measure_changed(*, at: datetime) -> int:
    """Read what has never been read, and what has entries of the last days that were not read."""
    unread = Complaint.objects.filter(course__isnull=True).values_list("pk", flat=True)
    ids = sorted({*unread, *_stale(at)})
    for start in range(0, len(ids), BATCH):
        _measure(ids[start : start + BATCH])
    return len(ids)


def _stale(at: datetime) -> set[int]:
    recent = Entry.objects.of(*kinds.KINDS).filter(
        subject=Complaint.subject, at__gte=at - LOOKED_BACK
    )
    newest = dict(recent.values_list("subject_id").annotate(last=Max("pk")))
    read_to = dict(Course.objects.filter(pk__in=newest).values_list("pk", "entry"))
    return {pk for pk, last in newest.items() if read_to.get(pk, 0) < last}


@transaction.atomic
def _measure(ids: Sequence[int]) -> None:
    # Two readings of one case must not interleave; the lock is on the case, in one order.
    rows = Complaint.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    cases = list(rows.defer("text", "tokens", "minhash", "bands", "customer_keys", "known"))
    dockets = _dockets(ids)
    orgs = Org.objects.select_related("parent").in_bulk()
    Spell.objects.filter(complaint__in=ids).delete()
    Overrun.objects.filter(complaint__in=ids).delete()
    Course.objects.filter(complaint__in=ids).delete()
    found = [(case, dockets[case.pk]) for case in cases if dockets[case.pk]]
    readings = [(case, docket, read(custody.events(case, docket))) for case, docket in found]
    insert([course(case, docket, reading, orgs) for case, docket, reading in readings])
    insert([one for case, docket, reading in readings for one in spells(case, reading, orgs)])
    insert([one for case, _docket, reading in readings for one in overruns(case, reading)])


def _dockets(ids: Iterable[int]) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = defaultdict(list)
    entries = Entry.objects.about(Complaint.subject, ids).select_related("by")
    for entry in entries.order_by("subject_id", "at", "pk"):
        found[entry.subject_id].append(entry)
    return found
