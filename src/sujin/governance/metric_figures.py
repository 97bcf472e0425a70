"""A metric's figure: its value, how sure one may be of it, and how it is written."""

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _t

from sujin.engine.indicators import quantile_interval
from sujin.engine.proportion import interval
from sujin.governance.cube import Monthly, Sample
from sujin.governance.facts import SECONDS_A_DAY, Unit
from sujin.governance.metricbook import PER, Metric, Statistic

HOUR = 3600
NONE = "—"


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` None where there is nothing to say; ``low`` and ``high`` are the ends of its 95 %
    interval, None where there is none. Shares lie between 0 and 1, times are seconds."""

    metric: Metric
    n: int
    value: float | None
    low: float | None = None
    high: float | None = None

    @property
    def said(self) -> str:
        return said(self.metric, self.value)

    @property
    def span(self) -> str:
        """``90.1%–95.0%``; empty without an interval."""
        if self.low is None or self.high is None:
            return ""
        return f"{said(self.metric, self.low)}–{said(self.metric, self.high)}"


def said(metric: Metric, value: float | None) -> str:
    """As people read it: ``92.3%``, ``3.2 天``, ``5.1 小时``, ``1,234``; a dash of nothing."""
    if value is None:
        return NONE
    if metric.statistic is Statistic.SHARE:
        return f"{100 * value:.1f}%"
    if metric.statistic is Statistic.PER_10K:
        return f"{value:.2f}"
    if metric.fact.unit is Unit.SECONDS:
        return duration(value)
    return f"{value:,.0f}"


def duration(seconds: float) -> str:
    """In days, below one in hours."""
    if seconds < SECONDS_A_DAY:
        return _t("%(n)s 小时") % {"n": f"{seconds / HOUR:.1f}"}
    return _t("%(n)s 天") % {"n": f"{seconds / SECONDS_A_DAY:.1f}"}


def of_month(metric: Metric, found: Monthly, customers: float | None = None) -> Figure:
    """``customers`` are those of the same months, None where nobody has loaded them."""
    value: float | None
    match metric.statistic:
        case Statistic.COUNT:
            value = float(found.n)
        case Statistic.PER_10K:
            value = found.n / customers * PER if customers else None
        case Statistic.MEDIAN:
            value = found.median
        case Statistic.P90:
            value = found.p90
        case Statistic.SHARE:
            value = found.hits / found.n if found.n else None
    return Figure(metric, found.n, value, *_share_ends(metric, found.hits, found.n))


def of_sample(metric: Metric, found: Sample, customers: float | None = None) -> Figure:
    """The same of any stretch of days; quantiles have their interval, too."""
    fraction = metric.statistic.fraction
    if fraction is None:
        return of_month(metric, Monthly(found.n, found.hits, None, None), customers)
    # In order already, so that they are not sorted again as Python numbers.
    ordered = np.sort(found.values).tolist()
    ends = quantile_interval(ordered, fraction) or (None, None)
    return Figure(metric, found.n, found.quantile(fraction), *ends)


def _share_ends(metric: Metric, hits: int, of: int) -> tuple[float | None, float | None]:
    if metric.statistic is not Statistic.SHARE or not of:
        return None, None
    return interval(hits, of)
