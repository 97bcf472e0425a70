"""Two looks at the same moment, on two connections that really commit, open one order."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from sujin.governance.acts.gauge_indicators import gauge_indicators, open_order
from sujin.governance.models import Gauge, WorkOrder
from sujin.lab.cast import OUTLET_A
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Entry
from tests.complaints.test_races import _until_somebody_waits
from tests.governance.indicator_town import tell

Alone = Callable[[Callable[[], Any]], "Future[Any]"]
WRITTEN = (
    "governance_workorder", "governance_gauge", "complaints_complaint", "complaints_tally",
)  # fmt: skip


@pytest.fixture
def committed(db: None) -> Iterator[Alone]:
    """Runs a function on a thread and a connection of its own; its commits are wiped afterwards."""
    with ThreadPoolExecutor(4) as threads:
        yield lambda act: threads.submit(_alone, act)
        threads.submit(_alone, _wipe).result(60)


def _wipe() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # The server's superuser may do here what the application never can.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM platform_entry WHERE subject = 'order'")
        for table in WRITTEN:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("DELETE FROM procrastinate_jobs")


def _alone(act: Callable[[], Any]) -> Any:
    try:
        return act()
    finally:
        connection.close()


def _look(at: datetime) -> list[WorkOrder]:
    return gauge_indicators(by=system_person(), at=at)


def test_the_second_look_waits_and_finds_the_order_there(committed: Alone, noon: datetime) -> None:
    committed(lambda: tell(noon, {OUTLET_A: [(60, 6), (60, 30)]})).result(60)
    taken, held = Event(), Event()

    def first() -> list[WorkOrder]:
        with transaction.atomic():
            opened = _look(noon)
            taken.set()
            assert held.wait(60)
        return opened

    one = committed(first)
    assert taken.wait(60)
    other = committed(lambda: _look(noon))
    committed(lambda: _until_somebody_waits(held, other)).result(60)
    assert len(one.result(60)) == 1 and other.result(60) == []
    counts = committed(lambda: (WorkOrder.objects.count(), _entries())).result(30)
    assert counts == (1, ["order.opened"])


def test_two_that_would_open_it_at_once_are_told_apart_by_the_database(
    committed: Alone, noon: datetime
) -> None:
    """Neither saw the other's order when it decided to open one."""

    def plant() -> Gauge:
        tell(noon, {OUTLET_A: [(60, 6), (60, 30)]})
        _look(noon)
        _forget_orders()
        return Gauge.objects.select_related("org").get(state="breached")

    gauged = committed(plant).result(60)
    taken, held = Event(), Event()

    def first() -> WorkOrder | None:
        with transaction.atomic():
            made = open_order(gauged, by=system_person(), at=noon)
            taken.set()
            assert held.wait(60)
        return made

    one = committed(first)
    assert taken.wait(60)
    other = committed(lambda: open_order(gauged, by=system_person(), at=noon))
    committed(lambda: _until_somebody_waits(held, other)).result(60)
    assert one.result(60) is not None and other.result(60) is None
    assert committed(WorkOrder.objects.count).result(30) == 1


def _forget_orders() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM platform_entry WHERE subject = 'order'")
        cursor.execute("DELETE FROM governance_workorder")


def _entries() -> list[str]:
    return list(Entry.objects.filter(subject="order").values_list("kind", flat=True))
