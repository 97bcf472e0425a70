"""Script lead time: how long before the first complaint the answer line was live.

A line that was taken back before anybody complained was not there when it was needed, so what
counts is the stretch of time in which the first complaint falls, or the next one after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GAP = timedelta(seconds=1)


class Standing(StrEnum):
    """How the line and the first complaint stand to each other, the worst first."""

    NEVER = "never"  # they complain, and there is no line
    BEHIND = "behind"  # the line came after the first complaint
    OPEN = "open"  # neither a line nor a complaint yet
    AHEAD = "ahead"  # the line was there first
    WAITING = "waiting"  # the line is live, and nobody has complained


@dataclass(frozen=True, slots=True)
class Live:
    """A stretch in which a line could be said; ``until`` is None while it can still be."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lead:
    """``lead`` is positive when the line was first; of ``NEVER`` it is how long it has been
    missing, of ``WAITING`` how long it has been live; ``OPEN`` has none. ``lapsed``: a line was
    live once and was taken back before the first complaint."""

    standing: Standing
    lead: timedelta | None
    live: datetime | None = None
    lapsed: bool = False


def lead(lives: Iterable[Live], first: datetime | None, now: datetime) -> Lead:
    """One line's lead at ``now``, given when the first complaint came; None: not yet."""
    begun = [one for one in _joined(lives) if one.since <= now]
    if first is None or first > now:
        return _unheard(begun, now)
    holding = [one for one in begun if _holds(one, first)]
    if holding:
        since = holding[0].since
        return Lead(Standing.AHEAD, first - since, since)
    lapsed = any(one.since <= first for one in begun)
    later = [one.since for one in begun if one.since > first]
    if later:
        return Lead(Standing.BEHIND, first - later[0], later[0], lapsed)
    return Lead(Standing.NEVER, first - now, None, lapsed)


def whole(leads: Sequence[Lead]) -> Lead:
    """An event's lead is that of its slowest line; without any line asked for, there is none."""
    if not leads:
        return Lead(Standing.OPEN, None)
    rank = list(Standing)
    return min(leads, key=lambda one: (rank.index(one.standing), one.lead or timedelta()))


def _unheard(begun: Sequence[Live], now: datetime) -> Lead:
    current = [one for one in begun if _holds(one, now)]
    if current:
        return Lead(Standing.WAITING, now - current[0].since, current[0].since)
    return Lead(Standing.OPEN, None, None, lapsed=bool(begun))


def _holds(one: Live, at: datetime) -> bool:
    return one.since <= at and (one.until is None or at < one.until)


def _joined(lives: Iterable[Live]) -> list[Live]:
    """Stretches in order; what follows without a gap (a new wording takes over) is one."""
    found: list[Live] = []
    for one in sorted(lives, key=lambda live: live.since):
        if one.until is not None and one.until <= one.since:
            continue
        last = found[-1] if found else None
        if last is None or (last.until is not None and one.since > last.until + GAP):
            found.append(one)
        else:
            ends = (last.until, one.until)
            until = None if None in ends else max(end for end in ends if end)
            found[-1] = Live(last.since, until)
    return found
