"""What an event is expected to bring and what it did bring, from the bank's own cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from sujin.engine.events.baseline import TooShort, fit
from sujin.engine.events.expected import Expected, Like, expect
from sujin.engine.events.scoring import NAIVE_WEEKS, naive_mean
from sujin.engine.events.study import Study, study
from sujin.governance import event_counts as counts
from sujin.governance.event_counts import DAY, HISTORY, daily, stretch
from sujin.governance.models import Event

LIKES_MAX = 12
WEEK = 7


@dataclass(frozen=True, slots=True)
class Seen:
    """The days of an event as they stand at a moment: ``counts`` reaches from twelve weeks before
    it to today; ``through`` is the last day that is over."""

    counts: Mapping[date, int]
    since: date
    through: date

    @staticmethod
    def of(event: Event, at: datetime) -> "Seen":
        """One query."""
        today = timezone.localdate(at)
        begun = timezone.localdate(event.announced_at or at)
        since = min(event.first_day, begun, today) - timedelta(days=HISTORY)
        last = min(event.last_day, today)
        return Seen(daily(event, since, max(last, since)), since, min(last, today - DAY))

    def during(self, event: Event) -> int:
        """How many days of the event are over."""
        return max((self.through - event.first_day).days + 1, 0)

    def naive(self, day: date, made_on: date) -> float:
        """The mean of the same weekday in the four weeks before the forecast was made."""
        last = made_on - timedelta(days=(made_on - day).days % WEEK or WEEK)
        days = [last - timedelta(weeks=n) for n in range(NAIVE_WEEKS - 1, -1, -1)]
        return naive_mean([float(self.counts.get(one, 0)) for one in days])


def studied(event: Event, seen: Seen) -> Study | None:
    """The event study of the days that are over, or None when there are none yet."""
    over = seen.during(event)
    if over < 1:
        return None
    before = stretch(dict(seen.counts), event.first_day - timedelta(days=HISTORY), HISTORY)
    try:
        return study(before, stretch(dict(seen.counts), event.first_day, over), seed=event.pk)
    except TooShort:
        return None


def expected(event: Event, seen: Seen) -> Expected:
    """The days of the watch, given what has come on those that are over."""
    over = seen.during(event)
    end = min(event.first_day, seen.through + DAY) if over == 0 else event.first_day
    before = stretch(dict(seen.counts), end - timedelta(days=HISTORY), HISTORY)
    watch = stretch(dict(seen.counts), event.first_day, event.row.watch)
    size = _bank(event, seen)
    return expect(
        _likes(event, size), event.row.shape, size, fit(before), watch.weekdays,
        received=watch.counts[:over], skipped=(event.first_day - end).days, seed=event.pk,
    )  # fmt: skip


def _bank(event: Event, seen: Seen) -> float:
    return counts.bank_day(min(event.first_day, seen.through + DAY))


def _likes(event: Event, size: float) -> list[Like]:
    """Events of the same kind before, with what they brought; measured by the customers exposed
    where all of them and this one name a number, else by the size of the bank then and now."""
    rows = Event.objects.filter(kind=event.kind, starts_at__lt=event.starts_at)
    told = rows.exclude(pk=event.pk).exclude(figures={}).order_by("-starts_at")[:LIKES_MAX]
    before = [one for one in told if one.figures.get("daily")]
    exposed = event.customers or 0
    if exposed and all(one.customers for one in before):
        sizes = [size * (one.customers or 0) / exposed for one in before]
    else:
        sizes = [float(one.figures["bank"]) for one in before]
    pairs = zip(before, sizes, strict=True)
    return [Like(tuple(one.figures["daily"]), size) for one, size in pairs]


def figures(event: Event, seen: Seen) -> dict[str, Any]:
    """What the last look keeps beside the event: for lists, and for events to come."""
    found = studied(event, seen)
    kept: dict[str, Any] = {"bank": round(_bank(event, seen), 3)}
    if found is None:
        return kept
    decay = found.decay
    return kept | {
        "observed": found.observed,
        "daily": [round(one, 2) for one in found.daily],
        "excess": round(found.excess, 1),
        "low": round(found.low, 1),
        "high": round(found.high, 1),
        "lasted": found.lasted,
        "half_life": [round(x, 1) for x in (decay.half_life, decay.low, decay.high)]
        if decay
        else None,
    }
