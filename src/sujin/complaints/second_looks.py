"""Who looks at what may be urgent: the desk that has it, or the next level where somebody can."""

from datetime import datetime

from sujin.complaints.models import Complaint
from sujin.platform.models import Org, Post
from sujin.platform.reach import Reach, roles


def desks_looked_after(reach: Reach, at: datetime) -> list[int]:
    """The desks whose waiting cases the person looks at; at most two queries.

    A desk without anybody on duty who may set tiers is looked after by the nearest level above.
    """
    tiering = [role.code for role in roles().values() if "retier" in role.may]
    mine = {post.org_id for post in reach.posts if post.role in tiering}
    if not mine:
        return []
    waiting = Complaint.objects.within(reach).open().filter(awaits_tier=True)
    desks = list(Org.objects.filter(pk__in=waiting.values("desk")))
    steps = {step for desk in desks for step in desk.lineage}
    posts = Post.objects.on_duty_at(at).filter(org__in=steps, role__in=tiering)
    manned = set(posts.values_list("org", flat=True))
    return [desk.pk for desk in desks if mine & {desk.pk, _nearest(desk, manned)}]


def _nearest(desk: Org, manned: set[int]) -> int | None:
    return next((step for step in reversed(desk.lineage) if step in manned), None)
