"""How figures are taken and shown."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what was measured, the figure, and what it was measured on."""

    what: str
    value: str
    on: str


def milliseconds(run: Callable[[], object], times: int) -> list[float]:
    """Wall milliseconds of each of ``times`` runs, sorted, after one that does not count."""
    run()
    taken = []
    for _time in range(times):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1000)
    return sorted(taken)


def percentile(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


def table(figures: Sequence[Figure]) -> str:
    width = max(len(figure.what) for figure in figures)
    return "\n".join(
        f"{figure.what:<{width}}  {figure.value:>14}  {figure.on}" for figure in figures
    )
