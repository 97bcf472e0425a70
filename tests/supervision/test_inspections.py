"""Plans drawn by lot, inspections marked and handed in, and what becomes of what fell short."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from sujin.lab.cast import BRANCH2_A, BRANCH_A, OUTLET_A, OUTLET_A_NEXT_DOOR, OUTLET_B
from sujin.platform import reach
from sujin.platform.acts.organise import system_person
from sujin.platform.files import Checked
from sujin.platform.models import Entry, Org, Post
from sujin.supervision.acts.carry_inspection import (
    CannotInspect,
    keep_photo,
    note_marks,
    submit_inspection,
)
from sujin.supervision.acts.draw_plan import CannotDraw, digest_of, draw_plan, drawn_again
from sujin.supervision.acts.rectify import (
    CannotRectify,
    answer_shortcoming,
    escalate_shortcomings,
    mend_shortcoming,
    return_shortcoming,
)
from sujin.supervision.acts.run_plan import end_plans, pass_on_inspection
from sujin.supervision.inspectionbook import checklist, items, risks, sorts
from sujin.supervision.kinds import inspection as kinds
from sujin.supervision.kinds import shortcoming as mending
from sujin.supervision.models import Inspection, InspectionPlan, Mark, Shortcoming
from sujin.supervision.risks import facts, outlets_below, risk_of
from tests.supervision.inspection_town import (
    DAY,
    PNG,
    handed_in,
    inspection_at,
    marked,
    note,
    plan_of,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def head(bank: None) -> Org:
    return Org.objects.get(parent=None)


@pytest.fixture
def plan(head: Org, cast: SimpleNamespace, noon: datetime) -> InspectionPlan:
    return plan_of(head, by=cast.lin_lan, at=noon)


def test_the_pack_says_what_is_looked_at_and_each_sort_has_a_list() -> None:
    assert {"mystery", "flight", "cross", "special", "recording"} == set(sorts())
    assert all(len(checklist(sort)) >= 4 for sort in sorts())
    assert {one.code for sort in sorts() for one in checklist(sort)} == set(items())


def test_nobody_is_sent_to_the_own_second_level_branch(plan: InspectionPlan) -> None:
    for one in plan.inspections.select_related("outlet", "inspector"):
        tree = "".join(f"{step}/" for step in one.outlet.lineage[:3])
        posts = Post.objects.filter(person=one.inspector, org__path__startswith=tree)
        assert not posts.exists(), f"{one.inspector} at {one.outlet}"


def test_a_cross_inspection_is_by_people_of_another_first_level_branch(
    head: Org, cast: SimpleNamespace, noon: datetime
) -> None:
    for seed in range(8):
        drawn = plan_of(head, by=cast.lin_lan, at=noon, sort="cross", seed=seed)
        for one in drawn.inspections.select_related("outlet", "inspector"):
            branch = "".join(f"{step}/" for step in one.outlet.lineage[:2])
            posts = Post.objects.filter(person=one.inspector, org__path__startswith=branch)
            assert not posts.exists()


def test_who_left_a_unit_lately_is_of_it_still(
    head: Org, cast: SimpleNamespace, noon: datetime
) -> None:
    post = Post.objects.get(person=cast.ma_jun)
    post.until = noon.date() - 100 * DAY
    post.save()
    away = Org.objects.get(code=BRANCH_A)
    Post.objects.create(person=cast.ma_jun, org=away, role="handler", since=noon.date() - 99 * DAY)
    for seed in range(12):
        drawn = plan_of(head, by=cast.lin_lan, at=noon, seed=seed)
        own = drawn.inspections.filter(outlet__path__startswith=post.org.path)
        assert not own.filter(inspector=cast.ma_jun).exists()


def test_the_draw_can_be_made_again_once_its_seed_is_told(
    plan: InspectionPlan, noon: datetime
) -> None:
    told = plan.entries.of(kinds.PlanDrawn).get().data
    assert "seed" not in told and told["digest"] == digest_of(plan.seed)
    at = noon + 40 * DAY
    assert end_plans(by=system_person(), at=at) == 1
    assert end_plans(by=system_person(), at=at) == 0
    plan.refresh_from_db()
    assert plan.entries.of(kinds.PlanOver).get().data["seed"] == plan.seed
    rows = plan.inspections.values_list("outlet", "inspector", "day")
    assert set(drawn_again(plan)) == set(rows)
    plan.seed += 1
    assert set(drawn_again(plan)) != set(rows)


def test_a_plan_that_cannot_be_is_refused_with_the_remedy(
    head: Org, cast: SimpleNamespace, noon: datetime
) -> None:
    branch = Org.objects.get(code=BRANCH_A)
    with pytest.raises(CannotDraw, match="岗位不能"):
        plan_of(branch, by=cast.sun_qian, at=noon)
    with pytest.raises(CannotDraw, match="岗位不能"):
        plan_of(head, by=cast.zhou_tao, at=noon)
    with pytest.raises(CannotDraw, match="从明天起"):
        draw_plan(
            head, name="昨天的检查", sort="flight", first=noon.date(), last=noon.date() + DAY,
            visits=1, by=cast.lin_lan, at=noon,
        )  # fmt: skip
    with pytest.raises(CannotDraw, match="少抽几家"):
        plan_of(head, by=cast.lin_lan, at=noon, visits=999)
    with pytest.raises(CannotDraw, match="哪一种"):
        plan_of(head, by=cast.lin_lan, at=noon, sort="fly")
    assert not InspectionPlan.objects.exists() and not Inspection.objects.exists()


def test_a_branch_draws_for_its_own_outlets_alone_and_head_offices_plans_stay_hidden(
    plan: InspectionPlan, cast: SimpleNamespace, noon: datetime
) -> None:
    branch = Org.objects.get(code=BRANCH_A)
    own = plan_of(branch, by=cast.zhou_tao, at=noon, visits=1)
    assert all(one.outlet.path.startswith(branch.path) for one in own.inspections.all())
    seen = InspectionPlan.objects.within(reach.of(cast.zhou_tao, noon))
    assert list(seen) == [own]
    assert not InspectionPlan.objects.within(reach.of(cast.sun_qian, noon)).exists()
    assert InspectionPlan.objects.within(reach.of(cast.qian_wei, noon)).count() == 2


def test_an_outlet_learns_of_a_surprise_only_when_it_is_over(
    plan: InspectionPlan, cast: SimpleNamespace, noon: datetime
) -> None:
    one = inspection_at(OUTLET_A, plan)
    manager = reach.of(cast.li_jianguo, noon)
    seen = Inspection.objects.within(manager).filter(outlet__code=OUTLET_A)
    assert not seen.exists()
    handed_in(one, noon + DAY)
    assert list(seen) == [one]
    assert (
        not Inspection.objects.within(manager)
        .filter(outlet__code=OUTLET_B)
        .exclude(inspector=cast.li_jianguo)
    )


def test_what_is_announced_is_seen_before(head: Org, cast: SimpleNamespace, noon: datetime) -> None:
    drawn = plan_of(head, by=cast.lin_lan, at=noon, sort="special")
    seen = Inspection.objects.within(reach.of(cast.li_jianguo, noon))
    assert inspection_at(OUTLET_A, drawn) in seen


def test_marks_that_are_sent_twice_are_kept_once_and_the_later_word_stands(
    plan: InspectionPlan, noon: datetime
) -> None:
    one = inspection_at(OUTLET_A, plan)
    by = one.inspector
    assert by is not None
    first = note("greet", kinds.PASS, noon)
    later = note("greet", kinds.FAIL, noon + HOUR, "五分钟没有人招呼")
    for sent in ([first], [first], [later], [first], [later]):
        note_marks(one, sent, by=by, at=noon + 2 * HOUR)
    mark = Mark.objects.get(inspection=one)
    assert (mark.mark, mark.words) == (kinds.FAIL, "五分钟没有人招呼")
    assert one.entries.of(kinds.InspectionNoted).count() == 2


def test_a_telephone_whose_clock_is_ahead_does_not_win_for_ever(
    plan: InspectionPlan, noon: datetime
) -> None:
    one = inspection_at(OUTLET_A, plan)
    by = one.inspector
    assert by is not None
    note_marks(one, [note("greet", kinds.PASS, noon + 300 * DAY)], by=by, at=noon)
    note_marks(one, [note("greet", kinds.FAIL, noon + HOUR, "没人招呼")], by=by, at=noon + HOUR)
    assert Mark.objects.get(inspection=one).mark == kinds.FAIL


def test_a_photograph_that_is_sent_twice_is_kept_once(plan: InspectionPlan, noon: datetime) -> None:
    one, key = inspection_at(OUTLET_A, plan), uuid4()
    by = one.inspector
    assert by is not None
    for _time in range(3):
        keep_photo(one, "channels", PNG, key=key, taken_at=noon, by=by, at=noon)
    assert one.photos.count() == 1 == one.entries.of(kinds.PhotoKept).count()
    for _time in range(3):
        keep_photo(one, "channels", PNG, key=uuid4(), taken_at=noon, by=by, at=noon)
    with pytest.raises(CannotInspect, match="最多 4 张"):
        keep_photo(one, "channels", PNG, key=uuid4(), taken_at=noon, by=by, at=noon)
    text = Checked("a.txt", "text/plain", b"words")
    with pytest.raises(CannotInspect, match="不是照片"):
        keep_photo(one, "ramp", text, key=uuid4(), taken_at=noon, by=by, at=noon)


def test_a_list_is_handed_in_whole_or_not_at_all(
    plan: InspectionPlan, noon: datetime, cast: SimpleNamespace
) -> None:
    one = inspection_at(OUTLET_A, plan)
    by = one.inspector
    assert by is not None
    with pytest.raises(CannotInspect, match="还有检查项没有填"):
        submit_inspection(one, by=by, at=noon)
    marked(one, noon)
    note_marks(one, [note("greet", kinds.FAIL, noon + HOUR)], by=by, at=noon + HOUR)
    with pytest.raises(CannotInspect, match="看到了什么"):
        submit_inspection(one, by=by, at=noon + HOUR)
    told = [note("greet", kinds.FAIL, noon + 2 * HOUR, "没有人招呼"),
            note("channels", kinds.FAIL, noon + 2 * HOUR, "没有公示电话")]  # fmt: skip
    note_marks(one, told, by=by, at=noon + 2 * HOUR)
    with pytest.raises(CannotInspect, match="要有照片"):
        submit_inspection(one, by=by, at=noon + 2 * HOUR)
    keep_photo(one, "channels", PNG, key=uuid4(), taken_at=noon, by=by, at=noon + 2 * HOUR)
    other = cast.gao_xiang
    with pytest.raises(CannotInspect, match="这次检查由"):
        submit_inspection(one, by=other, at=noon + 3 * HOUR)
    submit_inspection(one, by=by, at=noon + 3 * HOUR)
    assert set(one.shortcomings.values_list("item", flat=True)) == {"greet", "channels"}
    with pytest.raises(CannotInspect, match="不能再改"):
        note_marks(one, told, by=by, at=noon + 4 * HOUR)


@pytest.mark.parametrize(
    ("item", "mark", "said"), [("greet", "good", "请选择"), ("x", "pass", "x")]
)
def test_marks_that_make_no_sense_are_refused_whole(
    plan: InspectionPlan, noon: datetime, item: str, mark: str, said: str
) -> None:
    one = inspection_at(OUTLET_A, plan)
    assert one.inspector is not None
    both = [note("wait", kinds.PASS, noon), note(item, mark, noon)]
    with pytest.raises(CannotInspect, match=said):
        note_marks(one, both, by=one.inspector, at=noon)
    assert not one.marks.exists()


def test_numbers_in_the_words_of_a_mark_are_masked(plan: InspectionPlan, noon: datetime) -> None:
    one = inspection_at(OUTLET_A, plan)
    assert one.inspector is not None
    told = note("privacy", kinds.FAIL, noon, "桌上放着 13812345678 的开户单")
    note_marks(one, [told], by=one.inspector, at=noon)
    assert "13812345678" not in Mark.objects.get(inspection=one).words
    assert not Entry.objects.filter(data__icontains="13812345678").exists()


def test_whoever_stands_aside_is_followed_by_somebody_who_may_go(
    plan: InspectionPlan, cast: SimpleNamespace, noon: datetime
) -> None:
    one = inspection_at(OUTLET_A, plan)
    before = one.inspector
    assert before is not None
    with pytest.raises(CannotInspect, match="换人"):
        pass_on_inspection(one, because="我想去", by=cast.wang_xiuying, at=noon)
    with pytest.raises(CannotInspect, match="为什么"):
        pass_on_inspection(one, because="忙", by=before, at=noon)
    pass_on_inspection(one, because="我爱人在这个网点上班", by=before, at=noon)
    one.refresh_from_db()
    assert one.inspector != before
    tree = "".join(f"{step}/" for step in one.outlet.lineage[:3])
    assert not Post.objects.filter(person=one.inspector, org__path__startswith=tree).exists()


def test_whoever_stood_aside_is_not_drawn_again_and_leaves_no_marks(
    plan: InspectionPlan, cast: SimpleNamespace, noon: datetime
) -> None:
    one = inspection_at(OUTLET_A, plan)
    had = {one.inspector_id}
    for turn in range(8):
        one.refresh_from_db()
        assert one.inspector is not None
        note_marks(one, [note("greet", kinds.PASS, noon)], by=one.inspector, at=noon)
        try:
            pass_on_inspection(one, because="临时有事去不了", by=cast.lin_lan, at=noon)
        except CannotInspect as problem:
            assert "没有别人" in str(problem) and turn
            return
        one.refresh_from_db()
        assert one.inspector_id not in had and not one.marks.exists()
        had.add(one.inspector_id)
    raise AssertionError("more inspectors than there are")


def test_what_nobody_went_to_is_missed_when_the_plan_is_over(
    plan: InspectionPlan, noon: datetime
) -> None:
    handed_in(inspection_at(OUTLET_A, plan), noon + DAY)
    end_plans(by=system_person(), at=noon + 40 * DAY)
    states = set(plan.inspections.exclude(outlet__code=OUTLET_A).values_list("state", flat=True))
    assert states == {kinds.MISSED}


def test_a_shortcoming_is_answered_with_proof_looked_at_by_another_hand_and_held(
    plan: InspectionPlan, cast: SimpleNamespace, noon: datetime, head: Org
) -> None:
    at = noon + DAY
    found = handed_in(inspection_at(OUTLET_A, plan), at, bad=["channels"])[0]
    by = found.inspection.inspector
    assert by is not None
    with pytest.raises(CannotRectify, match="附上"):
        answer_shortcoming(found, answer="已经贴好了", papers=[], by=cast.li_jianguo, at=at)
    with pytest.raises(CannotRectify, match="回音"):
        answer_shortcoming(found, answer="已经贴好了", papers=[PNG], by=cast.sun_qian, at=at)
    with pytest.raises(CannotRectify, match="还没有回音"):
        mend_shortcoming(found, because="看过了", look="visit", by=by, at=at)
    answer_shortcoming(found, answer="已经贴好了", papers=[PNG], by=cast.li_jianguo, at=at)
    with pytest.raises(CannotRectify, match="复查"):
        mend_shortcoming(found, because="看过了", look="visit", by=cast.li_jianguo, at=at)
    return_shortcoming(found, because="电话号码印错", look="papers", by=cast.lin_lan, at=at)
    answer_shortcoming(found, answer="重新印过了", papers=[PNG], by=cast.li_jianguo, at=at)
    mend_shortcoming(found, because="到场看过，正确", look="visit", by=cast.lin_lan, at=at)
    found.refresh_from_db()
    assert (found.state, found.returns, found.holds) == (mending.MENDED, 1, None)
    again = plan_of(head, by=cast.lin_lan, at=at, seed=12)
    handed_in(inspection_at(OUTLET_A, again), at + DAY)
    found.refresh_from_db()
    assert found.holds is True


def test_what_was_mended_and_comes_again_is_a_new_shortcoming_that_names_the_old_one(
    plan: InspectionPlan, cast: SimpleNamespace, noon: datetime, head: Org
) -> None:
    at = noon + DAY
    old = handed_in(inspection_at(OUTLET_A, plan), at, bad=["channels"])[0]
    answer_shortcoming(old, answer="已经贴好了", papers=[PNG], by=cast.li_jianguo, at=at)
    mend_shortcoming(old, because="到场看过", look="visit", by=cast.lin_lan, at=at)
    again = plan_of(head, by=cast.lin_lan, at=at, seed=12)
    new = handed_in(inspection_at(OUTLET_A, again), at + DAY, bad=["channels"])[0]
    old.refresh_from_db()
    assert (new.again_of, old.holds) == (old, False)
    key = Org.objects.get(code=OUTLET_A).pk
    assert facts(outlets_below(head), at + 2 * DAY)["again"][key] == 1


def test_what_stands_is_not_found_twice_and_an_echo_that_does_not_hold_goes_back(
    plan: InspectionPlan, cast: SimpleNamespace, noon: datetime, head: Org
) -> None:
    at = noon + DAY
    old = handed_in(inspection_at(OUTLET_A, plan), at, bad=["channels"])[0]
    answer_shortcoming(old, answer="已经贴好了", papers=[PNG], by=cast.li_jianguo, at=at)
    again = plan_of(head, by=cast.lin_lan, at=at, seed=12)
    assert handed_in(inspection_at(OUTLET_A, again), at + DAY, bad=["channels"]) == []
    old.refresh_from_db()
    assert (old.state, old.returns, old.holds) == (mending.OPEN, 1, False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shortcoming.objects.create(
            inspection=inspection_at(OUTLET_A_NEXT_DOOR, plan), outlet=old.outlet, item="channels"
        )


def test_who_does_not_answer_in_time_is_told_above_once(
    plan: InspectionPlan, noon: datetime
) -> None:
    found = handed_in(inspection_at(OUTLET_A, plan), noon + DAY, bad=["channels"])[0]
    assert found.due_at is not None
    assert escalate_shortcomings(by=system_person(), at=found.due_at) == 0
    late = found.due_at + HOUR
    assert escalate_shortcomings(by=system_person(), at=late) == 1
    assert escalate_shortcomings(by=system_person(), at=late + HOUR) == 0


def test_the_docket_alone_gives_the_rows_again(
    plan: InspectionPlan, cast: SimpleNamespace, noon: datetime
) -> None:
    found = handed_in(inspection_at(OUTLET_A, plan), noon + DAY, bad=["channels"])[0]
    answer_shortcoming(found, answer="已经贴好", papers=[PNG], by=cast.li_jianguo, at=noon + DAY)
    end_plans(by=system_person(), at=noon + 40 * DAY)
    for row in (plan, found.inspection, found):
        row.refresh_from_db()
        for column, value in row.replay().items():
            kept = getattr(row, column)
            told = [dict(one) for one in value] if column in ("pool", "result") else value
            assert kept == told, column


def test_risk_rises_with_what_the_pack_names_and_costs_as_many_questions_for_any_number(
    head: Org, plan: InspectionPlan, noon: datetime, cast: SimpleNamespace
) -> None:
    outlets = outlets_below(head)
    before = risk_of(outlets, noon)
    most = 1 + sum(row.weight for row in risks().values())
    assert all(1 <= value <= most for value in before.values())
    handed_in(inspection_at(OUTLET_A, plan), noon + DAY, bad=["channels", "privacy", "ramp"])
    handed_in(inspection_at(OUTLET_A_NEXT_DOOR, plan), noon + DAY)
    after = risk_of(outlets, noon + 2 * DAY)
    bad, good = (Org.objects.get(code=code).pk for code in (OUTLET_A, OUTLET_A_NEXT_DOOR))
    assert after[bad] > after[good] < before[good]
    counts = []
    for some in (outlets[:2], outlets):
        with CaptureQueriesContext(connection) as asked:
            risk_of(some, noon)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6


def test_the_cast_has_a_second_level_branch_that_a_handler_may_not_inspect(
    plan: InspectionPlan, cast: SimpleNamespace
) -> None:
    tree = Org.objects.get(code=BRANCH2_A).path
    own = plan.inspections.filter(outlet__path__startswith=tree)
    assert own.exists() and not own.filter(inspector__in=[cast.chen_li, cast.shen_qiu]).exists()
