"""What is said of an item's effect: a card with figures, a verdict, and what would turn it."""

from dataclasses import dataclass
from enum import StrEnum

from sujin.engine.effect_cases import TOLD, Measure
from sujin.engine.effect_chance import Interval


class Verdict(StrEnum):
    """What the comparison says of an item and a measure."""

    HELPS = "helps"
    HARMS = "harms"
    NO_DIFFERENCE = "no_difference"
    TOO_LITTLE = "too_little"


class Reason(StrEnum):
    """Why; those of ``too_little`` say what is missing."""

    BETTER = "better"  # the adjusted p-value is below alpha, the change is for the better
    WORSE = "worse"  # the same, for the worse
    WITHIN_MARGIN = "within_margin"  # the whole interval lies within indifference
    NO_CASES = "no_cases"  # nobody knows this measure of any case
    NEVER_OUT = "never_out"  # no case came after a release
    NOBODY_WAITS = "nobody_waits"  # everybody at once, or no case before release
    FEW_BRANCHES = "few_branches"  # fewer branches than Terms asks, or one carries it all
    FEW_CASES = "few_cases"  # or too few with the event, or without it
    UNCHECKED = "unchecked"  # too little time before release to see whether branches ran alike
    DRIFTED = "drifted"  # branches drifted apart before release: time alone explains it
    AMONG_MANY = "among_many"  # alone it would be called; among so many questions it may be chance
    WIDE = "wide"  # the interval reaches from indifference to what matters


@dataclass(frozen=True, slots=True)
class Terms:
    """What a bank declares before it looks; all figures are an officer's to argue about.

    ``alpha`` is the chance that any one of all the cards names an item that does nothing.
    ``margin_share`` (a difference of shares) and ``margin_ratio`` (a factor of hours) bound what
    counts as no difference. ``measures`` are those judged: fewer of them leave more power.
    """

    measures: tuple[Measure, ...] = TOLD
    alpha: float = 0.05
    margin_share: float = 0.02
    margin_ratio: float = 1.1
    least_branches: int = 6
    least_reached: int = 3
    least_cases: int = 60
    least_events: int = 10  # cases with, and cases without
    least_used: float = 0.2
    weeks: int = 4  # of a period
    notice: int = 8  # weeks before release that are looked at for drift
    alpha_drift: float = 0.1
    draws: int = 1999


@dataclass(frozen=True, slots=True)
class Effect:
    """What an item's release did to one measure, on average over the cases it was about.

    ``effect`` with ``low`` to ``high``, 95 % of this card alone, is a factor for hours, a relative
    change overall (-0.1: a tenth less of what nobody wants), and a difference of shares else; NaN
    and unbounded where nothing can be said. ``p`` is the card's own, ``p_all`` among all cards.
    ``cases`` and ``branches`` were compared, ``reached`` of them had the item. ``drift`` is the
    p-value of branches running apart before release.

    What would turn the verdict: ``detectable`` is the least effect these cases could have called
    (a factor above one for hours), ``more`` how many times as many cases would call one as large
    as the estimate (at least one); ``feigned_by`` the drift of a year between the earliest and
    the latest branches (a factor for hours) that would feign the whole effect.

    ``on_users`` is the effect where it was used, None below ``least_used``; ``naive`` (users
    against others) and ``before_after`` mislead and stand beside.
    """

    item: int
    measure: Measure
    verdict: Verdict
    because: Reason
    effect: float
    low: float
    high: float
    p: float
    p_all: float
    cases: int
    branches: int
    reached: int
    drift: float
    detectable: float
    more: float
    feigned_by: float
    on_users: Interval | None
    naive: Interval
    before_after: Interval


@dataclass(frozen=True, slots=True)
class Card:
    """One item: cases after release, the share of them in which it was shown and used, its effect
    overall, and by measure."""

    item: int
    after: int
    shown: float
    used: float
    overall: Effect
    effects: tuple[Effect, ...]
