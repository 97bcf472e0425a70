"""Series nobody here wrote: labelled outbreaks, and spikes planted into real complaints.

``SUJIN_REAL_DATA`` names the folder with ``outbreaks/*.csv`` and the complaint files; without it
the bench says so and leaves with 0. Labelled: seven weekly series of 2001 to 2004 with a state a
week; an outbreak is a run of ill weeks. Planted: days of complaints by product, issue and state,
whose own waves count as false alarms for everybody alike. The verdict is about the days on which
the archive is whole. Its last fortnight, in which everything fades away to a tenth, is shown
besides: whoever forgets within a month finds more there, for ours still expects the old level.
"""

import argparse
import csv
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from bench.watch import detectors
from bench.watch.daily import SATURDAY, SIZES, SPIKE, cases
from bench.watch.measures import measure, threshold
from bench.watch.noufaily import at_least_one
from bench.watch.peers import WEEK
from bench.watch.runs import Counts, Flags, Reals, Runs

LEVELS = (0.01, 0.02, 0.05)
YEAR = 52
LABELLED_FIRST = 107  # two years and a half window behind it
# The other archive, cfpb_2019_04.csv, is whole for eleven days: nothing to learn from.
ARCHIVE, COLUMNS = "cfpb_2015_q1.csv", ("Product", "Issue", "State")
WHOLE_FIRST, FADING_FIRST = 45, 60
# An archive has begun to fade out when a week holds less than this share of the fullest before it.
FADED = 0.75
LEAST_A_DAY = 0.3
REPEATS = 20
FADES = "as it fades out"


def folder() -> Path | None:
    """Where the data is; None when it is nowhere."""
    named = os.environ.get("SUJIN_REAL_DATA", "")
    return Path(named) if named and (Path(named) / "outbreaks").is_dir() else None


@dataclass(frozen=True)
class Labelled:
    names: list[str]
    counts: Counts  # (S, weeks)
    ill: Flags  # (S, weeks)


def labelled(data: Path) -> Labelled:
    """Every series twice: as it is, and its second half before its first.

    All but one of the outbreaks lie in the first two years, before which there is nothing to learn
    from. Whole years are exchanged, so that the season stays where it is.
    """
    names, counts, ill = [], [], []
    for path in sorted((data / "outbreaks").glob("*.csv")):
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        for name, order in ((rows[0]["series"], rows), (f"{rows[0]['series']}'", _exchanged(rows))):
            names.append(name)
            counts.append([int(row["observed_1"]) for row in order])
            ill.append([row["outbreak_state_1"] == "1" for row in order])
    return Labelled(names, np.array(counts), np.array(ill))


