"""The text classifier beside tf-idf with a linear SVM, on real complaints with labels."""

import os
from pathlib import Path

from bench.figures import Figure
from sujin.lab.exams import classify

FILE = "zh_complaints_dev.csv"
SEED = 2027


def measure() -> list[Figure]:
    """Nothing when ``SUJIN_REAL_DATA`` does not name the folder that holds the file."""
    folder = os.environ.get("SUJIN_REAL_DATA", "")
    if not folder:
        return []
    found = classify.run({"data": Path(folder) / FILE, "seed": SEED})
    peer, on = found["baseline"], f"{found['n']:,} unseen texts, five folds"
    return [
        Figure(
            "classifier macro-F1", f"{found['macro_f1']:.3f}", f"SVM {peer['macro_f1']:.3f}; {on}"
        ),
        Figure("classifier calibration error", f"{found['ece']:.3f}", on),
        Figure("classifier p50", f"{found['p50_ms']:.2f} ms", f"SVM {peer['p50_ms']:.2f} ms"),
        Figure(
            "classifier texts",
            f"{found['docs_per_cpu_s']:,.0f} /CPU-s",
            f"SVM {peer['docs_per_cpu_s']:,.0f}",
        ),
    ]
