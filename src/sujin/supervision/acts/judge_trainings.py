"""训后成效: each group of units trained in the same month gets its verdict once, on its day."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from sujin.engine.training_effect import (
    Cohort,
    by_month,
    cohort,
    controls,
    month_of,
    series,
)
from sujin.engine.verify import judge
from sujin.engine.verify.judge import before_after
from sujin.engine.verify.observed import Counts
from sujin.governance.acts.judge_measures import figures
from sujin.governance.measured import inner_of
from sujin.platform.models import Org, Person
from sujin.supervision import theme
from sujin.supervision.counting import UNITS
from sujin.supervision.kinds.training import EffectJudged, UnitsTrained
from sujin.supervision.models import TrainingEffect
from sujin.supervision.trainingbook import Training, rule, trainings


@transaction.atomic
def note_trained(*, by: Person, at: datetime) -> int:
    """Units that reached the share since the last night, each with its day; it then stands, whoever
    comes or goes. How many."""
    today, units = timezone.localdate(at), first_level()
    return sum(
        _note(one, units, today, by=by, at=at) for one in trainings().values() if one.has_theme
    )


def _note(
    training: Training, units: Sequence[Org], today: date, *, by: Person, at: datetime
) -> int:
    rows = list(_rows(training).select_for_update())
    noted = {str(unit) for row in rows for unit in row.units}
    (trained,) = theme.reached(units, training, today, rule("trained_percent"))
    new = {unit: day for unit, day in trained.items() if day is not None and unit not in noted}
    still_open = {month_of(row.starts_on): row for row in rows if not row.verdict}
    for month, days in sorted(by_month(new).items()):
        _join(training, still_open.get(month), days, by=by, at=at)
    return len(new)


def _join(
    training: Training, row: TrainingEffect | None, days: Mapping[str, date], *, by: Person,
    at: datetime,
) -> None:  # fmt: skip
    together = {**(_days(row) if row else {}), **days}
    group = cohort(together, weeks=rule("effect_weeks"))
    told = UnitsTrained(
        training=training.code, units=tuple(map(int, group.units)), starts_on=group.start,
        until=group.until, days=tuple(together[unit] for unit in group.units),
    )  # fmt: skip
    row = row or TrainingEffect.objects.create(
        training=training.code, starts_on=group.start, until=group.until,
        units=list(told.units), controls=[],
    )  # fmt: skip
    row.write(told, by=by, at=at)


def _days(row: TrainingEffect) -> dict[str, date]:
    told = row.entries.of(UnitsTrained).latest("pk").what()
    assert isinstance(told, UnitsTrained)
    return dict(zip(map(str, told.units), told.days, strict=True))


def _rows(training: Training) -> QuerySet[TrainingEffect]:
    return TrainingEffect.objects.filter(training=training.code).order_by("pk")


@transaction.atomic
def judge_trainings(*, by: Person, at: datetime) -> int:
    """Every training with a theme; how many verdicts were given."""
    note_trained(by=by, at=at)
    today = timezone.localdate(at)
    ripe = [
        (one, row, group)
        for one in trainings().values() if one.has_theme
        for row, group in waiting(one, today) if group.until <= theme.monday(today)
    ]  # fmt: skip
    if not ripe:
        return 0
    counted = _counted([(one, group) for one, _row, group in ripe])
    for training, row, group in ripe:
        _judge(row, training, group, counted[training.code], by=by, at=at)
    return len(ripe)


def waiting(training: Training, today: date) -> list[tuple[TrainingEffect, Cohort]]:
    """Groups that are not judged yet, with units enough to compare with."""
    rows = list(_rows(training))
    trained, begun = theme.reached(
        first_level(), training, today, rule("trained_percent"), rule("untrained_percent")
    )
    known = trained | {str(unit): row.starts_on for row in rows for unit in row.units}
    found = []
    for row in rows:
        if row.verdict:
            continue
        group = cohort(_days(row), weeks=rule("effect_weeks"))
        beside = controls(group.until, known, begun)
        if len(beside) >= rule("controls_least"):
            found.append((row, replace(group, controls=beside)))
    return found


def first_level() -> list[Org]:
    """The units whose figures are compared over the whole house."""
    rows = Org.objects.filter(kind__in=[kind.value for kind in UNITS], parent__parent__isnull=True)
    return list(rows.order_by("path"))


def _counted(ripe: Sequence[tuple[Training, Cohort]]) -> Mapping[str, theme.Weeks]:
    until = max(group.until for _one, group in ripe)
    first = min(theme.history(group.until) for _one, group in ripe)
    return theme.weeks(first_level(), first, until, {one.code: one for one, _ in ripe}.values())


def _judge(
    row: TrainingEffect, training: Training, group: Cohort, counted: theme.Weeks, *, by: Person,
    at: datetime,
) -> None:  # fmt: skip
    begun = _first_week(counted)
    rows: dict[str, Counts] = {str(unit): told[begun:] for unit, told in counted.rows.items()}
    observed, declared = series(
        group, counted.starts[begun:], rows, promised=training.promised, chosen=rule("theme_weeks")
    )
    found = judge(observed, declared, seed=row.pk)
    # The plain comparison: since the last was trained, and as long before that.
    plain = before_after(observed, observed.place(group.start) + group.settle)
    told = EffectJudged(
        training=training.code, verdict=found.verdict.value, judged_at=at,
        figures=figures(replace(found, raw=plain), inner_of(0)),
        controls=tuple(map(int, group.controls)),
    )  # fmt: skip
    row.write(told, by=by, at=at)


def _first_week(counted: theme.Weeks) -> int:
    """Before the first case of anybody nobody counted."""
    together = sum(counted.rows.values(), 0 * next(iter(counted.rows.values())))
    return int((together > 0).argmax())
