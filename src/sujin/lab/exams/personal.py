"""The exam of masking: personal data of nobody planted in invented complaints, beside things that
only look like it; what leaks, what is masked for nothing, and how fast.

A plant is kept when every character of it is masked, whatever the engine calls it. A mask is
right when it touches a plant. Whoever planted also knows how the engine reads, so the figures are
an upper bound: precision on words that nobody here wrote is told by ``--real``, which only counts.
Names that nothing announces are planted to show what stays readable; they are no part of the sum.
"""

import csv
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from sujin.complaints.draft import CaseKind
from sujin.engine.text import Found, fold, redact
from sujin.lab import grammar
from sujin.lab.exams.exam import CannotSit, Exam, Figures
from sujin.lab.exams.invented import CLOSE, OPEN, Inventor
from sujin.lab.phrases import table
from sujin.lab.scenes import scenes
from sujin.lab.template import parse, render, slots
from sujin.lab.voice import SHOPS, Matter, Style

DOCUMENTS = 3000
WITHOUT_PLANTS = 0.3
UNANNOUNCED = "name_unannounced"
_TOLD = date(2026, 3, 2)
_PHONE = "16912345678"
_ENDS = "。"


@dataclass(frozen=True, slots=True)
class Plant:
    """One personal thing: ``kind`` is the slot it came from; ``start`` to ``end`` must not leak."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """An invented complaint and everything personal in it."""

    text: str
    plants: tuple[Plant, ...]


def documents(seed: int, count: int) -> Iterator[Document]:
    """The same ``count`` documents for the same seed."""
    rng = Random(seed)  # noqa: S311 - an exam, not a secret
    rows = [(row["truth"], parse(row["text"])) for row in table("personal")]
    plants = [sequence for truth, sequence in rows if truth == "plant"]
    decoys = [sequence for truth, sequence in rows if truth == "decoy"]
    for _ in range(count):
        extra = rng.sample(decoys, rng.randrange(1, 3))
        if rng.random() >= WITHOUT_PLANTS:
            extra += rng.sample(plants, rng.randrange(1, 3))
        rng.shuffle(extra)
        yield _composed(rng, extra)


def _composed(rng: Random, extra: Iterable[Any]) -> Document:
    text, plants = _base(rng) + _ENDS, []
    for sequence in extra:
        said = render(sequence, rng, Inventor(rng).fill) + _ENDS
        kinds = iter(sorted(slots(sequence)))
        while OPEN in said:
            before, _, rest = said.partition(OPEN)
            secret, _, said = rest.partition(CLOSE)
            start = len(text) + len(before)
            plants.append(Plant(next(kinds), start, start + len(secret)))
            text += before + secret
        text += said
    return Document(text, tuple(plants))


def _base(rng: Random) -> str:
    """A complaint of the synthetic bank that happens to name nobody and no number."""
    while True:
        about = rng.choice(scenes())
        amount = Decimal(rng.randrange(1, 500) * 100)
        matter = Matter(
            about.code, amount, amount / 50, _TOLD, f"{rng.randrange(10**4):04d}", "临江滨河支行",
            "王小平", _PHONE, rng.randrange(6), rng.choice(SHOPS),
        )  # fmt: skip
        style = rng.choice(list(Style))
        telling = grammar.Telling(style, CaseKind.COMPLAINT, rng.randrange(3), _TOLD)
        text = grammar.tell(matter, telling, rng).text
        if matter.name not in (plain := fold(text)) and _PHONE not in plain:
            return text


def run(options: Mapping[str, Any]) -> Figures:
    """Recall by class of plant, precision by kind of mask, documents for each CPU second."""
    papers = list(documents(options["seed"], options["documents"]))
    redact(papers[0].text)
    began = time.process_time()
    found = [redact(paper.text).found for paper in papers]
    spent = time.process_time() - began
    figures = {
        "documents": len(papers),
        "characters": sum(len(paper.text) for paper in papers) / len(papers),
        "documents_per_cpu_second": len(papers) / max(spent, 1e-9),
        "recall": _recall(papers, found),
        "precision": _precision(papers, found),
    }
    figures["overall"] = _overall(figures)
    if options["real"]:
        figures["real"] = _real(Path(options["real"]))
    return figures


def _recall(papers: list[Document], found: list[tuple[Found, ...]]) -> dict[str, dict[str, float]]:
    planted: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for paper, hits in zip(papers, found, strict=True):
        for plant in paper.plants:
            planted[plant.kind] += 1
            kept[plant.kind] += _is_kept(plant, hits)
    return {k: {"planted": n, "recall": kept[k] / n} for k, n in sorted(planted.items())}


def _is_kept(plant: Plant, hits: Iterable[Found]) -> bool:
    hidden = {at for hit in hits for at in range(hit.start, hit.end)}
    return hidden.issuperset(range(plant.start, plant.end))


def _precision(
    papers: list[Document], found: list[tuple[Found, ...]]
) -> dict[str, dict[str, float]]:
    masked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for paper, hits in zip(papers, found, strict=True):
        for hit in hits:
            masked[hit.kind] += 1
            right[hit.kind] += any(p.start < hit.end and hit.start < p.end for p in paper.plants)
    return {k: {"masked": n, "precision": right[k] / n} for k, n in sorted(masked.items())}


def _overall(figures: Mapping[str, Any]) -> dict[str, float]:
    asked = [row for kind, row in figures["recall"].items() if kind != UNANNOUNCED]
    planted = sum(row["planted"] for row in asked)
    kept = sum(row["planted"] * row["recall"] for row in asked)
    masked = sum(row["masked"] for row in figures["precision"].values())
    right = sum(row["masked"] * row["precision"] for row in figures["precision"].values())
    recall, precision = kept / max(planted, 1), right / max(masked, 1)
    f1 = 2 * recall * precision / max(recall + precision, 1e-9)
    return {"recall": recall, "precision": precision, "f1": f1}


def _real(folder: Path) -> dict[str, dict[str, int]]:
    """How often each kind is found in texts nobody here wrote; nothing of them is shown."""
    counts = {}
    for name, column in (("zh_complaints_dev.csv", "text"), ("zh_bank_qa_dev.csv", "question")):
        try:
            with (folder / name).open(encoding="utf-8-sig", newline="") as opened:
                texts = [row[column] or "" for row in csv.DictReader(opened)]
        except (OSError, KeyError) as missing:
            raise CannotSit(f"{folder / name}: {missing}") from missing
        hits = Counter(hit.kind for text in texts for hit in redact(text).found)
        counts[name] = {"texts": len(texts), **dict(sorted(hits.items()))}
    return counts


def told(figures: Figures) -> Iterator[str]:
    """The figures as two tables and a line."""
    for kind, row in figures["recall"].items():
        yield f"  {kind:<20} planted {row['planted']:>5.0f}   kept   {row['recall']:7.1%}"
    for kind, row in figures["precision"].items():
        yield f"  {kind:<20} masked  {row['masked']:>5.0f}   rightly {row['precision']:6.1%}"
    every = figures["overall"]
    yield "all: " + ", ".join(f"{name} {share:.1%}" for name, share in every.items())
    yield f"{figures['documents_per_cpu_second']:,.0f} documents per CPU second of " + (
        f"{figures['characters']:.0f} characters"
    )
    for name, counts in figures.get("real", {}).items():
        yield f"{name}: " + ", ".join(f"{kind} {count}" for kind, count in counts.items())


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--real", default="", help="folder with zh_complaints_dev.csv: hits only")


EXAM = Exam("personal", "What masking of personal data keeps and leaks", _arguments, run, told)
