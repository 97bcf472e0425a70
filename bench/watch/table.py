"""The tables of the weekly bench, as text."""

from collections.abc import Iterator, Sequence

from bench.watch import reference
from bench.watch.comparison import FULL, LEVELS, Outcome
from bench.watch.measures import Found
from bench.watch.noufaily import SCENARIOS

HEAD = f"{'':<44}{'FPR':>8}{'new':>8}{'POD':>7}{'k=6':>7}{'1st wk':>8}"


def totals(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Every detector at both levels; thresholds of other seeds, then exactly the level."""
    version, recorded = reference.recorded()
    for level in LEVELS:
        yield ""
        yield f"promised FPR {level}"
        yield HEAD
        for outcome in outcomes:
            yield row(outcome.detector.title, outcome.promised[level])
            yield row("   at exactly this FPR", outcome.exact[level])
        yield row("R, recorded", recorded["all", level])
    yield f"recorded: {version}"


def row(title: str, found: Found) -> str:
    return (
        f"{title:<44}{found.fpr:8.4f}{found.fpr_new:8.4f}{found.mean_pod:7.3f}"
        f"{found.pod[6]:7.3f}{found.first_week:8.3f}"
    )


def scenarios(outcomes: Sequence[Outcome], level: float = FULL) -> Iterator[str]:
    """Mean POD and FPR of each scenario; a loss of the first detector to any other is marked."""
    yield ""
    yield f"mean POD (FPR in thousandths) by scenario at promised FPR {level}; * = a loss"
    yield f"{'':<6}{'level':>9}" + "".join(f"{o.detector.title[:15]:>17}" for o in outcomes)
    lost = 0
    for number, scenario in enumerate(SCENARIOS):
        found = [outcome.by_scenario[level][number] for outcome in outcomes]
        cells = "".join(f"{f.mean_pod:9.3f} ({1000 * f.fpr:5.1f})" for f in found)
        behind = losses(outcomes, level, number)
        lost += bool(behind)
        mark = f" * to {', '.join(behind)}" if behind else ""
        yield f"{scenario.name:<6}{scenario.mean().mean():9.2f}{cells}{mark}"
    yield f"{outcomes[0].detector.title} is behind some other in {lost} of {len(SCENARIOS)}"


def losses(outcomes: Sequence[Outcome], level: float, number: int) -> list[str]:
    """Who finds more of this scenario's outbreaks than the first detector."""
    ours, *others = outcomes
    return [
        other.detector.title
        for other in others
        if other.by_scenario[level][number].mean_pod > ours.by_scenario[level][number].mean_pod
    ]
