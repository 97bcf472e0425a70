"""`sujin eval repeats`: is the text that a complaint repeats found among a million, how fast?"""

import time
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sujin.engine import nearby
from sujin.engine.nearby import Index
from sujin.lab.dice import generator
from sujin.lab.exams import peers, twins
from sujin.lab.exams.copies import Told, repeats, tell
from sujin.lab.exams.exam import CannotSit, Exam, Figures

QUESTIONS = 5_000
TOP = 5
LIKE = 0.35  # from here on a stranger is told to be alike less than once in two hundred texts


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=100_000, help="invented complaints")
    parser.add_argument("--data", type=Path, help="CSV with a column named text")
    parser.add_argument("--no-peers", action="store_true", help="only our own figures")


def run(options: Mapping[str, Any]) -> Figures:
    """On invented complaints, or on real ones with ``data``."""
    if options.get("data"):
        return twins.measure(Path(options["data"]), LIKE)
    size = int(options["size"])
    if size < 1_000:
        raise CannotSit("--size: at least 1,000 texts, or nothing is repeated often enough")
    told = list(tell(size, int(options["seed"])))
    _warm([one.text for one in told[:100]])
    index, build_seconds = _built([one.text for one in told])
    figures = {
        "texts": size,
        "characters": round(sum(len(one.text) for one in told) / size, 1),
        "build_docs_per_cpu_s": round(size / build_seconds),
        "bytes_per_doc": round(index.size / size, 1),
        "resident_mb": _resident_mb(),
        **_asked(index, told, int(options["seed"])),
    }
    if not options.get("no_peers"):
        figures["peers"] = peers.measure(told)
    return figures


def told_lines(figures: Figures) -> Iterable[str]:
    """The figures in lines; peers below."""
    yield from (f"{name:<24} {value}" for name, value in figures.items() if name != "peers")
    for peer in figures.get("peers", ()):
        yield "peer  " + "  ".join(f"{name}={value}" for name, value in peer.items())


def _warm(texts: Sequence[str]) -> None:
    """Compile what is compiled at first use, outside the measurement."""
    nearby.nearest(nearby.built(range(len(texts)), texts), texts)


def _built(texts: Sequence[str]) -> tuple[Index, float]:
    start = time.process_time()
    index = nearby.built(range(len(texts)), texts)
    return index, time.process_time() - start


def _asked(index: Index, told: Sequence[Told], seed: int) -> dict[str, Any]:
    """Repeats must find their source, the text itself set aside; strangers must find nobody."""
    rng = generator("questions", seed)
    pairs = repeats(told)
    pairs = [pairs[place] for place in rng.permutation(len(pairs))[:QUESTIONS]]
    sources = {one.source for one in told}
    alone = [place for place, one in enumerate(told) if one.source < 0 and place not in sources]
    alone = [alone[place] for place in rng.permutation(len(alone))[:QUESTIONS]]
    start = time.process_time()
    found = _others(index, told, [repeat for repeat, _source in pairs])
    strangers = _others(index, told, alone)
    seconds = time.process_time() - start
    hits = [source in row for (_repeat, source), row in zip(pairs, found, strict=True)]
    return {
        "queries_per_cpu_s": round((len(pairs) + len(alone)) / seconds),
        "recall_at_5": round(float(np.mean(hits)), 4),
        "recall_at_1": round(_first(pairs, found), 4),
        **_at_threshold(pairs, found, strangers),
    }


def _others(index: Index, told: Sequence[Told], places: Sequence[int]) -> list[dict[int, float]]:
    """For each text the ``TOP`` others most like it, with their likeness, best first."""
    answers = nearby.nearest(index, [told[place].text for place in places], top=TOP + 1)
    rows = []
    for place, ids, likeness in zip(places, answers.ids, answers.likeness, strict=True):
        pairs = zip(ids.tolist(), likeness.tolist(), strict=True)
        rows.append(dict([pair for pair in pairs if pair[0] not in (place, -1)][:TOP]))
    return rows


def _first(pairs: Sequence[tuple[int, int]], found: Sequence[Mapping[int, float]]) -> float:
    firsts = [next(iter(row), -1) for row in found]
    return float(np.mean([first == pair[1] for first, pair in zip(firsts, pairs, strict=True)]))


def _at_threshold(
    pairs: Sequence[tuple[int, int]],
    found: Sequence[Mapping[int, float]],
    strangers: Sequence[Mapping[int, float]],
) -> dict[str, float]:
    """At ``LIKE``: how many sources are reported, and how many of a first hit's reports are true
    when one text in ten is a repeat."""
    reported = [row.get(pair[1], 0.0) >= LIKE for pair, row in zip(pairs, found, strict=True)]
    wrong = [max(row.values(), default=0.0) >= LIKE for row in strangers]
    true, false = 0.1 * float(np.mean(reported)), 0.9 * float(np.mean(wrong))
    return {
        "threshold": LIKE,
        "recall_at_threshold": round(float(np.mean(reported)), 4),
        "strangers_at_threshold": round(float(np.mean(wrong)), 5),
        "precision_at_threshold": round(true / (true + false), 4) if true + false else 0.0,
    }


def _resident_mb() -> int:
    """What this process holds in memory, texts and questions included."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 // 1_000_000


EXAM = Exam("repeats", "near-identical texts across customers", add_arguments, run, told_lines)
