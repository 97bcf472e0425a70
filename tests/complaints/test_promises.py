"""What we promise the customer: confirmed, timed, kept or missed, and never lost or told twice."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier, Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localtime

from sujin.complaints import kinds
from sujin.complaints.acts import promise as acts
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.close import missing
from sujin.complaints.acts.hand_over import CannotHandOver, hand_over
from sujin.complaints.acts.promise import (
    CannotPromise,
    PromiseDraft,
    keep,
    miss_overdue,
    promise,
    release,
)
from sujin.complaints.acts.receive import receive
from sujin.complaints.acts.respond import respond
from sujin.complaints.acts.withdraw import reinstate, withdraw
from sujin.complaints.desks import is_above
from sujin.complaints.draft import Draft, PartyDraft
from sujin.complaints.figures.promises import fallen_due
from sujin.complaints.models import Complaint, Promise
from sujin.lab import cast as stage
from sujin.lab.cast import BRANCH2_A, BRANCH2_B, BRANCH_A, BRANCH_B, OUTLET_A
from sujin.platform import journal
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Entry, Notice, Org, Person
from tests.complaints.conftest import FEE, TOLD, Told
from tests.complaints.test_races import _alone, _wipe

COMPLEX = "信用卡被扣300元年费，再不退费我就打12378投诉。"
NOTE = "已向客户致歉，约定明日回电。"
SignIn = Callable[[Person], Client]


@pytest.fixture
def case(cast: SimpleNamespace, told: Told, noon: datetime) -> Complaint:
    """A complex complaint of outlet A in Chen Li's hands."""
    found = told(COMPLEX, phone="13912345678")
    claim(found, by=cast.chen_li, at=noon)
    return fresh(found)


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


def promised(case: Complaint, by: Person, at: datetime, hours: float = 3) -> Promise:
    due_at = at + timedelta(hours=hours)
    return promise(case, kind="call_back", what="回电告知结果", due_at=due_at, by=by, at=at)


def replays(case: Complaint) -> bool:
    row = fresh(case)
    return all(
        getattr(row, column) == (list(value) if isinstance(value, tuple) else value)
        for column, value in row.replay().items()
    )


# A promise and its result.


def test_a_promise_has_a_timer_and_the_case_knows_the_nearest(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    later = promised(case, cast.chen_li, noon, hours=30)
    sooner = promised(case, cast.chen_li, noon, hours=3)
    assert fresh(case).promise_due_at == sooner.due_at
    keep(sooner, how="已回电", by=cast.chen_li, at=noon + timedelta(hours=1))
    assert fresh(case).promise_due_at == later.due_at
    release(later, because="客户说不用了", by=cast.chen_li, at=noon + timedelta(hours=2))
    assert fresh(case).promise_due_at is None
    assert replays(case)
    told = [entry.what() for entry in case.entries.in_order() if "promise" in entry.kind]
    assert [type(one) for one in told] == [
        *(kinds.Promised, kinds.Promised, kinds.PromiseKept, kinds.PromiseReleased)
    ]
    assert sooner.desk == Org.objects.get(code=BRANCH2_A)


def test_what_is_promised_lies_ahead_says_what_and_is_masked(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    good: dict[str, Any] = {
        "kind": "call_back",
        "what": "回电",
        "due_at": noon + timedelta(hours=1),
    }
    for wrong, words in (
        ({"due_at": noon}, "以后"),
        ({"what": "  "}, "内容"),
        ({"kind": "miracle"}, "做什么"),
    ):
        with pytest.raises(CannotPromise, match=words):
            promise(case, **good | wrong, by=cast.chen_li, at=noon)
    made = promise(case, **good | {"what": "回电13812345678"}, by=cast.chen_li, at=noon)
    assert "13812345678" not in made.what
    assert not Promise.objects.exclude(pk=made.pk).exists()


def test_a_promise_has_one_result(cast: SimpleNamespace, case: Complaint, noon: datetime) -> None:
    made = promised(case, cast.chen_li, noon)
    with pytest.raises(CannotPromise, match="怎么兑现"):
        keep(made, how=" ", by=cast.chen_li, at=noon)
    keep(made, how="已回电", by=cast.chen_li, at=noon)
    with pytest.raises(CannotPromise, match="已经有结果"):
        keep(made, how="又回电", by=cast.chen_li, at=noon)
    with pytest.raises(CannotPromise, match="已经有结果"):
        release(made, because="不用了", by=cast.chen_li, at=noon)


def test_a_missed_promise_is_still_owed_and_may_be_kept_late_with_both_moments(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    made = promised(case, cast.chen_li, noon)
    assert miss_overdue(by=system_person(), at=made.due_at) == 0, "the very moment still counts"
    late = made.due_at + timedelta(minutes=1)
    assert miss_overdue(by=system_person(), at=late) == 1
    assert miss_overdue(by=system_person(), at=late + timedelta(minutes=1)) == 0
    assert fresh(case).promise_due_at == made.due_at
    keep(made, how="已回电并道歉", by=cast.chen_li, at=late + timedelta(hours=1))
    made.refresh_from_db()
    assert (made.missed_at, made.kept_at) == (late, late + timedelta(hours=1))
    kept = case.entries.of(kinds.PromiseKept).get().what()
    assert isinstance(kept, kinds.PromiseKept)
    assert kept.is_late
    assert replays(case)


def test_the_database_refuses_a_promise_both_kept_in_time_and_missed(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    made = promised(case, cast.chen_li, noon)
    late = made.due_at + timedelta(minutes=1)
    for wrong in (
        {"kept_at": noon, "missed_at": late},
        {"kept_at": noon, "released_at": noon},
        {"missed_at": made.due_at - timedelta(minutes=1)},
        {"due_at": noon},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Promise.objects.filter(pk=made.pk).update(**wrong)


def test_what_the_customer_took_back_is_missed_by_nobody_until_it_lives_again(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    made = promised(case, cast.chen_li, noon)
    withdraw(case, because="客户书面撤回", by=cast.chen_li, at=noon)
    late = made.due_at + timedelta(hours=1)
    assert miss_overdue(by=system_person(), at=late) == 0
    reinstate(case, because="登错了", by=cast.chen_li, at=late)
    assert miss_overdue(by=system_person(), at=late) == 1


def test_no_case_closes_with_a_promise_open(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    made = promised(case, cast.chen_li, noon)
    assert any("答应客户" in point for point in missing(fresh(case)))
    keep(made, how="已回电", by=cast.chen_li, at=noon)
    assert not any("答应客户" in point for point in missing(fresh(case)))


def test_who_is_accountable_and_the_desk_hear_of_a_broken_promise(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    promised(case, cast.chen_li, noon)
    miss_overdue(by=system_person(), at=noon + timedelta(hours=4))
    entry = case.entries.of(kinds.PromiseMissed).get()
    for act in journal.reactions_to(entry.kind):
        act(entry)
    told = set(Notice.objects.filter(entry=entry).values_list("person", flat=True))
    assert {cast.chen_li.pk, cast.shen_qiu.pk} <= told
    assert cast.ma_jun.pk not in told


# The contact and its promises.


def test_an_old_contact_without_marks_is_still_read(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    respond(case, way="phone", note=NOTE, by=cast.chen_li, at=noon)
    entry = case.entries.of(kinds.Responded).get()
    now = entry.what()
    assert isinstance(now, kinds.Responded)
    apology = now.marks["A"]
    assert (apology["state"], now.note[apology["start"] : apology["end"]]) == ("seen", NOTE)
    before = kinds.Responded.read({k: v for k, v in entry.data.items() if k != "marks"})
    assert before.marks == {}


def test_a_contact_and_its_promises_are_saved_together_or_not_at_all(
    cast: SimpleNamespace, case: Complaint, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the contact and the last promise, nothing of it remains."""
    drafts = [PromiseDraft("call_back", f"回电{n}", noon + timedelta(hours=n)) for n in (1, 2)]
    real, calls = acts.promise, []

    def dies(*args: Any, **given: Any) -> Promise:
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args, **given)

    monkeypatch.setattr(acts, "promise", dies)
    before = case.entries.count()
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        respond(case, way="phone", note=NOTE, promises=drafts, by=cast.chen_li, at=noon)
    assert (Promise.objects.count(), case.entries.count()) == (0, before)
    assert fresh(case).responded_at is None
    monkeypatch.setattr(acts, "promise", real)
    respond(case, way="phone", note=NOTE, promises=drafts, by=cast.chen_li, at=noon)
    assert Promise.objects.count() == 2


@pytest.fixture
def at_noon(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    return noon


def posted(client: Client, case: Complaint, page: str = "response", **data: str) -> HttpResponse:
    given = {f"response-{name.replace('__', '-')}": value for name, value in data.items()}
    return client.post(reverse(f"complaints:{page}", args=[case.number]), given)  # type: ignore[return-value]


@pytest.fixture
def handler(cast: SimpleNamespace, at_noon: datetime, signed_in: SignIn) -> Client:
    """Chen Li's browser, at noon."""
    return signed_in(cast.chen_li)


ROW = {
    "0__is_on": "on",
    "0__kind": "call_back",
    "0__what": "明日回电",
    "0__due": "2026-03-03T18:00",
    "0__words": "明日回电",
}


def test_a_note_without_promises_is_saved_with_one_click_and_without_script(
    cast: SimpleNamespace, case: Complaint, at_noon: datetime, signed_in: SignIn
) -> None:
    plain = {"way": "phone", "note": "已向客户说明流程。"}
    empty = {"hand__kind": "call_back", "hand__what": "", "hand__due": "", "hand__amount": ""}
    client = signed_in(cast.chen_li)
    assert posted(client, case, **plain).status_code == 302
    assert posted(client, case, **plain, **empty).status_code == 302
    assert not Promise.objects.exists()
    assert case.entries.of(kinds.Responded).count() == 2


def test_while_it_is_typed_the_letters_the_slips_and_the_promises_are_shown(
    cast: SimpleNamespace, case: Complaint, at_noon: datetime, signed_in: SignIn
) -> None:
    note = f"{NOTE}这是总行规定我也没办法。客户表示理解。我们会尽快答复。"
    client = signed_in(cast.chen_li)
    before = case.entries.count()
    page = posted(client, case, "contact_reading", way="phone", note=note).content.decode()
    assert "letter-seen" in page and "请你判断" in page
    assert "不要这样说" in page and "总行规定" in page and "改说" in page
    assert 'value="2026-03-03T18:00"' in page
    assert 'name="response-0-is_on"' in page and page.count("checked") == 1, "vague: not ticked"
    assert 'name="response-1-due"' in page
    changed = ROW | {"0__due": "2026-03-04T10:00"}
    again = posted(
        client, case, "contact_reading", way="phone", note=f"{note}谢谢。", **changed
    ).content.decode()
    assert 'value="2026-03-04T10:00"' in again, "what the handler changed stays"
    assert case.entries.count() == before
    assert not Promise.objects.exists()


def test_what_is_confirmed_becomes_a_timer_and_what_is_not_does_not(
    cast: SimpleNamespace, case: Complaint, at_noon: datetime, signed_in: SignIn
) -> None:
    rows = ROW | {"1__kind": "refund", "1__what": "退款", "1__due": "", "1__words": "退款"}
    hand = {"hand__kind": "refund", "hand__what": "退年费", "hand__due": "2026-03-06T18:00"}
    client = signed_in(cast.chen_li)
    saved = posted(client, case, way="phone", note=NOTE, **rows, **hand, hand__amount="300")
    assert saved.status_code == 302
    made = list(Promise.objects.order_by("due_at").values_list("kind", "what", "amount"))
    assert [(kind, what) for kind, what, _ in made] == [
        ("call_back", "明日回电"),
        ("refund", "退年费"),
    ]
    assert made[1][2] == 300
    assert localtime(Promise.objects.earliest("due_at").due_at).hour == 18


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"0__due": "2026-03-02T11:00"}, "承诺 1，最迟：时间须在现在以后"),
        ({"0__due": ""}, "承诺 1，最迟：请写明最迟什么时候"),
        ({"0__due": "morgen"}, "承诺 1，最迟："),
        ({"0__what": ""}, "承诺 1，内容：请写明承诺的内容"),
        ({"0__amount": "-5"}, "承诺 1，金额："),
        ({"hand__kind": "refund", "hand__amount": "5"}, "承诺 2，内容"),
        ({"hand__kind": "refund", "hand__due": "bald"}, "承诺 2，最迟："),
    ],
)
def test_a_promise_without_a_moment_ahead_is_refused_with_its_field_named(
    case: Complaint,
    handler: Client,
    wrong: dict[str, str],
    words: str,
) -> None:
    refused = posted(handler, case, way="phone", note=NOTE, **ROW | wrong)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert words in page and NOTE in page and "明日回电" in page
    assert not Promise.objects.exists()
    assert not case.entries.of(kinds.Responded).exists()


# Where promises are seen.


def test_the_dossier_shows_promises_with_one_tap_and_costs_the_same(
    cast: SimpleNamespace, case: Complaint, at_noon: datetime, signed_in: SignIn
) -> None:
    client = signed_in(cast.chen_li)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(case.get_absolute_url()).status_code == 200
        return len(asked)

    made = promised(case, cast.chen_li, at_noon)
    client.get(case.get_absolute_url())
    before = queries()
    for hours in range(1, 9):
        promised(case, cast.chen_li, at_noon, hours=hours)
    assert queries() == before
    url = reverse("complaints:promise_kept", args=[case.number, made.pk])
    assert client.post(url, {"how": ""}).status_code == 422
    assert client.post(url, {"how": "已回电"}).status_code == 302
    assert client.post(url, {"how": "再回电"}).status_code == 422
    other = Promise.objects.open().earliest("due_at")
    url = reverse("complaints:promise_released", args=[case.number, other.pk])
    assert client.post(url, {"because": "客户说不用了"}).status_code == 302
    page = client.get(case.get_absolute_url()).content.decode()
    assert "按时兑现" in page and "客户说不用了" in page


def test_a_promise_of_another_case_is_not_there(
    cast: SimpleNamespace, case: Complaint, told: Told, at_noon: datetime, signed_in: SignIn
) -> None:
    made = promised(case, cast.chen_li, at_noon)
    other = told("网点空调太冷，希望调高。", phone="13500000000")
    url = reverse("complaints:promise_kept", args=[other.number, made.pk])
    assert signed_in(cast.zhou_tao).post(url, {"how": "已回电"}).status_code == 404
    made.refresh_from_db()
    assert made.is_open


def test_the_workbench_says_what_was_promised_when_it_is_nearer_than_the_clock(
    cast: SimpleNamespace, case: Complaint, told: Told, at_noon: datetime, signed_in: SignIn
) -> None:
    other = told(COMPLEX, phone="13500000000")
    claim(other, by=cast.chen_li, at=at_noon)
    promised(other, cast.chen_li, at_noon, hours=1)
    page = signed_in(cast.chen_li).get(reverse("complaints:home"))
    tasks = page.context["tasks"]
    assert (tasks[0].case.number, tasks[0].wants) == (other.number, "13:00 前回电")
    assert tasks[1].wants == "首次联系客户"
    later = told(COMPLEX, phone="13600000000")
    claim(later, by=cast.chen_li, at=at_noon)
    promised(later, cast.chen_li, at_noon, hours=24 * 30)
    tasks = signed_in(cast.chen_li).get(reverse("complaints:home")).context["tasks"]
    assert {task.case.number: task.wants for task in tasks}[later.number] == "首次联系客户"


# Upward only with the customer told.


def test_a_case_does_not_go_up_unless_the_customer_was_told_and_promised_a_time(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    up = Org.objects.get(code=BRANCH_A)
    ahead = noon + timedelta(hours=20)
    for lacks, words in (
        ({}, "先告诉客户"),
        ({"told": " ", "promised_at": ahead}, "先告诉客户"),
        ({"told": "已电话告知"}, "什么时候回电"),
        ({"told": "已电话告知", "promised_at": noon}, "现在以后"),
    ):
        with pytest.raises(CannotHandOver, match=words):
            hand_over(case, to=up, because="请牵头", **lacks, by=cast.chen_li, at=noon)
    assert not Promise.objects.exists()
    hand_over(case, to=up, because="请牵头", **TOLD, by=cast.chen_li, at=noon)
    offered = case.entries.of(kinds.Offered).get().what()
    assert isinstance(offered, kinds.Offered)
    assert offered.told == TOLD["told"]
    made = Promise.objects.get()
    assert (made.kind, made.due_at, made.made_at) == ("call_back", TOLD["promised_at"], noon)
    assert fresh(case).promise_due_at == made.due_at
    assert replays(case)


def test_a_case_goes_sideways_and_down_as_before(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    beside = Org.objects.get(code=BRANCH2_B)
    hand_over(case, to=beside, because="客户在乙行", by=cast.chen_li, at=noon)
    assert not Promise.objects.exists()


@pytest.mark.parametrize(
    ("giver", "to", "is_up"),
    [
        (BRANCH2_A, BRANCH_A, True),
        (BRANCH2_A, BRANCH_B, True),
        (BRANCH2_A, "HO-CARD", True),
        (BRANCH2_A, "WM", True),
        (BRANCH2_A, "RC", True),
        (BRANCH2_A, "JN-CARD", True),
        ("HO-CARD", "HO-PERSONAL", False),
        (BRANCH_A, "JN-CARD", False),
        (BRANCH2_A, BRANCH2_B, False),
        (BRANCH2_A, OUTLET_A, False),
        (BRANCH_A, BRANCH2_A, False),
        (BRANCH_A, BRANCH_A, False),
        (OUTLET_A, BRANCH2_B, True),
    ],
)
def test_what_is_above_whom(bank: None, giver: str, to: str, is_up: bool) -> None:
    orgs = {org.code: org for org in Org.objects.all()}
    assert is_above(orgs[to], orgs[giver]) is is_up


def test_the_form_that_hands_up_brings_a_time_and_asks_for_the_words(
    cast: SimpleNamespace, case: Complaint, at_noon: datetime, signed_in: SignIn
) -> None:
    client = signed_in(cast.chen_li)
    assert 'value="2026-03-03T17:00"' in client.get(case.get_absolute_url()).content.decode()
    data = {
        "hand-over-to": Org.objects.get(code=BRANCH_A).name,
        "hand-over-because": "请牵头",
        "hand-over-promised_at": "2026-03-03T17:00",
    }
    url = reverse("complaints:hand-over", args=[case.number])
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "先告诉客户" in refused.content.decode()
    assert client.post(url, data | {"hand-over-told": "已电话告知，客户同意"}).status_code == 302
    assert Promise.objects.get().kind == "call_back"


# Two workers at once.


@pytest.fixture
def committed(db: None) -> Iterator[Callable[[Callable[[], Any]], "Future[Any]"]]:
    """As in test_races: threads with connections of their own, wiped afterwards."""
    with ThreadPoolExecutor(4) as threads:
        yield lambda act: threads.submit(_alone, act)
        threads.submit(_alone, _wipe_promises).result(60)


def _wipe_promises() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM complaints_promise")
    _wipe()


MANY = 20


def _many(noon: datetime) -> list[int]:
    """Cases with two promises each, the second long after the first."""
    teller = Person.objects.get(staff_no=stage.WANG_XIUYING.staff_no)
    made = []
    for number in range(MANY):
        parties = (PartyDraft(name="张伟", phone=f"1390000{number:04d}"),)
        draft = Draft("counter", FEE, noon, OUTLET_A, parties=parties)
        case = receive(draft, by=teller, at=noon).complaint
        made += [promised(case, teller, noon, hours=hours).pk for hours in (1, 100)]
    return made


def test_two_workers_at_once_lose_no_promise_and_tell_none_twice(
    committed: Any, noon: datetime
) -> None:
    made = committed(lambda: _many(noon)).result(120)
    late, gate = noon + timedelta(hours=2), Barrier(3)

    def sweep() -> int:
        gate.wait(30)
        return miss_overdue(by=system_person(), at=late)

    counts = [one.result(60) for one in [committed(sweep) for _ in range(3)]]
    assert sum(counts) == MANY

    def told() -> list[int]:
        entries = Entry.objects.filter(kind=kinds.PromiseMissed.code)
        return [entry.data["promise"] for entry in entries]

    missed = committed(told).result(30)
    assert sorted(missed) == sorted(set(made[::2]))


def test_a_promise_kept_while_the_worker_waits_for_it_is_not_missed(
    committed: Any, noon: datetime
) -> None:
    """The worker has seen it overdue, waits for the row, and looks again when it gets it."""
    pk = committed(lambda: _many(noon)[0]).result(120)
    taken, held = Event(), Event()

    def keeps() -> None:
        with transaction.atomic():
            made = Promise.objects.get(pk=pk)
            keep(made, how="已回电", by=made.made_by, at=noon + timedelta(minutes=59))
            taken.set()
            assert held.wait(30)

    keeping = committed(keeps)
    assert taken.wait(30)
    sweeping = committed(lambda: miss_overdue(by=system_person(), at=noon + timedelta(minutes=61)))
    held.wait(0.3)
    assert not sweeping.done()
    held.set()
    keeping.result(30)
    assert sweeping.result(30) == MANY - 1
    row = committed(lambda: Promise.objects.get(pk=pk)).result(30)
    assert (row.missed_at, row.was_kept_late) == (None, False)


def test_a_promise_of_a_case_withdrawn_before_its_moment_is_not_counted_as_broken(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    hour = timedelta(hours=1)
    for what, due in (("当天回电", noon + hour), ("次日回电", noon + 5 * hour)):
        promise(case, kind="call_back", what=what, due_at=due, by=cast.chen_li, at=noon)
    withdraw(case, because="客户撤回", by=cast.chen_li, at=noon + 2 * hour)
    # The first one was broken while the case was alive: ending it later mends nothing.
    fallen = Promise.objects.filter(fallen_due(noon + 6 * hour))
    assert [one.what for one in fallen] == ["当天回电"]
    reinstate(case, because="登记错误", by=cast.chen_li, at=noon + 3 * hour)
    assert Promise.objects.filter(fallen_due(noon + 6 * hour)).count() == 2
