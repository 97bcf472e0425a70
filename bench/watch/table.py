"""The tables of the bench, as text."""

from collections.abc import Iterator, Sequence

from bench.watch.comparison import FULL, LEVELS, Outcome
from bench.watch.measures import Found

HEAD = f"{'':<44}{'FPR':>8}{'new':>8}{'POD':>7}{'k=6':>7}{'first':>8}"


def totals(outcomes: Sequence[Outcome], recorded: dict[float, Found]) -> Iterator[str]:
    """Every detector at both levels; thresholds of other seeds, then exactly the level."""
    for level in LEVELS:
        yield ""
        yield f"promised FPR {level}"
        yield HEAD
        for outcome in outcomes:
            yield row(outcome.detector.title, outcome.promised[level])
            yield row("   at exactly this FPR", outcome.exact[level])
        if level in recorded:
            yield row("R, recorded", recorded[level])


def row(title: str, found: Found) -> str:
    return (
        f"{title:<44}{found.fpr:8.4f}{found.fpr_new:8.4f}{found.mean_pod:7.3f}"
        f"{found.pod[6]:7.3f}{found.first_week:8.3f}"
    )


def scenarios(
    outcomes: Sequence[Outcome], names: Sequence[str], level: float = FULL
) -> Iterator[str]:
    """Mean POD and FPR of each scenario; a loss of the first detector to any other is marked."""
    yield ""
    yield f"mean POD (FPR in thousandths) by scenario at promised FPR {level}; * = a loss"
    yield f"{'':<26}" + "".join(f"{o.detector.title[:15]:>17}" for o in outcomes)
    lost = 0
    for number, name in enumerate(names):
        found = [outcome.by_scenario[level][number] for outcome in outcomes]
        cells = "".join(f"{f.mean_pod:9.3f} ({1000 * f.fpr:5.1f})" for f in found)
        behind = losses(outcomes, level, number)
        lost += bool(behind)
        mark = f" * to {', '.join(behind)}" if behind else ""
        yield f"{name:<26}{cells}{mark}"
    yield f"{outcomes[0].detector.title} is behind some other in {lost} of {len(names)}"


def losses(outcomes: Sequence[Outcome], level: float, number: int) -> list[str]:
    """Who finds more of this scenario's outbreaks than the first detector."""
    ours, *others = outcomes
    return [
        other.detector.title
        for other in others
        if other.by_scenario[level][number].mean_pod > ours.by_scenario[level][number].mean_pod
    ]
