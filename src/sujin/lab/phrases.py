"""The phrase book: every sentence the customers and clerks can say, read from ``data``."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sujin.lab.template import Sequence, parse

FAMILIES = ("phrases_debit", "phrases_credit", "phrases_loan", "phrases_other")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence pattern; ``level`` is the anger from which it is heard, 0 to 3."""

    sequence: Sequence
    signals: tuple[str, ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """What a scene can say by (scene, part); what anybody can say by (part, style); the frames."""

    scenes: Mapping[tuple[str, str], tuple[Phrase, ...]]
    shared: Mapping[tuple[str, str], tuple[Phrase, ...]]
    frames: Mapping[str, tuple[tuple[str, ...], ...]]


def table(name: str) -> list[dict[str, str]]:
    """The rows of ``data/<name>.csv``."""
    text = files("sujin.lab").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


@cache
def phrase_book() -> PhraseBook:
    """The phrase book, read once."""
    scenes: defaultdict[tuple[str, str], list[Phrase]] = defaultdict(list)
    shared: defaultdict[tuple[str, str], list[Phrase]] = defaultdict(list)
    for family in FAMILIES:
        for row in table(family):
            scenes[row["scene"], row["part"]].append(_phrase(row))
    for row in table("shared"):
        if row["part"] != "frame":
            shared[row["part"], row["style"]].append(_phrase(row))
    return PhraseBook(_frozen(scenes), _frozen(shared), _frames())


def _phrase(row: dict[str, str]) -> Phrase:
    signals = tuple(filter(None, row["signal"].split("+")))
    return Phrase(parse(row["text"]), signals, int(row.get("level") or 0))


def _frozen(
    found: Mapping[tuple[str, str], list[Phrase]],
) -> dict[tuple[str, str], tuple[Phrase, ...]]:
    return {key: tuple(phrases) for key, phrases in found.items()}


def _frames() -> dict[str, tuple[tuple[str, ...], ...]]:
    frames: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for row in table("shared"):
        if row["part"] == "frame":
            frames[row["style"]].append(tuple(row["text"].strip("{}").split("}{")))
    return {style: tuple(found) for style, found in frames.items()}
