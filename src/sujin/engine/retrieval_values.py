"""What goes into a search and what comes out, as values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One part of a document; `weight` says how much it counts, 1 for the plain body, 0 for a part
    that is not searched."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Doc:
    """What can be found; `asks` are sentences with which customers ask for it."""

    key: int
    title: str
    fields: tuple[Field, ...]
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """The document `key` was the right one for `query`; `weight` is how often, grown old and
    already free of one person's insistence."""

    query: str
    key: int
    weight: float


@dataclass(frozen=True, slots=True)
class Matched:
    """Words of the query and the words they met, different where an expression or a slip was
    bridged; `share` of the score, from 0 to 1."""

    asked: str
    found: str
    share: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found. `confidence` is the chance, from 0 to 1, that the first hit is the right
    one, and of a later hit how much less likely it is; `because` strongest first, five at most;
    `covers` is the share of what the query tells that it holds, from 0 to 1."""

    key: int
    score: float
    confidence: float
    because: tuple[Matched, ...]
    covers: float = 1.0
