"""What the boards say is what the cases are, at every moment and whoever wrote them."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F

from sujin import packs
from sujin.complaints import tally
from sujin.complaints.acts.annotate import annotate
from sujin.complaints.acts.merge import merge, unmerge
from sujin.complaints.acts.receive import receive, receive_all
from sujin.complaints.acts.recode import recode
from sujin.complaints.draft import Draft, PartyDraft
from sujin.complaints.models import Complaint, Tally, TallyBoard, TallyCell
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.lab import cast as stage
from sujin.lab.cast import BRANCH_A, OUTLET_A, OUTLET_B
from sujin.platform.models import Org, Person
from tests.complaints.conftest import FEE, Told
from tests.complaints.test_examine import insider
from tests.complaints.test_races import _alone, _wipe
from tests.complaints.walks import Walk
from tests.conftest import SHANGHAI

KINDS = ("complaint", "consultation")
FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)


def cells(kind: str = "complaint", **how: bool) -> Counter[tuple[object, date]]:
    return Counter({(leaf, day): n for leaf, day, n in tally.cells(kind, FIRST, LAST, **how)})


def on_board(*codes: str, day: date | None = None) -> int:
    """How many complaints the board of these organisations shows."""
    shown = tally.board(Org.objects.filter(code__in=codes), day or FIRST, day or LAST)
    assert sum(figures.cases for figures in shown.cells().values()) == shown.cases.sum()
    return int(shown.cases.sum())


def head() -> str:
    return Org.objects.get(parent=None).code


def counted(kind: str = "complaint") -> Counter[tuple[object, date]]:
    """The same as `cells`, by looking at every case."""
    rows = Complaint.objects.filter(kind=kind, counted=True).select_related("origin")
    return Counter(
        (
            (case.origin.path, case.business, case.cause, case.touchpoint),
            case.received_at.astimezone(SHANGHAI).date(),
        )
        for case in rows
    )


def right() -> bool:
    """Whether lines and sums say what the cases say."""
    return tally.differences() == [] and cells() == counted()


def test_a_new_complaint_is_on_the_boards_above_it_and_on_no_other(told: Told) -> None:
    case = told()
    day = case.received_at.date()
    assert on_board(OUTLET_A, day=day) == on_board(BRANCH_A) == on_board(head()) == 1
    assert on_board(OUTLET_B) == on_board(OUTLET_A, day=day - timedelta(days=1)) == 0
    assert on_board(OUTLET_A, BRANCH_A, head()) == 1, "nobody counts a place twice"
    assert sum(cells().values()) == 1 and right()


def test_a_complaint_of_half_past_midnight_in_shanghai_counts_on_that_day(told: Told) -> None:
    told(at=datetime(2026, 3, 3, 0, 30, tzinfo=SHANGHAI))
    assert on_board(head(), day=date(2026, 3, 3)) == 1
    assert packs.manifest(HOUSE_PACK)["zone"] == str(SHANGHAI), "the trigger counts by this zone"


def test_a_repeat_is_counted_as_brought_again_and_not_as_a_matter(told: Told) -> None:
    told(phone="13912345678")
    first = Complaint.objects.get()
    again = told("信用卡利息多收了五十元，请核对账单", phone="13912345679")
    Complaint.objects.filter(pk=again.pk).update(repeat_of=first, counted=False)
    assert sum(cells().values()) == 1 and sum(cells(repeats=True).values()) == 1
    Complaint.objects.filter(pk=again.pk).update(merged_into=first, closed_at=F("received_at"))
    assert sum(cells(repeats=True).values()) == 0 and right()


def test_a_corrected_code_and_a_new_kind_move_the_case(
    told: Told, cast: SimpleNamespace, noon: datetime
) -> None:
    case = told()
    before = cells()
    recode(case, codes={"cause": "service"}, because="网点态度", by=cast.li_jianguo, at=noon)
    moved = cells()
    assert moved != before and sum(moved.values()) == 1 and right()
    Complaint.objects.filter(pk=case.pk).update(kind="consultation")
    assert not cells() and cells("consultation") == moved and right()


def test_a_merged_case_goes_and_comes_back_when_it_is_taken_apart(
    told: Told, noon: datetime
) -> None:
    into, case = (
        told(),
        told("我的信用卡积分兑换的礼品一直没有收到。", at=noon + timedelta(hours=1)),
    )
    later, by = noon + timedelta(hours=2), case.accountable
    assert by is not None
    merge(case, into=into, because="同一事项", identity="来电核对过卡号", by=by, at=later)
    assert on_board(head()) == 1 and right()
    tally.fold()
    unmerge(case, because="并错了", by=by, at=later + timedelta(hours=1))
    assert on_board(head()) == 2 and right()


def test_a_case_that_somebody_removes_is_not_counted_any_more(told: Told) -> None:
    case = told()
    tally.fold()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM complaints_contact WHERE complaint_id = %s", [case.pk])
        cursor.execute("DELETE FROM complaints_party WHERE complaint_id = %s", [case.pk])
        cursor.execute("DELETE FROM complaints_complaint WHERE id = %s", [case.pk])
    assert not cells() and on_board(head()) == 0 and right()


def test_work_on_a_case_that_moves_no_count_writes_no_line(
    told: Told, cast: SimpleNamespace, noon: datetime
) -> None:
    case = told()
    assert Tally.objects.count() == 1
    annotate(case, note="已调取流水", by=cast.wang_xiuying, at=noon)
    Complaint.objects.update(amount=1)
    assert Tally.objects.count() == 1


def test_an_import_of_many_is_one_line_a_cell(cast: SimpleNamespace, noon: datetime) -> None:
    drafts = [Draft("counter", f"{FEE}（{n}）", noon, OUTLET_A) for n in range(40)]
    receive_all(drafts, by=cast.wang_xiuying, at=noon, announce=False)
    assert Complaint.objects.count() == 40 == on_board(head()) and right()
    assert Tally.objects.count() == len(cells()) < 40


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_walk_of_acts_and_at_every_fold_counting_anew_gives_the_same(
    bank: None, noon: datetime, seed: int
) -> None:
    walk, folding = Walk(seed, noon), Random(seed)
    for number in range(40):
        walk.one(number)
        if folding.random() < 0.3:
            assert tally.fold() >= 0
    kept, board = {kind: cells(kind) for kind in KINDS}, whole_board()
    assert sum(kept["complaint"].values()) > 20 and kept["consultation"]
    assert right()
    tally.recount()
    assert {kind: cells(kind) for kind in KINDS} == kept and whole_board() == board and right()


def whole_board() -> dict[Any, Any]:
    return tally.board(Org.objects.filter(parent=None), FIRST, LAST).cells()


def test_a_fold_changes_no_figure_and_leaves_no_line(told: Told) -> None:
    told()
    told("手机银行转账五千元没有到账，请尽快处理。")
    before, board = cells(), whole_board()
    assert tally.fold() == 2 and not Tally.objects.exists()
    assert (cells(), whole_board()) == (before, board)
    assert TallyCell.objects.count() == 2 and tally.fold() == 0


def test_small_places_and_large_ones_are_added_up_from_what_each_has(told: Told) -> None:
    case = told()
    branch2 = Org.objects.get(code=stage.BRANCH2_A)
    assert case.origin.path.startswith(branch2.path)
    tally.fold()
    told("手机银行转账五千元没有到账，请尽快处理。")
    for codes in ([OUTLET_A], [stage.BRANCH2_A], [BRANCH_A], [OUTLET_A, BRANCH_A, OUTLET_B]):
        assert on_board(*codes) == 2, codes
    assert on_board(OUTLET_B) == 0


def test_what_passes_the_triggers_by_is_seen_and_a_recount_mends_it(told: Told) -> None:
    case = told()
    with insider() as sql:
        sql("UPDATE complaints_complaint SET counted = false WHERE id = %s", case.pk)
    (found,) = tally.differences()
    assert (found.org, found.business, found.cases) == (OUTLET_A, case.business, 1)
    tally.recount()
    assert right() and not cells()


def test_a_board_that_somebody_altered_is_seen(told: Told) -> None:
    told()
    tally.fold()
    TallyBoard.objects.filter(org__code=BRANCH_A).update(cases=7)
    (found,) = tally.differences()
    assert (found.org, found.cases) == (BRANCH_A, 6)


Alone = Callable[[Callable[[], Any]], "Future[Any]"]


@pytest.fixture
def committed(db: None) -> Iterator[Alone]:
    """Runs a function on a thread and a connection of its own; its commits are wiped afterwards."""
    with ThreadPoolExecutor(4) as threads:
        yield lambda act: threads.submit(_alone, act)
        threads.submit(_alone, _wipe).result(60)
        threads.submit(_alone, tally.recount).result(60)


def _teller() -> Person:
    return Person.objects.get(staff_no=stage.WANG_XIUYING.staff_no)


def _receive(number: int, at: datetime) -> None:
    parties = (PartyDraft(name="张伟", phone=f"139{number:08d}"),)
    draft = Draft("counter", f"{FEE}（{number}）", at, OUTLET_A, parties=parties)
    receive(draft, by=_teller(), at=at)


def test_another_connection_sees_the_case_with_its_commit_and_not_before(
    committed: Alone, noon: datetime
) -> None:
    written, held = Event(), Event()

    def intake() -> None:
        with transaction.atomic():
            _receive(1, noon)
            written.set()
            assert held.wait(30)

    taking = committed(intake)
    assert written.wait(30)
    assert committed(lambda: on_board(head())).result(30) == 0
    held.set()
    taking.result(30)
    assert committed(lambda: on_board(head())).result(30) == 1


def test_a_case_that_commits_during_a_fold_or_a_recount_is_not_lost(
    committed: Alone, noon: datetime
) -> None:
    written, held = Event(), Event()

    def intake() -> None:
        with transaction.atomic():
            _receive(1, noon)
            written.set()
            assert held.wait(30)

    committed(lambda: _receive(2, noon)).result(30)
    taking = committed(intake)
    assert written.wait(30)
    assert committed(tally.fold).result(30) == 1, "a fold waits for no intake"
    committed(tally.recount).result(30)
    held.set()
    taking.result(30)
    assert committed(lambda: (on_board(head()), right())).result(30) == (2, True)
    assert committed(tally.fold).result(30) == 1
    assert committed(lambda: (on_board(head()), right())).result(30) == (2, True)


def test_doors_and_folds_at_once_lose_nothing(committed: Alone, noon: datetime) -> None:
    doors = [committed(partial(_busy, door, noon)) for door in range(2)]
    folds = [committed(lambda: [tally.fold() for _time in range(10)]) for _other in range(2)]
    for one in (*doors, *folds):
        one.result(120)
    assert committed(lambda: (on_board(head()), right())).result(30) == (20, True)


def _busy(door: int, at: datetime) -> None:
    for number in range(10):
        _receive(door * 100 + number, at)
