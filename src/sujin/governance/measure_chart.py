"""A measure's picture: what came, and what would have come without it."""

from datetime import date

import numpy as np

from sujin.engine.series.panel import Grain
from sujin.engine.verify import TooShort, expected
from sujin.engine.verify.estimate import estimate
from sujin.engine.watch.band import Expected
from sujin.governance import wave_chart
from sujin.governance.measured import MONDAY, declared_of, observed_of
from sujin.governance.models.measure import Measure

SHOWN = 104


def drawn(measure: Measure, today: date) -> wave_chart.Drawing:
    """Of the weeks up to ``today`` or the day of judgement; no verdict is worked out."""
    observed = observed_of(measure, min(today, measure.judge_on))
    cut = slice(max(len(observed.starts) - SHOWN, 0), None)
    told: list[Expected | None] = [None] * len(observed.starts)
    controls = np.array(list(observed.controls.values())).reshape(-1, len(observed.starts))
    try:
        found = estimate(observed.target, controls, observed, declared_of(measure))
        rows = zip(*(part.tolist() for part in expected(found)), strict=True)
        told = [Expected(*one) for one in rows]
    except TooShort:
        pass
    series = wave_chart.Series(
        Grain.WEEK, observed.starts[cut], tuple(map(int, observed.target[cut])), tuple(told[cut])
    )
    return wave_chart.draw(series, MONDAY(measure.starts_on), look="after")
