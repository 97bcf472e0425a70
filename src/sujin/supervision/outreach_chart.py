"""The picture of an outreach: what came, and what would have come without it."""

from datetime import date

import numpy as np

from sujin.engine.series.panel import Grain
from sujin.engine.verify import TooShort, expected
from sujin.engine.verify.estimate import estimate
from sujin.engine.watch.band import Expected
from sujin.governance import wave_chart
from sujin.supervision.acts.hold_outreach import declared_of, observed_of
from sujin.supervision.models import Outreach

SHOWN = 104


def drawn(row: Outreach, today: date) -> wave_chart.Drawing:
    """Of the weeks up to ``today`` or the declared day; no verdict is worked out."""
    observed, declared = observed_of(row, min(today, row.judge_on)), declared_of(row)
    told: list[Expected | None] = [None] * len(observed.starts)
    controls = np.array(list(observed.controls.values())).reshape(-1, len(observed.starts))
    try:
        found = estimate(observed.target, controls, observed, declared)
        rows = zip(*(part.tolist() for part in expected(found)), strict=True)
        told = [Expected(*one) for one in rows]
    except TooShort:
        pass
    cut = slice(max(len(observed.starts) - SHOWN, 0), None)
    series = wave_chart.Series(
        Grain.WEEK, observed.starts[cut], tuple(map(int, observed.target[cut])), tuple(told[cut])
    )
    return wave_chart.draw(series, Grain.WEEK.of(row.held_on or row.planned_on), look="after")
