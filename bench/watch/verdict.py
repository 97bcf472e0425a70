"""Whether the claim on the 42 scenarios holds, and what of it fails."""

from bench.watch.comparison import FULL, HALF, Outcome
from bench.watch.measures import Found

# What farringtonFlexible reaches at .010 has to be reached at half the false alarms, and so on.
MEAN_POD_AT_HALF, POD_OF_SIX_AT_FULL, FIRST_WEEK_AT_FULL = 0.502, 0.75, 0.406
# A threshold of other seeds may miss its rate here by chance: six standard errors or so of the
# draw.
SLACK = 1.15


def failures(outcome: Outcome, *, slack: float = SLACK) -> list[str]:
    """Empty when the claim holds, with other seeds' thresholds and at exactly the rate here."""
    found = [
        f"realised FPR {figures.fpr:.4f} where {level} is promised"
        for level, figures in outcome.promised.items()
        if figures.fpr > level * slack
    ]
    for how, figures in (("promised", outcome.promised), ("exact", outcome.exact)):
        found += [f"{how}: {miss}" for miss in _misses(figures)]
    return found


def _misses(figures: dict[float, Found]) -> list[str]:
    asked = [
        ("mean POD at FPR .005", figures[HALF].mean_pod, MEAN_POD_AT_HALF),
        ("POD(k=6) at FPR .010", figures[FULL].pod[6], POD_OF_SIX_AT_FULL),
        ("first-week POD at FPR .010", figures[FULL].first_week, FIRST_WEEK_AT_FULL),
    ]
    return [f"{name} {got:.3f} < {bar}" for name, got, bar in asked if got < bar]


def line(outcome: Outcome, *, slack: float = SLACK) -> str:
    """The last line of the bench."""
    half, full = outcome.promised[HALF], outcome.promised[FULL]
    said = (
        f"G4 {outcome.detector.title}: mean POD {half.mean_pod:.3f} at FPR {half.fpr:.4f}; "
        f"POD(k=6) {full.pod[6]:.3f} and first week {full.first_week:.3f} at FPR {full.fpr:.4f}"
    )
    missing = failures(outcome, slack=slack)
    return f"{said}: does not hold ({'; '.join(missing)})" if missing else f"{said}: holds"
