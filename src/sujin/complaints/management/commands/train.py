"""`sujin train FILE`: teach the classifier one axis from labelled complaints."""

import argparse
import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sujin.complaints.acts.triage import AXES
from sujin.complaints.rulebook import taxonomy
from sujin.engine import linear

FEWEST = 20


class Command(BaseCommand):
    help = "Train the linear model of one axis; prints its hold-out figures and keeps a card."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV with a text and a label column")
        parser.add_argument("--axis", default="cause", choices=AXES)
        parser.add_argument("--text", default="text")
        parser.add_argument("--label", default="label")
        parser.add_argument(
            "--map", action="append", default=[], metavar="LABEL=CODE", help="label -> pack code"
        )
        parser.add_argument("--seed", type=int, default=2026)

    def handle(self, *args: object, **options: object) -> None:
        file, axis = Path(str(options["file"])), str(options["axis"])
        rows = list(_rows(file, str(options["text"]), str(options["label"])))
        mapped = _mapping(options["map"])
        labels = _codes(axis, [label for _text, label in rows], mapped)
        texts = [text for text, _label in rows]
        seed = int(str(options["seed"]))
        evaluation = linear.holdout(texts, labels, seed=seed)
        card = {
            "axis": axis,
            "trained_at": timezone.now().isoformat(timespec="seconds"),
            "rows": len(rows),
            "data_sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "seed": seed,
            "holdout": asdict(evaluation),
        }
        _keep(axis, linear.train(texts, labels, seed=seed), card)
        self.stdout.write(json.dumps(card, ensure_ascii=False, indent=2, default=float))


def _mapping(pairs: object) -> dict[str, str]:
    """``--map LABEL=CODE``, as often as given."""
    given = pairs if isinstance(pairs, list) else []
    if any("=" not in pair for pair in given):
        raise CommandError("--map: give LABEL=CODE")
    return {label: code for label, _equals, code in (pair.partition("=") for pair in given)}


def _rows(file: Path, text: str, label: str) -> Iterator[tuple[str, str]]:
    """Labelled rows; raises CommandError naming the column that is missing."""
    with file.open(encoding="utf-8-sig", newline="") as source:
        reader = csv.DictReader(source)
        missing = {text, label} - set(reader.fieldnames or ())
        if missing:
            raise CommandError(
                f"no column {', '.join(sorted(missing))}; the file has {reader.fieldnames}"
            )
        for row in reader:
            if (row[text] or "").strip() and (row[label] or "").strip():
                yield row[text], row[label].strip()


def _codes(axis: str, labels: list[str], mapped: dict[str, str]) -> list[str]:
    """The labels as codes of the pack; raises CommandError listing those that are none."""
    known = {code for found, code in taxonomy() if found == axis}
    codes = [mapped.get(label, label) for label in labels]
    strangers = Counter(code for code in codes if code not in known)
    if strangers:
        raise CommandError(
            f"not codes of the axis {axis}: {dict(strangers)}; give --map LABEL=CODE for each"
        )
    rare = [code for code, count in Counter(codes).items() if count < FEWEST]
    if rare:
        raise CommandError(f"fewer than {FEWEST} rows for {rare}; gather more or map them together")
    return codes


def _keep(axis: str, model: linear.LinearModel, card: dict[str, object]) -> None:
    """Written aside and moved into place, so that a reader never sees half a model."""
    folder = Path(settings.MODELS_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{axis}.tmp.npz"
    np.savez_compressed(draft, **model.arrays())  # type: ignore[arg-type]
    draft.replace(folder / f"{axis}.npz")
    (folder / f"{axis}.json").write_text(json.dumps(card, ensure_ascii=False, default=float))
