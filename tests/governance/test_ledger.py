"""One problem, one plan: nothing closes at analysis, and a measure is judged as it was declared."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sujin.engine.verify import Definition, Verdict
from sujin.governance import errands
from sujin.governance.acts.declare_measure import (
    CannotCarryOut,
    CannotDeclare,
    Plan,
    cancel_measure,
    carry_out_measure,
    declare_measure,
    prolong_measure,
    revise_measure,
    waive_measure,
)
from sujin.governance.acts.judge_measures import inform_of_verdict, judge_measures
from sujin.governance.acts.open_problem import CannotOpen, open_problem
from sujin.governance.acts.settle_problem import (
    CannotSettle,
    close_problem,
    drop_problem,
    escalate_problems,
    find_cause,
    inform_problem_owner,
    urge_problem,
)
from sujin.governance.kinds import ledger as kinds
from sujin.governance.ledgerbook import BadLedgerRule, limits, read_cause, read_limits
from sujin.governance.measured import inner_of, observed_of, proposed_controls
from sujin.governance.models import Measure, Problem
from sujin.lab.cast import BRANCH_A
from sujin.platform import reach
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Notice, Org
from tests.governance.ledger_town import BRANCHES, grow, town_of

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TITLE = "信用卡年费告知不清，客户到账单日才知道"
WHY = "开卡话术没有说年费减免条件，看了四十件，问了三家网点"
DO = "开卡页面增加年费减免条件的弹窗，并回访新开卡客户"
CARD = "card.credit.billing"


def org(code: str) -> Org:
    return Org.objects.get(code=code)


def opened(cast: SimpleNamespace, at: datetime, **changes: Any) -> Problem:
    """Lin Lan at head office writes it down; branch A answers for it."""
    told: dict[str, Any] = {}
    told |= {"title": TITLE, "owner": org(BRANCH_A), "due_on": timezone.localdate(at) + 60 * DAY}
    told |= {"by": cast.lin_lan, "at": at, **changes}
    node = told.pop("node", (org(BRANCH_A).path, CARD, "", ""))
    return open_problem(node, "complaint", **told)


def planned(problem: Problem, at: datetime, **changes: Any) -> Plan:
    """From the first Monday after tomorrow on, against the branches beside it."""
    tomorrow = timezone.localdate(at) + DAY
    monday = tomorrow + timedelta(days=-tomorrow.weekday() % 7)
    told = Plan(DO, problem.owner or org(BRANCH_A), monday, 13, 0.2, 0, ())
    return replace(told, **changes)


def caused(cast: SimpleNamespace, at: datetime) -> Problem:
    problem = opened(cast, at)
    find_cause(problem, root="process", why=WHY, by=cast.zhou_tao, at=at)
    problem.refresh_from_db()
    return problem


def declared(cast: SimpleNamespace, at: datetime, **changes: Any) -> Measure:
    problem = caused(cast, at)
    return declare_measure(problem, planned(problem, at, **changes), by=cast.zhou_tao, at=at)


@pytest.fixture
def acting(cast: SimpleNamespace, noon: datetime) -> SimpleNamespace:
    """Branch A has declared a measure, half a year before ``noon``, and carried it out."""
    then = noon - 26 * WEEK
    controls = tuple((path, CARD, "", "") for path in town_of(cast))
    measure = declared(cast, then, controls=controls)
    begun = then + (measure.starts_on - timezone.localdate(then)) + DAY
    carry_out_measure(measure, proof="文号消保发12号，已上线", by=cast.zhou_tao, at=begun)
    measure.refresh_from_db()
    return SimpleNamespace(measure=measure, problem=measure.problem, cast=cast)


@pytest.mark.django_db
def test_a_problem_has_an_owner_and_a_clock_from_the_first_moment(
    cast: SimpleNamespace, noon: datetime
) -> None:
    problem = opened(cast, noon)
    assert problem.state == kinds.OPENED
    assert problem.acknowledge_by is not None
    assert problem.acknowledge_by > noon + 4 * DAY
    inform_problem_owner(problem.entries.get())
    assert Notice.objects.filter(person=cast.zhou_tao).exists()
    asked = [one.wants for one in errands.problems(reach.of(cast.zhou_tao, noon), noon)]
    assert asked == ["为问题定因"]
    assert escalate_problems(by=system_person(), at=noon) == 0
    assert escalate_problems(by=system_person(), at=noon + 15 * DAY) == 1
    assert escalate_problems(by=system_person(), at=noon + 15 * DAY) == 0


@pytest.mark.django_db
def test_what_comes_from_one_source_stands_in_the_ledger_once(
    cast: SimpleNamespace, noon: datetime
) -> None:
    opened(cast, noon, source="wave", source_key=7)
    with pytest.raises(CannotOpen, match="已经在台账里"):
        opened(cast, noon, source="wave", source_key=7)
    row = Problem.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Problem.objects.create(
            opened_at=noon, opened_by=cast.lin_lan, stream="complaint", source="wave",
            source_key=7, due_on=row.due_on,
        )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "remedy"),
    [
        ({"title": "年"}, "请写明是什么问题"),
        ({"due_on": date(2020, 1, 1)}, "办结期限须在"),
        ({"owner": "BC-01-01-01-x"}, "没有人能归口"),
    ],
)
def test_a_problem_without_words_owner_or_day_is_refused(
    cast: SimpleNamespace, noon: datetime, change: dict[str, Any], remedy: str
) -> None:
    if "owner" in change:
        lonely = Org(code="X", name="无人处", kind="outlet", path="/999/")
        lonely.save()
        change = {"owner": lonely}
    with pytest.raises(CannotOpen, match=remedy):
        opened(cast, noon, **change)
    assert not Problem.objects.exists()


@pytest.mark.django_db
def test_others_can_neither_write_down_nor_find_the_cause(
    cast: SimpleNamespace, noon: datetime
) -> None:
    for person in (cast.wang_xiuying, cast.sun_qian):
        with pytest.raises(CannotOpen, match="您的岗位不能登记"):
            opened(cast, noon, by=person)
    problem = opened(cast, noon)
    with pytest.raises(CannotSettle, match="定因和整改"):
        find_cause(problem, root="process", why=WHY, by=cast.sun_qian, at=noon)
    with pytest.raises(CannotSettle, match="请选择根因"):
        find_cause(problem, root="weather", why=WHY, by=cast.zhou_tao, at=noon)
    assert not Problem.objects.within(reach.of(cast.sun_qian, noon)).exists()


@pytest.mark.django_db
def test_nothing_closes_at_analysis(cast: SimpleNamespace, noon: datetime) -> None:
    problem = caused(cast, noon)
    with pytest.raises(CannotSettle, match="只有分析不能办结"):
        close_problem(problem, because="分析清楚了", by=cast.lin_lan, at=noon)
    measure = declare_measure(problem, planned(problem, noon), by=cast.zhou_tao, at=noon)
    with pytest.raises(CannotSettle, match="措施 1 还没有结论"):
        close_problem(problem, because="分析清楚了", by=cast.lin_lan, at=noon)
    cancel_measure(measure, because="与另一项重复", by=cast.zhou_tao, at=noon)
    with pytest.raises(CannotSettle, match="只有分析不能办结"):
        close_problem(problem, because="分析清楚了", by=cast.lin_lan, at=noon)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "remedy"),
    [
        ({"starts_on": "today"}, "须在开始以前声明"),
        ({"weeks": 2}, "核验须在开始 4 到"),
        ({"promised": 1.0}, "承诺减少的比例"),
        ({"words": "改"}, "请写明做什么"),
        ({"controls": "own"}, "同一处不能既是目标"),
        ({"sinks": "whole"}, "同一处不能既是目标"),
    ],
)
def test_a_declaration_that_could_not_be_judged_is_refused(
    cast: SimpleNamespace, noon: datetime, change: dict[str, Any], remedy: str
) -> None:
    problem = caused(cast, noon)
    named: dict[str, dict[str, Any]] = {
        "today": {"starts_on": timezone.localdate(noon)},
        "own": {"controls": ((problem.org_path, "card", "", ""),)},
        "whole": {"sinks": (("", "", "", ""),)},
    }
    change = named.get(str(next(iter(change.values()))), change)
    with pytest.raises(CannotDeclare, match=remedy):
        declare_measure(problem, planned(problem, noon, **change), by=cast.zhou_tao, at=noon)
    assert not Measure.objects.exists()


@pytest.mark.django_db
def test_no_measure_without_a_cause_and_none_by_others(
    cast: SimpleNamespace, noon: datetime
) -> None:
    problem = opened(cast, noon)
    with pytest.raises(CannotDeclare, match="先定因"):
        declare_measure(problem, planned(problem, noon), by=cast.zhou_tao, at=noon)
    problem = Problem.objects.get()
    find_cause(problem, root="process", why=WHY, by=cast.zhou_tao, at=noon)
    problem.refresh_from_db()
    with pytest.raises(CannotDeclare, match="提出措施"):
        declare_measure(problem, planned(problem, noon), by=cast.sun_qian, at=noon)


@pytest.mark.django_db
def test_a_declaration_can_be_changed_until_it_begins(
    cast: SimpleNamespace, noon: datetime
) -> None:
    measure = declared(cast, noon)
    plan = planned(measure.problem, noon, promised=0.4)
    revise_measure(measure, plan, by=cast.zhou_tao, at=noon)
    measure.refresh_from_db()
    assert measure.promised == 0.4
    begun = noon + (measure.starts_on - timezone.localdate(noon))
    with pytest.raises(CannotDeclare, match="声明不能再改"):
        revise_measure(measure, plan, by=cast.zhou_tao, at=begun)
    with pytest.raises(CannotCarryOut, match="还没到开始日期"):
        carry_out_measure(measure, proof="已经上线了", by=cast.zhou_tao, at=noon)
    assert [one.wants for one in errands.measures(reach.of(cast.zhou_tao, begun), begun)] == [
        "落实措施"
    ]


@pytest.mark.django_db
def test_nobody_chooses_a_verdict_after_looking(cast: SimpleNamespace, noon: datetime) -> None:
    """What has begun can no longer be cancelled, what was not carried out by its day lapses."""
    measure = declared(cast, noon)
    begun = noon + (measure.starts_on - timezone.localdate(noon))
    with pytest.raises(CannotCarryOut, match="开始以后不能取消"):
        cancel_measure(measure, because="看起来没用", by=cast.zhou_tao, at=begun)
    ripe = noon + (measure.judge_on - timezone.localdate(noon))
    with pytest.raises(CannotCarryOut, match="核验日已到"):
        carry_out_measure(measure, proof="其实早就上线了", by=cast.zhou_tao, at=ripe)
    assert judge_measures(by=system_person(), at=ripe) == 1
    measure.refresh_from_db()
    assert (measure.state, measure.verdict) == (kinds.LAPSED, "")
    with pytest.raises(CannotSettle, match="没有一项措施有效"):
        close_problem(measure.problem, because="已经解决", by=cast.lin_lan, at=ripe)
    with pytest.raises(CannotCarryOut, match="已经了结"):
        waive_measure(measure, because="法规要求，无需核验", by=cast.zheng_gang, at=ripe)


@pytest.mark.django_db
def test_a_ratio_of_what_has_not_changed_yet_is_no_fact(
    cast: SimpleNamespace, noon: datetime
) -> None:
    today = timezone.localdate(noon)
    problem = caused(cast, noon)
    ahead = (Definition(today + 10 * DAY, 1.8, 0.05),)
    with pytest.raises(CannotDeclare, match="双编码"):
        declare_measure(
            problem, planned(problem, noon, definitions=ahead), by=cast.zhou_tao, at=noon
        )
    past = (Definition(today - 30 * DAY, 0.8, 0.05), Definition(today + 10 * DAY))
    made = declare_measure(
        problem, planned(problem, noon, definitions=past), by=cast.zhou_tao, at=noon
    )
    assert "×0.8" in made.entries.get().what().sentence()


@pytest.mark.django_db
def test_a_measure_is_declared_only_over_places_one_sees(
    cast: SimpleNamespace, noon: datetime
) -> None:
    problem = caused(cast, noon)
    beyond = ((org("BC").path, CARD, "", ""),)
    with pytest.raises(CannotDeclare, match="看不到的单位"):
        declare_measure(problem, planned(problem, noon, also=beyond), by=cast.zhou_tao, at=noon)


@pytest.mark.django_db
def test_who_wrote_a_declaration_anew_neither_waives_nor_closes(
    cast: SimpleNamespace, noon: datetime
) -> None:
    measure = declared(cast, noon)
    plan = planned(measure.problem, noon, promised=0.05)
    revise_measure(measure, plan, by=cast.zheng_gang, at=noon)
    with pytest.raises(CannotCarryOut, match="不能是提出措施的人"):
        waive_measure(measure, because="法规要求，无需核验", by=cast.zheng_gang, at=noon)


@pytest.mark.django_db
def test_a_failed_measure_may_be_waived_and_a_problem_without_one_dropped(
    cast: SimpleNamespace, noon: datetime
) -> None:
    measure = declared(cast, noon)
    failed = {"state": kinds.JUDGED, "verdict": "failed", "looks": 1, "judged_at": noon}
    Measure.objects.filter(pk=measure.pk).update(**failed)
    with pytest.raises(CannotSettle, match="根因不能再改"):
        find_cause(measure.problem, root="product", why=WHY, by=cast.zhou_tao, at=noon)
    waive_measure(measure, because="法规要求，必须保留", by=cast.zheng_gang, at=noon)
    close_problem(measure.problem, because="保留做法", by=cast.lin_lan, at=noon)
    other = caused(cast, noon)
    dropped = declare_measure(other, planned(other, noon), by=cast.zhou_tao, at=noon)
    cancel_measure(dropped, because="与另一项重复", by=cast.zhou_tao, at=noon)
    drop_problem(other, because="与另一问题重复", by=cast.lin_lan, at=noon)


@pytest.mark.django_db
def test_a_line_owner_keeps_what_he_wrote_down(cast: SimpleNamespace, noon: datetime) -> None:
    made = opened(cast, noon, by=cast.liu_yang)
    seen = Problem.objects.within(reach.of(cast.liu_yang, noon))
    assert list(seen) == [made]


@pytest.mark.django_db
def test_a_measure_that_worked_is_found_and_its_problem_closes(
    acting: SimpleNamespace, noon: datetime
) -> None:
    measure, cast = acting.measure, acting.cast
    grow(measure, noon, fall=0.6)
    assert judge_measures(by=system_person(), at=noon - 14 * WEEK) == 0, "not before its day"
    assert judge_measures(by=system_person(), at=noon) == 1
    assert judge_measures(by=system_person(), at=noon) == 0
    measure.refresh_from_db()
    assert measure.verdict == Verdict.WORKED
    assert measure.figures["net"][2] < 0
    share, low, high = measure.figures["net"]
    assert low < -0.6 < high
    assert low <= share <= high
    inform_of_verdict(measure.entries.order_by("-pk")[0])
    assert Notice.objects.filter(person=cast.zhou_tao).exists()
    with pytest.raises(CannotSettle, match="登记人或上级办结"):
        close_problem(acting.problem, because="效果明显", by=cast.zhou_tao, at=noon)
    close_problem(acting.problem, because="核验有效，口径已固化", by=cast.lin_lan, at=noon)
    acting.problem.refresh_from_db()
    assert acting.problem.state == kinds.SOLVED


@pytest.mark.django_db
def test_a_market_that_recovers_is_not_credited(acting: SimpleNamespace, noon: datetime) -> None:
    grow(acting.measure, noon, fall=0.0, everywhere=0.5)
    judge_measures(by=system_person(), at=noon)
    acting.measure.refresh_from_db()
    assert acting.measure.verdict != Verdict.WORKED
    assert acting.measure.figures["raw"][2] < 0, "the plain before and after is fooled"
    if acting.measure.verdict == Verdict.FAILED:
        with pytest.raises(CannotSettle, match="没有一项措施有效"):
            close_problem(acting.problem, because="已经下降", by=acting.cast.lin_lan, at=noon)


@pytest.mark.django_db
def test_late_judgement_says_what_the_declared_day_would_have_said(
    acting: SimpleNamespace, noon: datetime
) -> None:
    grow(acting.measure, noon, fall=0.5)
    observed = observed_of(acting.measure, acting.measure.judge_on)
    assert observed.starts[-1] == acting.measure.judge_on - WEEK
    assert observed.starts[-1] < timezone.localdate(noon) - WEEK, "weeks after it are not asked"


@pytest.mark.django_db
def test_too_little_evidence_may_be_looked_at_again_and_asks_for_more(
    acting: SimpleNamespace, noon: datetime
) -> None:
    measure, cast = acting.measure, acting.cast
    grow(measure, noon, fall=0.0, level=2.0, seed=7)
    judge_measures(by=system_person(), at=noon)
    measure.refresh_from_db()
    assert measure.verdict == Verdict.UNCLEAR
    assert not measure.is_settled
    with pytest.raises(CannotSettle, match="还没有结论"):
        close_problem(acting.problem, because="看不出来", by=cast.lin_lan, at=noon)
    for look in range(2, limits().more_looks + 2):
        prolong_measure(measure, weeks=4, because="再等一个月", by=cast.zhou_tao, at=noon)
        Measure.objects.filter(pk=measure.pk).update(judge_on=timezone.localdate(noon))
        judge_measures(by=system_person(), at=noon)
        measure.refresh_from_db()
        assert measure.looks == look
        assert measure.figures["inner"] == pytest.approx(1 - 0.05 / 2 ** (look - 1))
    assert measure.verdict == Verdict.UNCLEAR
    assert measure.is_settled, "no further look is left"
    with pytest.raises(CannotCarryOut, match="不超过规定次数"):
        prolong_measure(measure, weeks=4, because="再等一个月", by=cast.zhou_tao, at=noon)


@pytest.mark.django_db
def test_a_waiver_is_signed_by_a_manager_who_did_not_declare(
    cast: SimpleNamespace, noon: datetime
) -> None:
    measure = declared(cast, noon)
    for person in (cast.zhou_tao, cast.lin_lan, cast.sun_qian):
        with pytest.raises(CannotCarryOut, match="由分管领导签字"):
            waive_measure(measure, because="法规要求，无需核验", by=person, at=noon)
    waive_measure(measure, because="法规要求，无需核验", by=cast.zheng_gang, at=noon)
    measure.refresh_from_db()
    assert (measure.state, measure.waived_by) == (kinds.WAIVED, cast.zheng_gang)
    close_problem(measure.problem, because="法规要求，已落实", by=cast.lin_lan, at=noon)
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.update(waived_by=measure.declared_by)


@pytest.mark.django_db
def test_urged_dropped_and_done_with(cast: SimpleNamespace, noon: datetime) -> None:
    problem = opened(cast, noon)
    with pytest.raises(CannotSettle, match="不能督办"):
        urge_problem(problem, because="请本周定因", by=cast.chen_li, at=noon)
    urge_problem(problem, because="请本周定因", by=cast.lin_lan, at=noon)
    problem.refresh_from_db()
    assert problem.urged == 1
    drop_problem(problem, because="与三号问题重复", by=cast.lin_lan, at=noon)
    problem.refresh_from_db()
    assert (problem.state, problem.closed_at) == (kinds.DROPPED, noon)
    with pytest.raises(CannotSettle, match="已经了结"):
        urge_problem(problem, because="请本周定因", by=cast.lin_lan, at=noon)


@pytest.mark.django_db
def test_controls_are_the_busiest_units_beside(cast: SimpleNamespace, noon: datetime) -> None:
    paths = town_of(cast)
    problem = opened(cast, noon)
    assert proposed_controls(problem, timezone.localdate(noon)) == []
    measure = Measure(problem=problem, starts_on=timezone.localdate(noon))
    grow(measure, noon, fall=0.0, paths=paths)
    found = proposed_controls(problem, timezone.localdate(noon))
    assert {node[0] for node in found} == set(paths)
    assert len(found) == BRANCHES


@pytest.mark.django_db
def test_the_docket_says_what_the_row_says(acting: SimpleNamespace, noon: datetime) -> None:
    grow(acting.measure, noon, fall=0.6)
    judge_measures(by=system_person(), at=noon)
    for row in (Problem.objects.get(), Measure.objects.get()):
        told: dict[str, Any] = {}
        for entry in row.entries.in_order():
            told |= entry.what().cached()
        for column, value in told.items():
            kept = getattr(row, column)
            assert kept == value or list(kept) == list(value), column


def test_further_looks_promise_one_false_verdict_in_twenty_together() -> None:
    missed = [(1 - inner_of(look)) / 2 for look in range(10)]
    assert sum(missed) <= 0.05
    assert missed[0] == pytest.approx(0.025)


@pytest.mark.parametrize(
    ("change", "remedy"),
    [
        ({"promised": 1.5}, r"promised 1\.5: a share between 0 and 1"),
        ({"cause_days": 0}, "cause_days 0: write 1 or more"),
        ({"judge_weeks": 60}, "judge_weeks: not more than longest_weeks"),
    ],
)
def test_numbers_of_the_pack_that_cannot_be_meant_are_named(
    change: dict[str, Any], remedy: str
) -> None:
    told = {name: getattr(limits(), name) for name in type(limits()).__slots__}
    with pytest.raises(BadLedgerRule, match=remedy):
        read_limits(told | change)


def test_causes_of_the_pack_that_cannot_be_meant_are_named() -> None:
    row = {"cause": "x", "controllable": "maybe", "zh": "某", "en": "some"}
    with pytest.raises(BadLedgerRule, match="controllable 'maybe': yes, partly or no"):
        read_cause(row)
    with pytest.raises(BadLedgerRule, match="write zh and en"):
        read_cause(row | {"controllable": "yes", "en": ""})
