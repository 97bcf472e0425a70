"""The last figures of an indicator as a small line beside its target; no script."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _t

from sujin.governance.kinds.order import figure
from sujin.governance.models import Gauge

WIDTH, HEIGHT, EDGE = 72.0, 20.0, 3.0


@dataclass(frozen=True, slots=True)
class Spark:
    """``path`` through the figures, ``x`` and ``y`` of the last, ``target`` where the threshold
    lies; ``said`` is the same in words."""

    path: str
    x: float
    y: float
    target: float
    said: str


def spark(gauges: Sequence[Gauge]) -> Spark | None:
    """Of figures, the oldest first; None of nothing."""
    known = [(one, one.value) for one in gauges if one.value is not None]
    if not known:
        return None
    threshold = known[-1][0].threshold
    values = [value for _one, value in known]
    low, high = min(*values, threshold), max(*values, threshold)
    span = (high - low) or 1.0
    step = (WIDTH - 2 * EDGE) / max(len(known) - 1, 1)

    def at(value: float) -> float:
        return round(HEIGHT - EDGE - (value - low) / span * (HEIGHT - 2 * EDGE), 1)

    points = [(round(EDGE + step * place, 1), at(value)) for place, value in enumerate(values)]
    told = [f"{one.first:%m-%d} {figure(one.indicator, value)}" for one, value in known]
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    return Spark(path, *points[-1], at(threshold), _t("、").join(told))
