"""Say which version is the line of a request; hear when it is released, or taken back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.governance.acts.ask_for_line import held_request, refuse_unless_owner
from sujin.governance.event_leads import live_at
from sujin.governance.kinds import event as kinds
from sujin.governance.models import Attached, LineRequest
from sujin.knowledge.kinds.version import DATED_STATES, DRAFT, SUBMITTED
from sujin.knowledge.models import Version
from sujin.platform.models import Entry, Person
from sujin.platform.refusal import Refusal

# What may be said to customers, in the forms of the knowledge room.
FORMS = ("line", "scenario", "guideline")
STATES = (DRAFT, SUBMITTED, *DATED_STATES)


class CannotAttach(Refusal):
    """The version is no answer line, or ended, or is attached already."""


@transaction.atomic
def attach_line(request: LineRequest, version: Version, *, by: Person, at: datetime) -> None:
    """A released version is live at once; of a draft, its release makes it live."""
    held = held_request(request)
    refuse_unless_owner(held, by, at)
    _refuse_unless_usable(held, version, at)
    Attached.objects.create(request=held, version=version, by=by, at=at)
    if held.acknowledged_at is None:
        heard = kinds.LineAcknowledged(
            acknowledged_at=at, acknowledged_by=by.pk, owner=held.owner.name
        )
        held.write(heard, by=by, at=at)
    since = live_at(version)
    told = kinds.LineAttached(
        version=version.pk, name=version.title, number=version.number, owner=held.owner.name,
        live_at=max(since, at) if since else None,
    )  # fmt: skip
    held.write(told, by=by, at=at)


def _refuse_unless_usable(held: LineRequest, version: Version, at: datetime) -> None:
    if not held.event.is_on:
        raise CannotAttach(_t("事件未在应对或跟踪中"))
    if version.item.form not in FORMS:
        raise CannotAttach(_t("请选择应答口径、场景问答或应对指引"))
    if version.state not in STATES or (version.valid_to is not None and version.valid_to <= at):
        raise CannotAttach(_t("这一版已经停用，请选择有效的或正在起草的"))
    if version.state in DATED_STATES and version.ended_at and version.ended_at <= at:
        raise CannotAttach(_t("这一版已有新版，请选择新版"))
    if held.version_id == version.pk:
        raise CannotAttach(_t("已经挂接这一版"))


@transaction.atomic
def hear_release(entry: Entry) -> None:
    """A version was released: requests that wait for it have their line."""
    version = Version.objects.get(pk=entry.subject_id)
    since = live_at(version)
    waiting = LineRequest.objects.select_for_update(of=("self",)).filter(
        version=version, live_at__isnull=True
    )
    for held in waiting if since else ():
        told = kinds.LineLive(live_at=since, name=version.title)
        held.write(told, by=entry.by, at=entry.at)


@transaction.atomic
def hear_withdrawal(entry: Entry) -> None:
    """A version was taken back: requests that had it as their line have none."""
    version = Version.objects.get(pk=entry.subject_id)
    having = LineRequest.objects.select_for_update(of=("self",)).filter(
        version=version, live_at__isnull=False
    )
    for held in having:
        held.write(kinds.LineLive(live_at=None, name=version.title), by=entry.by, at=entry.at)
