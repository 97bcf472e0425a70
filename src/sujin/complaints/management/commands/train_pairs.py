"""`sujin train-pairs FILE`: teach what is the same matter in other words."""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sujin.complaints.acts.keep_model import keep_pairs
from sujin.complaints.decided_pairs import decided_pairs
from sujin.engine import pairs
from sujin.engine.pairs import Judged
from sujin.platform import given
from sujin.platform.acts.organise import system_person

COLUMNS = ("sentence1", "sentence2", "label")
PARTS = 5


class Command(BaseCommand):
    help = "Train what is the same matter, from judged pairs or from what people decided here."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.prog = "sujin train-pairs"
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("file", nargs="?", type=Path, help="CSV: " + ", ".join(COLUMNS))
        source.add_argument("--from-decisions", action="store_true", help="merged and told apart")
        parser.add_argument("--seed", type=given.seed, default=2026)

    def handle(self, *args: object, **options: object) -> None:
        seed, file = int(str(options["seed"])), options["file"]
        judged = _read(Path(str(file))) if file else decided_pairs()
        try:
            model = pairs.train(judged, seed=seed)
            card = {
                "trained_at": timezone.now().isoformat(timespec="seconds"),
                "source": "file" if file else "decisions",
                "pairs": len(judged),
                "same": sum(pair.is_same for pair in judged),
                "data_sha256": _digest(judged),
                "seed": seed,
                "holdout_accuracy": _holdout(judged, seed),
            }
        except pairs.CannotLearn as refused:
            raise CommandError(str(refused)) from refused
        written = keep_pairs(model, card, by=system_person(), at=timezone.now())
        self.stdout.write(json.dumps(written, ensure_ascii=False, indent=2))


def _read(file: Path) -> list[Judged]:
    """Judged pairs; CommandError names the column or row that is wrong."""
    try:
        rows = [[row[column].strip() for column in COLUMNS] for row in given.rows(file, COLUMNS)]
    except given.Unreadable as refused:
        raise CommandError(str(refused)) from refused
    for number, (_one, _other, label) in enumerate(rows, 2):
        if label not in {"0", "1"}:
            raise CommandError(f"{file}: row {number}: label is {label!r}, not 0 or 1")
    return [Judged(one, other, label == "1") for one, other, label in rows]


def _digest(judged: list[Judged]) -> str:
    lines = (f"{pair.one}\t{pair.other}\t{int(pair.is_same)}\n" for pair in judged)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _holdout(judged: list[Judged], seed: int) -> float | None:
    """Accuracy of a model of four fifths on the last; None where four fifths are too few."""
    order = np.random.default_rng(seed).permutation(len(judged)).tolist()
    aside = [judged[place] for place in order[: len(judged) // PARTS]]
    try:
        trial = pairs.train([judged[place] for place in order[len(aside) :]], seed=seed)
    except pairs.CannotLearn:
        return None
    chances = trial.probabilities([pair.one for pair in aside], [pair.other for pair in aside])
    return float(((chances >= 0.5) == [pair.is_same for pair in aside]).mean())
