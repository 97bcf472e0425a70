"""Labelled texts for an exam, and how they are parted so that nothing tested has been seen."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sujin.engine.folding import fold
from sujin.lab.exams.exam import CannotSit


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts with their labels, in the order of the file."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]

    def picked(self, places: Sequence[int]) -> "Labelled":
        return Labelled(tuple(self.texts[i] for i in places), tuple(self.labels[i] for i in places))


def read(file: Path) -> Labelled:
    """The rows of a CSV with the columns `text` and `label` that have both. CannotSit for a file
    that cannot be read or lacks a column."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            rows = list(csv.DictReader(source))
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise CannotSit(f"{file}: {problem}") from problem
    if missing := {"text", "label"} - set(rows[0] if rows else ()):
        raise CannotSit(f"{file}: no rows with the column {', '.join(sorted(missing))}")
    kept = [row for row in rows if (row["text"] or "").strip() and (row["label"] or "").strip()]
    return Labelled(tuple(row["text"] for row in kept), tuple(row["label"].strip() for row in kept))


def parted(data: Labelled, folds: int, seed: int) -> list[tuple[list[int], list[int]]]:
    """`folds` times the places to learn from and those to be tested on; together the latter are
    all places. Each fold has its share of every label; texts that fold alike stay together."""
    first: dict[str, str] = {}
    for text, label in zip(data.texts, data.labels, strict=True):
        first.setdefault(fold(text), label)
    chance = np.random.default_rng(seed)
    home: dict[str, int] = {}
    for label in sorted(set(first.values())):
        own = [text for text, its in first.items() if its == label]
        for place in chance.permutation(len(own)).tolist():
            home[own[place]] = len(home) % folds
    homes = [home[fold(text)] for text in data.texts]
    return [
        (
            [i for i, each in enumerate(homes) if each != part],
            [i for i, each in enumerate(homes) if each == part],
        )
        for part in range(folds)
    ]
