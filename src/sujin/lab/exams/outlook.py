"""``sujin eval outlook``: may the estimate of escalation be believed, and is a bad one caught?

On invented pasts: how near the estimate comes to the known truth, how often the check passes it,
and how often the same estimates with their log-odds doubled, halved or put up by a half are called
uncalibrated. The control of the other side: the true probabilities themselves must pass.
"""

from argparse import ArgumentParser
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from time import process_time
from typing import Any

import numpy as np

from sujin.engine.outlook import Check, Learnt, Limits, checked, learn
from sujin.lab.escalating import sightings, true_chance
from sujin.lab.exams.exam import Exam, Figures

DAYS = 30
LIMITS = Limits()
SPOILED = {"doubled": (2.0, 0.0), "halved": (0.5, 0.0), "put up": (1.0, 0.5)}
# The verdict asks as much of the exam itself.
CAUGHT_LEAST, TRUE_PASSED_LEAST = 0.95, 0.90


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seeds", type=int, default=20, help="pasts to invent")
    parser.add_argument("--cases", type=int, default=6000, help="complaints of each")


def run(options: Mapping[str, Any]) -> Figures:
    began = process_time()
    seeds = range(options["seed"], options["seed"] + options["seeds"])
    rows = [one_past(seed, options["cases"]) for seed in seeds]
    figures: dict[str, Any] = {
        name: float(np.mean([row[name] for row in rows])) for name in rows[0]
    }
    figures["caught_least"] = min(figures[f"caught {name}"] for name in SPOILED)
    holds = (
        figures["caught doubled"] >= CAUGHT_LEAST and figures["true passed"] >= TRUE_PASSED_LEAST
    )
    return {
        "seeds": len(seeds), "cases": options["cases"], **figures, "holds": holds,
        "cpu_seconds": round(process_time() - began, 1),
    }  # fmt: skip


def one_past(seed: int, cases: int) -> dict[str, float]:
    """The estimate's figures on one past, and what the check says of the spoiled ones."""
    past, _chances = sightings(seed, cases, DAYS)
    learnt = learn(past, days=DAYS, limits=LIMITS)
    facts = [one.facts for one in learnt.held]
    said, truth = learnt.model.probabilities(facts), np.array([true_chance(one) for one in facts])
    happened = np.array([one.escalated for one in learnt.held], dtype=np.float64)
    of_truth = checked(truth, happened, LIMITS)
    found = {name: float("z" in spoiled(learnt, *by).fails) for name, by in SPOILED.items()}
    return {
        "held": float(len(facts)), "base": learnt.check.base, "passed": float(learnt.check.passes),
        "skill": learnt.check.skill, "best skill": of_truth.skill, "ece": learnt.check.ece,
        "off the truth": float(np.abs(said - truth).mean()),
        "true passed": float("z" not in of_truth.fails),
        **{f"caught {name}": value for name, value in found.items()},
    }  # fmt: skip


def spoiled(learnt: Learnt, slope: float, shift: float) -> Check:
    """What the check says of the same model with its log-odds bent."""
    one = learnt.model
    bent = replace(one, slope=slope * one.slope, shift=slope * one.shift + shift)
    facts = [row.facts for row in learnt.held]
    happened = np.array([row.escalated for row in learnt.held], dtype=np.float64)
    return checked(bent.probabilities(facts), happened, LIMITS)


def told(figures: Figures) -> Iterable[str]:
    yield (
        f"{figures['seeds']} pasts of {figures['cases']} complaints, {figures['held']:.0f} held "
        f"out, {figures['base']:.1%} escalated; {figures['cpu_seconds']} CPU seconds"
    )
    yield (
        f"Brier skill {figures['skill']:.3f} (the truth itself {figures['best skill']:.3f}), "
        f"ECE {figures['ece']:.3f}, {figures['off the truth']:.3f} off the true probability"
    )
    yield f"the check passes the estimate in {figures['passed']:.0%} of pasts"
    yield from _controls(figures, [*SPOILED])
    yield "HOLDS" if figures["holds"] else "DOES NOT HOLD"


def _controls(figures: Figures, names: Sequence[str]) -> Iterable[str]:
    yield f"control, the true probabilities: z test passes {figures['true passed']:.0%}"
    for name in names:
        yield f"known-bad, log-odds {name}: called uncalibrated {figures[f'caught {name}']:.0%}"


EXAM = Exam(
    "outlook",
    "The estimate of escalation on invented pasts, beside the truth and spoiled estimates.",
    add_arguments,
    run,
    told,
)