def _exchanged(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return rows[-2 * YEAR :] + rows[: -2 * YEAR]


@dataclass(frozen=True)
class Heard:
    """Share of outbreaks with an alarm in them, by series; false alarms among the quiet weeks."""

    fpr: float
    outbreaks: int
    heard: list[int]
    ill_weeks: float  # share of them with an alarm


def hear(scores: Reals, ill: Flags, level: float) -> Heard:
    """At the lowest threshold that keeps the quiet weeks of all series within ``level``."""
    over = threshold([scores[~ill]], level)
    alarms = scores > over
    spans = [list(_spells(row)) for row in ill]
    heard = [
        sum(bool(alarms[number, begin:end].any()) for begin, end in spells)
        for number, spells in enumerate(spans)
    ]
    return Heard(float(alarms[~ill].mean()), sum(map(len, spans)), heard, float(alarms[ill].mean()))


def _spells(ill: Flags) -> Iterator[tuple[int, int]]:
    """Begin and end of every run of ill weeks."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], ill.astype(int), [0]])))
    yield from ((int(begin), int(end)) for begin, end in edges.reshape(-1, 2))


@dataclass(frozen=True)
class Background:
    """Real counts a day, (nodes, days), with their dates."""

    name: str
    days: list[date]
    counts: Counts
    first: int


def background(data: Path, *, whole: bool) -> Background:
    """Every value of a column with enough complaints a day is a node. ``whole``: without the days
    on which the archive fades out."""
    name, columns = ARCHIVE, COLUMNS
    seen: Counter[tuple[str, str, date]] = Counter()
    with (data / name).open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            day = datetime.strptime(row["Date received"], "%m/%d/%Y").date()  # noqa: DTZ007
            seen.update((column, row[column], day) for column in columns)
    begin, end = min(key[2] for key in seen), max(key[2] for key in seen)
    if whole:
        end = _faded(_totals(seen, columns[0]))
    days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    nodes = sorted({key[:2] for key in seen if key[1]})
    counts = np.array([[seen[(*node, day)] for day in days] for node in nodes])
    first = WHOLE_FIRST if whole else FADING_FIRST
    return Background(name, days, counts[counts.mean(1) >= LEAST_A_DAY], first)


def _totals(seen: Counter[tuple[str, str, date]], column: str) -> Counter[date]:
    """How many complaints each day has, by the values of one column."""
    found: Counter[date] = Counter()
    for (named, _value, day), count in seen.items():
        found[day] += count if named == column else 0
    return found


def _faded(totals: Counter[date]) -> date:
    """The last day before the archive fades out."""
    fullest, last = 0, max(totals)
    for day in sorted(totals):
        week = sum(totals[day - timedelta(days=back)] for back in range(WEEK))
        if week < FADED * fullest:
            return day - timedelta(days=1)
        fullest, last = max(fullest, week), day
    return last


def planted(real: Background, seed: int) -> Runs:
    """Each node ``REPEATS`` times, with a spike at another day of those watched."""
    rng = np.random.default_rng(seed)
    counts = np.repeat(real.counts, REPEATS, axis=0)
    spread = np.repeat(np.sqrt(np.maximum(real.counts.var(1), real.counts.mean(1))), REPEATS)
    start = rng.integers(real.first, counts.shape[1] - 1, len(counts))
    extra = [
        cases(rng, start, at_least_one(rng, k * spread), SPIKE, counts.shape[1]) for k in SIZES
    ]
    current = np.stack(extra, axis=1)[:, :, real.first :]
    node = np.repeat(np.arange(len(real.counts)), REPEATS)
    return Runs(counts, current, start - real.first, node, real.first, SIZES)


Line = tuple[float, str, float, str]
"""Level, detector, share found, and the text of the line."""


def labelled_table(data: Labelled) -> Iterator[Line]:
    ill = data.ill[:, LABELLED_FIRST:]
    for level in LEVELS:
        for detector in detectors.few_years():
            found = hear(detector.score(data.counts, LABELLED_FIRST), ill, level)
            share = sum(found.heard) / found.outbreaks
            heard = [n for n, h in zip(data.names, found.heard, strict=True) if h]
            text = (
                f"FPR {found.fpr:.4f}  {share:.3f} of {found.outbreaks}  "
                f"ill weeks {found.ill_weeks:.3f}  {' '.join(heard)}"
            )
            yield level, detector.title, share, text


def planted_table(real: Background, seed: int) -> Iterator[Line]:
    runs = planted(real, seed)
    off = np.array([day.weekday() >= SATURDAY for day in real.days])
    scored = [(d.title, d.of(runs)) for d in detectors.few_days(real.days, off, real.first)]
    for level in LEVELS:
        for title, scores in scored:
            found = measure(scores, runs, threshold([scores.clean], level))
            sizes = " ".join(f"k={k} {pod:.3f}" for k, pod in found.pod.items())
            text = f"FPR {found.fpr:.4f}  {found.mean_pod:.3f}  {sizes}"
            yield level, title, found.mean_pod, text


def lost(lines: Sequence[Line]) -> list[str]:
    """Where a peer found more than the first detector at the same level."""
    title = lines[0][1]
    ours = {level: share for level, name, share, _ in lines if name == title}
    return [
        f"{name} {share:.3f} > {ours[level]:.3f} at {level}"
        for level, name, share, _ in lines
        if share > ours[level]
    ]


def tables(data: Path, seed: int) -> Iterator[tuple[str, list[Line]]]:
    known = labelled(data)
    yield f"{len(known.names)} labelled series", list(labelled_table(known))
    for whole in (True, False):
        real = background(data, whole=whole)
        how = "while it is whole" if whole else FADES
        title = f"spikes in {real.name} {how}: {len(real.counts)} nodes, {len(real.days)} days"
        yield title, list(planted_table(real, seed))


def main() -> int:
    read = argparse.ArgumentParser(prog="bench.watch.real", description=__doc__)
    read.add_argument("--seed", type=int, required=True)
    asked, data = read.parse_args(), folder()
    if data is None:
        sys.stdout.write("G5 real: not measured, SUJIN_REAL_DATA names no folder with outbreaks/\n")
        return 0
    losses = []
    for title, lines in tables(data, asked.seed):
        sys.stdout.write(f"\n{title}\n")
        for level, name, _, text in lines:
            sys.stdout.write(f"{level:<6}{name:<26}{text}\n")
        found = [f"{title}: {loss}" for loss in lost(lines)]
        sys.stdout.write("".join(f"loss: {loss}\n" for loss in found))
        losses += [] if FADES in title else found
    sys.stdout.write(f"G5 real: {'does not hold' if losses else 'holds'}\n")
    return 1 if losses else 0


if __name__ == "__main__":
    sys.exit(main())
