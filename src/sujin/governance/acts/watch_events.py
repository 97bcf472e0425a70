"""What the house does about events by itself: looks, moves on, scores, forecasts, escalates."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from sujin.governance.acts.announce_event import locked
from sujin.governance.acts.ask_for_line import held_request
from sujin.governance.acts.forecast_event import CannotForecast, forecast_event, score_forecasts
from sujin.governance.event_counts import first_complaint
from sujin.governance.event_expect import Seen, figures
from sujin.governance.kinds import event as kinds
from sujin.governance.models import Event, LineRequest
from sujin.platform.models import Person

WEEK = 7


def look_at_events(*, by: Person, at: datetime) -> int:
    """Has the first complaint come, are acute days over, what came so far; how many are on."""
    keys = list(Event.objects.on().order_by("pk").values_list("pk", flat=True))
    for key in keys:
        _look(key, by=by, at=at)
    return len(keys)


@transaction.atomic
def _look(key: int, *, by: Person, at: datetime) -> None:
    event = locked(Event(pk=key))
    if not event.is_on:
        return
    first = first_complaint(event, at)
    if first != event.first_at:
        event.write(kinds.EventHeard(first_at=first), by=by, at=at)
    age = (timezone.localdate(at) - event.first_day).days
    if event.state == kinds.LIVE and age >= event.row.acute:
        event.write(kinds.EventWatched(state=kinds.WATCHED), by=by, at=at)
    event.figures, event.looked_at = figures(event, Seen.of(event, at)), at
    event.save(update_fields=["figures", "looked_at"])


def watch_events(*, by: Person, at: datetime) -> int:
    """Once a night: a look, scores for the days that are over, the next week anew; how many days
    were scored."""
    look_at_events(by=by, at=at)
    scored = score_forecasts(at=at)
    for event in Event.objects.on().order_by("pk"):
        try:
            forecast_event(event, by=by, at=at, horizon=WEEK)
        except CannotForecast:
            # Its watch is over, or the house is younger than two weeks: nothing is to be said.
            continue
    return scored


def escalate_lines(*, by: Person, at: datetime) -> int:
    """What was not acknowledged, or is not live, in time goes up, each once; how many."""
    late = LineRequest.objects.owed(at).select_related("event").order_by("pk")
    keys = [one.pk for one in late if one.late(at) not in ("", one.escalated)]
    return sum(_escalate(key, by=by, at=at) for key in keys)


@transaction.atomic
def _escalate(key: int, *, by: Person, at: datetime) -> bool:
    held = held_request(LineRequest(pk=key))
    why = held.late(at)
    due = held.due_at if why == "line" else held.ack_due_at
    if why in ("", held.escalated) or due is None:
        return False
    told = kinds.LineEscalated(
        escalated=why, owner=held.owner.name, event=held.event.title, due_at=due
    )
    held.write(told, by=by, at=at)
    return True
