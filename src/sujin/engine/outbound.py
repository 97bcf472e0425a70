"""What of a complaint's words may leave the house: less than what its own people read.

Inside, a name that nothing announces stays readable because it cannot be told from a word. Here
the people of the case are known, so their own data is looked for letter by letter, whatever stands
between the letters; and any row of figures as long as a number of something is hidden, whatever it
is a number of.
"""

import re
from collections.abc import Iterable

from sujin.engine.known import hidden
from sujin.engine.text import redact

HIDDEN = "****"
LENGTH_MAX = 4000  # characters; what a complaint is about stands at its beginning
# Seven figures or more, alone or in groups: telephone, case, contract, tracking code.
_FIGURES = re.compile(r"\d(?:[ \u3000.·/_\-－—–]?\d){6,}")


def outbound(text: str, *, known: Iterable[str]) -> str:
    """The masked `text` without the `known` personal values and without long numbers, cut to
    LENGTH_MAX. Nothing else is changed, so that a quotation can be found again."""
    values = tuple(known)
    # Known values first: a mask in the middle of one would hide the rest of it from this search.
    clean = hidden(redact(hidden(text, values, HIDDEN)).text, values, HIDDEN)
    return _FIGURES.sub(HIDDEN, clean)[:LENGTH_MAX]
