"""``sujin eval silent``: is a fall in complaints told apart from complaining made harder?

Worlds whose truth is known: nothing changes, dissatisfaction falls, complaining is made harder; the
two signs independent or going together, and the deterred asking again instead. Reported: what the
verdict says, how often the interval holds the truth, which way it errs when the assumption fails,
and what whoever looks at complaints alone would have said (the known-bad control).
"""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Mapping
from time import process_time
from typing import Any

from sujin.engine.silent import Verdict, compare, estimate
from sujin.lab.exams.exam import Exam, Figures
from sujin.lab.hushed import MONTHS, RECENT, World, months, spans

ALPHA = 0.05
FALSE_MOST = 0.08  # the promise is ALPHA; what is measured on some hundred worlds scatters
FOUND_LEAST = 0.80
COVERED_LEAST = 0.93
WORLDS = (
    World("steady"),
    World("eased", fewer=0.6),
    World("deterred", harder=0.6),
    World("eased, alike", fewer=0.6, alike=0.7),
    World("deterred, alike", harder=0.6, alike=0.7),
    World("deterred, asks instead", harder=0.6, asks_instead=0.5),
    World("both, mildly", fewer=0.8, harder=0.7),
    World("eased, strays", fewer=0.6, strays=0.3),
)
HONEST = ("steady", "eased", "eased, alike")
DETERRED = ("deterred", "deterred, alike", "deterred, asks instead")
# The last two are told and not judged: half of the one's fall is real, and the other breaks what
# the page says it assumes.


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seeds", type=int, default=400, help="years to invent of each world")
    parser.add_argument("--size", type=int, default=250, help="dissatisfied customers a month")


def run(options: Mapping[str, Any]) -> Figures:
    began = process_time()
    seeds = range(options["seed"], options["seed"] + options["seeds"])
    worlds = {one.name: _held(one, seeds, options["size"]) for one in WORLDS}
    false = max(worlds[name]["said"]["deterred"] for name in HONEST)
    found = min(worlds[name]["said"]["deterred"] for name in DETERRED)
    covered = worlds["steady"]["covered"]
    holds = false <= FALSE_MOST and found >= FOUND_LEAST and covered >= COVERED_LEAST
    return {
        "seeds": len(seeds), "size": options["size"], "worlds": worlds, "false": false,
        "found": found, "covered": covered, "holds": holds,
        "cpu_seconds": round(process_time() - began, 1),
    }  # fmt: skip


def _held(world: World, seeds: range, size: int) -> dict[str, Any]:
    said: Counter[str] = Counter()
    alone = inside = estimated = 0
    off = 0.0
    for seed in seeds:
        found, truth = months(world, seed, size)
        earlier, recent = spans(found)
        verdict = compare(earlier, recent, (MONTHS - RECENT, RECENT), ALPHA)
        said[verdict.verdict.value] += 1
        alone += verdict.complaints <= ALPHA
        for lists, n in zip(found, truth, strict=True):
            told, silent = estimate(lists), n - lists.complained
            if told is not None:
                estimated += 1
                inside += told.low <= silent <= told.high
                off += (told.silent - silent) / max(1, n)
    return {
        "said": {one.value: said[one.value] / len(seeds) for one in Verdict},
        "complaints alone say eased": alone / len(seeds),
        "covered": inside / max(1, estimated),
        "off": off / max(1, estimated),
    }


def told(figures: Figures) -> Iterable[str]:
    yield (
        f"{figures['seeds']} years of each world, {figures['size']} dissatisfied a month; "
        f"{figures['cpu_seconds']} CPU seconds"
    )
    for name, row in figures["worlds"].items():
        said = ", ".join(f"{verdict} {share:.0%}" for verdict, share in row["said"].items())
        yield f"{name:>24}: {said}"
        yield (
            f"{'':>24}  interval holds the truth {row['covered']:.0%}, estimate off by "
            f"{row['off']:+.1%} of all; complaints alone would say eased "
            f"{row['complaints alone say eased']:.0%}"
        )
    yield (
        f"deterred said where it is not: {figures['false']:.1%} at most (promised {ALPHA:.0%}); "
        f"found where it is: {figures['found']:.1%} at least; coverage {figures['covered']:.1%}"
    )
    yield "HOLDS" if figures["holds"] else "DOES NOT HOLD"


EXAM = Exam(
    "silent",
    "Dissatisfaction that never became a complaint, in worlds where it is known.",
    add_arguments,
    run,
    told,
)
