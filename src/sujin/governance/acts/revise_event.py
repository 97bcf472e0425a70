"""More is known of an event, or it was otherwise: the entry says what was there before."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.governance.acts.announce_event import checked, locked
from sujin.governance.acts.ask_for_line import ask_for_line
from sujin.governance.duties import refuse_unless_announcer
from sujin.governance.kinds import event as kinds
from sujin.governance.models import Event
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotRevise(Refusal):
    """It is closed, nothing changed, or a line that was asked would be left out."""


@transaction.atomic
def revise_event(told: Event, changes: Mapping[str, Any], *, by: Person, at: datetime) -> Event:
    """Only what differs is written; a line that came new is asked for its answer line."""
    refuse_unless_announcer(by, at)
    event = locked(told)
    if event.state == kinds.CLOSED:
        raise CannotRevise(_t("事件已结，不能再改"))
    kept = checked(changes)
    after = {name: value for name, value in kept.items() if getattr(event, name) != value}
    if not after:
        raise CannotRevise(_t("没有改动"))
    gone = set(event.requests.values_list("line", flat=True)) - set(after.get("lines", event.lines))
    if gone:
        raise CannotRevise(_t("已请过的条线不能移出"))
    before = {name: getattr(event, name) for name in after}
    for name, value in after.items():
        setattr(event, name, value)
    event.save(update_fields=list(after))
    event.write(kinds.EventRevised(before=_plain(before), after=_plain(after)), by=by, at=at)
    asked = set(event.requests.values_list("line", flat=True))
    for line in event.lines if event.is_on else ():
        if line not in asked:
            ask_for_line(event, line, by=by, at=at)
    return event


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }
