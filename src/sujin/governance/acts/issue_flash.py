"""Write a flash report for whatever set it off; a second person issues it; owners acknowledge."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.governance import flash as flashes
from sujin.governance.duties import refuse_unless_announcer
from sujin.governance.flash import Trigger
from sujin.governance.kinds import flash as kinds
from sujin.governance.models import FlashReceipt, FlashReport
from sujin.knowledge.desks import line_desks
from sujin.platform import reach
from sujin.platform.models import Org, Person
from sujin.platform.refusal import Refusal

# One number at a time: "SUJIFLSH" as a number.
TURN = 0x53554A49464C5348
OWNS = "draft"


class CannotIssue(Refusal):
    """Who drafted it does not issue it, or it was issued already."""


class CannotAcknowledgeFlash(Refusal):
    """It is not this person's to acknowledge, or it was done."""


@transaction.atomic
def draft_flash(trigger: Trigger, *, by: Person, at: datetime) -> FlashReport:
    """The next version for this trigger, in its owners' hands at once; older ones give way."""
    refuse_unless_announcer(by, at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
    before = FlashReport.objects.about(trigger.subject, trigger.subject_id).first()
    year, number, version = _next(before, at)
    owners = _owners(trigger.lines)
    made = FlashReport.objects.create(
        of=trigger.subject, of_id=trigger.subject_id, year=year, number=number, version=version,
        title=trigger.title, triggered_at=min(trigger.at, at) if before is None else at,
        content=flashes.content(trigger, [str(one) for one in owners], at),
        drafted_at=at, drafted_by=by,
    )  # fmt: skip
    FlashReceipt.objects.bulk_create(FlashReceipt(flash=made, owner=owner) for owner in owners)
    told = kinds.FlashDrafted(
        state=kinds.DRAFTED, due_at=at + trigger.limit, name=f"{made.label} {made.title}",
        seconds=round(made.seconds, 1),
    )  # fmt: skip
    made.write(told, by=by, at=at)
    if before is not None and before.state != kinds.REPLACED:
        before.write(kinds.FlashReplaced(state=kinds.REPLACED), by=by, at=at)
    return made


def _next(before: FlashReport | None, at: datetime) -> tuple[int, int, int]:
    """Year, number and version: a trigger keeps its number."""
    if before is not None:
        return before.year, before.number, before.version + 1
    year = timezone.localdate(at).year
    last = FlashReport.objects.filter(year=year).aggregate(last=Max("number"))["last"]
    return year, (last or 0) + 1, 1


def _owners(lines: Iterable[str]) -> list[Org]:
    """The desks of the lines concerned; where nobody is, the head office."""
    desks = line_desks()
    found = [desks[line] for line in lines if line in desks] or [desks[""]]
    return list({one.pk: one for one in found}.values())


@transaction.atomic
def issue_flash(flash: FlashReport, *, by: Person, at: datetime) -> None:
    """Four eyes: whoever drafted it cannot issue it. From now on the clock of its owners runs."""
    refuse_unless_announcer(by, at)
    held = _held(flash)
    if held.state != kinds.DRAFTED:
        raise CannotIssue(_t("只有草稿可以签发"))
    if held.drafted_by_id == by.pk:
        raise CannotIssue(_t("起草人不能自己签发，请由另一人签发"))
    told = kinds.FlashIssued(
        state=_state_of(held), issued_at=at, issued_by=by.pk,
        due_at=at + timedelta(minutes=int(held.content["minutes"])),
        name=f"{held.label} {held.title}",
    )  # fmt: skip
    held.write(told, by=by, at=at)


def _state_of(held: FlashReport) -> str:
    """Once issued: whoever acknowledged the draft has read the same words."""
    waiting = held.receipts.filter(acknowledged_at__isnull=True).exists()
    return kinds.ISSUED if waiting else kinds.ACKNOWLEDGED


@transaction.atomic
def acknowledge_flash(flash: FlashReport, *, by: Person, at: datetime) -> None:
    """For every owner that the person writes for."""
    held = _held(flash)
    if held.state == kinds.REPLACED:
        raise CannotAcknowledgeFlash(_t("已有新版，请确认新版"))
    rows = held.receipts.select_for_update(of=("self",)).select_related("owner")
    mine = reach.of(by, at)
    own = [one for one in rows if mine.allows(OWNS, one.owner.tokens)]
    waiting = [one for one in own if one.acknowledged_at is None]
    if not own:
        raise CannotAcknowledgeFlash(_t("这份快报不是发给您的部门的"))
    if not waiting:
        raise CannotAcknowledgeFlash(_t("已经确认过"))
    for one in waiting:
        one.acknowledged_by, one.acknowledged_at = by, at
        one.save(update_fields=["acknowledged_by", "acknowledged_at"])
        state = held.state if held.state == kinds.DRAFTED else _state_of(held)
        told = kinds.FlashAcknowledged(state=state, owner=str(one.owner))
        held.write(told, by=by, at=at)


def escalate_flashes(*, by: Person, at: datetime) -> int:
    """What an owner did not acknowledge in time goes up, once; how many."""
    late = FlashReport.objects.unacknowledged().filter(escalated_at__isnull=True, due_at__lt=at)
    keys = list(late.order_by("pk").values_list("pk", flat=True))
    return sum(_escalate(key, by=by, at=at) for key in keys)


@transaction.atomic
def _escalate(key: int, *, by: Person, at: datetime) -> bool:
    held = _held(FlashReport(pk=key))
    waiting = held.receipts.filter(acknowledged_at__isnull=True).select_related("owner")
    owners = tuple(str(one.owner) for one in waiting.order_by("pk"))
    if not owners or held.escalated_at is not None:
        return False
    told = kinds.FlashEscalated(escalated_at=at, owners=owners, name=f"{held.label} {held.title}")
    held.write(told, by=by, at=at)
    return True


def _held(flash: FlashReport) -> FlashReport:
    return FlashReport.objects.select_for_update(of=("self",)).get(pk=flash.pk)
