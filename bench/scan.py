"""``python -m bench.scan``: what a scan costs, and whether two engines say the same.

    python -m bench.scan --rows 10000000 --seed 7             a synthetic archive, by DuckDB
    python -m bench.scan --rows 10000000 --seed 7 --spark     and by Spark with two local executors
    python -m bench.scan --source complaints.csv --spark      any other archive

The archive is drawn from ``--seed``: three years of complaints, one planted wave. The last line
says whether the wave was found and, with ``--spark``, whether both ``warnings.json`` are the same
bytes. Exit status 1 if not. Memory is that of the largest single process.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FIRST, LAST = date(2023, 1, 2), date(2025, 12, 28)
WAVE_FROM, WAVE_DAYS = date(2025, 11, 24), 10
WAVE = {"product": "card", "branch": "branch-17"}
# Of all cases of its days, so many more in the planted node.
WAVE_SHARE = 0.004
PRODUCTS = {
    name: [f"{name}-{at}" for at in range(1, 6)]
    for name in ("card", "loan", "deposit", "wealth", "payment", "insurance", "fund", "app")
}
CAUSES = [f"cause-{at:02}" for at in range(1, 13)]
BRANCHES = [f"branch-{at:02}" for at in range(1, 31)]
CHANNELS = ["counter", "hotline", "web", "regulator"]
PIECE = 1_000_000
TODAY = "2026-01-01"
CLUSTER = "local-cluster[2,1,1024]"


@dataclass(frozen=True)
class Ran:
    """One scan: wall seconds, the largest process in bytes, and where its files are."""

    seconds: float
    peak: int
    out: Path


def draw(to: Path, rows: int, seed: int) -> None:
    """Write the archive, a piece at a time."""
    chance = np.random.default_rng(seed)
    days = (LAST - FIRST).days + 1
    weekday = np.array([(FIRST + timedelta(days=at)).weekday() for at in range(days)])
    often = np.where(weekday < 5, 1.0, 0.35)
    writer = None
    for start in range(0, rows, PIECE):
        table = _piece(chance, min(PIECE, rows - start), start, often / often.sum())
        writer = writer or pq.ParquetWriter(to, table.schema, compression="zstd")
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _piece(chance: np.random.Generator, rows: int, start: int, often: np.ndarray) -> pa.Table:
    day = chance.choice(often.size, rows, p=often)
    products = [*PRODUCTS]
    product = chance.integers(0, len(products), rows)
    branch = np.minimum(chance.geometric(0.08, rows) - 1, len(BRANCHES) - 1)
    wave = (WAVE_FROM - FIRST).days
    planted = (day >= wave) & (day < wave + WAVE_DAYS) & (chance.random(rows) < WAVE_SHARE)
    product[planted] = products.index(WAVE["product"])
    branch[planted] = BRANCHES.index(WAVE["branch"])
    sub = product * 5 + chance.integers(0, 5, rows)
    names = [name for subs in PRODUCTS.values() for name in subs]
    first = np.datetime64(FIRST)
    return pa.table(
        {
            "complaint_id": pa.array(np.arange(start, start + rows)),
            "received": pa.array((first + day).astype("datetime64[D]")),
            "product": _named(product, products),
            "sub_product": _named(sub, names),
            "cause": _named(chance.integers(0, len(CAUSES), rows), CAUSES),
            "branch": _named(branch, BRANCHES),
            "channel": _named(chance.integers(0, len(CHANNELS), rows), CHANNELS),
        }
    )


def _named(codes: np.ndarray, names: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype("int32")), names).cast(pa.string())


def run(source: Path, out: Path, *more: str) -> Ran:
    """One scan in a process of its own."""
    command = [sys.executable, "-m", "sujin", "scan", str(source), "--out", str(out), *more]
    started = time.monotonic()
    subprocess.run(command, check=True, env={**os.environ, "SUJIN_MODE": "demo"})  # noqa: S603
    seconds = time.monotonic() - started
    return Ran(seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, out)


def found(out: Path) -> bool:
    """Whether a warning of the planted node, or of one above or below it, was given in time."""
    listed = json.loads((out / "warnings.json").read_text(encoding="utf-8"))
    last = (WAVE_FROM + timedelta(days=WAVE_DAYS + 7)).isoformat()
    return any(
        WAVE.items() <= one["node"].items() and WAVE_FROM.isoformat() <= one["first_alarm"] <= last
        for one in listed
    )


def main() -> int:
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="bench-scan-") as folder:
        work = Path(folder)
        source = asked.source or work / "archive.parquet"
        if asked.source is None:
            draw(source, asked.rows, asked.seed)
        ran = [run(source, work / "duckdb", "--today", asked.today, *asked.more)]
        _tell("duckdb", ran[0])
        good = asked.source is not None or found(ran[0].out)
        sys.stdout.write(f"planted wave found: {good}\n" if asked.source is None else "")
        if asked.spark:
            spark = ("--engine", "spark", "--master", asked.master, "--today", asked.today)
            ran.append(run(source, work / "spark", *spark, *asked.more))
            _tell("spark", ran[1])
            texts = [(one.out / "warnings.json").read_bytes() for one in ran]
            good &= texts[0] == texts[1]
            sys.stdout.write(f"the same warnings, byte for byte: {texts[0] == texts[1]}\n")
    return 0 if good else 1


def _tell(name: str, ran: Ran) -> None:
    sys.stdout.write(f"{name}: {ran.seconds:.1f} s, largest process {ran.peak / 2**20:,.0f} MiB\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.scan")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--source", type=Path)
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--master", default=CLUSTER)
    parser.add_argument("--today", default=TODAY)
    parser.add_argument("more", nargs="*", help="further options of scan, after --")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
