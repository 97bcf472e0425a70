"""``sujin eval headline``: is a drop of about half taken apart into what truly made it?

Invented banks with the demonstration's own days (weekdays, holidays, month's ends, a summer dip,
growth). In one branch, within half a year: the market recovers everywhere, a share of cases is
handed to the company, a definition changes, and a measure begins. January to May is compared with
the same months a year before, as headlines do. Reported: how often each part's interval holds the
truth, how wide it is, and what whoever credits the whole drop to the measure would have said.
"""

from argparse import ArgumentParser
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from time import process_time
from typing import Any, Final

import numpy as np

from sujin.engine.verify import Declared, Definition, Observed
from sujin.engine.verify.card import Cause, EffectCard, Span, effect_card
from sujin.lab import bank
from sujin.lab.dice import generator
from sujin.lab.exams.exam import Exam, Figures
from sujin.lab.people import homes
from sujin.lab.volume import DAY_SHAPE, Grid, branch_weights, day_weights, days, season

FIRST, LAST = date(2023, 1, 2), date(2025, 6, 1)
BEFORE = Span(date(2024, 1, 1), date(2024, 5, 31))
AFTER = Span(date(2025, 1, 1), date(2025, 5, 31))
MARKET_FROM, MARKET_WEEKS = date(2024, 9, 2), 8
REDEFINED, MOVED, STARTS = date(2024, 10, 28), date(2024, 11, 25), date(2024, 12, 23)
TRUTH: Final = {
    Cause.MARKET: 0.80, Cause.MOVED: 0.82, Cause.DEFINITION: 0.90, Cause.MEASURE: 0.78,
}  # fmt: skip
COMPANY_A_WEEK = 80.0
CODED_TWICE = 0.03
COVERED_LEAST = 0.90
WEEK = 7


@dataclass(frozen=True, slots=True)
class Planted:
    """One bank: what the card is made from, and the true factor of each cause."""

    observed: Observed
    declared: Declared
    truth: Mapping[Cause, float]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seeds", type=int, default=40, help="banks to invent")
    parser.add_argument("--size", type=int, default=40000, help="complaints a year of each")


def run(options: Mapping[str, Any]) -> Figures:
    began = process_time()
    seeds = range(options["seed"], options["seed"] + options["seeds"])
    cards = [(one, card_of(one)) for one in (planted(seed, options["size"]) for seed in seeds)]
    parts = {cause.value: _marked(cause, cards) for cause in Cause if cause is not Cause.REST}
    raws = [card.raw for _, card in cards]
    credited = [card.raw <= one.truth[Cause.MEASURE] * 0.9 for one, card in cards]
    holds = all(row["covered"] >= COVERED_LEAST for row in parts.values())
    return {
        "seeds": len(seeds), "size": options["size"], "parts": parts,
        "drop": float(np.mean(raws)) - 1, "credited_too_much": float(np.mean(credited)),
        "holds": holds, "cpu_seconds": round(process_time() - began, 1),
    }  # fmt: skip


def card_of(one: Planted) -> EffectCard:
    return effect_card(one.observed, one.declared, before=BEFORE, after=AFTER, moved_on=MOVED)


def _marked(cause: Cause, cards: Sequence[tuple[Planted, EffectCard]]) -> dict[str, float]:
    told = [(one.truth[cause], card.of(cause)) for one, card in cards]
    return {
        "truth": float(np.mean([truth for truth, _ in told])),
        "factor": float(np.median([part.factor for _, part in told])),
        "covered": float(np.mean([part.low <= truth <= part.high for truth, part in told])),
        "width": float(np.median([part.high - part.low for _, part in told])),
    }


