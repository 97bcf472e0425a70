"""R itself: ``surveillance::farringtonFlexible`` on our series, its figures recorded where R is
absent.

``python -m bench.watch.reference --record`` measures the published method with R on a seed of its
own (ten minutes and more) and writes ``reference.csv``. What R fitted is kept under ``var``, by
content.
"""

import argparse
import csv
import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.watch import farrington, noufaily
from bench.watch.farrington import Expected
from bench.watch.measures import Found, Scores, measure, threshold
from bench.watch.noufaily import FIRST, SCENARIOS, SIZES, WEEKS
from bench.watch.runs import Counts, Runs

HERE = Path(__file__).parent
RECORDED = HERE / "reference.csv"
RSCRIPT = shutil.which("Rscript") or ""
LEVELS = (0.005, 0.01)
SEED, REPLICATES = 20130, 20
THRESHOLD_SEEDS, THRESHOLD_REPLICATES = (21130, 21131), 20


@dataclass(frozen=True)
class Fitted:
    """What R made of some series, by which version, at how many milliseconds a series-week."""

    expected: Expected
    version: str
    milliseconds: float


def is_installed() -> bool:
    """R with its package."""
    if not RSCRIPT:
        return False
    asked = [RSCRIPT, "-e", "library(surveillance)"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0  # noqa: S603


def fit(counts: Counts) -> Fitted:
    """R's expectation of the watched weeks, from the cache or anew."""
    folder = Path(os.environ.get("SUJIN_VAR", "var")) / "bench-watch"
    folder.mkdir(parents=True, exist_ok=True)
    key = hashlib.sha256(counts.astype(np.int64).tobytes()).hexdigest()[:16]
    given, out, said = (folder / f"{key}.{end}" for end in ("csv", "out.csv", "txt"))
    if not said.exists():
        np.savetxt(given, counts, fmt="%d", delimiter=",")
        script = str(HERE / "farrington.R")
        ran = subprocess.run(  # noqa: S603
            [RSCRIPT, script, str(given), str(out), str(FIRST + 1), str(WEEKS)],
            capture_output=True,
            text=True,
            check=True,
        )
        said.write_text(ran.stdout)
    version, package, spent = said.read_text().split("|")
    both = np.genfromtxt(out, delimiter=",", ndmin=2)
    # Where R could not fit it says nothing: no alarm.
    mean = np.nan_to_num(both[:, : both.shape[1] // 2], nan=1e9)
    phi = np.nan_to_num(both[:, both.shape[1] // 2 :], nan=1.0)
    label = f"{version.strip()}, surveillance {package.strip()}"
    return Fitted(Expected(mean, phi), label, float(spent))


def scores_of(fitted: Fitted, runs: Runs) -> Scores:
    """With 26 weeks left out, no current outbreak touches its expectation: one fit does."""
    judge = fitted.expected.scores
    return Scores(
        clean=judge(runs.counts[:, FIRST:]),
        ill={size: judge(runs.with_outbreak(size)[:, FIRST:]) for size in SIZES},
    )


def record() -> None:
    """Measure R with thresholds of other seeds, which our port sets, and write the table."""
    runs = noufaily.draw(SEED, REPLICATES)
    fitted = fit(runs.counts)
    scores = scores_of(fitted, runs)
    others = [noufaily.draw(seed, THRESHOLD_REPLICATES) for seed in THRESHOLD_SEEDS]
    clean = [farrington.scores(other.counts, FIRST) for other in others]
    rows = []
    for level in LEVELS:
        over = threshold(clean, level)
        rows.append(["all", level, *_figures(measure(scores, runs, over))])
        for number, scenario in enumerate(SCENARIOS):
            part = measure(scores, runs, over, np.flatnonzero(runs.scenario == number))
            rows.append([scenario.name, level, *_figures(part)])
    apart = distance(fitted.expected, runs.counts)
    with RECORDED.open("w", newline="") as file:
        file.write(
            f"# {fitted.version}; seed {SEED}, {len(runs.counts)} series; thresholds of seeds "
            f"{THRESHOLD_SEEDS} by the port; tails apart from the port's by at most {apart:.1e}; "
            f"{fitted.milliseconds:.1f} ms a series-week\n"
        )
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["scenario", "level", "fpr", "fpr_new", *_columns(), "first_week"])
        table.writerows(rows)


def distance(r: Expected, counts: Counts) -> float:
    """The largest difference between a tail of R and the same tail of our port."""
    watched = counts[:, FIRST:]
    ours = farrington.expected(counts, FIRST).tail(watched)
    return float(np.abs(ours - r.tail(watched)).max())


def recorded() -> tuple[str, dict[tuple[str, float], Found]]:
    """Where the figures come from, and the figures by scenario ("all" among them) and level."""
    lines = RECORDED.read_text().splitlines()
    found = {}
    for row in csv.DictReader(lines[1:]):
        found[row["scenario"], float(row["level"])] = Found(
            fpr=float(row["fpr"]),
            fpr_new=float(row["fpr_new"]),
            pod={size: float(row[f"pod_{size}"]) for size in SIZES},
            first_week=float(row["first_week"]),
        )
    return lines[0].removeprefix("# "), found


def _columns() -> list[str]:
    return [f"pod_{size}" for size in SIZES]


def _figures(found: Found) -> list[str]:
    values = [found.fpr, found.fpr_new, *found.pod.values(), found.first_week]
    return [f"{value:.5f}" for value in values]


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--record", action="store_true")
    if asked.parse_args().record:
        record()
    sys.stdout.write(RECORDED.read_text())
