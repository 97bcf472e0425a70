"""Two doors at the same moment: real connections, real commits, and nothing left behind."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from sujin.complaints import kinds
from sujin.complaints.acts import distinguish, reply
from sujin.complaints.acts.claim import CannotClaim, claim, held_for, locked
from sujin.complaints.acts.decide import grant
from sujin.complaints.acts.merge import CannotMerge, merge
from sujin.complaints.acts.receive import receive, receive_all
from sujin.complaints.acts.reply import CannotReply, revise, submit
from sujin.complaints.acts.withdraw import withdraw
from sujin.complaints.arrival import Reception
from sujin.complaints.draft import Draft, PartyDraft
from sujin.complaints.models import Approval, Complaint, Letter
from sujin.complaints.preview import preview
from sujin.lab import cast as stage
from sujin.lab.cast import OUTLET_A
from sujin.platform import reach
from sujin.platform.acts.organise import service_person
from sujin.platform.models import Org, Person, Post
from tests.complaints.conftest import FEE
from tests.complaints.test_answering import COMPLEX, a_letter, look_into, written

PHONE = "13912345670"
WRITTEN = (
    "complaints_dispatch",
    "complaints_approval",
    "complaints_letter",
    "complaints_contact",
    "complaints_party",
    "complaints_complaint",
    "complaints_tally",
    "complaints_series",
)
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
        agents = "(SELECT id FROM platform_person WHERE staff_no LIKE 'AGENT%')"
        cursor.execute(f"DELETE FROM platform_post WHERE person_id IN {agents}")
        cursor.execute("DELETE FROM platform_person WHERE staff_no LIKE 'AGENT%'")


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


AGENTS, CASES, TRIES_EACH = 50, 200, 12


def test_fifty_agents_claiming_two_hundred_complaints_at_once_lose_and_break_nothing(
    committed: Any, noon: datetime
) -> None:
    """Each case is wanted by three agents at the same moment, on connections of their own."""
    agents = committed(lambda: _fifty_agents(noon)).result(60)
    numbers = committed(lambda: _two_hundred_cases(noon)).result(120)
    wanted = [
        [numbers[(agent + AGENTS * turn + 7 * turn) % CASES] for turn in range(TRIES_EACH)]
        for agent in range(AGENTS)
    ]
    with ThreadPoolExecutor(AGENTS) as threads:
        tried = [
            threads.submit(_alone, partial(_claims, person, theirs, noon))
            for person, theirs in zip(agents, wanted, strict=True)
        ]
        answers = [is_mine for one in tried for is_mine in one.result(120)]
    claimed = committed(_claimed).result(60)
    assert len(claimed) == len({number for theirs in wanted for number in theirs})
    assert answers.count(True) == len(claimed)
    assert all(times == 1 and is_theirs for times, is_theirs in claimed.values())


def _fifty_agents(noon: datetime) -> list[Person]:
    desk = Org.objects.get(code=stage.BRANCH2_A)
    people = [
        Person.objects.create(staff_no=f"AGENT{number:03d}", name=f"坐席{number}")
        for number in range(AGENTS)
    ]
    Post.objects.bulk_create(
        Post(person=person, org=desk, role="handler", since=noon.date()) for person in people
    )
    return people


def _two_hundred_cases(noon: datetime) -> list[str]:
    drafts = [
        Draft("hotline", f"{FEE}再不退我就打12378投诉。第{number}位客户", noon, stage.BRANCH2_A)
        for number in range(CASES)
    ]
    account = service_person("channel:hotline", "95588", "Hotline")
    return [receipt.number for receipt in receive_all(drafts, by=account, at=noon)]


def _claims(person: Person, numbers: list[str], at: datetime) -> list[bool]:
    """Which of them became this agent's; to be told that somebody was faster is no error."""
    return [_is_claimed(Complaint.objects.get(number=number), person, at) for number in numbers]


