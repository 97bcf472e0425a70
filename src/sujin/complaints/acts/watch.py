"""Each night: does every trained machine still see the texts it was measured on?"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from sujin.complaints import kinds, schooling
from sujin.complaints.models import Complaint, Learner
from sujin.complaints.schooling import Unusable
from sujin.engine.drift import Drift, Picture, drift, picture
from sujin.platform.models import Entry, Person

# Long enough for a hundred cases of a branch's ordinary weeks, short enough to be news.
RECENT = timedelta(days=14)
MOST = 5000


@transaction.atomic
def watch_drift(*, by: Person, at: datetime) -> list[Learner]:
    """Says once that a drift has begun, and once that it is over; returns those it spoke of."""
    changed = []
    for learner in Learner.objects.select_for_update().exclude(version="").order_by("axis"):
        found = measured(learner, at)
        is_adrift = learner.drifting_since is not None
        shifts = {shift.about: round(shift.index, 3) for shift in found.shifts}
        if found.has_begun and not is_adrift:
            told = kinds.DriftBegan(learner.version, at, found.n, shifts)
            changed.append(learner)
            learner.write(told, by=by, at=at)
        elif found.is_over and is_adrift:
            changed.append(learner)
            learner.write(kinds.DriftEnded(learner.version, found.n), by=by, at=at)
    return changed


def measured(learner: Learner, at: datetime) -> Drift:
    """What the version that judges said lately against the picture on its card."""
    try:
        card = schooling.card(learner.axis, learner.version)
    except Unusable:
        return Drift(0, ())
    reference = _picture(card["picture"])
    return drift(reference, recent(learner, float(card["unsure_below"]), at))


def recent(learner: Learner, unsure_below: float, at: datetime) -> Picture:
    """What this version said of the cases of the last days, as their dockets keep it."""
    axis = learner.axis
    rows = Entry.objects.of(kinds.Triaged).filter(subject=Complaint.subject, at__gt=at - RECENT)
    rows = rows.filter(at__lte=at, **{f"data__models__{axis}": learner.version})
    told = rows.order_by("-at").values_list("data", flat=True)[:MOST]
    return picture(
        [
            (str(data[axis]), float(data["confidence"][axis]))
            for data in told
            if axis not in data.get("declared", ())
        ],
        unsure_below=unsure_below,
    )


def _picture(told: Mapping[str, object]) -> Picture:
    confidences, codes = told["confidences"], told["codes"]
    assert isinstance(confidences, list)
    assert isinstance(codes, dict)
    return Picture(tuple(confidences), int(str(told["unsure"])), codes)
