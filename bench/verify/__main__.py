"""Planted effects judged: ``python -m bench.verify --seed 7 [--fast]``.

Eight banks (plain, each confounder by itself, all together) by three effects (0, -10 %, -30 %), 500
series each: how often a measure that does nothing is called 有效, how often the 95 % interval holds
the truth, the power, and the same of the plain before and after and three published methods. The
last line is the verdict; leaves with 0 only when it holds. ``--judge`` claims it for another one.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from bench.verify.peers import PEERS
from bench.verify.worlds import WORLDS, World, planted
from sujin.engine.verify import Change, Verdict, judge

OURS = "Sujin"
EFFECTS = (0.0, -0.1, -0.3)
SERIES, FEW = 500, 50
FALSE, COVERAGE = 0.05, 0.90
CURVE = (-0.05, -0.1, -0.15, -0.2, -0.3, -0.4, -0.5)
LEVELS = (10.0, 40.0, 160.0)
# Fifty series miss a promised share further by chance: three standard deviations.
FAST_SLACK = 0.10
_CORES = 2


@dataclass(frozen=True, slots=True)
class Score:
    """Of one judge: shares of series called worked, and whose interval holds the truth."""

    worked: float
    held: float
    failed: float
    width: float


Scores = dict[str, Score]


def main() -> int:
    read = argparse.ArgumentParser(prog="bench.verify", description=__doc__)
    read.add_argument("--seed", type=int, default=7)
    read.add_argument("--fast", action="store_true", help="a tenth of the series")
    read.add_argument("--judge", default=OURS, choices=[OURS, *PEERS], help="whose claim it is")
    asked = read.parse_args()
    number, slack = (FEW, FAST_SLACK) if asked.fast else (SERIES, 0.0)
    errands = [(world, effect, number, asked.seed) for world in WORLDS for effect in EFFECTS]
    with ProcessPoolExecutor(_CORES) as pool:
        found = dict(zip([one[:2] for one in errands], pool.map(_scored, errands), strict=True))
        for text in _tables(found):
            sys.stdout.write(text + "\n")
        sys.stdout.write("\n".join(_curve(pool, number // 4, asked.seed)) + "\n")
    missing = list(_missing(found, asked.judge, slack))
    verdict = f"does not hold ({'; '.join(missing)})" if missing else "holds"
    sys.stdout.write(f"\nverified rectification, {asked.judge}, seed {asked.seed}: {verdict}\n")
    return 1 if missing else 0


def _missing(found: dict[tuple[World, float], Scores], name: str, slack: float) -> Iterator[str]:
    """What the claim lacks."""
    for (world, effect), scores in found.items():
        score = scores[name]
        if effect == 0 and score.worked > FALSE + slack:
            yield f"{world.name}: {score.worked:.3f} of measures without effect called 有效"
        if score.held < COVERAGE - slack:
            yield f"{world.name} {effect:+.0%}: interval holds {score.held:.3f}"
    fooled = [
        scores["before and after"].worked for (_, effect), scores in found.items() if not effect
    ]
    if max(fooled) < 0.5:
        yield "the plain before and after was fooled nowhere: these banks ask nothing"


def _scored(errand: tuple[World, float, int, int]) -> Scores:
    world, effect, number, seed = errand
    told: dict[str, list[tuple[bool, bool, Change]]] = {name: [] for name in (OURS, *PEERS)}
    for one in planted(world, effect, number, seed):
        finding = judge(one.observed, one.declared, seed=seed)
        worked, failed = (finding.verdict is v for v in (Verdict.WORKED, Verdict.FAILED))
        told[OURS].append((worked, failed, finding.net))
        for name, peer in PEERS.items():
            change = peer(one.observed, one.declared)
            told[name].append((change.high < 0, change.low > 0, change))
    return {name: _score(rows, effect) for name, rows in told.items()}


def _score(rows: Sequence[tuple[bool, bool, Change]], effect: float) -> Score:
    return Score(
        float(np.mean([worked for worked, _, _ in rows])),
        float(np.mean([change.low <= effect <= change.high for _, _, change in rows])),
        float(np.mean([failed for _, failed, _ in rows])),
        float(np.median([change.high - change.low for _, _, change in rows])),
    )


_HEADS: Final = {
    0.0: "no effect: share called 有效 (of whom the interval holds the truth)",
    -0.1: "-10 %: power (coverage)",
    -0.3: "-30 %: power (coverage)",
}


def _tables(found: dict[tuple[World, float], Scores]) -> Iterator[str]:
    names = (OURS, *PEERS)
    for effect in EFFECTS:
        yield f"\n{_HEADS[effect]}"
        yield " " * 20 + "".join(f"{name:>24}" for name in names) + "   有效/无效/证据不足"
        for world in WORLDS:
            scores = found[world, effect]
            cells = "".join(f"{scores[n].worked:16.3f} ({scores[n].held:.3f})" for n in names)
            ours = scores[OURS]
            left = 1 - ours.worked - ours.failed
            yield f"{world.name:20}{cells}   {ours.worked:.2f}/{ours.failed:.2f}/{left:.2f}"


def _curve(pool: ProcessPoolExecutor, number: int, seed: int) -> Iterator[str]:
    yield "\npower by effect and cases a week, all together (width of the interval in points)"
    yield " " * 10 + "".join(f"{effect:>16.0%}" for effect in CURVE)
    last = WORLDS[-1]
    for level in LEVELS:
        world = World(last.name, last.at_work, level, last.wander, last.memory)
        errands = [(world, effect, number, seed + 1) for effect in CURVE]
        scores = [one[OURS] for one in pool.map(_scored, errands)]
        cells = "".join(f"{one.worked:10.2f} ({100 * one.width:3.0f})" for one in scores)
        yield f"{level:8.0f}  {cells}"


if __name__ == "__main__":
    sys.exit(main())
