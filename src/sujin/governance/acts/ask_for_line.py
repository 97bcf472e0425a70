"""Ask the owner of a professional line for what is to be said; the owner says it has heard."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints.rulebook import lines
from sujin.governance.duties import refuse_unless_announcer
from sujin.governance.kinds import event as kinds
from sujin.governance.models import Event, LineRequest
from sujin.knowledge.desks import line_desks
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

DRAFT = "draft"
# Where the pack's limit would end before this, as much is left: nobody writes a line in no time.
LEAST = timedelta(hours=1)


class CannotAsk(Refusal):
    """The line is none, was asked already, or the event is not on."""


class CannotAcknowledge(Refusal):
    """Somebody did so already, or it is not this person's to do."""


@transaction.atomic
def ask_for_line(event: Event, line: str, *, by: Person, at: datetime) -> LineRequest:
    """With the pack's limits for this kind of event; of one that lies ahead, the line is to be
    live before it begins if that gives more time."""
    refuse_unless_announcer(by, at)
    if not event.is_on:
        raise CannotAsk(_t("事件未在应对或跟踪中，不能请条线出口径"))
    if line not in lines():
        raise CannotAsk(_t("没有这个条线：%(line)s") % {"line": line})
    if event.requests.filter(line=line).exists():
        raise CannotAsk(_t("已经请过这个条线"))
    desks = line_desks()
    owner = desks.get(line) or desks[""]
    made = LineRequest.objects.create(event=event, line=line, owner=owner, asked_at=at, asked_by=by)
    told = kinds.LineAsked(
        event=event.title, owner=owner.name, ack_due_at=at + event.row.ack, due_at=_due(event, at)
    )
    made.write(told, by=by, at=at)
    return made


def _due(event: Event, at: datetime) -> datetime:
    """The pack's limit; never later than the beginning of what was known ahead, unless that leaves
    no time at all."""
    due = at + event.row.line
    if at + LEAST < event.starts_at < due:
        return event.starts_at
    return due


@transaction.atomic
def acknowledge_line(request: LineRequest, *, by: Person, at: datetime) -> None:
    """Somebody who writes for the owner has heard."""
    held = held_request(request)
    refuse_unless_owner(held, by, at)
    if held.acknowledged_at is not None:
        raise CannotAcknowledge(_t("已经确认收到"))
    told = kinds.LineAcknowledged(acknowledged_at=at, acknowledged_by=by.pk, owner=held.owner.name)
    held.write(told, by=by, at=at)


def refuse_unless_owner(request: LineRequest, by: Person, at: datetime) -> None:
    """It is the owner's, or of those who write for a desk above it."""
    if not by.is_service and not reach.of(by, at).allows(DRAFT, request.owner.tokens):
        raise CannotAcknowledge(_t("这是%(owner)s的事，您不能代办") % {"owner": request.owner})


def held_request(request: LineRequest) -> LineRequest:
    """The request as it is now, held to the end of the transaction."""
    rows = LineRequest.objects.select_for_update(of=("self",)).select_related("event", "owner")
    return rows.get(pk=request.pk)
