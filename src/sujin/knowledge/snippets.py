"""The place in a version where the words were found, with the words marked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sujin.engine.text import fold
from sujin.knowledge.models import Version

BEFORE, LONG = 24, 110


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, as it was written; ``is_hit`` is to be marked."""

    text: str
    is_hit: bool


def snippet(version: Version, words: Iterable[str]) -> list[Piece]:
    """About a line from the part that has the most of ``words``; the template escapes it."""
    looked = _words(words)
    texts = [_flat(text) for part, text in version.told() if part.weight]
    if not texts:
        return []
    best = max(texts, key=lambda text: _count(text, looked))
    return marked(_window(best, looked), looked)


def marked(text: str, words: Iterable[str]) -> list[Piece]:
    """The text in pieces, the found words apart."""
    looked = _words(words)
    if not looked or len(fold(text)) != len(text):
        # Folding that changes the length would mark the wrong letters.
        return [Piece(text, False)]
    pieces, here = [], 0
    for found in _pattern(looked).finditer(fold(text)):
        pieces.append(Piece(text[here : found.start()], False))
        pieces.append(Piece(text[found.start() : found.end()], True))
        here = found.end()
    pieces.append(Piece(text[here:], False))
    return [piece for piece in pieces if piece.text]


def _words(words: Iterable[str]) -> list[str]:
    """Longest first, so that 信用卡 is marked and not 信用."""
    looked = {fold(word).strip() for word in words if word.strip()}
    # Beside words, single letters say little and would be marked everywhere.
    looked = {word for word in looked if len(word) > 1} or looked
    return sorted(looked, key=lambda word: (-len(word), word))


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)))


def _count(text: str, words: Sequence[str]) -> int:
    return sum(word in fold(text) for word in words)


def _window(text: str, words: Sequence[str]) -> str:
    places = [place for word in words if (place := fold(text).find(word)) >= 0]
    since = max(0, min(places, default=0) - BEFORE)
    until = since + LONG
    return ("…" if since else "") + text[since:until] + ("…" if until < len(text) else "")


def _flat(text: str) -> str:
    """One line without the dashes of a list."""
    return " ".join(re.sub(r"^\s*- ", "", line) for line in text.splitlines() if line.strip())
