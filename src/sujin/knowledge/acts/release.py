"""Release a version: from its first moment it is what is said, and the old one is not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _t

from sujin.engine.days import months_on
from sujin.knowledge import kinds
from sujin.knowledge.acts.draft import held_version
from sujin.knowledge.acts.stage import Plan, draw
from sujin.knowledge.duties import RELEASE, may
from sujin.knowledge.kinds.version import RELEASED, SUPERSEDED
from sujin.knowledge.models import Item, Stage, Version
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotRelease(Refusal):
    """It is not this person's to release, or not now; the message says why."""


@transaction.atomic
def release(
    version: Version,
    *,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    plan: Plan | None = None,
    by: Person,
    at: datetime,
) -> None:
    """By somebody who wrote no word of it; for at most as long as its form may hold. What it takes
    the place of ends as it begins, or when the last branch has it, in the same transaction."""
    held = _held(version)
    _refuse_unless_free(held, by, at)
    since, to = _days(held, valid_from, valid_to, at)
    stages = draw(held, plan, since) if plan else []
    last = max((one.since for one in stages), default=None)
    running = _predecessors(held, since)
    _refuse_gap(running, last)
    for old in running:
        _supersede(old, held, last or since, by=by, at=at)
    Stage.objects.bulk_create(stages)
    told = kinds.VersionReleased(
        state=RELEASED, released_by=by.pk, released_at=at, valid_from=since, valid_to=to,
        staged_until=last, by_lot=plan is not None and plan.by_lot, stages=_told(stages),
    )  # fmt: skip
    held.write(told, by=by, at=at)


def _held(version: Version) -> Version:
    """The version, its item and the items it replaces, held in the order of their keys: two
    releases that replace each other cannot lock crosswise."""
    ids = Version.objects.values_list("item", "replaces").get(pk=version.pk)
    items = Item.objects.select_for_update(of=("self",)).filter(pk__in=[ids[0], *ids[1]])
    list(items.order_by("pk"))
    return held_version(version)


def _refuse_unless_free(held: Version, by: Person, at: datetime) -> None:
    if not held.awaits_second_pair_of_eyes:
        raise CannotRelease(_t("先送审，再发布"))
    if held.was_written_by(by):
        raise CannotRelease(_t("起草、修改、送审过的人不能发布，请由另一人审核"))
    mine = reach.of(by, at)
    for item in Item.objects.filter(pk__in=held.replaces).select_related("owner"):
        if not may(mine, RELEASE, item):
            said = {"code": item.code, "owner": item.owner}
            raise CannotRelease(_t("《%(code)s》由%(owner)s归口，您不能取代它") % said)


def _refuse_gap(running: Sequence[Version], last: datetime | None) -> None:
    """While the new text comes branch by branch, those that wait need the old one."""
    if last is None:
        return
    if any(old.state == SUPERSEDED for old in running):
        raise CannotRelease(_t("上一版还没有推开完毕或还没有生效，不能再分批推开"))
    if any(old.valid_to is not None and old.valid_to < last for old in running):
        raise CannotRelease(_t("上一版在推开完毕以前就到期，请先延长上一版"))


def _told(stages: Sequence[Stage]) -> tuple[dict[str, Any], ...]:
    ordered = sorted(stages, key=lambda one: (one.since, one.org.code))
    return tuple({"org": one.org.code, "since": one.since.isoformat()} for one in ordered)


def _days(
    held: Version, valid_from: datetime | None, valid_to: datetime | None, at: datetime
) -> tuple[datetime, datetime]:
    since = max(valid_from or held.wanted_from or at, at)
    longest = latest_end(held.item, since)
    to = valid_to or held.wanted_to or longest
    if to <= since:
        raise CannotRelease(_t("失效时间要晚于生效时间"))
    if to > longest:
        said = {"form": held.item.shape.name, "months": held.item.shape.valid_months}
        raise CannotRelease(_t("%(form)s最长有效 %(months)d 个月，到期须复核") % said)
    return since, to


def latest_end(item: Item, since: datetime) -> datetime:
    """How long a version that begins at ``since`` may hold."""
    return datetime.combine(months_on(since.date(), item.shape.valid_months), since.timetz())


def _predecessors(held: Version, since: datetime) -> list[Version]:
    """What would still be served from ``since`` on, of the same item and of those it replaces:
    also what an earlier release has ended for later only."""
    items = [held.item_id, *held.replaces]
    rows = Version.objects.select_for_update(of=("self",)).filter(item__in=items)
    going = Q(state=RELEASED) | Q(state=SUPERSEDED, ended_at__gt=since)
    return list(rows.filter(going).exclude(pk=held.pk).order_by("pk"))


def _supersede(old: Version, new: Version, since: datetime, *, by: Person, at: datetime) -> None:
    told = kinds.VersionSuperseded(
        state=SUPERSEDED, ended_at=since, because="",
        successor=new.pk, title_of=new.title, number=new.number,
    )  # fmt: skip
    old.write(told, by=by, at=at)
