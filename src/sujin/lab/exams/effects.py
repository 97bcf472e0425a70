"""``sujin eval effects``: whether the effect of guidelines and scripts is told truly and in time.

On invented banks with planted effects, beside the two comparisons that everybody makes first: users
against non-users, and after against before. All three answer the same questions, and all three are
adjusted for their number by Holm. A second part plants drift: branches that take an item early get
better by themselves.
"""

from argparse import ArgumentParser
from collections.abc import Iterable, Mapping
from time import process_time
from typing import Any

from sujin.engine.effects import Effect, Measure, Reason, Terms, Verdict, judge
from sujin.lab.exams.effect_bank import Bank, tell
from sujin.lab.exams.effect_marks import PLAIN, Call, called, marks, plainly, truth
from sujin.lab.exams.exam import Exam, Figures

SEEDS = 200
TERMS = Terms()
HOURS = Terms(measures=(Measure.HOURS,))
OURS = "roll-out"
DRIFTS = (0.0, 0.25, 0.5, 1.0)
IDLE = (0.0,) * 6
# Drift is asked of fewer banks.
OF_BANKS = 8


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seeds", type=int, default=SEEDS, help="banks to invent")


def run(options: Mapping[str, Any]) -> Figures:
    """Every bank judged by the roll-out and plainly; some again with drift."""
    began = process_time()
    seeds = range(options["seed"], options["seed"] + options["seeds"])
    rules: dict[str, list[list[Call]]] = {name: [] for name in (OURS, *PLAIN)}
    on_users: list[bool] = []
    for seed in seeds:
        calls, covered = sat(tell(seed), seed)
        for rule, of_bank in calls.items():
            rules[rule].append(of_bank)
        on_users += covered
    return {
        "seeds": len(seeds),
        "rules": {rule: marks(banks) for rule, banks in rules.items()},
        "on_users_coverage": round(sum(on_users) / max(1, len(on_users)), 4),
        "drift": {f"{one:g}": _drifted(seeds[::OF_BANKS], one) for one in DRIFTS},
        "cpu_seconds": round(process_time() - began, 1),
    }


def sat(bank: Bank, seed: int) -> tuple[dict[str, list[Call]], list[bool]]:
    """What each comparison says of a bank's cards, and whether the intervals of effects on users
    hold the truth."""
    cards = judge(bank.cases, bank.roll_outs, seed=seed, terms=TERMS)
    truths = {one: truth(bank, one, TERMS) for card in cards for one in card.effects}
    calls = {rule: plainly(rule, bank, truths, TERMS.alpha) for rule in PLAIN}
    covered = [
        one.on_users.low <= real.by_use <= one.on_users.high
        for one, real in truths.items()
        if one.on_users is not None
    ]
    return {OURS: called(bank, cards, truths), **calls}, covered


def _drifted(seeds: Iterable[int], drift: float) -> Figures:
    """Items that do nothing, in branches that drift: what is seen, what is named all the same,
    and what would be named by whoever does not look."""
    found = [one for seed in seeds for one in _of_hours(tell(seed, IDLE, drift=drift), seed)]
    return {
        "seen": _mean(one.because is Reason.DRIFTED for one in found),
        "named": _mean(one.verdict in (Verdict.HELPS, Verdict.HARMS) for one in found),
        "named_unlooked": _mean(one.p_all <= HOURS.alpha for one in found),
    }


def _of_hours(bank: Bank, seed: int) -> list[Effect]:
    cards = judge(bank.cases, bank.roll_outs, seed=seed, terms=HOURS)
    return [one for card in cards for one in card.effects]


def _mean(flags: Iterable[bool]) -> float:
    told = list(flags)
    return round(sum(told) / len(told), 4)


def told(figures: Figures) -> Iterable[str]:
    yield f"{figures['seeds']} banks of 8 to 40 branches; {figures['cpu_seconds']} CPU seconds"
    for rule, found in figures["rules"].items():
        yield (
            f"{rule:>22}: intervals hold the truth {found['coverage']:.1%}; idle items named "
            f"{found['false_items']:.1%}, banks with a false verdict "
            f"{found['banks_with_false']:.1%}, items said the wrong way round "
            f"{found['reversed_items']:.1%}"
        )
        yield f"{'':>24}found: {_listed(found['found'])}"
        for band, shares in found["found_by_branches"].items():
            yield f"{'':>24}  of {band} branches: {_listed(shares)}"
        if found["even_if_idle"]:
            yield (
                f"{'':>24}no difference: {found['even_if_idle']:.1%} of idle cards, "
                f"{found['even_if_not']:.1%} of the others"
            )
    yield f"effect where used, interval holds the truth: {figures['on_users_coverage']:.1%}"
    for drift, shares in figures["drift"].items():
        yield (
            f"idle items, drift {drift:>3}: seen {shares['seen']:.0%}, named "
            f"{shares['named']:.0%} (without looking {shares['named_unlooked']:.0%})"
        )


def _listed(shares: Mapping[str, float | None]) -> str:
    return ", ".join(f"{name} {share:.0%}" for name, share in shares.items() if share is not None)


EXAM = Exam(
    "effects",
    "Whether guidelines helped, on invented banks, beside users/others and after/before.",
    add_arguments,
    run,
    told,
)
