"""升级走势: the estimate in force of whether an open complaint escalates, kept as one file.

It is fitted every night on the bank's own past and shown only while its check on later, held-out
cases passes. Nothing asks it but the pages: no triage, no route and no clock knows it.
"""

import json
import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf import settings

from sujin.complaints.proof import proven
from sujin.complaints.rulebook import rulebook
from sujin.engine.outlook import Check, Learnt, Limits, Model, checked
from sujin.platform import keeping
from sujin.platform.keeping import Found, Held, Spoiled, reading

OUTLOOK = "outlook"  # how its files are called under var/models
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Card:
    """What the estimate was made of: shown on the page and kept beside the file."""

    made_at: str
    days: int
    learned: int
    calibrated: int
    data_sha256: str

    @property
    def since(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """The model, its card, and of each held-out case its key, what was said and what happened;
    the check is read off these under the limits of today."""

    model: Model
    card: Card
    keys: npt.NDArray[np.int64]
    said: npt.NDArray[np.float64]
    happened: npt.NDArray[np.float64]
    check: Check


def current() -> Outlook | None:
    """The estimate that may be shown; None while there is none or its check does not pass."""
    kept = found().value
    return kept if kept is not None and kept.check.passes else None


def found() -> Found[Outlook]:
    """The estimate whether or not its check passes, or why its file cannot be used."""
    return _HELD.at(path())


def made(learnt: Learnt, card: Card) -> Outlook:
    """A learnt estimate with its card, not in force yet."""
    said = learnt.model.probabilities([one.facts for one in learnt.held])
    keys = np.array([one.key for one in learnt.held], dtype=np.int64)
    happened = np.array([one.escalated for one in learnt.held], dtype=np.float64)
    return Outlook(learnt.model, card, keys, said, happened, learnt.check)


def packed(outlook: Outlook) -> bytes:
    """The estimate as the bytes of its file."""
    model = outlook.model
    numbers = np.array([model.bias, model.slope, model.shift])
    arrays: dict[str, Any] = {
        "levels": np.array([[*pair] for pair in model.levels], dtype=np.str_).reshape(-1, 2),
        "middle": model.middle, "spread": model.spread, "weights": model.weights,
        "numbers": numbers, "card": np.array(_told(outlook.card)),
        "keys": outlook.keys, "said": outlook.said, "happened": outlook.happened,
    }  # fmt: skip
    return keeping.packed(arrays)


def keep(data: bytes, card: Card) -> None:
    """Put a packed estimate in force, and its card beside it for people to read."""
    keeping.keep(path(), data)
    keeping.keep_text(path().with_suffix(".json"), _told(card))


def path() -> Path:
    return Path(settings.MODELS_ROOT) / f"{OUTLOOK}.npz"


@cache
def limits() -> Limits:
    """What the pack asks of the check."""
    pack = rules()
    return Limits(
        int(pack["held_cases"]), int(pack["held_events"]), float(pack["alpha"]),
        float(pack["ece_max"]), int(pack["bins"]),
    )  # fmt: skip


@cache
def rules() -> dict[str, Any]:
    """What the pack says about the estimate."""
    return dict(rulebook().manifest["outlook"])


def grade(probability: float) -> str:
    """low, middle or high, as the pack draws the lines."""
    if probability >= rules()["high_from"]:
        return "high"
    return "middle" if probability >= rules()["middle_from"] else "low"


def _read(path: Path) -> Outlook:
    try:
        arrays = proven(OUTLOOK, path)
        with reading(path):
            levels = tuple((str(name), str(level)) for name, level in arrays["levels"])
            bias, slope, shift = (float(one) for one in arrays["numbers"])
            model = Model(
                levels, arrays["middle"], arrays["spread"], arrays["weights"], bias, slope, shift
            )
            card = Card(**json.loads(str(arrays["card"])))
            kept = arrays["keys"], arrays["said"], arrays["happened"]
            return Outlook(model, card, *kept, checked(kept[1], kept[2], limits()))
    except Spoiled as spoiled:
        log.error("no outlook is shown until the next night: %s", spoiled)
        raise


_HELD = Held(_read)


def _told(card: Card) -> str:
    return json.dumps(asdict(card), ensure_ascii=False, indent=2)
