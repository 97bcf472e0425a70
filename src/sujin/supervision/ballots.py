"""What a walkthrough came to: each panelist's last ballot, with intervals, for few people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sujin.engine.proportion import interval
from sujin.supervision.kinds.panel import BETTER, RATINGS, SAME, VOTES, WORSE
from sujin.supervision.voicebook import number, segments

Ballot = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Count:
    """So many of a vote, and between which shares that lies."""

    vote: str
    name: str
    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Result:
    """``name`` is the segment, empty of all together; ``ratings`` are medians by what is rated."""

    name: str
    of: int
    counts: tuple[Count, ...]
    ratings: tuple[tuple[str, float], ...]

    @property
    def is_worse(self) -> bool:
        """More than half say that it became worse."""
        return 2 * next(one.n for one in self.counts if one.vote == WORSE) > self.of


def last(sessions: Sequence[Mapping[str, Any]]) -> list[Ballot]:
    """Whoever came twice is heard once, as said at the last meeting, whenever that was entered."""
    in_order = sorted(sessions, key=lambda one: (str(one["held_on"]), int(one["number"])))
    told = {one["panelist"]: one for session in in_order for one in session["ballots"]}
    return list(told.values())


def result(sessions: Sequence[Mapping[str, Any]]) -> Result | None:
    """Of all together; None of nobody."""
    ballots = last(sessions)
    return _of("", ballots) if ballots else None


def has_said_worse(sessions: Sequence[Mapping[str, Any]], answered: int) -> bool:
    """Whether after any session that is not ``answered`` most said that it became worse: those who
    come later do not take it back for them."""
    so_far = [result(sessions[:n]) for n in range(answered + 1, len(sessions) + 1)]
    return any(one is not None and one.is_worse for one in so_far)


def by_segment(sessions: Sequence[Mapping[str, Any]]) -> list[Result]:
    """Of each segment with enough votes; fewer may be recognised and speak for nobody."""
    ballots, least = last(sessions), number("segment_least")
    told = [
        (name, [b for b in ballots if b["segment"] == code]) for code, name in segments().items()
    ]
    return [_of(name, found) for name, found in told if len(found) >= least]


def notes(sessions: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What was said, with the vote; those who say worse first."""
    order = {WORSE: 0, SAME: 1, BETTER: 2}
    told = [one for one in last(sessions) if one["note"]]
    found = sorted(told, key=lambda one: order[str(one["vote"])])
    return [(str(VOTES[one["vote"]]), str(one["note"])) for one in found]


def _of(name: str, ballots: Sequence[Ballot]) -> Result:
    counts = tuple(_count(vote, [str(one["vote"]) for one in ballots]) for vote in VOTES)
    ratings = tuple(
        (str(words), float(median(int(one[code]) for one in ballots)))
        for code, words in RATINGS.items()
    )
    return Result(name, len(ballots), counts, ratings)


def _count(vote: str, votes: Iterable[str]) -> Count:
    cast = list(votes)
    n = cast.count(vote)
    return Count(vote, str(VOTES[vote]), n, *interval(n, len(cast)))
