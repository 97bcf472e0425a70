"""Who looks at what may be urgent: the desk that has it, or the next level where somebody can;
where nobody above can, head office's consumer-protection desk, and in the last resort its head."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sujin.complaints.desks import Desks
from sujin.complaints.models import Complaint
from sujin.complaints.sides import Entities
from sujin.platform.models import Org, Post
from sujin.platform.reach import Reach, roles


def desks_looked_after(reach: Reach, at: datetime) -> list[int]:
    """The desks whose waiting cases the person looks at; at most two queries, but where nobody
    above one of them may set tiers.

    Such a desk falls to the consumer-protection desk of its head office, and to whoever leads the
    head office, even while away: it is never nobody's.
    """
    mine = {post.org_id for post in reach.posts if post.role in _tiering()}
    if not mine:
        return []
    waiting = Complaint.objects.within(reach).open().filter(awaits_tier=True)
    desks = list(Org.objects.filter(pk__in=waiting.values("desk")))
    manned = _manned(desks, at)
    stand_in = stand_ins(desks, at, manned)
    return [
        desk.pk
        for desk in desks
        if mine & {desk.pk, _nearest(desk, manned) or desk.lineage[0]}
        or (desk.pk in stand_in and stand_in[desk.pk].pk in mine)
    ]


def stand_ins(
    desks: Iterable[Org], at: datetime, manned: Collection[int] | None = None
) -> Mapping[int, Org]:
    """The consumer-protection desk, by the key of each desk with nobody above it who may set tiers
    today. It is asked only within its own legal entity, and if somebody there may."""
    asked = list(desks)
    held = _manned(asked, at) if manned is None else manned
    lost = [desk for desk in asked if _nearest(desk, held) is None]
    if not lost:
        return {}
    known, entities = Desks(at), Entities()
    known.learn(lost)
    found = {desk.pk: known.top(desk) for desk in lost}
    able = {org.pk for org in set(found.values()) if known.staff(org, "retier")}
    side = {desk.pk: entities.side_of(desk) for desk in lost}
    return {
        pk: org for pk, org in found.items() if org.pk in able and entities.side_of(org) == side[pk]
    }


def _tiering() -> list[str]:
    return [role.code for role in roles().values() if "retier" in role.may]


def _manned(desks: Iterable[Org], at: datetime) -> set[int]:
    """Which of the desks, and of what is above them, have somebody on duty who may set tiers."""
    steps = {step for desk in desks for step in desk.lineage}
    posts = Post.objects.on_duty_at(at).filter(org__in=steps, role__in=_tiering())
    return set(posts.values_list("org", flat=True))


def _nearest(desk: Org, manned: Collection[int]) -> int | None:
    return next((step for step in reversed(desk.lineage) if step in manned), None)
