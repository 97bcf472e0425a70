"""漏判保证: the promise about urgent complaints that the rules do not hear.

``sujin promise calibrate`` teaches a score, puts a threshold on it and keeps both as one file under
``var/models``; triage asks them from the next case on. Without the file nothing is promised and no
second look is taken. A second look never moves a clock, a desk or a right: it asks for a person.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from sujin import packs
from sujin.complaints.proof import proven
from sujin.complaints.rulebook import HOUSE_PACK, rulebook
from sujin.engine.conformal import Guarantee, Method
from sujin.engine.strangeness import Known, strangeness
from sujin.engine.tier import Tier, TierFacts
from sujin.engine.urgency import Scorer, Stems
from sujin.platform import keeping
from sujin.platform.keeping import Found, Held, Spoiled, reading

GRAVE = frozenset({"safety", "media"})
URGENCY = "urgency"  # how its files are called under var/models
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Card:
    """What a calibration was made of: shown on the page and kept beside the file. ``assured`` is
    its id, the beginning of the hash of its data; ``source`` is confirmed (by people) or lab."""

    assured: str
    begun_at: str
    source: str
    learned: int
    calibrated: int
    seed: int
    promised: Guarantee

    @property
    def since(self) -> datetime:
        return datetime.fromisoformat(self.begun_at)


@dataclass(frozen=True, slots=True, eq=False)
class Assurance:
    """A promise in force: the score and the card; and for the guards the pairs of characters met
    while it was taught, and (score, strangeness) of cases of the calibration."""

    scorer: Scorer
    card: Card
    known: Known
    reference: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Look:
    """The second look at one case; ``because`` are the words and facts that raised it."""

    assured: str = ""
    score: float | None = None
    strange: float = 0.0
    is_referred: bool = False
    because: tuple[str, ...] = ()


def second_looks(
    texts: Sequence[str], facts: Sequence[TierFacts], tiers: Sequence[Tier]
) -> list[Look]:
    """The second look at many cases; at none of them when nothing is promised."""
    promise = current()
    if promise is None or not texts:
        return [Look() for _text in texts]
    scores = [round(float(score), 5) for score in promise.scorer.scores(texts, facts)]
    strange = strangeness(texts, promise.known)
    looks = map(Look, repeat(promise.card.assured), scores, strange)
    return [
        look if tier is Tier.URGENT else _asked(promise, look, text, told)
        for look, text, told, tier in zip(looks, texts, facts, tiers, strict=True)
    ]


def _asked(promise: Assurance, look: Look, text: str, facts: TierFacts) -> Look:
    """The same look, with its reasons when a person must see the case."""
    if look.score is None or not promise.card.promised.refers(look.score):
        return look
    verdict = promise.scorer.judge(text, facts)
    return replace(look, is_referred=True, because=(*verdict.words, *verdict.facts))


def current() -> Assurance | None:
    """The promise in force, read again when its file has changed; None when there is none."""
    return found().value


def found() -> Found[Assurance]:
    """The promise in force, or why the one that should be is not."""
    return _HELD.at(_path())


def _read(path: Path) -> Assurance:
    """What a file holds. One that this engine cannot read, or that was not made here, promises
    nothing, and the log says so."""
    try:
        arrays = proven(URGENCY, path)
        with reading(path):
            scorer = untaught().taught_by(arrays)
            reference = tuple((float(score), float(odd)) for score, odd in arrays["reference"])
            known = np.unpackbits(arrays["known"]).astype(bool)
            return Assurance(scorer, _card(str(arrays["card"])), known, reference)
    except Spoiled as spoiled:
        log.error("nothing is promised; run sujin promise calibrate again: %s", spoiled)
        raise


_HELD = Held(_read)


def packed(promise: Assurance) -> bytes:
    """The promise as the bytes of its file."""
    arrays: dict[str, Any] = promise.scorer.arrays()
    arrays |= {"card": np.array(_told(promise.card)), "known": np.packbits(promise.known)}
    arrays["reference"] = np.array(promise.reference)
    return keeping.packed(arrays)


def keep(data: bytes, card: Card) -> None:
    """Put a packed promise in force, and its card beside it for people to read."""
    keeping.keep(_path(), data)
    keeping.keep_text(_path().with_suffix(".json"), _told(card))


def _path() -> Path:
    return Path(settings.MODELS_ROOT) / f"{URGENCY}.npz"


def _told(card: Card) -> str:
    return json.dumps(asdict(card), ensure_ascii=False, indent=2)


def _card(told: str) -> Card:
    read = json.loads(told)
    given = read.pop("promised")
    return Card(**read, promised=Guarantee(**(given | {"method": Method(given["method"])})))


def rules() -> Mapping[str, Any]:
    """What the pack says about the promise."""
    found: Mapping[str, Any] = rulebook().manifest["tiering"]
    return found


@cache
def untaught() -> Scorer:
    """The score before anybody has taught it: the tier table and pieces of the signals' words."""
    signals = packs.rows(HOUSE_PACK, "signals")
    grave = [row["term"] for row in signals if row["signal"] in GRAVE]
    others = [row["term"] for row in signals if row["signal"] not in GRAVE]
    others += [row["term"] for row in packs.rows(HOUSE_PACK, "lexicon")]
    return Scorer(rulebook().tiers, Stems(grave, others))
