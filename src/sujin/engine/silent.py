"""没有变成投诉的不满: how many were dissatisfied and never complained, and whether a fall in
complaints is a fall in dissatisfaction.

Two lists of one month: who complained, and who showed it otherwise (asked about one matter again,
was left without an answer by the assistant, or had a complaint made a question). From how many
stand on both follows how many stand on neither: Chapman, University of California Publications in
Statistics 1 (1951), with the interval of Sadinle, Communications in Statistics - Simulation and
Computation 38 (2009). Where the more upset do both it is a lower bound. (The bound of Chao,
Biometrics 43, 1987, asks for lists that catch alike; on ours it came out above the estimate.) Of
those on the other list the share that also complained says how easy complaining is; it does not
move when only dissatisfaction does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import erfc, exp, sqrt

from sujin.engine.proportion import Z95

AGAIN = 2  # so many questions about one matter are a sign


@dataclass(frozen=True, slots=True)
class Heard:
    """One case as a sign: whose blind keys it has, what it is, how often more the customer came
    about it, and whether the customer was ``stranded``: left without an answer by the assistant, or
    with a complaint that was made a question."""

    case: int
    keys: tuple[str, ...]
    is_complaint: bool
    more: int = 0
    stranded: bool = False


@dataclass(frozen=True, slots=True)
class Customer:
    """One dissatisfied customer with one matter in one month, and the cases that say so."""

    cases: tuple[int, ...]
    complained: bool
    repeated: bool
    stranded: bool

    @property
    def is_otherwise(self) -> bool:
        return self.repeated or self.stranded

    @property
    def is_dissatisfied(self) -> bool:
        return self.complained or self.is_otherwise


@dataclass(frozen=True, slots=True)
class Lists:
    """How many stand on both lists, only among the complaints, only on the other."""

    both: int = 0
    complained_only: int = 0
    other_only: int = 0

    def __add__(self, more: "Lists") -> "Lists":
        return Lists(
            self.both + more.both,
            self.complained_only + more.complained_only,
            self.other_only + more.other_only,
        )

    @property
    def complained(self) -> int:
        return self.both + self.complained_only

    @property
    def otherwise(self) -> int:
        return self.both + self.other_only

    @property
    def seen(self) -> int:
        return self.both + self.complained_only + self.other_only


@dataclass(frozen=True, slots=True)
class Estimate:
    """Dissatisfied without a complaint: ``silent`` with its 95 % interval, those on the other list
    among them; ``share`` of all dissatisfied who complained."""

    silent: float
    low: float
    high: float
    share: float


class Verdict(StrEnum):
    """What a comparison of two spans says."""

    STEADY = "steady"
    EASED = "eased"
    DETERRED = "deterred"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict with its three one-sided p-values: complaints fell, the share of those on the
    other list who complained fell, all dissatisfied fell."""

    verdict: Verdict
    complaints: float
    share: float
    all: float


def customers(heard: Iterable[Heard]) -> list[Customer]:
    """Cases of one cell put together by shared blind keys; who shows no sign is left out, and so
    is a case without any key, for nobody knows whose it is."""
    groups: dict[int, list[Heard]] = {}
    of_key: dict[str, int] = {}
    for one in heard:
        met = sorted({of_key[key] for key in one.keys if key in of_key})
        home = met[0] if met else one.case
        joined = [row for place in met for row in groups.pop(place)]
        if one.keys:
            groups[home] = [*joined, one]
            of_key.update((key, home) for row in groups[home] for key in row.keys)
    found = [_customer(rows) for rows in groups.values()]
    return [one for one in found if one.is_dissatisfied]


def _customer(rows: Sequence[Heard]) -> Customer:
    asked = sum(one.more + (not one.is_complaint) for one in rows)
    return Customer(
        tuple(sorted(one.case for one in rows)),
        any(one.is_complaint for one in rows),
        asked >= AGAIN,
        any(one.stranded for one in rows),
    )


