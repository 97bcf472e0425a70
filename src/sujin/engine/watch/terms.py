"""What is watched for, how far back one learns, and what is promised of false alarms."""

from dataclasses import dataclass
from functools import lru_cache

from sujin.engine.series.panel import Grain
from sujin.engine.watch.evidence import SIZES, Shape, Sizes, Waves, waves

_DAYS_A_MONTH = 30.44
# Odds chosen on simulated weeks (bench.watch): a heavier first week warns sooner and finds less.
_SHORT_WEEKS = (Shape("1", (1.0,), 1.3), Shape("2", (0.5, 0.5)))
_WEEKS = (
    Shape("1", (1.0,), 0.6),
    Shape("2", (0.5, 0.5)),
    Shape("3", (0.34, 0.33, 0.33), 0.3),
    Shape("rising", (0.2, 0.3, 0.5), 0.2),
)
_DAYS = tuple(
    Shape(str(days), (1.0 / days,) * days, odds)
    for days, odds in ((1, 1.0), (2, 1.0), (3, 1.0), (5, 0.7), (7, 0.7), (14, 0.5))
)


@dataclass(frozen=True, slots=True)
class Terms:
    """``q``: of the warnings of a review, the share that may be false. ``false_a_month``: how many
    false ones a month, on average, while nothing is going on. ``least``: fewer cases than this
    in the window warn nobody. ``gap``: latest periods nothing is learnt from. ``history``: periods
    without which nothing is said."""

    grain: Grain = Grain.WEEK
    q: float = 0.10
    false_a_month: float = 1.0
    least: int = 3
    gap: int = 3
    history: int = 40
    shapes: tuple[Shape, ...] = _WEEKS
    sizes: Sizes = SIZES
    most: int = 20

    def __post_init__(self) -> None:
        for name in ("q", "false_a_month"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} is {getattr(self, name)}, which is not above 0")
        if self.q >= 1:
            raise ValueError(f"q is {self.q}, which is no share of false warnings")

    @property
    def reviews_a_month(self) -> float:
        return _DAYS_A_MONTH / self.grain.step.days

    @property
    def level(self) -> float:
        """The share of false warnings that one review may have, so that both promises hold: in a
        review of quiet series it is the chance of any warning at all."""
        return min(self.q, self.false_a_month / self.reviews_a_month)

    @property
    def waves(self) -> Waves:
        return _waves(self.shapes, self.sizes)


@lru_cache(maxsize=64)
def _waves(shapes: tuple[Shape, ...], sizes: Sizes) -> Waves:
    return waves(shapes, sizes)


WEEKLY = Terms()
# The weeks of the published scenarios, whose outbreaks are over within two or three.
SHORT_WEEKS = Terms(shapes=_SHORT_WEEKS)
DAILY = Terms(grain=Grain.DAY, gap=14, history=120, shapes=_DAYS)
