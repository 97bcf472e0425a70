"""`sujin eval assistant`: does the assistant answer what it can, and keep quiet about the rest?

On labelled questions, one row each: `words`, `expect` (answer, decline or hand_over) and `gold`,
the codes of the items that answer it, parted by |. Nothing but the starter content and the pack's
tables is needed, no database. Each question is asked in a conversation of its own.

The questions fall into two halves by the SHA-256 of their words. Words, sentences and thresholds
are tuned on the one; what is claimed is read from the other, whose misses are never listed.
"""

import csv
import hashlib
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from sujin import packs
from sujin.engine.converse import Act, Candidate, Move, State
from sujin.engine.proportion import exact_upper
from sujin.engine.retrieval import Doc, Field, Index
from sujin.knowledge.assistant import bare, rules
from sujin.knowledge.audience import PUBLIC
from sujin.knowledge.catalogue import PACK, forms, without_gaps
from sujin.knowledge.synonyms import synonyms
from sujin.knowledge.wording import Wording, starter
from sujin.lab.exams.exam import CannotSit, Exam, Figures

OWN = "expected/assistant"
TUNING = "expected/assistant_tuning"
COLUMNS = ("words", "expect", "gold")
EXPECTED = frozenset({Act.ANSWER.value, Act.DECLINE.value, Act.HAND_OVER.value})
CANDIDATES = 5
TUNED, HELD_OUT = "tuning", "heldout"
HALVES = (TUNED, HELD_OUT)
# What the examiner calls a life in danger, and a fraud in progress.
_DANGER = frozenset({"情绪危急", "诈骗进行中"})
_BESIDE = (
    "questions",
    "answers",
    "false_answers",
    "false_answer_rate",
    "false_answer_rate_upper_95",
    "coverage",
    "asked_back",
    "deflection_simulated",
    "hand_over_recall",
    "hand_over_recall_lower_95",
    "in_danger",
    "in_danger_missed",
    "handed_over_needlessly",
    "strangers_answered",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One labelled question."""

    words: str
    expect: str
    gold: frozenset[str]
    why: str = ""

    @property
    def half(self) -> str:
        """Which half the question falls into, by its words alone."""
        return HALVES[hashlib.sha256(self.words.encode()).digest()[0] % 2]

    @property
    def is_in_danger(self) -> bool:
        """Somebody's life or money is in danger while they write."""
        return self.why in _DANGER


@dataclass(frozen=True, slots=True)
class Marked:
    """What the assistant did with it; ``codes`` are the items it quoted or offered."""

    asked: Asked
    move: Move
    codes: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """An answer that is one of the gold items."""
        return self.move.act is Act.ANSWER and self.codes[0] in self.asked.gold

    @property
    def is_false(self) -> bool:
        """An answer that is none of them, or that ought not to have been given."""
        return self.move.act is Act.ANSWER and not self.is_right

    @property
    def is_deflected(self) -> bool:
        """The customer has the right text, at once or by pressing the right button."""
        return self.is_right or (
            self.move.act is Act.ASK and bool(self.asked.gold & set(self.codes))
        )


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--set", type=Path, help="CSV with the columns words, expect, gold")
    parser.add_argument("--half", choices=HALVES, help="only one half of the questions")
    parser.add_argument(
        "--misses",
        action="store_true",
        help="list what went wrong; of the pack's own questions on the tuning half only",
    )


def run(options: Mapping[str, Any]) -> Figures:
    """On the questions given, else on the pack's own; without ``half`` both halves also side by
    side."""
    half = options.get("half")
    questions = [one for one in _questions(options.get("set")) if half in (None, one.half)]
    if not questions:
        raise CannotSit("this half has no question")
    items = public_items(starter())
    if not items:
        raise CannotSit("the pack has no item that may be quoted to the public")
    index = index_of(items)
    mark(questions[0], index, items)
    marked, spent = [], []
    for one in questions:
        began = time.perf_counter()
        marked.append(mark(one, index, items))
        spent.append(1000 * (time.perf_counter() - began))
    figures = {"items": len(items), **scored(marked)}
    figures["p95_ms"] = round(float(np.percentile(spent, 95)), 1)
    if half is None:
        figures["halves"] = _halves(marked)
    if options.get("misses"):
        is_open = options.get("set") is not None
        figures["misses"] = _misses([m for m in marked if is_open or m.asked.half == TUNED])
    return figures


def _halves(marked: Sequence[Marked]) -> dict[str, dict[str, Any]]:
    """The figures of each half by themselves."""
    of = {half: scored([one for one in marked if one.asked.half == half]) for half in HALVES}
    return {half: {name: figures[name] for name in _BESIDE} for half, figures in of.items()}


def public_items(wordings: Iterable[Wording]) -> list[Wording]:
    """Those that are for the public and have something that may be quoted."""
    return [
        one
        for one in wordings
        if PUBLIC in one.scope["surfaces"]
        and any(
            part.is_public and without_gaps(one.parts.get(part.code, ""))
            for part in forms()[one.form].parts
        )
    ]


def index_of(items: Sequence[Wording]) -> Index:
    """The index of the search over these items, by their places."""
    return Index.build([_doc(place, one) for place, one in enumerate(items)], synonyms=synonyms())


def _doc(place: int, item: Wording) -> Doc:
    parts = [part for part in forms()[item.form].parts if part.weight]
    fields = [
        Field(item.parts[part.code], part.weight) for part in parts if item.parts.get(part.code)
    ]
    return Doc(place, item.title, tuple(fields), tuple(item.asks))


def mark(asked: Asked, index: Index, items: Sequence[Wording]) -> Marked:
    """The first move on the question, in a conversation of its own."""
    hits = index.search(bare(asked.words), k=CANDIDATES)
    candidates = [Candidate(hit.key, hit.confidence, hit.score, hit.covers) for hit in hits]
    move = rules().decide(asked.words, candidates, State())
    return Marked(asked, move, tuple(items[int(key)].code for key in move.keys))


def scored(marked: Sequence[Marked]) -> dict[str, Any]:
    """The figures; of none there is none."""
    answers = [one for one in marked if one.move.act is Act.ANSWER]
    false = sum(one.is_false for one in answers)
    wanted = [one for one in marked if one.asked.expect == Act.ANSWER.value]
    alarmed = [one for one in marked if one.asked.expect == Act.HAND_OVER.value]
    strange = [one for one in marked if one.asked.expect == Act.DECLINE.value]
    danger = [one for one in alarmed if one.asked.is_in_danger]
    return {
        "questions": len(marked),
        "answers": len(answers),
        "false_answers": false,
        "false_answer_rate": _share(false, len(answers)),
        "false_answer_rate_upper_95": round(exact_upper(false, len(answers)), 4),
        "coverage": _share(sum(one.move.act is Act.ANSWER for one in wanted), len(wanted)),
        "accuracy_of_answers": _share(len(answers) - false, len(answers)),
        "asked_back": _share(sum(one.move.act is Act.ASK for one in wanted), len(wanted)),
        "deflection_simulated": _share(sum(one.is_deflected for one in wanted), len(wanted)),
        "hand_over_recall": _share(_handed(alarmed), len(alarmed)),
        "hand_over_recall_lower_95": _recall_at_least(alarmed),
        "in_danger": len(danger),
        "in_danger_missed": len(danger) - _handed(danger),
        "handed_over_needlessly": _share(_handed(wanted), len(wanted)),
        "strangers_answered": sum(one.is_false for one in strange),
        "moves": dict(sorted(Counter(one.move.act.value for one in marked).items())),
    }


def _recall_at_least(alarmed: Sequence[Marked]) -> float:
    """The exact lower bound, with certainty 95 percent, of the share handed over."""
    return round(1 - exact_upper(len(alarmed) - _handed(alarmed), len(alarmed)), 4)


def _handed(marked: Sequence[Marked]) -> int:
    return sum(one.move.act is Act.HAND_OVER for one in marked)


def _share(n: int, of: int) -> float | None:
    return round(n / of, 4) if of else None


def _questions(path: Path | None) -> list[Asked]:
    rows = _rows_of(path) if path else packs.rows(PACK, _own())
    if not rows or any(name not in rows[0] for name in COLUMNS):
        raise CannotSit(f"{path or _own()}: needs rows with the columns {', '.join(COLUMNS)}")
    return [_asked(nth, row) for nth, row in enumerate(rows, start=2)]


def _own() -> str:
    return OWN if f"{OWN}.csv" in packs.tables(PACK) else TUNING


def _rows_of(path: Path) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotSit(f"{path}: cannot be read as UTF-8 ({error})") from error
    return [
        {name: value or "" for name, value in row.items() if name}
        for row in csv.DictReader(StringIO(text))
    ]


def _asked(nth: int, row: Mapping[str, str]) -> Asked:
    if row["expect"] not in EXPECTED:
        raise CannotSit(f"line {nth}, column expect: one of {', '.join(sorted(EXPECTED))}")
    gold = frozenset(filter(None, row["gold"].split("|")))
    if row["expect"] == Act.ANSWER.value and not gold:
        raise CannotSit(f"line {nth}, column gold: which item answers it")
    return Asked(row["words"], row["expect"], gold, row.get("why", ""))


def _misses(marked: Sequence[Marked]) -> list[str]:
    wrong = [one for one in marked if one.is_false or _is_missed(one)]
    return [
        f"{one.asked.words} | {one.asked.expect} {'/'.join(sorted(one.asked.gold))}"
        f" | {one.move.act.value} {one.move.because} {'/'.join(one.codes)}"
        for one in wrong
    ]


def _is_missed(one: Marked) -> bool:
    if one.asked.expect == Act.HAND_OVER.value:
        return one.move.act is not Act.HAND_OVER
    return one.asked.expect == Act.ANSWER.value and not one.is_deflected


def told_lines(figures: Figures) -> Iterable[str]:
    """The figures in lines, the halves side by side; what went wrong below."""
    apart = ("halves", "misses")
    yield from (f"{name:<28} {value}" for name, value in figures.items() if name not in apart)
    halves = figures.get("halves", {})
    if halves:
        yield f"{'':<28} {''.join(f'{half:>10}' for half in halves)}"
        for name in _BESIDE:
            yield f"{name:<28} {''.join(f'{own[name]!s:>10}' for own in halves.values())}"
    yield from figures.get("misses", ())


EXAM = Exam("assistant", "the assistant of the public", add_arguments, run, told_lines)
