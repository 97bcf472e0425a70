"""Words no list knows yet: a grave clause of a told text said again in words of its own.

The truth of the text stays what it was; only the words change. ``usual`` are turns of phrase that
people have always had, ``new`` is slang that comes up one day and was never seen before.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from random import Random

from sujin.lab.phrases import table
from sujin.lab.template import Sequence, parse, render

CLAUSES = re.compile(r"([，。！；,.!;…]+)")
OWN = frozenset({"web_form", "email"})
Hear = Callable[[str], Mapping[str, tuple[str, ...]]]


def said_anew(text: str, channel: str, pool: str, hear: Hear, rng: Random) -> str:
    """``text`` with every clause in which ``hear`` finds a signal of the pool said in words of the
    pool; the same text when there is none."""
    parts = CLAUSES.split(text)
    voice = "own" if channel in OWN else "told"
    for place in range(0, len(parts), 2):
        grave = [signal for signal in hear(parts[place]) if (pool, signal, voice) in phrases()]
        if grave:
            chosen = rng.choice(phrases()[pool, grave[0], voice])
            parts[place] = render(chosen, rng, lambda slot: "我")
    return "".join(parts)


@cache
def phrases() -> Mapping[tuple[str, str, str], tuple[Sequence, ...]]:
    """(pool, signal, voice) -> its sentence patterns."""
    found: dict[tuple[str, str, str], list[Sequence]] = {}
    for row in table("unheard"):
        key = row["pool"], row["signal"], row["voice"]
        found.setdefault(key, []).append(parse(row["text"]))
    return {key: tuple(patterns) for key, patterns in found.items()}
