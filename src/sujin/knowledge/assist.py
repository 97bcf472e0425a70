"""What stands beside a case: at most one answer line, one scenario, one guideline, one standard.

The room knows no case: it is asked with a ``Situation``, whose codes exclude what does not hold
there and lift what was written for exactly this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sujin.knowledge.audience import Audience, Situation, with_parents
from sujin.knowledge.models import Version
from sujin.knowledge.search import Found, search

SHELVES = ("line", "scenario", "guideline", "standard")
LOOKED_AT = 40
WORDS_SHOWN = 3
# Written for this business or cause: worth half as much again as the same words elsewhere.
LIFT = 0.5
# Where it was written for something else, it must score so near to the best of all.
NEAR = 0.5


@dataclass(frozen=True, slots=True)
class Pick:
    """One version beside a case, which scope it was written for, and which words matched."""

    version: Version
    scopes: tuple[str, ...]
    words: tuple[tuple[str, str], ...]


def assist(named: str, situation: Situation, audience: Audience, at: datetime) -> list[Pick]:
    """The best of each shelf for the situation; ``named`` are its codes in words, which say more
    than the text where the text is long. As many queries as one search."""
    words = f"{named} {situation.text}".strip()
    found = search(words, audience, at, situation=situation, forms=SHELVES, k=LOOKED_AT)
    picked = (_best(shelf, found, situation) for shelf in SHELVES)
    return [_pick(one, situation) for one in picked if one is not None]


def _best(shelf: str, found: Sequence[Found], situation: Situation) -> Found | None:
    least = found[0].score * NEAR if found and found[0].is_sure else float("inf")
    near = [one for one in found if one.version.item.form == shelf]
    near = [one for one in near if one.score >= least or _scopes(one.version, situation)]
    return max(near, key=lambda one: (_lifted(one, situation), -one.version.pk), default=None)


def _lifted(found: Found, situation: Situation) -> float:
    return found.score * (1 + LIFT * len(_scopes(found.version, situation)))


def _scopes(version: Version, situation: Situation) -> tuple[str, ...]:
    """For which of the situation's business and cause the version was written."""
    asked = {"business": situation.business, "cause": situation.cause}
    return tuple(
        name for name, code in asked.items() if {*with_parents(code)} & {*getattr(version, name)}
    )


def _pick(found: Found, situation: Situation) -> Pick:
    by_share = sorted(found.because, key=lambda match: -match.share)[:WORDS_SHOWN]
    words = tuple((match.asked, match.found) for match in by_share if len(match.asked) > 1)
    return Pick(found.version, _scopes(found.version, situation), words)
