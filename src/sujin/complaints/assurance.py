"""漏判保证: the promise about urgent complaints that the rules do not hear, as it is kept on disk.

``sujin promise calibrate`` teaches the score, puts a threshold on it and leaves both under
``var/models``; triage uses them from then on. Without them nothing is promised, nobody asked.
"""

from functools import cache

from sujin import packs
from sujin.complaints.rulebook import HOUSE_PACK, rulebook
from sujin.engine.urgency import Scorer, Stems

GRAVE = frozenset({"safety", "media"})


@cache
def untaught() -> Scorer:
    """The score before anybody has taught it: the tier table and pieces of the signals' words."""
    signals = packs.rows(HOUSE_PACK, "signals")
    grave = [row["term"] for row in signals if row["signal"] in GRAVE]
    others = [row["term"] for row in signals if row["signal"] not in GRAVE]
    others += [row["term"] for row in packs.rows(HOUSE_PACK, "lexicon")]
    return Scorer(rulebook().tiers, Stems(grave, others))
