"""A measure's picture: what came, and what would have come without it."""

from datetime import date

from sujin.engine.series.panel import Grain
from sujin.engine.verify import Finding, expected
from sujin.engine.watch.band import Expected
from sujin.governance import wave_chart
from sujin.governance.measured import MONDAY, finding_of, observed_of
from sujin.governance.models.measure import Measure

SHOWN = 104


def drawn(measure: Measure, today: date) -> tuple[wave_chart.Drawing, Finding]:
    """Of the weeks up to ``today`` or the day of judgement, and the finding they would give now."""
    upto = min(today, measure.judge_on)
    observed, finding = observed_of(measure, upto), finding_of(measure, upto)
    cut = slice(max(len(observed.starts) - SHOWN, 0), None)
    told: list[Expected | None] = [None] * len(observed.starts)
    if finding.estimate is not None:
        rows = zip(*(part.tolist() for part in expected(finding.estimate)), strict=True)
        told = [Expected(*one) for one in rows]
    series = wave_chart.Series(
        Grain.WEEK, observed.starts[cut], tuple(map(int, observed.target[cut])), tuple(told[cut])
    )
    return wave_chart.draw(series, MONDAY(measure.starts_on), look="after"), finding
