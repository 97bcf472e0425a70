"""Who did not acknowledge a work order in time is named to the level above; who hears of one."""

from datetime import datetime

from sujin.governance.acts.lateness import escalate_late, tell_above, tell_desks, watching_roles
from sujin.governance.kinds import order as kinds
from sujin.governance.models import WorkOrder
from sujin.platform.models import Entry, Person


def escalate_orders(*, by: Person, at: datetime) -> int:
    """Each late order once; how many."""
    return escalate_late(WorkOrder.objects.all(), kinds.OrderEscalated, by=by, at=at)


def inform_order_owner(entry: Entry) -> None:
    """The role that the pack names hears of it at the owner's desk; where nobody has that role,
    whoever watches there."""
    order = _order(entry)
    role = order.row.role if order.row is not None else ""
    if not tell_desks([order.owner], {role}, entry):
        tell_desks([order.owner], watching_roles(), entry)


def inform_above_order(entry: Entry) -> None:
    tell_above(_order(entry).owner, entry)


def _order(entry: Entry) -> WorkOrder:
    return WorkOrder.objects.select_related("owner__parent").get(pk=entry.subject_id)
