"""Exam: the right item of knowledge for a real question, beside bm25s on character bigrams."""

import time
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from sujin import packs
from sujin.engine.retrieval import Doc, Field, Index, Synonyms
from sujin.engine.synonyms import read_rows
from sujin.knowledge.catalogue import forms
from sujin.knowledge.index import weighed_fields
from sujin.knowledge.wording import starter
from sujin.lab.exams.exam import CannotSit, Exam, Figures
from sujin.platform.given import Unreadable, headings, rows

DOCS = ("id", "title", "text")
GOLD = ("gold", "gold_id", "gold id", "id")
FOUND = 10  # documents asked for; a right one further down counts as not found
NO_PEER = "bm25s is not installed: pip install bm25s"
HOW = (
    "{docs} documents, {queries} questions, one at a time on one core, ten documents asked for; "
    "milliseconds of the processor, the first question not timed. A document with the same text as "
    "the right one is right, too. Beside it bm25s (Lu, 2024) in its defaults over the bigrams of "
    "characters of title and text, in the same run."
)

_Search = Callable[[str], Sequence[int]]  # places of documents, best first


@dataclass(frozen=True, slots=True)
class Paper:
    """Documents, and questions with the places of the right ones; ``styles`` when they are told."""

    docs: tuple[Doc, ...]
    queries: tuple[str, ...]
    gold: tuple[frozenset[int], ...]
    styles: tuple[str, ...] = ()


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--docs", type=Path, help="CSV: " + ", ".join(DOCS))
    parser.add_argument(
        "--queries",
        type=Path,
        help=f"CSV: query, and one of {', '.join(GOLD)}; without both files the starter content "
        "and what its expected/retrieval.csv asks of it",
    )


def run(options: Mapping[str, Any]) -> Figures:
    """The figures of the engine and, as `bm25s`, of its peer. CannotSit for files that will not
    do."""
    paper = _paper(options)
    started = time.process_time()
    index = Index.build(paper.docs, synonyms=synonyms())
    seconds = time.process_time() - started

    def search(query: str) -> Sequence[int]:
        return [hit.key for hit in index.search(query, k=FOUND)]

    ours = marked(paper, search)
    sizes = {"docs": len(paper.docs), "queries": len(paper.queries)}
    about = {"build_seconds": round(seconds, 2), **sizes, "how": HOW.format(**sizes)}
    by_style = {style: marked(_asked(paper, style), search) for style in sorted({*paper.styles})}
    return {**ours, "bm25s": _peer(paper), **about, "by_style": by_style}


def _asked(paper: Paper, style: str) -> Paper:
    """The questions asked in one way."""
    here = [nth for nth, one in enumerate(paper.styles) if one == style]
    queries, gold = (tuple(each[nth] for nth in here) for each in (paper.queries, paper.gold))
    return Paper(paper.docs, queries, gold)


def _paper(options: Mapping[str, Any]) -> Paper:
    docs, queries = options.get("docs"), options.get("queries")
    if (docs is None) != (queries is None):
        raise CannotSit("--docs and --queries go together; without both: the starter content")
    return read(Path(docs), Path(queries)) if docs and queries else of_starter()


def of_starter() -> Paper:
    """The starter content, and questions to it by somebody who had not seen the engine."""
    items = starter()
    places = {one.code: place for place, one in enumerate(items)}
    docs = tuple(
        Doc(place, one.title, weighed_fields(forms()[one.form], one.parts), one.asks)
        for place, one in enumerate(items)
    )
    asked = packs.rows("cn_bank", "expected/retrieval")
    gold = (frozenset(places[code] for code in row["gold"].split("|")) for row in asked)
    return Paper(
        docs,
        tuple(row["query"] for row in asked),
        tuple(gold),
        tuple(row["style"] for row in asked),
    )


def told(figures: Figures) -> Iterable[str]:
    yield _line("sujin", figures)
    yield _line("bm25s", figures["bm25s"])
    for style, told_of in figures["by_style"].items():
        yield _line(f"  {style}", told_of)
    yield f"built in {figures['build_seconds']} CPU seconds"
    yield str(figures["how"])


def synonyms() -> Synonyms:
    """The expressions of the bank that the product itself uses."""
    return read_rows(packs.rows("cn_bank", "knowledge/synonyms"))


