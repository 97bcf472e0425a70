"""The exam of the text classifier: how often it is right on unseen texts, how sure it may be, how
quick it is, and whether its reasons are its reasons; beside the usual recipe on the same folds."""

import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sujin.engine.abstention import abstention
from sujin.engine.evaluation import evaluate
from sujin.engine.faithful import Deletion, deletion
from sujin.engine.folding import fold
from sujin.engine.linear import CannotTrain, LinearModel, train
from sujin.lab.exams import invented_bank
from sujin.lab.exams.exam import CannotSit, Exam, Figures
from sujin.lab.exams.labelled import Labelled, parted, read

FOLDS = 5
TIMED_ALONE = 300  # texts
TIMED_TOGETHER = 2000  # texts
EXPLAINED = 600  # texts

_Answer = Callable[[Sequence[str]], Sequence[str]]


@dataclass(slots=True)
class _Sheet:
    """What one candidate said of every text tested, and how long it took."""

    said: dict[int, str]
    sure: dict[int, float]
    alone_ms: list[float]
    together: list[float]  # texts per CPU second, fold after fold

    def speed(self) -> dict[str, float]:
        return {
            "p50_ms": float(np.median(self.alone_ms)),
            "docs_per_cpu_s": float(np.median(self.together)),
        }


def add_arguments(parser: ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--data", type=Path, help="CSV with text and label")
    which.add_argument("--lab", action="store_true", help="the house's rules on the invented bank")
    parser.add_argument("--test", type=Path, help="CSV to be tested on; else five folds of --data")


def run(options: Mapping[str, Any]) -> Figures:
    """Figures of the engine's classifier and, as `baseline`, of tf-idf with a linear SVM."""
    seed = int(options["seed"])
    if options.get("lab"):
        return {"lab": invented_bank.on_invented(seed)}
    data = read(Path(options["data"]))
    tested, plan = data, parted(data, FOLDS, seed)
    if options.get("test"):
        other = read(Path(options["test"]))
        size = len(data.texts)
        left_out = data.left_out + other.left_out
        tested = Labelled(data.texts + other.texts, data.labels + other.labels, left_out)
        plan = [(list(range(size)), list(range(size, len(tested.texts))))]
    if not all(learnt and asked for learnt, asked in plan):
        raise CannotSit("too few labelled rows: every fold needs some")
    try:
        return _figures(tested, plan, seed)
    except CannotTrain as refused:
        raise CannotSit(f"{options['data']}: {refused}") from refused


def _figures(data: Labelled, plan: Sequence[tuple[list[int], list[int]]], seed: int) -> Figures:
    ours, peer = (_Sheet({}, {}, [], []) for _ in range(2))
    tests: list[Deletion] = []
    for learnt, asked in plan:
        lesson, paper = data.picked(learnt), data.picked(asked)
        model = train(lesson.texts, lesson.labels, seed=seed)
        shares = model.predict_proba(paper.texts)
        _mark(ours, asked, [model.codes[i] for i in shares.argmax(axis=1)], shares.max(axis=1))
        _clock(ours, paper.texts, model.predict_proba)
        tests.append(_deleted(model, paper.texts[: EXPLAINED // len(plan)], seed))
        usual = _usual(lesson, seed)
        _mark(peer, asked, usual(paper.texts), np.ones(len(asked)))
        _clock(peer, paper.texts, usual)
    return _told_of(data, ours, peer, tests) | {
        "seen_before": _seen_before(data, plan),
        "left_out": data.left_out,
        "never_learnt": _never_learnt(data, plan),
    }


def _told_of(
    data: Labelled, ours: _Sheet, peer: _Sheet, tests: Sequence[Deletion]
) -> dict[str, Any]:
    places = sorted(ours.said)
    truth = [data.labels[i] for i in places]
    said, sure = [ours.said[i] for i in places], np.array([ours.sure[i] for i in places])
    result = evaluate(truth, said, sure)
    usual = evaluate(truth, [peer.said[i] for i in places], sure)
    curve = abstention(sure, np.array([a == b for a, b in zip(truth, said, strict=True)]))
    return {
        "accuracy": result.accuracy,
        "macro_f1": result.macro_f1,
        "ece": result.calibration_error,
        **ours.speed(),
        "baseline": {"accuracy": usual.accuracy, "macro_f1": usual.macro_f1} | peer.speed(),
        "abstention": {
            "accuracy": {str(share): value for share, value in curve.accuracy.items()},
            "aurc": curve.aurc,
        },
        "deletion": _together(tests),
        "classes": {code: asdict(score) for code, score in result.per_class.items()},
        "n": result.n,
    }


def _mark(
    sheet: _Sheet, places: Sequence[int], said: Sequence[str], sure: npt.NDArray[Any]
) -> None:
    sheet.said.update(zip(places, map(str, said), strict=True))
    sheet.sure.update(zip(places, sure.tolist(), strict=True))


def _clock(sheet: _Sheet, texts: Sequence[str], answer: Callable[[Sequence[str]], Any]) -> None:
    """One text at a time, as a case arrives; then all at once, as a file is imported."""
    answer(texts[:1])
    for text in texts[:TIMED_ALONE]:
        start = time.perf_counter()
        answer([text])
        sheet.alone_ms.append((time.perf_counter() - start) * 1000)
    many = [texts[i % len(texts)] for i in range(TIMED_TOGETHER)]
    start = time.process_time()
    answer(many)
    sheet.together.append(len(many) / max(1e-9, time.process_time() - start))


def _usual(lesson: Labelled, seed: int) -> _Answer:
    """Tf-idf of one to three characters and a linear SVM, as every textbook has it."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3))
    machine = LinearSVC(random_state=seed).fit(vectors.fit_transform(lesson.texts), lesson.labels)
    return lambda texts: [str(each) for each in machine.predict(vectors.transform(texts))]


def _deleted(model: LinearModel, texts: Sequence[str], seed: int) -> Deletion:
    return deletion(
        model.predict_proba,
        lambda text, column: model.explain(text, model.codes[column]),
        texts,
        seed,
    )


def _together(tests: Sequence[Deletion]) -> dict[str, float]:
    """The folds' tests as one, each by how many texts it had; the interval too is their mean, and
    so wider than one drawn from all texts at once."""
    sizes = [test.n for test in tests]
    every = [asdict(test) for test in tests]
    if not sum(sizes):
        return dict.fromkeys(every[0], 0.0)
    means = {name: float(np.average([e[name] for e in every], weights=sizes)) for name in every[0]}
    return means | {"n": sum(sizes)}


def _seen_before(data: Labelled, plan: Sequence[tuple[list[int], list[int]]]) -> int:
    """Texts tested that stand, folded, among those learnt from as well."""
    folded = [fold(text) for text in data.texts]
    count = 0
    for learnt, asked in plan:
        known = {folded[i] for i in learnt}
        count += sum(folded[i] in known for i in asked)
    return count


def _never_learnt(data: Labelled, plan: Sequence[tuple[list[int], list[int]]]) -> dict[str, int]:
    """How many of the texts tested have a label that no lesson had: nobody can be right there."""
    count: Counter[str] = Counter()
    for learnt, asked in plan:
        known = {data.labels[i] for i in learnt}
        count.update(data.labels[i] for i in asked if data.labels[i] not in known)
    return dict(count)


def told(figures: Figures) -> Iterable[str]:
    if "lab" in figures:
        yield from invented_bank.told(figures["lab"])
        return
    peer, cut = figures["baseline"], figures["deletion"]
    yield f"{figures['n']} unseen texts, {len(figures['classes'])} classes"
    yield from _told_of_rows(figures)
    yield "labels: as the file has them; silver labels (given by a model) bound what can be reached"
    for name in ("accuracy", "macro_f1", "p50_ms", "docs_per_cpu_s"):
        yield f"{name:<16}{figures[name]:>12,.3f}   tf-idf + SVM {peer[name]:,.3f}"
    yield f"{'ece':<16}{figures['ece']:>12.3f}"
    curve = figures["abstention"]
    yield "accuracy at coverage: " + ", ".join(
        f"{share} {value:.3f}" for share, value in curve["accuracy"].items()
    )
    yield f"area under risk and coverage: {curve['aurc']:.3f}"
    for name in ("named", "random"):
        drop, flips = cut[f"{name}_drop"], cut[f"{name}_flips"]
        yield f"without {name} words: probability -{drop:.3f}, verdict changed {flips:.0%}"
    for code, score in figures["classes"].items():
        yield f"  {code}: f1 {score['f1']:.3f} of {score['n']}"


def _told_of_rows(figures: Figures) -> Iterable[str]:
    if figures["left_out"]:
        yield f"{figures['left_out']} rows left out: no text or no label"
    if strange := figures["never_learnt"]:
        yield (
            f"{sum(strange.values())} of the texts tested have labels that no lesson has, and "
            f"count as wrong: {', '.join(sorted(strange))}"
        )


EXAM = Exam("classify", "what a text is about, on unseen texts", add_arguments, run, told)
