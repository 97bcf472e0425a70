"""A breached indicator opens one work order by itself, and figures back on target close it."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from sujin.governance.acts.answer_order import (
    CannotAnswerOrder,
    acknowledge_order,
    report_order,
)
from sujin.governance.acts.escalate_orders import escalate_orders, inform_order_owner
from sujin.governance.acts.gauge_indicators import gauge_indicators
from sujin.governance.indicatorbook import BadIndicator, indicators, read_row, terms
from sujin.governance.models import Gauge, WorkOrder
from sujin.lab.cast import BRANCH_A, BRANCH_B, OUTLET_A
from sujin.packs import rows
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Entry, Notice, Org, Person
from tests.governance.indicator_town import WEEK, tell

GOOD, BAD = (60, 6), (60, 30)
SAID = "已请归口团队逐件复盘，周五前给出措施"


def house() -> Person:
    return system_person()


@pytest.fixture
def order(bank: None, noon: datetime) -> WorkOrder:
    """Branch A's repeats leapt to a half last week; branch B is as ever."""
    tell(noon, {OUTLET_A: [GOOD, GOOD, BAD]})
    opened = gauge_indicators(by=house(), at=noon)
    assert len(opened) == 1
    return fresh(opened[0])


def fresh(order: WorkOrder) -> WorkOrder:
    return WorkOrder.objects.select_related("owner", "org").get(pk=order.pk)


def test_a_breach_opens_an_order_with_owner_clock_and_evidence_without_a_person(
    order: WorkOrder, noon: datetime
) -> None:
    assert (order.org.code, order.indicator, order.state) == (BRANCH_A, "repeat_share", "opened")
    assert order.owner == Org.objects.get(code=BRANCH_A)
    assert order.acknowledge_by == noon + indicators()["repeat_share"].acknowledge
    entry = order.entries.get(kind="order.opened")
    assert entry.by.is_service
    assert "50.0%" in entry.what().sentence() and "60 件中 30 件" in entry.what().sentence()
    assert order.last is not None
    gauged = Gauge.objects.get(indicator="repeat_share", org=order.org, first=order.last)
    assert (gauged.state, gauged.rule, gauged.n, gauged.bad) == ("breached", "bound", 60, 30)
    assert gauged.p < terms().promise.alpha


def test_the_branch_next_door_that_did_nothing_wrong_gets_no_order(order: WorkOrder) -> None:
    neighbour = Gauge.objects.filter(org__code=BRANCH_B, indicator="repeat_share")
    assert set(neighbour.exclude(n=0).values_list("state", flat=True)) == {"inside"}
    assert not WorkOrder.objects.exclude(pk=order.pk).exists()


def test_a_second_look_of_the_same_night_writes_nothing(order: WorkOrder, noon: datetime) -> None:
    entries, gauges = Entry.objects.count(), Gauge.objects.count()
    assert gauge_indicators(by=house(), at=noon + timedelta(minutes=5)) == []
    assert (Entry.objects.count(), Gauge.objects.count()) == (entries, gauges)


def test_a_breach_that_goes_on_stays_one_order(bank: None, noon: datetime) -> None:
    tell(noon, {OUTLET_A: [GOOD, BAD, BAD, BAD]})
    opened = [
        one for ago in (2, 1, 0) for one in gauge_indicators(by=house(), at=noon - ago * WEEK)
    ]
    assert len(opened) == 1
    assert [one.kind for one in opened[0].entries.in_order()] == [
        "order.opened", "order.followed", "order.followed",
    ]  # fmt: skip


def test_missed_weeks_are_made_up_for_and_only_the_last_opens_an_order(
    bank: None, noon: datetime
) -> None:
    tell(noon, {OUTLET_A: [BAD, BAD, GOOD]})
    assert gauge_indicators(by=house(), at=noon) == []
    assert Gauge.objects.filter(state="breached").count() == 2


def test_figures_back_on_target_close_the_order_with_their_evidence(
    bank: None, noon: datetime
) -> None:
    tell(noon, {OUTLET_A: [GOOD, BAD, GOOD, (3, 3), GOOD, GOOD]})
    (opened,) = gauge_indicators(by=house(), at=noon - 4 * WEEK)
    states = []
    for ago in (3, 2, 1, 0):
        gauge_indicators(by=house(), at=noon - ago * WEEK)
        states.append((fresh(opened).state, fresh(opened).inside))
    assert states == [("opened", 1), ("opened", 1), ("opened", 2), ("closed", 3)]
    closed = opened.entries.get(kind="order.closed")
    assert closed.by.is_service and fresh(opened).closed_at == noon
    assert closed.what().sentence().count("10.0%（60）") == terms().inside_periods


