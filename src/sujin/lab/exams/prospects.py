"""``sujin eval prospects``: what is said of the weeks ahead in invented banks, and what came.

Said every four weeks of the last half year, for one to four weeks ahead, knowing only the weeks
before; of coming events the size within a factor. Pinball loss beside two plain forecasts: the last
four weeks with Poisson's spread (what the product scores against), and the same with the spread of
its own past errors. Of the interval from .1 to .9 a share from ``LEAST`` to ``MOST`` is to hold; a
forecaster a third as wide must fail that. The banks' consultations lead nothing; in the same banks
with a planted lead it must be seen.
"""

from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable, Mapping
from time import process_time
from typing import Any

import numpy as np

from sujin.complaints.rulebook import rulebook
from sujin.engine.events.scoring import LEVELS, NAIVE_WEEKS, Scored
from sujin.engine.foresight import Foresight, Prospect, foresee
from sujin.engine.foresight.scoring import Came, Score, score
from sujin.engine.series.panel import Counts
from sujin.governance.foresight_rules import rules
from sujin.lab.exams.exam import Exam, Figures
from sujin.lab.exams.prospect_bank import Weeks, weeks
from sujin.lab.exams.wave_bank import bank

SEEDS, SIZE = 10, 20_000
HALF_A_YEAR, EVERY = 26, 4
LEAST, MOST = 0.75, 0.88
OURS, SPREAD, NARROW = "foresight", "four weeks, own spread", "a third as wide"
# Quantiles and the chance of a hot week.
Heard = tuple[tuple[float, float, float], float]
Said = dict[tuple[str, int], list[Came]]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seeds", type=int, default=SEEDS, help="banks to invent")
    parser.add_argument("--size", type=int, default=SIZE, help="contacts of two years")


def run(options: Mapping[str, Any]) -> Figures:
    began, said = process_time(), Said()
    leads: dict[str, list[tuple[float, float, bool]]] = defaultdict(list)
    for seed in range(options["seed"], options["seed"] + options["seeds"]):
        told = weeks(bank(seed, options["size"]), seed)
        last = len(told.cases.starts) - rules().terms.weeks
        for at in range(len(told.cases.starts) - HALF_A_YEAR, last + 1, EVERY):
            heard(said, told, at)
        for name, one in (("none planted", told), ("planted", told.led())):
            leads[name] += [(lead.effect, lead.gain, lead.helps) for lead in _ahead(one, last).leads
                            if lead.ahead == 1]  # fmt: skip
    return {
        "seeds": options["seeds"], "size": options["size"],
        "rules": {rule: _figures(said, rule) for rule in (OURS, SPREAD, NARROW)},
        "leads": {name: _lead(found) for name, found in leads.items()},
        "cpu_seconds": round(process_time() - began, 1),
    }  # fmt: skip


def _ahead(told: Weeks, at: int) -> Foresight:
    calendar = rulebook().house.calendar
    return foresee(*told.before(at), rules().terms, calendar=calendar, extra=told.coming(at))


def heard(said: Said, told: Weeks, at: int) -> None:
    """Everything said after the first ``at`` weeks, with what came."""
    for one in _ahead(told, at).prospects:
        counts = told.cases.counts[told.cases.where(one.node)]
        actual = float(counts[told.cases.place(one.week)])
        for rule, (quantiles, chance) in _rules(one, counts[:at]).items():
            scored = Scored(quantiles, actual, one.naive)
            came = Came(scored, chance, chance >= rules().call_at, actual >= one.hot_from)
            said.setdefault((rule, one.ahead), []).append(came)


def _rules(one: Prospect, past: Counts) -> dict[str, Heard]:
    low, high = (one.mid + (end - one.mid) / 3 for end in (one.low, one.high))
    return {
        OURS: ((one.low, one.mid, one.high), one.chance),
        SPREAD: _spread(past, one.naive, one.ahead, one.hot_from),
        NARROW: ((low, one.mid, high), one.chance),
    }


def _spread(past: Counts, naive: float, ahead: int, hot_from: int) -> Heard:
    """The mean of four weeks and the errors it had as many weeks ahead in its last year."""
    means = np.convolve(past, np.ones(NAIVE_WEEKS) / NAIVE_WEEKS, "valid")
    errors = (past[NAIVE_WEEKS - 1 + ahead :] - means[:-ahead])[-52:]
    low, mid, high = (max(float(x), 0.0) for x in naive + np.quantile(errors, LEVELS))
    return (low, mid, high), float(np.mean(naive + errors >= hot_from))


def _figures(said: Said, rule: str) -> dict[str, Figures]:
    aheads = sorted({ahead for _rule, ahead in said})
    made = {str(ahead): _told(score(said[rule, ahead])) for ahead in aheads}
    made["all"] = _told(score(one for ahead in aheads for one in said[rule, ahead]))
    return made


def _told(found: Score) -> Figures:
    return {
        "n": found.skill.n,
        "skill": found.skill.skill,
        "within": found.skill.within,
        "holds": holds(found),
        "brier": found.brier,
        "plain_brier": found.plain_brier,
        "calls": found.calls,
        "true": found.true,
        "hot": found.hot,
        "bins": [[one.n, round(one.said, 3), round(one.hot / one.n, 3)] for one in found.bins],
    }


def holds(found: Score) -> bool:
    """Whether the interval is as wide as it says: no narrower, no wider."""
    return LEAST <= found.skill.within <= MOST


def _lead(found: list[tuple[float, float, bool]]) -> Figures:
    effects, gains, used = zip(*found, strict=True)
    return {
        "banks": len(found), "effect": float(np.mean(effects)), "gain": float(np.mean(gains)),
        "used": sum(used),
    }  # fmt: skip


def told(figures: Figures) -> Iterable[str]:
    yield (
        f"{figures['seeds']} banks of {figures['size']:,} contacts; {figures['cpu_seconds']} CPU "
        f"seconds; skill against the last four weeks, interval to hold {LEAST:.0%} to {MOST:.0%}"
    )
    for rule, rows in figures["rules"].items():
        for ahead, one in rows.items():
            yield (
                f"{rule:>24}, {ahead:>3} ahead: {one['n']:>6} weeks, skill {one['skill']:+.3f}, "
                f"within {one['within']:.3f} {'holds' if one['holds'] else 'FAILS'}; "
                f"Brier {one['brier']:.4f} ({one['plain_brier']:.4f} plain); "
                f"{one['true']} of {one['calls']} calls came true, {one['hot']} hot"
            )
    said = ", ".join(f"{p:.2f}: {share:.2f} of {n}" for n, p, share in
                     figures["rules"][OURS]["all"]["bins"])  # fmt: skip
    yield f"chance said and what came: {said}"
    for name, one in figures["leads"].items():
        yield (
            f"consultations a week before, {name}: effect {one['effect']:+.2f}, "
            f"{one['gain']:+.1%} of held-out loss saved, used in {one['used']} of {one['banks']}"
        )


EXAM = Exam(
    "prospects",
    "The weeks ahead in invented banks: loss, interval and hot calls, beside plain forecasts.",
    add_arguments,
    run,
    told,
)
