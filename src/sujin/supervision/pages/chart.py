"""Small pictures drawn on the server: numbers in, places on a line from 0 to WIDTH out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sujin.supervision.models import Finding

WIDTH, ROW = 400, 26
FACTOR_MAX = 3.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a picture: a range, a mark where one expects, a dot where it is."""

    label: str
    y: int
    low: float
    high: float
    expected: float
    observed: float
    reading: Mapping[str, Any]

    @property
    def width(self) -> float:
        return max(self.high - self.low, 1.0)

    @property
    def text_y(self) -> int:
        return self.y + 4

    @property
    def top(self) -> int:
        return self.y - 8

    @property
    def foot(self) -> int:
        return self.y + 8


def bars(finding: Finding) -> list[Bar]:
    """One line for each period: what chance allows, what was expected, what was counted."""
    counts = [one for one in finding.readings if "trials" in one]
    most = max((max(one["observed"], one["high"]) for one in counts), default=1) * 1.05 or 1
    names = ("low", "high", "expected", "observed")
    return [
        _bar(place, str(one["period"]), [one[name] / most for name in names], one)
        for place, one in enumerate(counts)
    ]


def factors(rows: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[Bar]:
    """One line for each unit: its factor with its interval beside one, up to three times."""
    found = []
    for place, one in enumerate(rows):
        ends = (one["low"], one["high"] or FACTOR_MAX, 1.0, one["effect"])
        shares = [min(float(end), FACTOR_MAX) / FACTOR_MAX for end in ends]
        found.append(_bar(place, names.get(one["unit"], one["unit"]), shares, one))
    return found


def _bar(place: int, label: str, shares: Sequence[float], reading: Mapping[str, Any]) -> Bar:
    low, high, expected, observed = (round(WIDTH * share, 1) for share in shares)
    return Bar(label, ROW // 2 + ROW * place, low, high, expected, observed, reading)
