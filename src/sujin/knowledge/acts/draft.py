"""Begin a wording: of a new item, or the next version of one that is there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from sujin.knowledge import kinds
from sujin.knowledge.catalogue import forms
from sujin.knowledge.kinds.version import DRAFT, SUBMITTED
from sujin.knowledge.models import Item, Version
from sujin.knowledge.wording import SCOPES, Wording
from sujin.platform.models import Org, Person
from sujin.platform.refusal import Refusal


class CannotDraft(Refusal):
    """The wording cannot be begun; the message says why and what to do."""


@transaction.atomic
def draft_item(
    wording: Wording, *, owner: Org, by: Person, at: datetime, starter: bool = False
) -> Version:
    """A new item and its first wording."""
    if wording.form not in forms():
        raise CannotDraft(_t("没有这种体裁：%(form)s") % {"form": wording.form})
    if Item.objects.filter(code=wording.code).exists():
        raise CannotDraft(_t("代码 %(code)s 已经有了，请换一个") % {"code": wording.code})
    item = Item(
        code=wording.code, form=wording.form, line=wording.line, owner=owner,
        starter=starter, created_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError:
        raise CannotDraft(_t("代码 %(code)s 已经有了，请换一个") % {"code": wording.code}) from None
    return _begin(item, 1, _fields(wording), by=by, at=at)


@transaction.atomic
def draft_next(item: Item, *, because: str, by: Person, at: datetime) -> Version:
    """The next version, filled with what the last one says."""
    held = locked(item)
    last = held.versions.order_by("-number").first()
    if last is None or not because.strip():
        raise CannotDraft(_t("请写明为什么要改"))
    if last.state in {DRAFT, SUBMITTED}:
        raise CannotDraft(_t("第 %(n)d 版还在起草或审核，请先办完它") % {"n": last.number})
    same = ("title", "parts", "asks", "orgs", *SCOPES)
    given = {"change": because.strip()[:300], **{name: getattr(last, name) for name in same}}
    return _begin(held, last.number + 1, given, by=by, at=at)


def _begin(
    item: Item, number: int, given: Mapping[str, Any], *, by: Person, at: datetime
) -> Version:
    made = Version(item=item, number=number, drafted_by=by, drafted_at=at, **given)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise CannotDraft(_t("已有人在起草这一条的新版")) from None
    told = kinds.VersionDrafted(state=DRAFT, number=number, because=made.change)
    made.write(told, by=by, at=at)
    return made


def _fields(wording: Wording) -> dict[str, Any]:
    scope = {name: list(wording.scope.get(name, ())) for name in SCOPES}
    return {
        "title": wording.title, "parts": dict(wording.parts), "asks": list(wording.asks), **scope
    }  # fmt: skip


def locked(item: Item) -> Item:
    """The item, held to the end of the transaction: one thing at a time happens to its versions."""
    return Item.objects.select_for_update(of=("self",)).get(pk=item.pk)


def held_version(version: Version) -> Version:
    """The version as it is now, its item held first."""
    item = locked(version.item)
    held = Version.objects.select_for_update(of=("self",)).get(pk=version.pk)
    held.item = item
    return held
