"""Two doors at the same moment: real connections, real commits, and nothing left behind."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from sujin.complaints import kinds
from sujin.complaints.acts.receive import receive
from sujin.complaints.acts.withdraw import withdraw
from sujin.complaints.arrival import Reception
from sujin.complaints.draft import Draft, PartyDraft
from sujin.complaints.models import Complaint
from sujin.complaints.preview import preview
from sujin.lab import cast as stage
from sujin.lab.cast import OUTLET_A
from sujin.platform import reach
from sujin.platform.models import Person
from tests.complaints.conftest import FEE

PHONE = "13912345670"
WRITTEN = ("complaints_contact", "complaints_party", "complaints_complaint", "complaints_series")
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def committed(db: None) -> Iterator[Callable[[Callable[[], Any]], "Future[Any]"]]:
    """Runs a function on a thread and a connection of its own; its commits are wiped afterwards."""
    with ThreadPoolExecutor(4) as threads:
        yield lambda act: threads.submit(_alone, act)
        threads.submit(_alone, _wipe).result(60)


def _wipe() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # The server's superuser may do here what the application never can.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM platform_entry WHERE subject = 'complaint'")
        for table in WRITTEN:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("DELETE FROM procrastinate_jobs")


def _alone(act: Callable[[], Any]) -> Any:
    try:
        return act()
    finally:
        connection.close()


def _draft(at: datetime, channel: str = "counter") -> Draft:
    return Draft(channel, FEE, at, OUTLET_A, parties=(PartyDraft(name="张伟", phone=PHONE),))


def _teller() -> Person:
    return Person.objects.get(staff_no=stage.WANG_XIUYING.staff_no)


def _until_somebody_waits(held: Event, second: "Future[Any]") -> None:
    """Let the first go on only when the second really stands behind it."""
    for _try in range(500):
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                held.set()
                return
        assert not second.done(), "the second did not wait for the first"
        held.wait(0.02)
    raise AssertionError("nobody waited")


def test_one_customer_at_two_doors_at_once_is_one_case(committed: Any, noon: datetime) -> None:
    taken, held = Event(), Event()

    def first() -> Any:
        with transaction.atomic():
            receipt = receive(_draft(noon), by=_teller(), at=noon)
            taken.set()
            assert held.wait(30)
        return receipt

    at_counter = committed(first)
    assert taken.wait(30)
    by_phone = committed(lambda: receive(_draft(noon, "hotline"), by=_teller(), at=noon))
    committed(lambda: _until_somebody_waits(held, by_phone)).result(30)
    assert by_phone.result(30).reception is Reception.JOINED
    assert by_phone.result().number == at_counter.result(30).number


def test_a_case_that_closes_while_a_contact_arrives_gets_a_successor(
    committed: Any, noon: datetime
) -> None:
    first = committed(lambda: receive(_draft(noon), by=_teller(), at=noon)).result(30).complaint
    closing, held = Event(), Event()

    def close() -> None:
        with transaction.atomic():
            case = Complaint.objects.get(pk=first.pk)
            withdraw(case, because="客户书面撤回", by=_teller(), at=noon + timedelta(minutes=1))
            closing.set()
            assert held.wait(30)

    closed = committed(close)
    assert closing.wait(30)
    later = noon + timedelta(minutes=2)
    again = committed(lambda: receive(_draft(later), by=_teller(), at=later))
    committed(lambda: _until_somebody_waits(held, again)).result(30)
    closed.result(30)
    receipt = again.result(30)
    assert receipt.reception is Reception.NEW
    assert receipt.number != first.number
    docket = committed(lambda: list(first.entries.of(kinds.Contacted))).result(30)
    assert docket == []


def test_reading_the_words_of_a_known_customer_holds_nobody_up(
    committed: Any, noon: datetime
) -> None:
    """The preview runs outside any transaction, where nothing can be locked."""

    def read() -> bool:
        teller = _teller()
        found = preview(_draft(noon), by=teller, reach=reach.of(teller, noon), at=noon)
        return found.joins

    committed(lambda: receive(_draft(noon), by=_teller(), at=noon)).result(30)
    assert committed(read).result(30) is True