def counted(found: Iterable[Customer]) -> Lists:
    rows = list(found)
    return Lists(
        sum(one.complained and one.is_otherwise for one in rows),
        sum(one.complained and not one.is_otherwise for one in rows),
        sum(not one.complained for one in rows),
    )


def estimate(lists: Lists, both_min: int = 7) -> Estimate | None:
    """None with fewer than ``both_min`` on both lists: from seven on Chapman's estimate is nearly
    unbiased (Robson and Regier, Transactions of the American Fisheries Society 93, 1964)."""
    if lists.both < both_min:
        return None
    a, b, c = lists.both, lists.complained_only, lists.other_only
    nobody = b * c / (a + 1)
    odds, error = _of_nobody(lists)
    low, high = (max(0.0, odds * exp(z * error) - 0.5) for z in (-Z95, Z95))
    all_of_them = lists.seen + nobody
    return Estimate(c + nobody, c + low, c + high, lists.complained / all_of_them)


def _of_nobody(lists: Lists) -> tuple[float, float]:
    """Sadinle's odds of those on neither list, and the error of their logarithm."""
    a, b, c = lists.both + 0.5, lists.complained_only + 0.5, lists.other_only + 0.5
    return b * c / a, sqrt(1 / a + 1 / b + 1 / c + a / (b * c))


def compare(
    earlier: Lists, recent: Lists, months: tuple[int, int], alpha: float = 0.05
) -> Comparison:
    """Two spans of so many months each. Deterred is said in at most ``alpha`` of the cases in which
    complaining has not become harder, whatever dissatisfaction did."""
    fell = _rate_fell(earlier.complained, recent.complained, months)
    harder = _share_fell(earlier, recent)
    fewer = _all_fell(earlier, recent, months)
    if fell > alpha:
        verdict = Verdict.STEADY
    elif harder <= alpha:
        verdict = Verdict.DETERRED
    else:
        verdict = Verdict.EASED if fewer <= alpha else Verdict.UNCLEAR
    return Comparison(verdict, fell, harder, fewer)


def _rate_fell(earlier: int, recent: int, months: tuple[int, int]) -> float:
    """Given the sum, the recent part is binomial (Przyborowski and Wilenski, Biometrika 31,
    1940)."""
    from scipy.stats import binom

    share = months[1] / sum(months)
    return float(binom.cdf(recent, earlier + recent, share))


def _share_fell(earlier: Lists, recent: Lists) -> float:
    """Fisher's exact test: of those on the other list, fewer complained."""
    from scipy.stats import hypergeom

    everybody = earlier.otherwise + recent.otherwise
    return float(
        hypergeom.cdf(recent.both, everybody, earlier.both + recent.both, recent.otherwise)
    )


def _all_fell(earlier: Lists, recent: Lists, months: tuple[int, int]) -> float:
    """The difference of monthly estimates over its error, both by the delta method, with the
    scatter of the numbers themselves."""
    means, errors = [], []
    for one, length in zip((earlier, recent), months, strict=True):
        odds, error = _of_nobody(one)
        means.append((one.seen + odds) / length)
        errors.append(((odds * error) ** 2 + one.seen + odds) / length**2)
    return float(erfc((means[0] - means[1]) / sqrt(2 * sum(errors))) / 2)


def trend(months: Sequence[Lists]) -> float | None:
    """Standard normal while the share that complained stays as it is, negative when it sinks:
    Armitage, Biometrics 11 (1955). None when nothing can be said."""
    hits, n = [one.both for one in months], [one.otherwise for one in months]
    total = sum(n)
    share = sum(hits) / total if total else 0.0
    middle = sum(place * of for place, of in enumerate(n)) / total if total else 0.0
    spread = sum(of * (place - middle) ** 2 for place, of in enumerate(n))
    scatter = share * (1 - share) * spread
    if scatter <= 0:
        return None
    leaning = sum((place - middle) * (hit - of * share) for place, (hit, of) in
                  enumerate(zip(hits, n, strict=True)))  # fmt: skip
    return float(leaning / sqrt(scatter))
