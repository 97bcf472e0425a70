"""Examine the house against its invariants: what is wrong is named once, and again when gone."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from sujin.complaints import kinds
from sujin.complaints.invariants import INVARIANTS, REPLAY, Found
from sujin.complaints.models import Breach, Complaint, Examination
from sujin.complaints.replaying import differing
from sujin.platform.models import Entry, Person

NIGHTLY = 200_000  # cases compared in one night: a few minutes
# An entry's number is taken before its transaction commits: the last ones are read again.
OVERLAP = 1000
Key = tuple[str, str]


@transaction.atomic
def examine(
    *, by: Person, at: datetime, everything: bool = False, limit: int = NIGHTLY
) -> Examination:
    """Ask every invariant; compare with their dockets the cases that changed since the last run and
    as many more as ``limit`` allows, going on where it stopped; all of them for ``everything``."""
    before = Examination.objects.order_by("-pk").first() or Examination()
    chosen, last_entry, last_case = _everything() if everything else _some(before, limit)
    found = {
        (rule.code, one.about): one for rule in INVARIANTS for one in rule.look(at)
    } | _differing(chosen)
    run = Examination.objects.create(at=at)
    new = _see(run, found, at=at)
    gone = _gone(found, chosen, at=at)
    told = kinds.Examined(
        looked=len(chosen),
        new=new,
        gone=gone,
        standing=Breach.objects.standing().count(),
        last_entry=last_entry,
        last_case=last_case,
    )
    run.write(told, by=by, at=at)
    return run


def _everything() -> tuple[set[int], int, int]:
    last = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    return set(Complaint.objects.values_list("pk", flat=True)), last, 0


def _some(before: Examination, limit: int) -> tuple[set[int], int, int]:
    """The cases to compare, the last entry read and the last case of the walk through them all.

    Half of the night is for what changed. An altered row has no entry, so the other half goes
    through everything, night after night.
    """
    told = Entry.objects.filter(subject=Complaint.subject).order_by("pk")
    behind = told.filter(pk__gt=before.last_entry).values_list("pk", "subject_id")
    changed = list(behind[: max(1, limit // 2)])
    again = told.filter(pk__gt=before.last_entry - OVERLAP, pk__lte=before.last_entry)
    standing = Breach.objects.standing().filter(rule=REPLAY)
    chosen = {case for _entry, case in changed}
    chosen |= set(again.values_list("subject_id", flat=True))
    chosen |= {pk for pk in standing.values_list("complaint_id", flat=True) if pk is not None}
    room = max(1, limit - len(changed))
    rows = Complaint.objects.filter(pk__gt=before.last_case).order_by("pk")
    walked = list(rows.values_list("pk", flat=True)[:room])
    last_entry = changed[-1][0] if changed else before.last_entry
    # At the end the walk begins again from the first case.
    return chosen | set(walked), last_entry, walked[-1] if len(walked) == room else 0


def _differing(chosen: Iterable[int]) -> dict[Key, Found]:
    wrong = differing(chosen)
    numbers = dict(Complaint.objects.filter(pk__in=wrong).values_list("pk", "number"))
    return {
        (REPLAY, numbers[pk]): Found(numbers[pk], pk, tuple(points)) for pk, points in wrong.items()
    }


def _see(run: Examination, found: Mapping[Key, Found], *, at: datetime) -> int:
    """A row for each breach not known yet; what a known one consists of may have changed."""
    known = {(one.rule, one.about): one for one in Breach.objects.standing()}
    for key, one in found.items():
        points = [point[:40] for point in one.points]
        if key in known and known[key].points != points:
            known[key].points = points
            known[key].save(update_fields=["points"])
    new = [
        Breach(
            rule=rule,
            about=about,
            complaint_id=one.complaint,
            points=[point[:40] for point in one.points],
            since=one.since,
            seen_in=run,
            seen_at=at,
        )
        for (rule, about), one in found.items()
        if (rule, about) not in known
    ]
    Breach.objects.bulk_create(new)
    return len(new)


def _gone(found: Mapping[Key, Found], chosen: set[int], *, at: datetime) -> int:
    """Breaches looked for and not found any more."""
    gone = [
        one.pk
        for one in Breach.objects.standing()
        if (one.rule, one.about) not in found and (one.rule != REPLAY or one.complaint_id in chosen)
    ]
    return Breach.objects.filter(pk__in=gone).update(gone_at=at)