def _is_claimed(case: Complaint, person: Person, at: datetime) -> bool:
    try:
        claim(case, by=person, at=at)
    except CannotClaim:
        return False
    return True


def _claimed() -> dict[str, tuple[int, bool]]:
    """Number -> how often its docket says it was claimed, and whether the row agrees by whom."""
    found: dict[str, tuple[int, bool]] = {}
    for case in Complaint.objects.filter(claimed_at__isnull=False):
        claims = list(case.entries.of(kinds.Claimed).values_list("by", flat=True))
        found[case.number] = (len(claims), claims == [case.accountable_id])
    return found


def _submitted(at: datetime) -> tuple[Letter, Approval]:
    """Chen Li's answer to a case of outlet A, waiting for the second pair of eyes."""
    chen_li = Person.objects.get(staff_no=stage.CHEN_LI.staff_no)
    told = Draft("counter", COMPLEX, at, OUTLET_A, parties=(PartyDraft(name="张伟", phone=PHONE),))
    case = receive(told, by=_teller(), at=at).complaint
    claim(case, by=chen_li, at=at)
    look_into(case, chen_li, at)
    letter = a_letter(Complaint.objects.get(pk=case.pk), chen_li, at)
    submit(letter, finding="not_upheld", remedy=None, by=chen_li, at=at)
    return letter, case.approvals.waiting().get()


def test_the_author_and_the_approver_of_a_letter_do_not_wait_for_each_other(
    committed: Any, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shen Qiu grants while Chen Li has his hand on the letter: neither deadlocks."""
    letter, request = committed(lambda: _submitted(noon)).result(60)
    taken, held = Event(), Event()

    def author_stops(case: Complaint) -> Complaint:
        """He has what he locks first and what he locks next; the approver comes in between."""
        if not taken.is_set():
            taken.set()
            assert held.wait(30)
        return locked(case)

    def revised() -> None:
        chen_li = Person.objects.get(staff_no=stage.CHEN_LI.staff_no)
        revise(Letter.objects.get(pk=letter.pk), body=written(), by=chen_li, at=noon)

    def granted() -> None:
        shen_qiu = Person.objects.get(staff_no=stage.SHEN_QIU.staff_no)
        grant(Approval.objects.get(pk=request.pk), words="", by=shen_qiu, at=noon)

    monkeypatch.setattr(reply, "locked", author_stops)
    author = committed(revised)
    assert taken.wait(30)
    approver = committed(granted)
    wait([approver], timeout=2)
    held.set()
    approver.result(60)
    with pytest.raises(CannotReply, match="复核"):
        author.result(60)


def _two_of_one_customer(noon: datetime) -> list[Complaint]:
    words = (FEE, "手机银行转账五千元没有到账，请尽快处理。")
    known = (PartyDraft(name="张伟", phone=PHONE),)
    drafts = [Draft("counter", text, noon, OUTLET_A, parties=known) for text in words]
    return [receive(draft, by=_teller(), at=noon).complaint for draft in drafts]


def test_two_who_merge_from_both_sides_do_not_wait_for_each_other(
    committed: Any, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is on the way from its first lock to its second when the other comes."""
    one, other = committed(lambda: _two_of_one_customer(noon)).result(60)
    taken, held = Event(), Event()

    def stops(case: Complaint, by: Person) -> Complaint:
        found = held_for(case, by)
        if not taken.is_set():
            taken.set()
            assert held.wait(30)
        return found

    monkeypatch.setattr(distinguish, "held_for", stops)
    said: dict[str, Any] = {"because": "同一事项", "by": _teller(), "at": noon}
    first = committed(lambda: merge(other, into=one, **said))
    assert taken.wait(30)
    second = committed(lambda: merge(one, into=other, **said))
    committed(lambda: _until_somebody_waits(held, second)).result(30)
    assert first.exception(60) is None
    assert isinstance(second.exception(60), CannotMerge)
