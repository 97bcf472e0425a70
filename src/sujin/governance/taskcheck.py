"""Whether what a task promises holds on all cases: its metric of the last ninety days."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _t

from sujin.complaints.figures.selection import Window
from sujin.governance.metric_board import exactly
from sujin.governance.metric_figures import Figure, said
from sujin.governance.metricbook import Statistic, metrics
from sujin.governance.models.programme import Task
from sujin.platform.models import Org

DAYS = 90


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
    metric = metrics().get(task.metric)
    if metric is None or task.target is None:
        return None
    root = Org.objects.get(parent__isnull=True)
    window = Window(today - timedelta(days=DAYS - 1), today)
    line = exactly([metric], root, window, window.before)[0]
    target = task.target
    return Check(line.now, target, _holds(line.now, target), line.url)


def _holds(found: Figure, target: float) -> bool | None:
    if found.value is None:
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
