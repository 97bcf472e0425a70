"""Tell whoever has to act on an event or a flash report: run once the entry has committed."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from sujin.governance.kinds import event as kinds
from sujin.governance.models import Event, FlashReport, LineRequest
from sujin.governance.models.event import ANNOUNCE
from sujin.knowledge.answering import above, answering
from sujin.knowledge.duties import DRAFT, RELEASE
from sujin.platform.acts.tell import tell
from sujin.platform.models import Entry, Org, Person, Post
from sujin.platform.organisation import OrgKind
from sujin.platform.queue import job_of
from sujin.platform.reach import roles

FLASH = "sujin.governance.jobs.flash"
OVERSEE = "oversee"


def queue_flash(entry: Entry) -> None:
    """The flash report is written by the next free worker, whose clock says how soon."""
    job_of(FLASH, queue="reactions").defer(event=entry.subject_id)


def inform_branches(entry: Entry) -> None:
    """Whoever oversees complaints in the branches concerned hears of an event."""
    event = Event.objects.get(pk=entry.subject_id)
    branches = Org.objects.filter(kind=OrgKind.BRANCH1)
    wanted = branches.filter(pk__in=event.branches) if event.branches else branches
    posts = _holding(OVERSEE, entry.at).filter(org__in=wanted)
    _tell([post.person for post in posts], entry, event.pk)


def inform_writers(entry: Entry) -> None:
    """Whoever writes for the owner of the line has a task with a limit."""
    request = _request(entry)
    _tell(answering(request.owner, DRAFT, entry.at), entry, request.event_id, urgent=True)


def inform_askers(entry: Entry) -> None:
    """Whoever asked hears that it was heard, that there is a line, or that it was taken back."""
    request = _request(entry)
    what = entry.what()
    is_gone = isinstance(what, kinds.LineLive) and what.live_at is None
    _tell([request.asked_by], entry, request.event_id, urgent=is_gone)


def inform_above(entry: Entry) -> None:
    """It is late: whoever releases for the owner, and whoever announced the event."""
    request = _request(entry)
    people = [*above(request.owner, RELEASE, entry.at), request.asked_by]
    _tell(people, entry, request.event_id, urgent=True)


def inform_of_flash(entry: Entry) -> None:
    """Its owners, and those who may issue it."""
    flash = FlashReport.objects.get(pk=entry.subject_id)
    heads = _holding(ANNOUNCE, entry.at).filter(org__parent__isnull=True)
    people = [post.person for post in heads]
    for receipt in flash.receipts.select_related("owner"):
        people += answering(receipt.owner, DRAFT, entry.at)
    _tell(people, entry, flash.pk, urgent=True)


def inform_above_flash(entry: Entry) -> None:
    """Those above the owners that did not acknowledge it."""
    flash = FlashReport.objects.get(pk=entry.subject_id)
    waiting = flash.receipts.filter(acknowledged_at__isnull=True).select_related("owner")
    people = [one for row in waiting for one in above(row.owner, RELEASE, entry.at)]
    _tell(people, entry, flash.pk, urgent=True)


def _holding(permission: str, at: datetime) -> QuerySet[Post]:
    holding = [role.code for role in roles().values() if permission in role.may]
    return Post.objects.on_duty_at(at).filter(role__in=holding).select_related("person")


def _request(entry: Entry) -> LineRequest:
    rows = LineRequest.objects.select_related("owner", "event", "asked_by")
    return rows.get(pk=entry.subject_id)


def _tell(persons: Iterable[Person], entry: Entry, key: int, *, urgent: bool = False) -> None:
    told = {one.pk: one for one in persons if one.pk != entry.by_id and not one.is_service}
    tell(told.values(), of=entry, number=str(key), urgent=urgent)
