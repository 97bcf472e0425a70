"""Near-identical texts: the exam of the index, as lines of the table."""

import os

from bench.figures import Figure
from sujin.lab.exams.repeats import EXAM

TEXTS = int(os.environ.get("BENCH_TEXTS", "100000"))


def measure() -> list[Figure]:
    """Our figures on BENCH_TEXTS invented complaints, and those of the peers that are installed."""
    found = EXAM.run({"size": TEXTS, "seed": 2026})
    on = f"{TEXTS:,} texts, {found['bytes_per_doc']} bytes each"
    ours = [
        Figure("repeats built", f"{found['build_docs_per_cpu_s']:,} /CPU-s", on),
        Figure("repeats asked", f"{found['queries_per_cpu_s']:,} /CPU-s", on),
        Figure("repeats recall@5", f"{found['recall_at_5']:.4f}", on),
    ]
    peers = [one for one in found["peers"] if "note" not in one]
    return ours + [
        Figure(one["peer"], f"{one['queries_per_cpu_s']:,} /CPU-s", f"recall {one['recall']}")
        for one in peers
    ]