def test_a_relapse_after_the_end_is_a_new_order(bank: None, noon: datetime) -> None:
    tell(noon, {OUTLET_A: [BAD, GOOD, GOOD, GOOD, BAD]})
    opened = [
        one for ago in (4, 3, 2, 1, 0) for one in gauge_indicators(by=house(), at=noon - ago * WEEK)
    ]
    assert [fresh(one).state for one in opened] == ["closed", "opened"]


def test_the_docket_alone_gives_the_order_again(
    order: WorkOrder, cast: SimpleNamespace, noon: datetime
) -> None:
    acknowledge_order(order, words=SAID, by=cast.zhou_tao, at=noon)
    kept = fresh(order)
    for column, value in kept.replay().items():
        assert getattr(kept, column) == value, column


def test_the_owner_takes_it_in_hand_and_nobody_of_another_branch(
    order: WorkOrder, cast: SimpleNamespace, noon: datetime
) -> None:
    for stranger in (cast.sun_qian, cast.ma_jun, cast.wang_xiuying, cast.kong_mingyu):
        with pytest.raises(CannotAnswerOrder, match="签收和办理"):
            acknowledge_order(order, words=SAID, by=stranger, at=noon)
    with pytest.raises(CannotAnswerOrder, match="写明"):
        acknowledge_order(order, words="好", by=cast.zhou_tao, at=noon)
    with pytest.raises(CannotAnswerOrder, match="先签收"):
        report_order(order, words=SAID, by=cast.zhou_tao, at=noon)
    acknowledge_order(order, words=SAID, by=cast.zhou_tao, at=noon)
    report_order(order, words="已逐件回访，电话 13900001234", by=cast.zhou_tao, at=noon)
    assert fresh(order).state == "acknowledged"
    said = order.entries.get(kind="order.reported").what().sentence()
    assert "逐件回访" in said and "13900001234" not in said
    with pytest.raises(CannotAnswerOrder, match="已经签收"):
        acknowledge_order(order, words=SAID, by=cast.zhou_tao, at=noon)


def test_who_is_late_is_named_once_to_the_level_above(
    order: WorkOrder, cast: SimpleNamespace, noon: datetime
) -> None:
    late = noon + indicators()["repeat_share"].acknowledge + timedelta(minutes=1)
    assert escalate_orders(by=house(), at=late - timedelta(minutes=2)) == 0
    assert escalate_orders(by=house(), at=late) == 1
    assert escalate_orders(by=house(), at=late + WEEK) == 0
    assert fresh(order).escalated_at == late


def test_an_order_in_hand_is_never_late(
    order: WorkOrder, cast: SimpleNamespace, noon: datetime
) -> None:
    acknowledge_order(order, words=SAID, by=cast.zhou_tao, at=noon)
    assert escalate_orders(by=house(), at=noon + WEEK) == 0


def test_the_supervisor_of_the_branch_is_told_and_the_one_of_the_other_is_not(
    order: WorkOrder, cast: SimpleNamespace
) -> None:
    inform_order_owner(order.entries.get(kind="order.opened"))
    told = set(Notice.objects.values_list("person__staff_no", flat=True))
    assert cast.zhou_tao.staff_no in told and cast.sun_qian.staff_no not in told
    notice = Notice.objects.filter(person=cast.zhou_tao).get()
    assert notice.target == order.get_absolute_url()


def test_the_database_refuses_a_second_standing_order(order: WorkOrder) -> None:
    with pytest.raises(IntegrityError, match="one_order_stands"), transaction.atomic():
        WorkOrder.objects.create(
            opened_at=order.opened_at, indicator=order.indicator, org=order.org
        )


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("metric", "happiness", "metric 'happiness': write one of received"),
        ("kinds", "province", "kinds 'province': write some of head"),
        ("direction", "below", "direction 'below': write one of at_least, at_most"),
        ("threshold", "15%", "threshold '15%': write a number"),
        ("threshold", "1.5", "above 0, below 1"),
        ("period", "year", "write one of week, month"),
        ("least", "0", "least '0': write a number above 0"),
        ("owner", "vip", "owner 'vip': write one of unit, personal"),
        ("role", "king", "role 'king': write one of teller"),
        ("acknowledge_hours", "soon", "acknowledge_hours 'soon'"),
        ("wrong_en", "", "in both languages"),
        ("metric", "received", "a target needs a share or a quantile"),
    ],
)
def test_an_officer_who_mistypes_a_cell_is_told_row_column_and_remedy(
    column: str, value: str, told: str
) -> None:
    row = next(one for one in rows("cn_bank", "indicators") if one["code"] == "repeat_share")
    with pytest.raises(BadIndicator, match=r"indicators\.csv row repeat_share") as refusal:
        read_row({**row, column: value})
    assert told in str(refusal.value)


def test_days_are_measured_only_downwards() -> None:
    row = next(one for one in rows("cn_bank", "indicators") if one["code"] == "median_days")
    assert read_row(row).target.allowed == 0.5
    with pytest.raises(BadIndicator, match="only be at_most"):
        read_row({**row, "direction": "at_least"})
