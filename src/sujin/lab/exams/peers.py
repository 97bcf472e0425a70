"""Named peers of `repeats` in the same run: BM25 of character pairs, and MinHash LSH.

They are no dependency of the product; bm25s comes with the tests, datasketch with the group
``bench``. Each is given as many texts as it bears in a minute, and says so.
"""

import time
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from sujin.lab.exams.copies import Told, repeats

BM25_MAX, LSH_MAX = 50_000, 10_000
QUESTIONS = 200
TOP = 5
INSTALL = "not installed: pip install bm25s datasketch (dependency groups dev, bench)"


def measure(told: Sequence[Told]) -> list[dict[str, Any]]:
    """One row for each peer; a peer that is not installed says how to install it."""
    return [
        sit(told[:most]) if find_spec(name) else {"peer": name, "note": INSTALL}
        for name, most, sit in _PEERS
    ]


def _bm25s(told: Sequence[Told]) -> dict[str, Any]:
    bm25s = import_module("bm25s")
    pairs = repeats(told)[-QUESTIONS:]
    start = time.process_time()
    words: dict[str, int] = {}
    tokens = [sorted(_rows(one.text, 2)) for one in told]
    ids = [[words.setdefault(word, len(words)) for word in row] for row in tokens]
    index = bm25s.BM25()
    index.index((ids, words), show_progress=False)
    build = time.process_time() - start
    asked = [tokens[repeat] for repeat, _source in pairs]
    start = time.process_time()
    found, _scores = index.retrieve(asked, k=TOP + 1, show_progress=False, n_threads=1)
    seconds = time.process_time() - start
    hits = [pair[1] in row for pair, row in zip(pairs, found, strict=True)]
    return _row("bm25s character pairs", len(told), build, len(pairs) / seconds, hits)


def _datasketch(told: Sequence[Told]) -> dict[str, Any]:
    datasketch = import_module("datasketch")
    start = time.process_time()
    index, prints = datasketch.MinHashLSH(threshold=0.5, num_perm=64), []
    for place, one in enumerate(told):
        prints.append(datasketch.MinHash(num_perm=64))
        prints[-1].update_batch([row.encode() for row in _rows(one.text, 3)])
        index.insert(place, prints[-1])
    build = time.process_time() - start
    pairs = repeats(told)[-QUESTIONS:]
    start = time.process_time()
    hits = [source in index.query(prints[repeat]) for repeat, source in pairs]
    seconds = max(time.process_time() - start, 1e-9)
    return _row("datasketch MinHashLSH(64, .5)", len(told), build, len(pairs) / seconds, hits)


def _row(
    peer: str, texts: int, build: float, per_second: float, hits: Sequence[bool]
) -> dict[str, Any]:
    return {
        "peer": peer,
        "texts": texts,
        "build_docs_per_cpu_s": round(texts / build),
        "queries_per_cpu_s": round(per_second),
        "recall": round(sum(hits) / max(len(hits), 1), 4),
    }


def _rows(text: str, length: int) -> set[str]:
    return {text[first : first + length] for first in range(len(text) - length + 1)}


Peer = tuple[str, int, Callable[[Sequence[Told]], dict[str, Any]]]
_PEERS: tuple[Peer, ...] = (("bm25s", BM25_MAX, _bm25s), ("datasketch", LSH_MAX, _datasketch))
