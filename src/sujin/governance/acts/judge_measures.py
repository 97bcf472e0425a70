"""成效核验: on the declared day every measure that was carried out gets its verdict."""

from datetime import datetime
from math import isnan
from typing import Any

from django.db import transaction
from django.utils import timezone

from sujin.engine.verify import Change, Finding
from sujin.governance.acts.lateness import tell_desks
from sujin.governance.acts.settle_problem import governing_roles
from sujin.governance.kinds import ledger as kinds
from sujin.governance.measured import finding_of, inner_of
from sujin.governance.models.measure import Measure
from sujin.platform.models import Entry, Org, Person


def judge_measures(*, by: Person, at: datetime) -> int:
    """Each ripe measure once, in a transaction of its own; how many. What was not carried out by
    its day lapses: a verdict chosen after one has looked is none."""
    ripe = list(Measure.objects.ripe(timezone.localdate(at)).values_list("pk", flat=True))
    return sum(_judge(key, by=by, at=at) for key in ripe)


@transaction.atomic
def _judge(key: int, *, by: Person, at: datetime) -> bool:
    today = timezone.localdate(at)
    rows = Measure.objects.select_for_update(of=("self",)).select_related("problem")
    measure = rows.ripe(today).filter(pk=key).first()
    if measure is None:
        return False
    if measure.state == kinds.DECLARED:
        measure.write(kinds.MeasureLapsed(number=measure.number), by=by, at=at)
        return True
    # Weeks after the day of judgement were not declared: a verdict given late is the same.
    found = finding_of(measure, measure.judge_on)
    told = kinds.MeasureJudged(
        number=measure.number, verdict=found.verdict.value, judged_at=at,
        looks=measure.looks + 1, figures=figures(found, inner_of(measure.looks)),
    )  # fmt: skip
    measure.write(told, by=by, at=at)
    return True


def figures(found: Finding, inner: float) -> dict[str, Any]:
    """What the verdict rests on, as it is kept; shares that nobody knows are None."""
    return {
        "reason": found.reason.value,
        "inner": inner,
        "raw": _kept(found.raw),
        "own": _kept(found.own),
        "net": _kept(found.net),
        "moved": {name: _kept(change) for name, change in found.moved.items()},
        "units": [[one.name, round(one.share, 4), round(one.z, 3)] for one in found.units],
        "times": [[one.name, round(one.share, 4), round(one.z, 3)] for one in found.times],
        "left_out": list(found.left_out),
    }


def _kept(change: Change) -> list[float | None]:
    values = (change.share, change.low, change.high)
    return [None if isnan(value) else round(value, 4) for value in values]


def inform_of_verdict(entry: Entry) -> None:
    """The desk of the problem, and the one that carried the measure out, hear of its verdict."""
    measure = _measure(entry)
    _tell([measure.problem.owner, measure.owner], measure, entry)


def inform_of_measure(entry: Entry) -> None:
    """Whoever is to carry it out hears of it."""
    measure = _measure(entry)
    _tell([measure.owner], measure, entry)


def _measure(entry: Entry) -> Measure:
    return Measure.objects.select_related("problem__owner", "owner").get(pk=entry.subject_id)


def _tell(desks: list[Org | None], measure: Measure, entry: Entry) -> None:
    tell_desks(desks, governing_roles(), entry, number=str(measure.problem_id))
