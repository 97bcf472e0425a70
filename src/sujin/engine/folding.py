"""One spelling for every text: what search, rules, models and likeness all read.

Customers write the same words in full-width and half-width forms, in traditional and simplified
characters, with invisible characters pasted in between. `fold` takes all of that away, so that
every other part of the engine may compare characters plainly. Nor does it help to
write 风 with the radical drawn like it, "app" with Cyrillic letters, or to strike a word through.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

import opencc

from sujin.engine.lookalikes import unmasked

# Invisible without being "format" characters: the combining grapheme joiner, Hangul fillers,
# Mongolian and general variation selectors. Pasted between letters, they slip past word lists.
_ALSO_INVISIBLE = (
    "\u034f\u115f\u1160\u3164\uffa0\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
)
# Nine in ten of the characters that change are these; replaced first, folding is 2.5 x faster.
_COMMONEST = tuple(zip("，：（）；？！", ",:();?!", strict=True))
_PLANES_WITH_CONTROLS = (*range(0x20000), *range(0xE0000, 0xE1000))
_EVERYDAY = (
    *((0x00, 0x180), (0x2000, 0x2070), (0x2190, 0x2200), (0x2460, 0x2800), (0x3000, 0x3040)),
    *((0xFE30, 0xFE70), (0xFEFF, 0xFF61), (0xFFE0, 0xFFE7)),
)
_UNIFIED_HAN = range(0x4E00, 0xA000)
_MOST_ROUNDS = 6


def fold(text: str) -> str:
    """`text` in NFKC, simplified characters and lower case, invisible characters removed, white
    space collapsed to single spaces and trimmed; look-alikes as what they look like.

    `fold(fold(x)) == fold(x)` for every string, and a string that is folded already is returned
    as it is after one scan. Lone surrogates are removed, so the result always encodes.
    """
    spelling = _spelling()
    if spelling.unsettled.search(text) is None and not _has_stray_space(text):
        return text
    if spelling.difficult.search(text) is None:
        return _fold_quickly(text, spelling)
    return _fold_thoroughly(text)


def _has_stray_space(text: str) -> bool:
    return "  " in text or text[:1] == " " or text[-1:] == " "


def _fold_quickly(text: str, spelling: "_Spelling") -> str:
    for char, folded in _COMMONEST:
        text = text.replace(char, folded)
    replace = spelling.replace
    text = spelling.replaceable.sub(lambda found: replace[found[0]], text.lower())
    return " ".join(text.split())


def _fold_thoroughly(text: str) -> str:
    # A phrase of the simplifier may appear only after an earlier round; it settles in two or three.
    for _ in range(_MOST_ROUNDS):
        folded = _fold_once(text)
        if folded == text:
            break
        text = folded
    return text


def _fold_once(text: str) -> str:
    seen = unmasked(_invisible().sub("", text))
    # Lower-casing can undo the composition of NFKC, and composing can need lower-casing.
    lower = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).lower())
    return " ".join(_simplify(lower).split())


def _simplify(text: str) -> str:
    """Traditional to simplified; a character that is simplified already never changes.

    Without that promise OpenCC's phrase list rewrites some simplified words, and the same word
    would fold differently depending on whether its text also holds a traditional character.
    """
    simplified = _simplifier().convert(text)
    if simplified == text:
        return text
    same_length = len(simplified) == len(text)
    news = list(simplified) if same_length else list(map(_simplifier().convert, text))
    settled, pairs = _settled_han(), zip(text, news, strict=True)
    return "".join([old if old in settled else new for old, new in pairs])


class _Spelling:
    """The patterns that let ordinary Chinese text be folded without looking at every character.

    `replaceable`: characters whose folding does not depend on their neighbours.
    `difficult`: anything not known to be plain or replaceable; such a text goes the long way.
    """

    def __init__(self) -> None:
        easy = [char for char in _everyday() if _is_neighbourless(char)]
        self.replace = {char: _folded_alone(char) for char in easy if _folded_alone(char) != char}
        plain = [char for char in easy if char not in self.replace]
        plain += sorted(_settled_han())
        self.replaceable = re.compile(_any_of(self.replace))
        self.difficult = re.compile(_none_of([*plain, *self.replace]))
        self.unsettled = re.compile(_none_of(plain))


@cache
def _spelling() -> _Spelling:
    return _Spelling()


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _invisible() -> re.Pattern[str]:
    """Control and format characters and lone surrogates, but not those that are white space."""
    chars = map(chr, _PLANES_WITH_CONTROLS)
    unseen = [char for char in chars if unicodedata.category(char) in ("Cc", "Cf", "Cs")]
    return re.compile(f"[{_ALSO_INVISIBLE}{_plainly(c for c in unseen if not c.isspace())}]")


def _everyday() -> Iterable[str]:
    return (chr(point) for first, end in _EVERYDAY for point in range(first, end))


def _is_neighbourless(char: str) -> bool:
    parts = char + unicodedata.normalize("NFKC", char) + unicodedata.normalize("NFKD", char.lower())
    return len(char.lower()) == 1 and not any(map(unicodedata.combining, parts[:-1]))


def _folded_alone(char: str) -> str:
    if char.isspace():
        return " "
    return _fold_thoroughly(char)


@cache
def _settled_han() -> frozenset[str]:
    """The unified ideographs that the simplifier leaves alone, found in one conversion."""
    before = list(map(chr, _UNIFIED_HAN))
    after = _simplifier().convert("\n".join(before)).split("\n")
    pairs = zip(before, after, strict=True)
    return frozenset(char for char, simplified in pairs if char == simplified)


def _any_of(chars: Iterable[str]) -> str:
    return f"[{_plainly(chars)}]"


def _none_of(chars: Iterable[str]) -> str:
    return f"[^{_plainly(chars)}]"


def _plainly(chars: Iterable[str]) -> str:
    return re.escape("".join(chars))
