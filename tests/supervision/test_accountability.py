"""Confirmed, heard, decided by another hand, appealed to a third; nothing in force before."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from sujin.lab.cast import OUTLET_A
from sujin.platform import reach
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org, Post
from sujin.supervision.acts.hold_accountable import (
    CannotHold,
    answer_accountability,
    appeal_accountability,
    bring_into_force,
    decide_accountability,
    hear_appeal,
    measures_for,
    open_accountability,
    people_of,
)
from sujin.supervision.acts.rectify import answer_shortcoming, mend_shortcoming
from sujin.supervision.kinds import accountability as kinds
from sujin.supervision.models import Accountability, Finding, Shortcoming
from tests.supervision.inspection_town import DAY, PNG, handed_in, inspection_at, plan_of

FACTS = "三次抽查都没有公示投诉电话，值班记录为证"
YEAR = timedelta(days=365)


@pytest.fixture
def found(cast: SimpleNamespace, noon: datetime) -> Shortcoming:
    """Found, and not answered yet."""
    plan = plan_of(Org.objects.get(parent=None), by=cast.lin_lan, at=noon)
    return handed_in(inspection_at(OUTLET_A, plan), noon + DAY, bad=["channels"])[0]


@pytest.fixture
def confirmed(found: Shortcoming, cast: SimpleNamespace, noon: datetime) -> Shortcoming:
    answer_shortcoming(found, answer="已经贴好", papers=[PNG], by=cast.li_jianguo, at=noon + DAY)
    mend_shortcoming(found, because="到场看过", look="visit", by=cast.lin_lan, at=noon + DAY)
    found.refresh_from_db()
    return found


def opened(
    source: Shortcoming | Finding, cast: SimpleNamespace, at: datetime, **other: Any
) -> Accountability:
    told = {"person": cast.li_jianguo, "measure": "remind", "evidence": FACTS, "by": cast.lin_lan}
    return open_accountability(source, **{**told, **other}, at=at)


def decided(
    row: Accountability, cast: SimpleNamespace, at: datetime, measure: str = "remind"
) -> None:
    answer_accountability(row, words="我承认管理不到位", by=cast.li_jianguo, at=at)
    decide_accountability(row, measure=measure, because="事实清楚", by=cast.zhou_tao, at=at)
    row.refresh_from_db()


def test_nobody_is_held_to_account_before_the_outlet_was_heard(
    found: Shortcoming, cast: SimpleNamespace, noon: datetime
) -> None:
    with pytest.raises(CannotHold, match="还没有认定"):
        opened(found, cast, noon + DAY)
    answer_shortcoming(found, answer="没有这回事", papers=[PNG], by=cast.li_jianguo, at=noon + DAY)
    found.refresh_from_db()
    with pytest.raises(CannotHold, match="还没有认定"):
        opened(found, cast, noon + DAY)


def test_a_stand_in_of_somebody_with_a_part_in_it_and_a_subordinate_do_not_decide(
    confirmed: Shortcoming, cast: SimpleNamespace, noon: datetime
) -> None:
    at = noon + DAY
    row = opened(confirmed, cast, at, person=cast.zhou_tao)
    answer_accountability(row, words="我承认管理不到位", by=cast.zhou_tao, at=at)
    own = Post.objects.get(person=cast.zhou_tao)
    told: dict[str, Any] = {"measure": "", "because": "事实不清楚", "at": at}
    with pytest.raises(CannotHold, match="上级单位"):
        decide_accountability(row, by=cast.li_jianguo, **told)
    Post.objects.create(
        person=cast.li_jianguo, org=own.org, role="supervisor", since=own.since, stands_in_for=own
    )
    below = Org.objects.get(code="JN-01")
    Post.objects.create(person=cast.chen_li, org=below, role="supervisor", since=own.since)
    for who in (cast.li_jianguo, cast.chen_li):
        with pytest.raises(CannotHold, match="上级单位"):
            decide_accountability(row, by=who, **told)
    decide_accountability(row, by=cast.zheng_gang, **told)


def test_a_finding_has_to_be_upheld(cast: SimpleNamespace, noon: datetime) -> None:
    unit = Org.objects.get(code="JN")
    found = Finding.objects.create(unit=unit, detector="brink", found_at=noon, state="explained")
    with pytest.raises(CannotHold, match="还没有认定"):
        opened(found, cast, noon, person=cast.zhou_tao)
    found.verdict, found.reason = "upheld", "属实"
    found.save()
    assert opened(found, cast, noon, person=cast.zhou_tao).unit == unit


def test_only_who_worked_there_then_and_never_oneself(
    confirmed: Shortcoming, cast: SimpleNamespace, noon: datetime
) -> None:
    there = people_of(confirmed)
    assert cast.li_jianguo in there and cast.wang_xiuying in there and cast.zhou_tao in there
    assert cast.sun_qian not in there and cast.lin_lan not in there
    for who in (cast.sun_qian, cast.lin_lan):
        with pytest.raises(CannotHold, match="任职"):
            opened(confirmed, cast, noon + DAY, person=who)
    with pytest.raises(CannotHold, match="任职"):
        opened(confirmed, cast, noon + DAY, person=cast.zhou_tao, by=cast.zhou_tao)
    with pytest.raises(CannotHold, match="岗位不能"):
        opened(confirmed, cast, noon + DAY, by=cast.sun_qian)
    with pytest.raises(CannotHold, match="事实和证据"):
        opened(confirmed, cast, noon + DAY, evidence="不好")


def test_the_same_thing_holds_a_person_to_account_once(
    confirmed: Shortcoming, cast: SimpleNamespace, noon: datetime
) -> None:
    opened(confirmed, cast, noon + DAY)
    with pytest.raises(CannotHold, match="已经对此人"):
        opened(confirmed, cast, noon + DAY)


def test_a_graver_measure_needs_one_in_force_before_it(
    confirmed: Shortcoming, cast: SimpleNamespace, noon: datetime
) -> None:
    at = noon + DAY
    assert [one.code for one in measures_for(confirmed, cast.li_jianguo, at)] == ["remind"]
    with pytest.raises(CannotHold, match="升档"):
        opened(confirmed, cast, at, measure="notice")
    with pytest.raises(CannotHold, match="请选择"):
        opened(confirmed, cast, at, measure="fine")
    row = opened(confirmed, cast, at)
    decided(row, cast, at)
    # Decided, but not in force: it may still be appealed.
    assert len(measures_for(confirmed, cast.li_jianguo, at + DAY)) == 1
    bring_into_force(by=system_person(), at=at + 11 * DAY)
    known = [one.code for one in measures_for(confirmed, cast.li_jianguo, at + 12 * DAY)]
    assert known == ["remind", "notice"]
    assert len(measures_for(confirmed, cast.li_jianguo, at + 3 * YEAR)) == 1


def test_what_is_serious_may_begin_a_rung_higher(
    confirmed: Shortcoming, cast: SimpleNamespace, noon: datetime
) -> None:
    confirmed.severity = "serious"
    assert [one.rung for one in measures_for(confirmed, cast.li_jianguo, noon)] == [1, 2]


def test_it_is_decided_by_another_hand_after_the_person_had_time_to_speak(
    confirmed: Shortcoming, cast: SimpleNamespace, noon: datetime
) -> None:
    at = noon + DAY
    row = opened(confirmed, cast, at)
    told = {"measure": "remind", "because": "事实清楚"}
    with pytest.raises(CannotHold, match="还没有陈述"):
        decide_accountability(row, **told, by=cast.zhou_tao, at=at)
    for who in (cast.lin_lan, cast.li_jianguo, cast.sun_qian, cast.wang_xiuying):
        with pytest.raises(CannotHold, match="上级单位"):
            decide_accountability(row, **told, by=who, at=at + 30 * DAY)
    with pytest.raises(CannotHold, match="由本人陈述"):
        answer_accountability(row, words="不是他", by=cast.wang_xiuying, at=at)
    with pytest.raises(CannotHold, match="不能重于"):
        decide_accountability(
            row, measure="notice", because="事实清楚", by=cast.zhou_tao, at=at + 30 * DAY
        )
    decide_accountability(row, **told, by=cast.zhou_tao, at=at + 30 * DAY)
    with pytest.raises(CannotHold, match="已经决定"):
        decide_accountability(row, **told, by=cast.zhou_tao, at=at + 31 * DAY)
    with pytest.raises(CannotHold, match="已经决定"):
        answer_accountability(row, words="我还有话说", by=cast.li_jianguo, at=at + 31 * DAY)


def test_an_appeal_is_heard_by_a_third_and_can_only_make_it_lighter(
    confirmed: Shortcoming, cast: SimpleNamespace, noon: datetime
) -> None:
    at = noon + DAY
    row = opened(confirmed, cast, at)
    decided(row, cast, at)
    with pytest.raises(CannotHold, match="由本人申诉"):
        appeal_accountability(row, words="不公平", by=cast.wang_xiuying, at=at)
    appeal_accountability(row, words="公示牌前一天被装修拆下", by=cast.li_jianguo, at=at + DAY)
    assert bring_into_force(by=system_person(), at=at + 30 * DAY) == 0
    with pytest.raises(CannotHold, match="原来作决定的人"):
        hear_appeal(row, verdict="stands", measure="", because="清楚", by=cast.zhou_tao, at=at)
    with pytest.raises(CannotHold, match="上级单位"):
        hear_appeal(row, verdict="stands", measure="", because="清楚", by=cast.lin_lan, at=at)
    with pytest.raises(CannotHold, match="更轻"):
        hear_appeal(
            row,
            verdict="lighter",
            measure="notice",
            because="已经考虑了",
            by=cast.zheng_gang,
            at=at,
        )
    hear_appeal(row, verdict="set_aside", measure="", because="装修属实", by=cast.zheng_gang, at=at)
    row.refresh_from_db()
    assert (row.state, row.measure, row.in_force_at) == (kinds.ENDED, "", None)
    assert not Accountability.objects.in_force(noon).exists()
    with pytest.raises(CannotHold, match="审过"):
        hear_appeal(row, verdict="stands", measure="", because="清楚", by=cast.zheng_gang, at=at)


def test_an_appeal_that_fails_leaves_the_measure_in_force(
    confirmed: Shortcoming, cast: SimpleNamespace, noon: datetime
) -> None:
    at = noon + DAY
    row = opened(confirmed, cast, at)
    decided(row, cast, at)
    appeal_accountability(row, words="不公平对待", by=cast.li_jianguo, at=at + DAY)
    hear_appeal(row, verdict="stands", measure="", because="理由不成立", by=cast.zheng_gang, at=at)
    row.refresh_from_db()
    assert (row.measure, row.in_force_at) == ("remind", at)


def test_an_appeal_after_its_days_or_of_nothing_is_refused(
    confirmed: Shortcoming, cast: SimpleNamespace, noon: datetime
) -> None:
    at = noon + DAY
    row = opened(confirmed, cast, at)
    with pytest.raises(CannotHold, match="没有可以申诉"):
        appeal_accountability(row, words="不公平对待", by=cast.li_jianguo, at=at)
    decided(row, cast, at)
    with pytest.raises(CannotHold, match="申诉期已过"):
        appeal_accountability(row, words="不公平对待", by=cast.li_jianguo, at=at + 11 * DAY)


def test_nobody_held_to_account_ends_without_a_measure(
    confirmed: Shortcoming, cast: SimpleNamespace, noon: datetime
) -> None:
    row = opened(confirmed, cast, noon + DAY)
    decided(row, cast, noon + DAY, measure="")
    assert bring_into_force(by=system_person(), at=noon + 30 * DAY) == 1
    row.refresh_from_db()
    assert (row.state, row.in_force_at) == (kinds.ENDED, None)


def test_only_the_person_and_those_who_open_or_decide_there_see_it(
    confirmed: Shortcoming, cast: SimpleNamespace, noon: datetime
) -> None:
    row = opened(confirmed, cast, noon + DAY)
    seen: dict[str, bool] = {
        name: row in Accountability.objects.within(reach.of(person, noon + DAY))
        for name, person in vars(cast).items()
    }
    assert {name for name, sees in seen.items() if sees} == {
        "li_jianguo", "zhou_tao", "lin_lan", "zheng_gang", "qian_wei",
    }  # fmt: skip


def test_the_database_is_the_last_guard(
    confirmed: Shortcoming, cast: SimpleNamespace, noon: datetime
) -> None:
    row = opened(confirmed, cast, noon + DAY)
    for name, value in (("decided_by", cast.lin_lan), ("opened_by", cast.li_jianguo)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Accountability.objects.filter(pk=row.pk).update(**{name: value})


def test_the_docket_alone_gives_the_row_again(
    confirmed: Shortcoming, cast: SimpleNamespace, noon: datetime
) -> None:
    at = noon + DAY
    row = opened(confirmed, cast, at)
    decided(row, cast, at)
    appeal_accountability(row, words="不公平对待", by=cast.li_jianguo, at=at + DAY)
    hear_appeal(row, verdict="stands", measure="", because="不成立的", by=cast.zheng_gang, at=at)
    row.refresh_from_db()
    assert {name: getattr(row, name) for name in row.replay()} == row.replay()
