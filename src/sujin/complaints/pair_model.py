"""The model of what is the same matter in other words, as ``sujin train-pairs`` left it."""

import logging
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from sujin import packs
from sujin.complaints.proof import proven
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.engine.pairs import PairModel
from sujin.platform import keeping
from sujin.platform.keeping import Found, Held, Spoiled, reading

LEARNT, PLAIN = "learnt", "plain"
PAIRS, MODEL, CARD = "pairs", "model.npz", "card.json"
log = logging.getLogger(__name__)


def model() -> PairModel | None:
    """The trained model; None before anybody trained one, and for one that cannot be used: then
    like words suggest. A new one is taken up when it is there, without a new start."""
    return found().value


def found() -> Found[PairModel]:
    """The trained model, or why the one that should suggest does not."""
    return _HELD.at(folder() / MODEL)


def folder() -> Path:
    return Path(settings.MODELS_ROOT) / PAIRS


def keep(data: bytes, card: Mapping[str, Any]) -> dict[str, Any]:
    """Put a packed model to work; its card as kept beside it, with the digest of the file."""
    written = {**card, "model_sha256": keeping.sha256(data)}
    keeping.keep(folder() / MODEL, data)
    keeping.keep_record(folder() / CARD, written)
    return written


@cache
def limits() -> dict[str, dict[str, str]]:
    """The rows of same_matter.csv by judge: from where on something is suggested."""
    return {row["judge"]: row for row in packs.rows(HOUSE_PACK, "same_matter")}


def _read(path: Path) -> PairModel:
    try:
        arrays = proven(PAIRS, path)
        with reading(path):
            return PairModel.from_arrays(arrays)
    except Spoiled as spoiled:
        log.error("like words suggest; run sujin train-pairs again: %s", spoiled)
        raise


_HELD = Held(_read)
