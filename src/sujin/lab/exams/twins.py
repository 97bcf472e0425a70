"""Real texts: are the near twins among them found? Truth is brute force, every pair compared."""

import csv
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sujin.engine import nearby
from sujin.engine.text import fold
from sujin.lab.exams.exam import CannotSit, Figures

TWIN = 0.5  # of the runs of five words that either text has, both have
TOP = 5
_COLUMN = "text"
_WORD = re.compile(r"[^\W\d_\u2e80-\uffff]+|\d+|[\u2e80-\uffff]")
_RUN = 5
_LONGEST = 10_000_000  # characters of one cell


def measure(path: Path, threshold: float) -> Figures:
    """How many near twins are found among the five nearest, and what is reported wrongly."""
    texts = list(_texts(path))
    truth = likenesses(texts)
    start = time.process_time()
    index = nearby.built(range(len(texts)), texts)
    built, start = time.process_time() - start, time.process_time()
    answers = nearby.nearest(index, texts, top=TOP + 1)
    asked = time.process_time() - start
    rows = [
        [pair for pair in zip(ids.tolist(), likeness.tolist(), strict=True) if pair[0] != place]
        for place, (ids, likeness) in enumerate(zip(answers.ids, answers.likeness, strict=True))
    ]
    return {
        "texts": len(texts),
        "characters": round(sum(map(len, texts)) / len(texts), 1),
        "build_docs_per_cpu_s": round(len(texts) / built),
        "queries_per_cpu_s": round(len(texts) / asked),
        "bytes_per_doc": round(index.size / len(texts), 1),
        **_marked(rows, truth, threshold),
        "peers": [],
    }


def likenesses(texts: Sequence[str]) -> Any:
    """The Jaccard index of every pair's runs of five words (signs, in Chinese), as a sparse
    matrix; a text is not beside itself."""
    from scipy import sparse

    words: dict[tuple[str, ...], int] = {}
    rows = [sorted({words.setdefault(run, len(words)) for run in _runs(text)}) for text in texts]
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter((word for row in rows for word in row), np.int64, int(ends[-1]))
    shape = (len(rows), max(len(words), 1))
    has = sparse.csr_matrix((np.ones(columns.size, np.int32), columns, ends), shape=shape)
    both = (has @ has.T).tocoo()
    sizes = np.diff(ends)
    share = both.data / (sizes[both.row] + sizes[both.col] - both.data)
    share[both.row == both.col] = 0
    return sparse.csr_matrix((share, (both.row, both.col)), shape=both.shape)


def _marked(rows: list[list[tuple[int, float]]], truth: Any, threshold: float) -> dict[str, Any]:
    twins = [set(_above(truth, place)) for place in range(len(rows))]
    have = [place for place, mine in enumerate(twins) if mine]
    if not have:
        raise CannotSit("--data: no text has a near twin; there is nothing to find")
    found = [len(twins[place] & {other for other, _ in rows[place][:TOP]}) for place in have]
    owed = [min(TOP, len(twins[place])) for place in have]
    told = [(place, *row[0]) for place, row in enumerate(rows) if row and row[0][1] >= threshold]
    shares = np.array([truth[place, other] for place, other, _ in told])
    return {
        "texts_with_a_twin": len(have),
        "recall_at_5": round(sum(found) / sum(owed), 4),
        "met_one_twin": round(float(np.mean([some > 0 for some in found])), 4),
        "threshold": threshold,
        "reported": len(told),
        "reported_are_twins": round(float(np.mean(shares >= TWIN)), 4),
        "reported_share_a_third": round(float(np.mean(shares >= 1 / 3)), 4),
    }


def _above(truth: Any, place: int) -> list[int]:
    first, last = truth.indptr[place], truth.indptr[place + 1]
    columns, shares = truth.indices[first:last], truth.data[first:last]
    return list(map(int, columns[shares >= TWIN]))


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _WORD.findall(fold(text))
    yield from (tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))


def _texts(path: Path) -> Iterator[str]:
    """The column named text, or the only one whose name holds it. Raises CannotSit."""
    if not path.is_file():
        raise CannotSit(f"--data {path}: no such file")
    csv.field_size_limit(_LONGEST)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        names = [name for name in rows.fieldnames or () if _COLUMN in name.lower()]
        if not names:
            raise CannotSit(f"--data {path}: no column named {_COLUMN}; have {rows.fieldnames}")
        yield from (row[names[0]] or "" for row in rows)
