"""Who has it to read, who read it, and who is asked to hurry."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from sujin.knowledge.acts.distribute import CannotDistribute, distribute, keep_up
from sujin.knowledge.acts.measure_up import CannotWriteMeasure, write_measure
from sujin.knowledge.acts.read import CannotRead, open_reading, take_quiz, understand
from sujin.knowledge.acts.urge_readers import CannotUrge, remind_all, urge_readers
from sujin.knowledge.acts.withdraw import withdraw
from sujin.knowledge.audience import ALL_STAFF
from sujin.knowledge.models import Acknowledgement, Distribution, Issue, Version
from sujin.knowledge.quiz import Asked, drawn, sources_of
from sujin.knowledge.unit_map import Tally, silent, unit_map
from sujin.lab.cast import BRANCH2_A, BRANCH_A, BRANCH_B, OUTLET_A
from sujin.platform import reach
from sujin.platform.acts.appoint import appoint, dismiss
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org, Person, Post
from tests.knowledge.reading.conftest import Released, reading_of, told_of, work

WEEK = timedelta(days=7)


def answers(asked: list[Asked], *, right: bool = True) -> Mapping[str, str]:
    """All right, or all wrong."""
    return {
        one.name: str(one.right if right else (one.right + 1) % len(one.answers)) for one in asked
    }


def passed(distribution: Distribution, person: Person, at: datetime) -> Acknowledgement:
    reading = reading_of(distribution, person)
    open_reading(reading, by=person, at=at)
    asked = drawn(reading, sources_of(distribution, ALL_STAFF, at))
    take_quiz(reading, answers(asked), by=person, at=at)
    return reading_of(distribution, person)


def test_everybody_below_the_organisations_has_it_to_read(
    cast: SimpleNamespace, sent: Distribution
) -> None:
    names = set(sent.readings.values_list("person__name", flat=True))
    assert {"王秀英", "李建国", "陈立", "周涛", "马骏", "孙倩"} <= names
    assert not {"林岚", "郑刚", "赵敏", "刘洋"} & names
    assert reading_of(sent, cast.wang_xiuying).unit.code == OUTLET_A
    work(sent)
    assert told_of(cast.wang_xiuying) == ["distribution.sent"]
    assert told_of(cast.liu_yang) == []


def test_what_cannot_be_read_is_not_handed_out(
    cast: SimpleNamespace,
    draft: Issue,
    shelf: SimpleNamespace,
    released: Released,
    noon: datetime,
) -> None:
    branch_a, branch_b = (Org.objects.get(code=code) for code in (BRANCH_A, BRANCH_B))
    day = (noon + WEEK).date()

    def refused(what: Issue | Version, match: str, **changes: object) -> None:
        asked = {"orgs": [branch_a], "read_by": day, **changes}
        with pytest.raises(CannotDistribute, match=match):
            distribute(what, **asked, by=cast.lin_lan, at=noon)  # type: ignore[arg-type]

    refused(draft, "签发")
    refused(shelf.fee, "选择", orgs=[])
    refused(shelf.fee, "早于今天", read_by=(noon - WEEK).date())
    refused(shelf.phone, "小测", wants_quiz=True)
    local = released("local", "只限江南", orgs=[branch_a.pk])
    refused(local, "不供", orgs=[branch_a, branch_b])
    withdraw(shelf.app, because="写错了", by=cast.zheng_gang, at=noon)
    refused(Version.objects.get(pk=shelf.app.pk), "没有生效")
    assert not Distribution.objects.exists()
    assert distribute(
        local, orgs=[branch_a], read_by=day, by=cast.lin_lan, at=noon
    ).readings.count()


def test_a_word_is_enough_only_where_no_quiz_is_asked_for(
    cast: SimpleNamespace, sent: Distribution, shelf: SimpleNamespace, noon: datetime
) -> None:
    plain = distribute(
        shelf.fee, orgs=[Org.objects.get(code=BRANCH_A)], read_by=(noon + WEEK).date(),
        by=cast.lin_lan, at=noon,
    )  # fmt: skip
    teller = cast.wang_xiuying
    with pytest.raises(CannotRead, match="打开"):
        understand(reading_of(plain, teller), by=teller, at=noon)
    for one in (plain, sent):
        open_reading(reading_of(one, teller), by=teller, at=noon)
    understand(reading_of(plain, teller), by=teller, at=noon)
    assert reading_of(plain, teller).understood_at == noon
    with pytest.raises(CannotRead, match="小测"):
        understand(reading_of(sent, teller), by=teller, at=noon)
    with pytest.raises(CannotRead, match="本人"):
        understand(reading_of(plain, cast.li_jianguo), by=teller, at=noon)


def test_a_quiz_is_failed_taken_again_with_other_questions_and_passed(
    cast: SimpleNamespace, sent: Distribution, noon: datetime
) -> None:
    teller = cast.wang_xiuying
    reading = reading_of(sent, teller)
    open_reading(reading, by=teller, at=noon)
    first = drawn(reading, sources_of(sent, ALL_STAFF, noon))
    assert first == drawn(reading_of(sent, teller), sources_of(sent, ALL_STAFF, noon))
    marks = take_quiz(reading, answers(first, right=False), by=teller, at=noon)
    assert [one.right for one in marks] == [one.answers[one.right] for one in first]
    after = reading_of(sent, teller)
    assert (after.right, after.asked, after.tries, after.passed_at) == (0, 2, 1, None)
    assert after.understood_at is None
    take_quiz(
        after, answers(drawn(after, sources_of(sent, ALL_STAFF, noon))), by=teller, at=noon + WEEK
    )
    done = reading_of(sent, teller)
    assert (done.right, done.tries) == (2, 2)
    assert done.understood_at == done.passed_at == noon + WEEK
    assert done.entries.count() == 3
    assert done.replay() == {name: getattr(done, name) for name in done.replay()}


def test_an_answer_that_is_no_answer_is_wrong(
    cast: SimpleNamespace, sent: Distribution, noon: datetime
) -> None:
    teller = cast.wang_xiuying
    reading = reading_of(sent, teller)
    open_reading(reading, by=teller, at=noon)
    asked = drawn(reading, sources_of(sent, ALL_STAFF, noon))
    said = dict.fromkeys((one.name for one in asked), "99")
    marks = take_quiz(reading, {**said, "q-1-1": "0"}, by=teller, at=noon)
    assert not any(one.is_right for one in marks)


def test_what_fell_meanwhile_is_not_to_be_read(
    cast: SimpleNamespace, shelf: SimpleNamespace, noon: datetime
) -> None:
    one = distribute(
        shelf.fee, orgs=[Org.objects.get(code=BRANCH_A)], read_by=(noon + WEEK).date(),
        by=cast.lin_lan, at=noon,
    )  # fmt: skip
    withdraw(shelf.fee, because="写错了", by=cast.zheng_gang, at=noon)
    with pytest.raises(CannotRead, match="停用"):
        open_reading(reading_of(one, cast.wang_xiuying), by=cast.wang_xiuying, at=noon + WEEK)
    assert remind_all(by=system_person(), at=noon + 2 * WEEK) == 0


def test_whoever_comes_later_reads_it_too_and_nobody_waits_for_who_left(
    cast: SimpleNamespace, sent: Distribution, noon: datetime
) -> None:
    later = noon + timedelta(days=3)
    branch = Org.objects.get(code=BRANCH_A)
    appoint(
        cast.gu_wen, org=branch, role="handler", since=later.date(), by=cast.kong_mingyu, at=later
    )
    post = Post.objects.get(person=cast.shen_qiu)
    dismiss(post, until=noon.date(), by=cast.kong_mingyu, at=later)
    keep_up(sent, by=system_person(), at=later)
    assert reading_of(sent, cast.gu_wen).unit == branch
    assert reading_of(sent, cast.shen_qiu).excused_at == later
    assert not sent.readings.missing().filter(person=cast.shen_qiu).exists()
    before = sent.entries.count()
    keep_up(sent, by=system_person(), at=later)
    assert sent.entries.count() == before


def test_the_map_begins_with_the_unit_where_nobody_has_understood(
    cast: SimpleNamespace, sent: Distribution, noon: datetime
) -> None:
    for person in (cast.wang_xiuying, cast.li_jianguo, cast.chen_li):
        passed(sent, person, noon)
    tops = unit_map(sent, reach.of(cast.lin_lan, noon), noon)
    assert [unit.org.code for unit in tops] == [BRANCH_B, BRANCH_A]
    branch_a = tops[1]
    assert branch_a.tally.understood == 3
    assert branch_a.tally.people == sum(
        1 for row in sent.readings.select_related("unit") if row.unit.code.startswith(BRANCH_A)
    )
    names = {unit.org.code for unit in silent(tops)}
    assert BRANCH_A in names and BRANCH2_A not in names and OUTLET_A not in names
    late = unit_map(sent, reach.of(cast.lin_lan, noon), noon + 2 * WEEK)
    assert late[1].tally.late == branch_a.tally.people - 3


def test_a_supervisor_sees_her_own_branch_and_a_teller_no_map_at_all(
    cast: SimpleNamespace, sent: Distribution, noon: datetime
) -> None:
    passed(sent, cast.wang_xiuying, noon)

    def codes(person: Person) -> set[str]:
        tops = unit_map(sent, reach.of(person, noon), noon)
        return {unit.org.code for top in tops for unit in top.walk()}

    assert all(code.startswith(BRANCH_B) for code in codes(cast.sun_qian) - {"HO"})
    assert any(code.startswith(BRANCH_A) for code in codes(cast.zhou_tao))
    assert codes(cast.wang_xiuying) == set()
    assert Distribution.objects.within(reach.of(cast.wang_xiuying, noon)).count() == 0
    tally = unit_map(sent, reach.of(cast.sun_qian, noon), noon)[0].tally
    assert isinstance(tally, Tally) and tally.understood == 0


def test_urging_reaches_those_who_are_missing_and_within_reach(
    cast: SimpleNamespace, sent: Distribution, noon: datetime
) -> None:
    passed(sent, cast.wang_xiuying, noon)
    mine = reach.of(cast.zhou_tao, noon)
    asked = urge_readers(sent, unit=None, reach=mine, by=cast.zhou_tao, at=noon)
    assert asked == sent.readings.missing().within(mine).count()
    work(sent)
    assert "distribution.urged" in told_of(cast.li_jianguo)
    assert "distribution.urged" not in told_of(cast.wang_xiuying)
    assert "distribution.urged" not in told_of(cast.ma_jun)
    with pytest.raises(CannotUrge):
        urge_readers(
            sent, unit=Org.objects.get(code=BRANCH_B), reach=mine, by=cast.zhou_tao, at=noon
        )


def test_the_house_reminds_before_the_day_once_and_after_it_every_few_days(
    cast: SimpleNamespace, sent: Distribution, noon: datetime
) -> None:
    days = {}
    for day in range(45):
        at = noon + timedelta(days=day)
        days[day] = remind_all(by=system_person(), at=at)
        assert remind_all(by=system_person(), at=at + timedelta(hours=2)) == 0
    asked = [day for day, count in days.items() if count]
    assert asked == [5, *range(8, 38, 3)]
    stages = sent.entries.filter(kind="distribution.reminded").order_by("pk")
    assert [one.data["stage"] for one in stages][:2] == ["before", "after"]


def test_measures_are_written_for_units_that_have_it_to_read(
    cast: SimpleNamespace, sent: Distribution, noon: datetime
) -> None:
    outlet = Org.objects.get(code=OUTLET_A)
    write_measure(sent, unit=outlet, words="晨会讲一遍", by=cast.li_jianguo, at=noon)
    assert sent.entries.get(kind="distribution.measure").by == cast.li_jianguo
    tops = unit_map(sent, reach.of(cast.lin_lan, noon), noon)
    assert sum(unit.tally.measures for unit in tops) == 1
    for unit, words in ((outlet, " "), (Org.objects.get(code="HO-CARD"), "无关")):
        with pytest.raises(CannotWriteMeasure):
            write_measure(sent, unit=unit, words=words, by=cast.li_jianguo, at=noon)
