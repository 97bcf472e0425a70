"""Two posts of one person at the same moment, on two connections that really commit, are one
proposal."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from sujin.lab.cast import WANG_XIUYING
from sujin.platform.models import Person
from sujin.supervision.acts.submit_proposal import CannotPropose, submit_proposal
from sujin.supervision.models import Proposal
from tests.complaints.test_races import _until_somebody_waits
from tests.supervision.test_proposals import draft

Alone = Callable[[Callable[[], Any]], "Future[Any]"]


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
        cursor.execute("DELETE FROM platform_entry WHERE subject = 'proposal'")
        cursor.execute("DELETE FROM supervision_proposal")
        cursor.execute("DELETE FROM procrastinate_jobs")


def _alone(act: Callable[[], Any]) -> Any:
    try:
        return act()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("more", "remedy"),
    [
        ({"differs": "完全不是一回事"}, "已经提过同样的一条"),
        ({"words": "扣收前三十天逐户短信告知还差几笔就免年费"}, "有相近的建议"),
    ],
)
def test_the_second_post_waits_and_finds_the_proposal_there(
    committed: Alone, noon: datetime, more: dict[str, str], remedy: str
) -> None:
    taken, held = Event(), Event()

    def post(**changes: str) -> Proposal:
        by = Person.objects.get(staff_no=WANG_XIUYING.staff_no)
        return submit_proposal(draft(**changes), by=by, at=noon)

    def first() -> Proposal:
        with transaction.atomic():
            made = post()
            taken.set()
            assert held.wait(60)
        return made

    one = committed(first)
    assert taken.wait(60)
    other = committed(lambda: post(**more))
    committed(lambda: _until_somebody_waits(held, other)).result(60)
    made = one.result(60)
    with pytest.raises(CannotPropose, match=remedy):
        other.result(60)
    assert committed(lambda: list(Proposal.objects.all())).result(30) == [made]