def planted(seed: int, size: int) -> Planted:
    """One bank, with what is true of its first branch."""
    rng = generator("headline", seed)
    where = homes(bank.plan(seed))
    span = days(FIRST, LAST)
    # A day's whole level is everybody's: it belongs to the market, not to chance.
    usual = day_weights(span) * rng.gamma(DAY_SHAPE, 1 / DAY_SHAPE, len(span))
    grid = usual[:, None] * branch_weights(where)[None, :] * size / 365.0
    grid *= _since(span, MARKET_FROM, MARKET_WEEKS * WEEK, TRUTH[Cause.MARKET])[:, None]
    target = grid[:, 0] * _since(span, REDEFINED, 0, TRUTH[Cause.DEFINITION])
    target *= _since(span, STARTS, 0, TRUTH[Cause.MEASURE])
    kept = _since(span, MOVED, 0, TRUTH[Cause.MOVED])
    level = COMPANY_A_WEEK / WEEK * usual
    company = level * _since(span, MARKET_FROM, MARKET_WEEKS * WEEK, TRUTH[Cause.MARKET])
    cells = np.column_stack([target * kept, company + target * (1 - kept), grid[:, 1:]])
    counts = _weekly(rng.poisson(cells))
    starts = tuple(span[::WEEK][: len(counts)])
    observed = Observed(
        starts, counts[:, 0], {f"b{nth}": row for nth, row in enumerate(counts[:, 2:].T)},
        {"company": counts[:, 1]},
    )  # fmt: skip
    ratio = TRUTH[Cause.DEFINITION] * float(np.exp(rng.normal(0, CODED_TWICE)))
    declared = Declared(STARTS, definitions=(Definition(REDEFINED, ratio, CODED_TWICE),))
    return Planted(observed, declared, TRUTH | _shared(starts, _weekly(grid[:, 1:]).sum(axis=1)))


def _since(span: Sequence[date], first: date, takes: int, factor: float) -> Grid:
    """1 before a day, ``factor`` from it on, or after so many days of going there evenly."""
    gone = np.array([(day - first).days for day in span], np.float64)
    share = np.clip(gone / takes, 0, 1) if takes else (gone >= 0) * 1.0
    return np.asarray(factor**share)


def _weekly(counts: Grid | np.ndarray[Any, Any]) -> Grid:
    weeks = len(counts) // WEEK
    whole = counts[: weeks * WEEK].reshape(weeks, WEEK, -1)
    return np.asarray(whole.sum(axis=1), np.float64)


def _shared(starts: Sequence[date], elsewhere: Grid) -> dict[Cause, float]:
    """What the other branches were to expect: by the year's course alone, and by all the rest of
    it, growth and holidays included."""
    inside = [[one.first <= day <= one.last for day in starts] for one in (BEFORE, AFTER)]
    course = np.array([season(day + timedelta(days=WEEK // 2)) for day in starts])
    seasons = [float(course[which].mean()) for which in inside]
    expected = [float(elsewhere[which].mean()) for which in inside]
    of_season = seasons[1] / seasons[0]
    return {
        Cause.SEASON: of_season, Cause.TREND: 1.0,
        Cause.MARKET: expected[1] / expected[0] / of_season,
    }  # fmt: skip


def told(figures: Figures) -> Iterable[str]:
    yield (
        f"{figures['seeds']} banks of {figures['size']:,} complaints a year; the branch's drop was "
        f"{figures['drop']:.1%} on average; {figures['cpu_seconds']} CPU seconds"
    )
    yield f"{'cause':>12}  {'truth':>6} {'said':>6}  {'interval holds it':>18}  width"
    for name, row in figures["parts"].items():
        yield (
            f"{name:>12}  {row['truth']:6.2f} {row['factor']:6.2f}  {row['covered']:>18.0%}  "
            f"{row['width']:.2f}"
        )
    yield (
        "whoever credits the whole drop to the measure overstates it in "
        f"{figures['credited_too_much']:.0%} of banks"
    )
    yield "HOLDS" if figures["holds"] else "DOES NOT HOLD"


EXAM = Exam(
    "headline",
    "A headline's drop taken apart into season, market, definition, re-routing and measure.",
    add_arguments,
    run,
    told,
)
