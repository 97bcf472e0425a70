"""Exam: the same matter in other words, beside the cosine of characters."""

import time
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sujin.engine import pairs
from sujin.engine.calibration import calibration_error
from sujin.engine.pairs import Judged
from sujin.engine.pieces import bare
from sujin.lab.exams.exam import CannotSit, Exam, Figures
from sujin.platform.given import Unreadable, rows

COLUMNS = ("sentence1", "sentence2", "label")
PARTS = 5
HOW = (
    "Two readings side by side, both trained on {n_train} pairs and asked about {n_test}. Ours: "
    "character pieces of 1 to 3, weighted by idf; what is seen on the two texts, a pairwise "
    "kernel ridge (which pieces stand for one another) and what the training pairs say about the "
    "same texts (who was the same as whom), weighed by boosted trees on leave-one-out figures; no "
    "pretrained weights, nothing tuned on the test. Of the test pairs {share_known:.0%} hold a "
    "text that training knows; 'accuracy_unseen' counts only the {n_unseen} others. Baseline: "
    "cosine of character 1-3 TF-IDF, the threshold tuned on the training part."
)
Truth = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float64]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="CSV: " + ", ".join(COLUMNS))
    parser.add_argument(
        "--test", type=Path, help="other CSV to be asked; without it a held-out fifth of --data"
    )


def run(options: Mapping[str, Any]) -> Figures:
    """The figures; CannotSit when a file lacks a column or holds too little."""
    learnt = read(Path(options["data"]))
    if options.get("test"):
        asked = read(Path(options["test"]))
    else:
        learnt, asked = parted(learnt, int(options["seed"]))
    if not asked:
        raise CannotSit(f"{options.get('test') or options['data']}: no pairs to be asked about")
    started = time.process_time()
    try:
        model = pairs.train(learnt, seed=int(options["seed"]))
    except pairs.CannotLearn as refused:
        raise CannotSit(f"{options['data']}: {refused}") from refused
    chances = model.probabilities([one.one for one in asked], [one.other for one in asked])
    seconds = time.process_time() - started
    return _figures(learnt, asked, chances) | {"seconds_cpu": round(seconds, 1)}


def told(figures: Figures) -> Iterable[str]:
    yield f"accuracy {figures['accuracy']:.4f}  (cosine {figures['baseline']:.4f})"
    yield f"unseen texts only {_figure(figures['accuracy_unseen'])}  ({figures['n_unseen']} pairs)"
    yield f"auc {_figure(figures['auc'])}  ece {figures['ece']:.4f}"
    yield f"{figures['n_train']} pairs learnt, {figures['n_test']} asked"
    yield f"{figures['seconds_cpu']} CPU seconds"
    yield str(figures["how"])


def _figure(found: float | None) -> str:
    """What cannot be measured, of no pair or of one verdict only, is no figure."""
    return "not measurable" if found is None else f"{found:.4f}"


def read(file: Path) -> list[Judged]:
    """Judged pairs; CannotSit names the file and the column or row that is wrong."""
    try:
        return [_judged(file, number, row) for number, row in enumerate(rows(file, COLUMNS), 2)]
    except Unreadable as refused:
        raise CannotSit(str(refused)) from refused


def _judged(file: Path, number: int, row: Mapping[str, str]) -> Judged:
    one, other, label = (row[column] for column in COLUMNS)
    if label.strip() not in {"0", "1"}:
        raise CannotSit(f"{file}: row {number}: label is {label!r}, not 0 or 1")
    return Judged(one, other, label.strip() == "1")


def parted(judged: Sequence[Judged], seed: int) -> tuple[list[Judged], list[Judged]]:
    """Four fifths to learn from and one to be asked, drawn at random by pair."""
    order = np.random.default_rng(seed).permutation(len(judged)).tolist()
    aside = len(judged) // PARTS
    return [judged[i] for i in order[aside:]], [judged[i] for i in order[:aside]]


def _figures(learnt: Sequence[Judged], asked: Sequence[Judged], chances: Scores) -> dict[str, Any]:
    truth = np.array([pair.is_same for pair in asked])
    known = {bare(text) for pair in learnt for text in (pair.one, pair.other)}
    unseen = np.array([not {bare(pair.one), bare(pair.other)} & known for pair in asked])
    is_right = (chances >= 0.5) == truth
    sure = np.maximum(chances, 1 - chances)
    figures = {
        "accuracy": float(is_right.mean()),
        "baseline": cosine_accuracy(learnt, asked),
        "accuracy_unseen": float(is_right[unseen].mean()) if unseen.any() else None,
        "n_unseen": int(unseen.sum()),
        "share_known": 1 - float(unseen.mean()),
        "auc": _auc(truth, chances),
        "ece": calibration_error(sure, is_right),
        "n_train": len(learnt),
        "n_test": len(asked),
    }
    return figures | {"how": HOW.format(**figures)}


def cosine_accuracy(learnt: Sequence[Judged], asked: Sequence[Judged]) -> float:
    """The peer: scikit-learn's TF-IDF of 1 to 3 characters, one threshold on the cosine."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    pieces = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    pieces.fit([text for pair in learnt for text in (pair.one, pair.other)])

    def cosines(some: Sequence[Judged]) -> Scores:
        ones, others = (pieces.transform([getattr(p, s) for p in some]) for s in ("one", "other"))
        return np.asarray(ones.multiply(others).sum(axis=1)).ravel()

    scores, truth = cosines(learnt), np.array([pair.is_same for pair in learnt])
    limits = np.quantile(scores, np.linspace(0, 1, 401))
    limit = max(limits, key=lambda each: float(((scores >= each) == truth).mean()))
    return float(((cosines(asked) >= limit) == [pair.is_same for pair in asked]).mean())


def _auc(truth: Truth, chances: Scores) -> float | None:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(truth, chances)) if 0 < truth.sum() < truth.size else None


EXAM = Exam("pairs", "the same matter in other words", add_arguments, run, told)
