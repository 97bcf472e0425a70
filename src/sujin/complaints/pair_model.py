"""The model of what is the same matter in other words, as ``sujin train-pairs`` left it."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from sujin import packs
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.engine.pairs import PairModel

LEARNT, PLAIN = "learnt", "plain"
MODEL, CARD = "model.npz", "card.json"


def model() -> PairModel | None:
    """The trained model; None before anybody trained one. A new one is taken up when it is there,
    without a new start."""
    file = folder() / MODEL
    try:
        stamp = file.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(file, stamp)


def folder() -> Path:
    return Path(settings.MODELS_ROOT) / "pairs"


def keep(trained: PairModel, card: Mapping[str, Any]) -> dict[str, Any]:
    """Write model and card, each aside and moved into place; the card as written, with the digest
    of the model's file."""
    folder().mkdir(parents=True, exist_ok=True)
    draft = folder() / f".{MODEL}.tmp.npz"
    np.savez_compressed(draft, **trained.arrays())  # type: ignore[arg-type]
    written = {**card, "model_sha256": hashlib.sha256(draft.read_bytes()).hexdigest()}
    paper = folder() / f".{CARD}.tmp"
    paper.write_text(json.dumps(written, ensure_ascii=False, indent=2, default=float))
    draft.replace(folder() / MODEL)
    paper.replace(folder() / CARD)
    return written


@cache
def limits() -> dict[str, dict[str, str]]:
    """The rows of same_matter.csv by judge: from where on something is suggested."""
    return {row["judge"]: row for row in packs.rows(HOUSE_PACK, "same_matter")}


_held: dict[Path, tuple[int, PairModel]] = {}


def _read(file: Path, stamp: int) -> PairModel:
    if file not in _held or _held[file][0] != stamp:
        with np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        _held[file] = (stamp, PairModel.from_arrays(arrays))
    return _held[file][1]