def read(docs: Path, queries: Path) -> Paper:
    """What is asked and among what; CannotSit names the file and the column or row."""
    try:
        texts = list(rows(docs, DOCS))
        column = _gold_column(queries)
        questions = list(rows(queries, ("query", column)))
    except Unreadable as refused:
        raise CannotSit(str(refused)) from refused
    if not texts or not questions:
        raise CannotSit(f"{docs if not texts else queries}: no rows")
    places = _places(docs, texts)
    same = defaultdict[str, set[int]](set)
    for place, text in enumerate(texts):
        same[text["text"].strip()].add(place)
    alike = [frozenset(same[text["text"].strip()]) for text in texts]
    return Paper(
        tuple(
            Doc(place, text["title"], (Field(text["text"], 1.0),))
            for place, text in enumerate(texts)
        ),
        tuple(row["query"] for row in questions),
        tuple(
            alike[_place(places, row[column].strip(), queries, number, column)]
            for number, row in enumerate(questions, 2)
        ),
    )


def marked(paper: Paper, search: _Search) -> dict[str, float]:
    """How often the right document is the first, one of five, its mean reciprocal rank among ten,
    and the milliseconds that 95 of 100 questions stay under."""
    search(paper.queries[0])  # compiles what is compiled on first use
    ranks, spent = list[float](), list[float]()
    for query, gold in zip(paper.queries, paper.gold, strict=True):
        started = time.process_time_ns()
        found = search(query)
        spent.append((time.process_time_ns() - started) / 1e6)
        right = [place for place, doc in enumerate(found, 1) if doc in gold]
        ranks.append(right[0] if right else np.inf)
    places = np.array(ranks)
    return {
        "recall_at_1": float((places <= 1).mean()),
        "recall_at_5": float((places <= 5).mean()),
        "mrr": float((1 / places).mean()),
        "p95_ms": float(np.percentile(spent, 95)),
    }


def _gold_column(queries: Path) -> str:
    has = headings(queries)
    column = next((name for name in GOLD if name in has), None)
    if column is None:
        told = ", ".join(has) or "nothing"
        raise CannotSit(f"{queries}: no column {' or '.join(GOLD)}; it has {told}")
    return column


def _places(docs: Path, texts: Sequence[Mapping[str, str]]) -> dict[str, int]:
    places = dict[str, int]()
    for place, text in enumerate(texts):
        if places.setdefault(text["id"].strip(), place) != place:
            raise CannotSit(
                f"{docs}: row {place + 2}, column id: {text['id']!r} for the second time"
            )
    return places


def _place(places: Mapping[str, int], gold: str, queries: Path, row: int, column: str) -> int:
    if gold not in places:
        raise CannotSit(f"{queries}: row {row}, column {column}: no document has the id {gold!r}")
    return places[gold]


def _peer(paper: Paper) -> Mapping[str, Any]:
    if find_spec("bm25s") is None:
        return {"note": NO_PEER}
    import bm25s

    pairs = [_pairs(_whole(doc)) for doc in paper.docs]
    numbers = dict[str, int]()
    ids = [[numbers.setdefault(pair, len(numbers)) for pair in text] for text in pairs]
    if not numbers:
        return {"note": "no document has two characters"}
    model = bm25s.BM25()
    model.index((ids, numbers), show_progress=False)
    most = min(FOUND, len(paper.docs))

    def search(query: str) -> Sequence[int]:
        known = [pair for pair in _pairs(query) if pair in numbers]
        scores = model.get_scores(known) if known else np.zeros(len(paper.docs))
        best = np.argsort(-scores, kind="stable")[:most]
        return [int(place) for place in best if scores[place] > 0]

    return marked(paper, search)


def _whole(doc: Doc) -> str:
    return "".join([doc.title, *(field.text for field in doc.fields), *doc.asks])


def _pairs(text: str) -> list[str]:
    bare = "".join(text.split())
    return [bare[at : at + 2] for at in range(len(bare) - 1)]


def _line(name: str, figures: Mapping[str, Any]) -> str:
    if "note" in figures:
        return f"{name}: {figures['note']}"
    return (
        f"{name}: recall@1 {figures['recall_at_1']:.4f}  recall@5 {figures['recall_at_5']:.4f}  "
        f"MRR {figures['mrr']:.4f}  p95 {figures['p95_ms']:.2f} ms"
    )


EXAM = Exam("retrieval", "the right item for a question", add_arguments, run, told)
