"""Labelled texts for an exam, and how they are parted so that nothing tested has been seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sujin.engine.folding import fold
from sujin.lab.exams.exam import CannotSit
from sujin.platform.given import Unreadable, rows


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts with their labels, in the order of the file; ``left_out`` rows lacked one of them."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    left_out: int = 0

    def picked(self, places: Sequence[int]) -> "Labelled":
        return Labelled(tuple(self.texts[i] for i in places), tuple(self.labels[i] for i in places))


def read(file: Path) -> Labelled:
    """The rows of a CSV with the columns `text` and `label` that have both. CannotSit for a file
    that cannot be read, lacks a column, or has no such row."""
    try:
        found = list(rows(file, ("text", "label")))
    except Unreadable as problem:
        raise CannotSit(str(problem)) from problem
    kept = [row for row in found if row["text"].strip() and row["label"].strip()]
    if not kept:
        raise CannotSit(f"{file}: none of its {len(found)} rows has a text and a label")
    return Labelled(
        tuple(row["text"] for row in kept),
        tuple(row["label"].strip() for row in kept),
        len(found) - len(kept),
    )


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
