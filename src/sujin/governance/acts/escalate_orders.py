"""Who did not acknowledge a work order in time is named to the level above; who hears of one."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from sujin.governance.kinds import order as kinds
from sujin.governance.models import WorkOrder
from sujin.governance.models.wave import WATCH
from sujin.platform.acts.tell import tell
from sujin.platform.models import Entry, Org, Person, Post
from sujin.platform.reach import roles


def escalate_orders(*, by: Person, at: datetime) -> int:
    """Each late order once; how many."""
    late = list(WorkOrder.objects.late(at).order_by("pk").values_list("pk", flat=True))
    return sum(_escalate(key, by=by, at=at) for key in late)


@transaction.atomic
def _escalate(key: int, *, by: Person, at: datetime) -> bool:
    rows = WorkOrder.objects.select_for_update(of=("self",)).select_related("owner")
    order = rows.late(at).filter(pk=key).first()
    if order is None:
        return False
    told = kinds.OrderEscalated(escalated_at=at, owner_name=str(order.owner))
    order.write(told, by=by, at=at)
    return True


def inform_order_owner(entry: Entry) -> None:
    """The role that the pack names hears of it at the owner's desk; where nobody has that role,
    whoever watches there."""
    order = _order(entry)
    role = order.row.role if order.row is not None else ""
    if not _tell([order.owner], {role}, entry):
        _tell([order.owner], _watching(), entry)


def inform_above_order(entry: Entry) -> None:
    """The level above the owner hears that it is late; above a department or a first-level branch
    that is the head office itself."""
    owner = _order(entry).owner
    above = owner.parent if owner is not None else None
    _tell([above, owner], _watching(), entry, urgent=True)


def _order(entry: Entry) -> WorkOrder:
    return WorkOrder.objects.select_related("owner__parent").get(pk=entry.subject_id)


def _watching() -> set[str]:
    return {role.code for role in roles().values() if WATCH in role.may}


def _tell(
    orgs: Iterable[Org | None], able: set[str], entry: Entry, *, urgent: bool = False
) -> bool:
    """Whether anybody was there to be told."""
    known = [org for org in orgs if org is not None]
    posts = Post.objects.on_duty_at(entry.at).filter(org__in=known, role__in=able)
    told = {post.person_id: post.person for post in posts.select_related("person")}
    told.pop(entry.by_id, None)
    tell(told.values(), of=entry, number=str(entry.subject_id), urgent=urgent)
    return bool(told)
