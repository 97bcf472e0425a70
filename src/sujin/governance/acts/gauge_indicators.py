"""Gauge every indicator; a breach opens a work order, figures back on target close it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from sujin.complaints.figures.selection import Window
from sujin.engine.indicators import State
from sujin.governance.gauging import gauge, owner_of
from sujin.governance.indicatorbook import Indicator, indicators, terms
from sujin.governance.kinds import order as kinds
from sujin.governance.models import Gauge, WorkOrder
from sujin.platform.models import Person


def gauge_indicators(*, by: Person, at: datetime) -> list[WorkOrder]:
    """The orders opened. A period is gauged once, when it is over; a second look the same night
    writes nothing. Of periods that were missed only the last opens an order."""
    opened: list[WorkOrder] = []
    for row in indicators().values():
        periods = list(_ungauged(row, timezone.localdate(at)))
        for window in periods:
            opened += _look(row, window, opens=window == periods[-1], by=by, at=at)
    return opened


def _ungauged(row: Indicator, today: date) -> Iterator[Window]:
    for window in row.period.before(today, terms().back_periods):
        if not Gauge.objects.filter(indicator=row.code, first=window.first).exists():
            yield window


@transaction.atomic
def _look(
    row: Indicator, window: Window, *, opens: bool, by: Person, at: datetime
) -> list[WorkOrder]:
    """Figures and what follows of them, all or nothing. Whoever looks at the same moment waits,
    finds the figures there, and reads the same."""
    Gauge.objects.bulk_create(gauge(row, window, at=at), ignore_conflicts=True)
    rows = Gauge.objects.filter(indicator=row.code, first=window.first).select_related("org")
    gauged = list(rows.order_by("org__path"))
    standing = _standing(row, gauged)
    found = []
    for one in gauged:
        if one.org_id in standing:
            follow_order(standing[one.org_id], one, by=by, at=at)
        elif opens and one.state == State.BREACHED:
            made = open_order(one, by=by, at=at)
            found += [made] if made else []
    return found


def _standing(row: Indicator, gauged: Sequence[Gauge]) -> dict[int, WorkOrder]:
    orgs = [one.org_id for one in gauged]
    rows = WorkOrder.objects.standing().filter(indicator=row.code, org__in=orgs)
    return {order.org_id: order for order in rows}


def open_order(gauged: Gauge, *, by: Person, at: datetime) -> WorkOrder | None:
    """A new order for a breach; None when one stands already, which the database decides."""
    row = indicators()[gauged.indicator]
    try:
        with transaction.atomic():
            order = WorkOrder.objects.create(
                opened_at=at, indicator=gauged.indicator, org=gauged.org
            )
            opened = kinds.OrderOpened(
                **_figures(gauged), org=gauged.org_id, owner=owner_of(row, gauged.org).pk,
                rule=gauged.rule, p=gauged.p, run=gauged.run, acknowledge_by=at + row.acknowledge,
            )  # fmt: skip
            order.write(opened, by=by, at=at)
    except IntegrityError:
        if WorkOrder.objects.standing().filter(indicator=row.code, org=gauged.org).exists():
            return None
        raise
    return order


@transaction.atomic
def follow_order(order: WorkOrder, gauged: Gauge, *, by: Person, at: datetime) -> None:
    """The next figure of a standing order, which the last of enough good ones closes; nothing of
    a period that it knows, or one that has ended meanwhile."""
    held = WorkOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if not held.stands or held.last is None or gauged.first <= held.last:
        return
    on_target = {State.INSIDE: held.inside + 1, State.FEW: held.inside}
    inside = on_target.get(State(gauged.state), 0)
    told = kinds.OrderFollowed(**_figures(gauged), state=gauged.state, inside=inside)
    held.write(told, by=by, at=at)
    if inside >= terms().inside_periods:
        proof = _evidence(held, inside)
        closed = kinds.OrderClosed(indicator=held.indicator, evidence=proof, closed_at=at)
        held.write(closed, by=by, at=at)


def _evidence(order: WorkOrder, count: int) -> tuple[dict[str, Any], ...]:
    """The last periods on target, the oldest first."""
    rows = Gauge.objects.filter(
        indicator=order.indicator, org=order.org_id, first__lte=order.last, state=State.INSIDE
    )
    found = [
        {"first": one.first.isoformat(), "value": one.value, "n": one.n, "bad": one.bad}
        for one in rows.order_by("-first")[:count]
    ]
    return tuple(reversed(found))


def _figures(gauged: Gauge) -> dict[str, Any]:
    names = ("indicator", "first", "last", "n", "bad", "value", "low", "high", "threshold")
    return {name: getattr(gauged, name) for name in names}
