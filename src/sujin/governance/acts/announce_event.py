"""Write an event down; announce it: from then on the house gets ready for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints.rulebook import lines, taxonomy
from sujin.engine.redaction import redact
from sujin.governance import event_rules
from sujin.governance.acts.ask_for_line import ask_for_line
from sujin.governance.acts.forecast_event import forecast_event
from sujin.governance.duties import CannotAnnounce, refuse_unless_announcer
from sujin.governance.kinds import event as kinds
from sujin.governance.models import Event
from sujin.platform.models import Org, Person

WORDY = ("title", "what", "source", "population", "acceptance", "opinion", "customers_by")
LISTS = ("lines", "business", "cause", "branches", "products", "words")


@transaction.atomic
def draft_event(told: Mapping[str, Any], *, by: Person, at: datetime) -> Event:
    """A draft that only those who announce can see; ``told`` are fields of ``kinds.FIELDS``."""
    refuse_unless_announcer(by, at)
    event = Event(**checked(told))
    event.save()
    event.write(kinds.EventDrafted(state=kinds.DRAFT), by=by, at=at)
    return event


@transaction.atomic
def announce_event(draft: Event, *, by: Person, at: datetime, move: float | None = None) -> Event:
    """Every line concerned is asked for an answer line, and what is expected is stored."""
    refuse_unless_announcer(by, at)
    event = locked(draft)
    if not event.is_draft:
        raise CannotAnnounce(_t("这一事件已经通报"))
    if not event.lines:
        raise CannotAnnounce(_t("请至少选择一个涉及条线，才知道请谁出口径"))
    told = kinds.EventAnnounced(
        state=kinds.LIVE, announced_at=at, announced_by=by.pk, name=event.title,
        starts_at=event.starts_at, move=move,
    )  # fmt: skip
    event.write(told, by=by, at=at)
    for line in event.lines:
        ask_for_line(event, line, by=by, at=at)
    forecast_event(event, by=by, at=at)
    return event


def checked(told: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they are kept, numbers and names of customers masked. Raises CannotAnnounce."""
    kept = {name: told[name] for name in kinds.FIELDS if name in told}
    for name in WORDY:
        if name in kept:
            kept[name] = redact(str(kept[name]).strip()).text
    for name in LISTS:
        if name in kept:
            kept[name] = list(dict.fromkeys(kept[name]))
    _refuse_unknown(kept)
    for name in ("title", "what", "source"):
        if name in kept and not kept[name]:
            raise CannotAnnounce(_t("请填写：%(name)s") % {"name": kinds.FIELDS[name]})
    if kept.get("customers") is not None and not kept.get("customers_by"):
        raise CannotAnnounce(_t("请写明客户数由谁提供"))
    return kept


def _refuse_unknown(kept: Mapping[str, Any]) -> None:
    """Codes that the pack does not have would count nothing and say nothing."""
    codes = {(row.axis, row.code) for row in taxonomy().values()}
    strange = [one for one in kept.get("business", ()) if ("business", one) not in codes]
    strange += [one for one in kept.get("cause", ()) if ("cause", one) not in codes]
    strange += [one for one in kept.get("lines", ()) if one not in lines()]
    if kept.get("kind", next(iter(event_rules.kinds()))) not in event_rules.kinds():
        strange.append(kept["kind"])
    known = set(Org.objects.filter(pk__in=kept.get("branches", ())).values_list("pk", flat=True))
    strange += [str(one) for one in kept.get("branches", ()) if one not in known]
    if strange:
        raise CannotAnnounce(_t("没有这样的代码：%(codes)s") % {"codes": "、".join(strange)})


def locked(event: Event) -> Event:
    """The event as it is now, held to the end of the transaction."""
    return Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
