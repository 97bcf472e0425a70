"""Whether what stands on a screen may still be said: asked again every minute by the screen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _t

from sujin.knowledge.audience import Audience
from sujin.knowledge.models import Version


@dataclass(frozen=True, slots=True)
class Fallen:
    """A version that is served no longer: why, and what is said instead, if anything."""

    pk: int
    why: str
    instead: str
    title: str


def fallen(pks: Iterable[int], audience: Audience, at: datetime) -> list[Fallen]:
    """Those of ``pks`` that this reader may be shown no longer. Why, only of what was once released
    for this reader; of anything else, be it there or not, the same words. Four queries at most."""
    asked = set(pks)
    served = _served(asked, audience, at)
    mine = Version.objects.for_audience(audience).filter(released_at__isnull=False)
    gone = mine.filter(pk__in=asked - served).select_related("item", "successor__item")
    after = _served({one.successor_id for one in gone if one.successor_id}, audience, at)
    told = {one.pk: _told(one, at, has_successor=one.successor_id in after) for one in gone}
    return [told.get(pk) or Fallen(pk, _t("请勿再用"), "", "") for pk in sorted(asked - served)]


def _served(pks: set[int], audience: Audience, at: datetime) -> set[int]:
    if not pks:
        return set()
    rows = Version.objects.served(audience, at).filter(pk__in=pks)
    return set(rows.values_list("pk", flat=True))


def _told(one: Version, at: datetime, *, has_successor: bool) -> Fallen:
    if one.successor is not None and has_successor:
        why, after = _t("已由新版取代，请勿再用"), one.successor
        return Fallen(one.pk, why, after.item.get_absolute_url(), after.title)
    if one.valid_to is not None and one.valid_to <= at and one.ended_at is None:
        return Fallen(one.pk, _t("有效期已过，请勿再用"), "", "")
    said = {"because": one.ended_because or "—"}
    return Fallen(one.pk, _t("已撤回，请勿再用：%(because)s") % said, "", "")
