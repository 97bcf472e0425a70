"""Digits drawn instead of written: 1️⃣3️⃣8️⃣, ①③⑧, ➊➌➑, 一三八○○, ㊀㊂㊇, figures struck through.

A person reads a telephone number in them, so whoever masks one must read it, too. They are read as
digits only for that: ① before a sum is the number of a paragraph.
"""

import re
import unicodedata
from dataclasses import dataclass

# Superscripts, circles, brackets, full stops, dingbats; what NFKC and the database of characters
# call digits, though no decimal ones.
_BLOCKS = (
    *((0xB2, 0xBA), (0x2070, 0x208A), (0x2460, 0x249C), (0x24EA, 0x2500), (0x2776, 0x2793)),
    (0x1F100, 0x1F10B),
)
FIGURES = {
    char: str(unicodedata.digit(char))
    for first, end in _BLOCKS
    for char in map(chr, range(first, end))
    if char.isdigit() and not char.isdecimal()
} | {"\U0001f10b": "0", "\U0001f10c": "0"}  # circled noughts that no table calls digits
_SPOKEN = dict(zip("㊀㊁㊂㊃㊄㊅㊆㊇㊈㈠㈡㈢㈣㈤㈥㈦㈧㈨", "一二三四五六七八九" * 2, strict=True))
_LEVEL = str.maketrans(FIGURES | _SPOKEN)
_RINGS = "○◯⭕"
# The frame of a keycap with its selector, circles, and lines drawn through.
_FRAMES = ((0x300, 0x370), (0x483, 0x48A), (0x20D0, 0x20F1), (0xFE00, 0xFE10))
_MARKS = "".join(chr(code) for first, end in _FRAMES for code in range(first, end))
SUSPECTS = "".join([_MARKS, _RINGS, *FIGURES, *_SPOKEN])
_SUSPECT = re.compile(f"[{SUSPECTS}]")
_MARKED = re.compile(rf"(?<=\d)[{_MARKS}]+")
# A ring is a nought only behind a digit, within what a number may have of them.
_NOUGHTS = re.compile(f"(?<=[零〇一二三四五六七八九幺])[{_RINGS}]{{1,8}}")


@dataclass(frozen=True, slots=True)
class Written:
    """``text`` with every drawn digit written, and where each of its characters stood; one place
    more says where the whole ended."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``start`` to ``end`` stood before, the frame of the last digit included."""
        return self.places[start], self.places[end]


def written(text: str) -> Written | None:
    """``text`` as a person reads its digits; None when none of them is drawn. Linear time."""
    if _SUSPECT.search(text) is None:
        return None
    level = text.translate(_LEVEL)
    level = _NOUGHTS.sub(lambda found: "〇" * len(found[0]), level)
    pieces, places, done = [], list[int](), 0
    for frame in _MARKED.finditer(level):
        pieces.append(level[done : frame.start()])
        places += range(done, frame.start())
        done = frame.end()
    plain = "".join([*pieces, level[done:]])
    places += range(done, len(level) + 1)
    return None if plain == text else Written(plain, tuple(places))
