"""Compare the promise about urgent complaints with what people have found since it was made."""

from datetime import datetime

from django.db import transaction

from sujin.complaints import kinds
from sujin.complaints.assurance import Assurance, current, rules
from sujin.complaints.models import Complaint, Vigil
from sujin.complaints.settled import missed_since, urgent_since
from sujin.engine.vigil import Guards, Tally
from sujin.platform.models import Entry, Person

READINGS = 2  # urgency and strangeness


@transaction.atomic
def watch_urgent(*, by: Person, at: datetime) -> Vigil | None:
    """Count anew under the promise in force; None when nothing is promised.

    Entry *Watched*, and *GuardRang* the first time each guard rings. Misses count once their case
    is closed, as the others do: those still open would be counted before the cases of their time.
    """
    promise = current()
    if promise is None:
        return None
    vigil = _vigil_of(promise)
    urgent = urgent_since(vigil.assured)
    missed = missed_since(vigil.assured)
    closed = missed.filter(closed_at__isnull=False).count()
    tally = Tally(closed, urgent.filter(closed_at__isnull=False).count())
    guard, looked, referred, rang_at = _guarded(promise, vigil)
    told = kinds.Watched(
        looked=looked,
        referred=referred,
        urgent=tally.n,
        missed=tally.missed,
        open_missed=missed.filter(closed_at__isnull=True).count(),
        evidence=round(min(tally.evidence(vigil.alpha), 1e9), 4),
        capital=round(min(guard.capital, 1e9), 4),
        watched_at=at,
    )
    vigil.write(told, by=by, at=at)
    _ring(vigil, rang_at, by=by, at=at)
    return vigil


def _vigil_of(promise: Assurance) -> Vigil:
    card = promise.card
    known, _is_new = Vigil.objects.select_for_update().get_or_create(
        assured=card.assured, defaults={"begun_at": card.since, "alpha": card.promised.alpha}
    )
    return known


def _guarded(promise: Assurance, vigil: Vigil) -> tuple[Guards, int, int, datetime | None]:
    """The guard over every score since the calibration, how many were looked at and referred, and
    when the case came that made it ring."""
    guard = Guards(float(rules()["guard_delta"]), promise.card.seed, READINGS)
    guard.know(promise.reference)
    looked = referred = 0
    rang_at = None
    entries = Entry.objects.of(kinds.Triaged).filter(subject=Complaint.subject)
    entries = entries.filter(data__assured=vigil.assured).order_by("at", "pk")
    for score, strange, is_referred, tier, at in entries.values_list(
        "data__urgency", "data__strange", "data__referred", "data__tier", "at"
    ):
        looked, referred = looked + 1, referred + bool(is_referred)
        # As in the calibration, what the rules caught counts as most urgent of all.
        urgency = 1.0 if tier == "urgent" else float(score)
        if guard.see((urgency, float(strange))) and rang_at is None:
            rang_at = at
    return guard, looked, referred, rang_at


def _ring(vigil: Vigil, shifted_at: datetime | None, *, by: Person, at: datetime) -> None:
    if shifted_at is not None and vigil.shifted_at is None:
        vigil.write(kinds.GuardRang(alarm="shift", rang_at=shifted_at), by=by, at=at)
    is_proved = vigil.evidence >= 1 / float(rules()["guard_delta"])
    if is_proved and vigil.broken_at is None:
        vigil.write(kinds.GuardRang(alarm="misses", rang_at=at), by=by, at=at)
