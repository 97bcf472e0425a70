"""Whether what stands on a screen may still be said: asked again every minute by the screen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _t

from sujin.knowledge.audience import Audience
from sujin.knowledge.models import Version

MOST = 200


@dataclass(frozen=True, slots=True)
class Fallen:
    """A version that is served no longer: why, and what is said instead, if anything."""

    pk: int
    why: str
    instead: str
    title: str


def fallen(pks: Iterable[int], audience: Audience, at: datetime) -> list[Fallen]:
    """Those of ``pks`` that this reader may be shown no longer. Two queries at most."""
    asked = set(list(pks)[:MOST])
    served = set(
        Version.objects.served(audience, at).filter(pk__in=asked).values_list("pk", flat=True)
    )
    gone = Version.objects.filter(pk__in=asked - served).select_related("item", "successor__item")
    return [_told(one, audience, at) for one in gone]


def _told(one: Version, audience: Audience, at: datetime) -> Fallen:
    after = one.successor
    if after is not None and after.is_in_force(at) and _reads(after, audience):
        why = _t("已由新版取代，请勿再用")
        return Fallen(one.pk, why, after.item.get_absolute_url(), after.title)
    if one.valid_to is not None and one.valid_to <= at and one.ended_at is None:
        return Fallen(one.pk, _t("有效期已过，请勿再用"), "", "")
    said = {"because": one.ended_because or "—"}
    return Fallen(one.pk, _t("已撤回，请勿再用：%(because)s") % said, "", "")


def _reads(one: Version, audience: Audience) -> bool:
    is_for = audience.surface in one.surfaces
    return is_for and (audience.everywhere or not one.orgs or bool({*one.orgs} & {*audience.orgs}))
