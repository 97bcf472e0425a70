"""训后成效: each group of units trained in the same month gets its verdict once, on its day."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from sujin.engine.training_effect import Cohort, cohorts, series
from sujin.engine.verify import judge
from sujin.engine.verify.judge import before_after
from sujin.engine.verify.observed import Counts
from sujin.governance.acts.judge_measures import figures
from sujin.governance.measured import inner_of
from sujin.platform.models import Org, Person
from sujin.supervision import theme
from sujin.supervision.counting import UNITS
from sujin.supervision.kinds.training import EffectJudged
from sujin.supervision.models import TrainingEffect
from sujin.supervision.trainingbook import Training, rule, trainings


@transaction.atomic
def judge_trainings(*, by: Person, at: datetime) -> int:
    """Every training with a theme; how many verdicts were given."""
    today = timezone.localdate(at)
    ripe = [
        (one, cohort)
        for one in trainings().values() if one.has_theme
        for cohort in waiting(one, today) if cohort.until <= theme.monday(today)
    ]  # fmt: skip
    if not ripe:
        return 0
    counted = _counted(ripe)
    for training, cohort in ripe:
        _judge(training, cohort, counted[training.code], by=by, at=at)
    return len(ripe)


def waiting(training: Training, today: date) -> list[Cohort]:
    """Groups that are not judged yet, with units enough to compare with."""
    judged = {
        str(unit)
        for units in TrainingEffect.objects.filter(training=training.code).values_list(
            "units", flat=True
        )
        for unit in units
    }
    trained = theme.trained(first_level(), training, today)
    return cohorts(trained, weeks=rule("effect_weeks"), judged=judged, least=rule("controls_least"))


def first_level() -> list[Org]:
    """The units whose figures are compared over the whole house."""
    rows = Org.objects.filter(kind__in=[kind.value for kind in UNITS], parent__parent__isnull=True)
    return list(rows.order_by("path"))


def _counted(ripe: Sequence[tuple[Training, Cohort]]) -> Mapping[str, theme.Weeks]:
    until = max(cohort.until for _one, cohort in ripe)
    first = min(theme.history(cohort.until) for _one, cohort in ripe)
    return theme.weeks(first_level(), first, until, {one.code: one for one, _ in ripe}.values())


def _judge(
    training: Training, cohort: Cohort, counted: theme.Weeks, *, by: Person, at: datetime
) -> None:
    begun = _first_week(counted)
    rows: dict[str, Counts] = {str(unit): row[begun:] for unit, row in counted.rows.items()}
    observed, declared = series(
        cohort, counted.starts[begun:], rows, promised=training.promised, chosen=rule("theme_weeks")
    )
    made = TrainingEffect.objects.create(
        training=training.code, starts_on=cohort.start, until=cohort.until,
        units=list(map(int, cohort.units)), controls=list(map(int, cohort.controls)),
    )  # fmt: skip
    found = judge(observed, declared, seed=made.pk)
    # The plain comparison: since the last was trained, and as long before that.
    plain = before_after(observed, observed.place(cohort.start) + cohort.settle)
    told = EffectJudged(
        training=training.code, verdict=found.verdict.value, judged_at=at,
        figures=figures(replace(found, raw=plain), inner_of(0)),
    )  # fmt: skip
    made.write(told, by=by, at=at)


def _first_week(counted: theme.Weeks) -> int:
    """Before the first case of anybody nobody counted."""
    together = sum(counted.rows.values(), 0 * next(iter(counted.rows.values())))
    return int((together > 0).argmax())
