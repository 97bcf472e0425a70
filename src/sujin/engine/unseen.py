"""Characters that nobody sees, left out: between the letters of a name they hide it from a search.

Line ends are not among them, nor is what only frames a digit (see ``drawn.py``).
"""

import re

from sujin.engine.drawn import Written

# Format characters, fillers, the grapheme joiner and variation selectors, as in ``folding.py``.
UNSEEN_CHARS = (
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
    "\u034f\u115f\u1160\u3164\uffa0\u180b-\u180f\ufe00-\ufe0f\u061c"
    "\U0001bca0-\U0001bca3\U000e0001-\U000e01ef"
)
_UNSEEN = re.compile(f"[{UNSEEN_CHARS}]+")


def seen(text: str) -> Written | None:
    """``text`` without what nobody sees; None when there is nothing of it. Linear time."""
    pieces, places, done = [], list[int](), 0
    for gap in _UNSEEN.finditer(text):
        pieces.append(text[done : gap.start()])
        places += range(done, gap.start())
        done = gap.end()
    if not done:
        return None
    places += range(done, len(text) + 1)
    return Written("".join([*pieces, text[done:]]), tuple(places))
