"""An event is over: nothing more is asked, and what it brought is part of the entry."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.engine.redaction import redact
from sujin.governance.acts.announce_event import locked
from sujin.governance.duties import refuse_unless_announcer
from sujin.governance.event_expect import Seen, figures
from sujin.governance.kinds import event as kinds
from sujin.governance.models import Event
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

REASON_LEAST = 4


class CannotClose(Refusal):
    """It is not on, or no reason was given."""


@transaction.atomic
def close_event(told: Event, *, because: str, by: Person, at: datetime) -> None:
    """By a person, with a reason; the study of all its days so far is kept."""
    refuse_unless_announcer(by, at)
    event = locked(told)
    if not event.is_on:
        raise CannotClose(_t("只有应对或跟踪中的事件可以结束"))
    reason = redact(because.strip()).text[:300]
    if len(reason) < REASON_LEAST:
        raise CannotClose(_t("请写明为什么可以结束"))
    event.figures, event.looked_at = figures(event, Seen.of(event, at)), at
    event.save(update_fields=["figures", "looked_at"])
    lasted = event.figures.get("lasted")
    closed = kinds.EventClosed(
        state=kinds.CLOSED, closed_at=at, because=reason,
        excess=event.figures.get("excess"), low=event.figures.get("low"),
        high=event.figures.get("high"),
        lasted_on=None if lasted is None else event.first_day + timedelta(days=lasted),
    )  # fmt: skip
    event.write(closed, by=by, at=at)
