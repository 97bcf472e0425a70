"""Release a version: from its first moment it is what is said, and the old one is not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.engine.days import months_on
from sujin.knowledge import kinds
from sujin.knowledge.acts.draft import held_version
from sujin.knowledge.acts.stage import Plan, draw
from sujin.knowledge.kinds.version import RELEASED, SUPERSEDED
from sujin.knowledge.models import Item, Stage, Version
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
    """By somebody who did not write it; for at most as long as its form may hold. What it takes
    the place of ends as it begins, or when the last branch has it, in the same transaction."""
    held = held_version(version)
    if not held.awaits_second_pair_of_eyes:
        raise CannotRelease(_t("先送审，再发布"))
    if by.pk in {held.drafted_by_id, held.submitted_by_id}:
        raise CannotRelease(_t("起草人不能自己发布，请由另一人审核"))
    since, to = _days(held, valid_from, valid_to, at)
    stages = draw(held, plan, since) if plan else []
    last = max((one.since for one in stages), default=None)
    for old in _predecessors(held):
        _supersede(old, held, last or since, by=by, at=at)
    Stage.objects.bulk_create(stages)
    told = kinds.VersionReleased(
        state=RELEASED, released_by=by.pk, released_at=at, valid_from=since, valid_to=to,
        staged_until=last, by_lot=plan is not None and plan.by_lot, stages=_told(stages),
    )  # fmt: skip
    held.write(told, by=by, at=at)


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


def _predecessors(held: Version) -> list[Version]:
    """The released versions of the same item and of the items it replaces."""
    items = [held.item_id, *held.replaces]
    # In the order of their keys: two releases that replace each other cannot lock crosswise.
    list(Item.objects.select_for_update(of=("self",)).filter(pk__in=items).order_by("pk"))
    rows = Version.objects.select_for_update(of=("self",)).filter(item__in=items, state=RELEASED)
    return list(rows.order_by("pk"))


def _supersede(old: Version, new: Version, since: datetime, *, by: Person, at: datetime) -> None:
    told = kinds.VersionSuperseded(
        state=SUPERSEDED, ended_at=since, because="",
        successor=new.pk, title_of=new.title, number=new.number,
    )  # fmt: skip
    old.write(told, by=by, at=at)
