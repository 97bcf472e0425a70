"""Whether what a task promises holds on all cases: its metric of the last ninety days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _t

from sujin.complaints.figures.selection import Window
from sujin.governance.metric_board import Line, exactly, small
from sujin.governance.metric_figures import Figure, said
from sujin.governance.metricbook import Metric, Statistic, metrics
from sujin.governance.models.programme import Task
from sujin.platform.models import Org

DAYS = 90
# What still changes for recent cases is looked at so much later.
RIPENS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Check:
    """``holds`` is None where there is nothing to judge; ``url`` are the cases."""

    figure: Figure
    target: float
    holds: bool | None
    url: str

    @property
    def goal(self) -> str:
        sign = "≥" if self.figure.metric.better == "more" else "≤"
        return f"{sign} {said(self.figure.metric, self.target)}"

    @property
    def said(self) -> str:
        """``时限内答复率 92.3%（目标 ≥ 90.0%）``."""
        told = {"name": self.figure.metric, "value": self.figure.said, "goal": self.goal}
        return _t("%(name)s %(value)s（目标 %(goal)s）") % told


def checked(task: Task, today: date) -> Check | None:
    """None of a milestone. Over all cases of the bank, whoever owns the task."""
    return checks([task], today).get(task.pk)


def checks(tasks: Sequence[Task], today: date) -> dict[int, Check]:
    """By task; those without a metric are left out. As many queries for one as for many."""
    wanted = {one.metric: metrics()[one.metric] for one in tasks if one.metric in metrics()}
    ripe = [one for one in wanted.values() if not one.fact.ripens]
    young = [one for one in wanted.values() if one.fact.ripens]
    lines = {**_figures(ripe, today), **_figures(young, today - RIPENS)}
    return {
        one.pk: Check(lines[one.metric].now, one.target, _holds(lines[one.metric].now, one.target),
                      lines[one.metric].url)
        for one in tasks if one.metric in lines and one.target is not None
    }  # fmt: skip


def _figures(chosen: Sequence[Metric], last: date) -> dict[str, Line]:
    if not chosen:
        return {}
    window = Window(last - timedelta(days=DAYS - 1), last)
    root = Org.objects.get(parent__isnull=True)
    return {line.metric.code: line for line in exactly(chosen, root, window)}


def _holds(found: Figure, target: float) -> bool | None:
    if found.value is None or found.n < small():
        return None
    return found.value >= target if found.metric.better == "more" else found.value <= target


def offered() -> list[tuple[str, str]]:
    """Metrics that a target can be set for: shares and times that have a better side."""
    return [
        (code, str(one)) for code, one in metrics().items()
        if one.better != "none" and one.statistic not in (Statistic.COUNT, Statistic.PER_10K)
    ]  # fmt: skip


def in_its_unit(code: str, told: float) -> float:
    """A target as people write it: percent, days, or a number."""
    metric = metrics()[code]
    if metric.statistic is Statistic.SHARE:
        return told / 100
    return told * 86_400 if metric.fact.unit == "seconds" else told


def within_its_range(code: str, target: float) -> bool:
    """Whether any figure could reach it."""
    top = 1.0 if metrics()[code].statistic is Statistic.SHARE else 10_000 * 86_400
    return 0 <= target <= top
