"""A hot branch is visited by somebody else's people, and every concern found there has its echo."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sujin import packs
from sujin.governance import errands, hotmap, visitbook
from sujin.governance.acts.echo_concern import (
    CannotAnswerConcern,
    CannotConfirm,
    answer_concern,
    confirm_concern,
    return_concern,
)
from sujin.governance.acts.escalate_visits import (
    escalate_visits,
    inform_above_mender,
    inform_above_visitor,
    inform_finder,
    inform_mender,
    inform_proposer,
    inform_visitor,
)
from sujin.governance.acts.propose_visit import (
    CannotAnswerVisit,
    CannotCancel,
    CannotPropose,
    accept_visit,
    cancel_visit,
    decline_visit,
    propose_visit,
    working_day,
)
from sujin.governance.acts.report_visit import CannotReport, open_concern, report_visit
from sujin.governance.hotmap import Span
from sujin.governance.kinds import visit as kinds
from sujin.governance.models import Concern, Visit
from sujin.governance.visitbook import BadVisitRule, read_hot, read_severity
from sujin.lab.cast import BRANCH_A, BRANCH_B, OUTLET_A, OUTLET_B
from sujin.platform import reach
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Notice, Org, Person
from tests.governance.wave_town import NEW, tell

DAY = timedelta(days=1)
CARD = "card.credit.billing"
WHY = "江南分行信用卡投诉明显多于应有的份额，去看柜面怎样解释"
FOUND = "柜台没有公示限额调整，客户到柜台才知道"


def org(code: str) -> Org:
    return Org.objects.get(code=code)


@pytest.fixture
def town(cast: SimpleNamespace, noon: datetime) -> SimpleNamespace:
    """Half a year of two branches; eighty cards of one outlet of branch A in the last weeks."""
    tell(noon, days=150, planted=dict.fromkeys((13, 12, 11), (OUTLET_A, CARD, NEW, 27)))
    return cast


def latest(at: datetime, business: str = "") -> Span:
    return hotmap.by_period(timezone.localdate(at), business)[0]


def proposed(town: SimpleNamespace, at: datetime, **changes: Any) -> Visit:
    """Lin Lan asks Liu Yang to go to branch A within the week."""
    told = {"visitor": town.liu_yang, "why": WHY, "due_on": timezone.localdate(at) + 5 * DAY}
    told |= {"by": town.lin_lan, "at": at, **changes}
    return propose_visit(org(BRANCH_A), latest(at), **told)


def accepted(town: SimpleNamespace, at: datetime) -> Visit:
    visit = proposed(town, at)
    accept_visit(visit, by=town.liu_yang, at=at)
    return Visit.objects.get(pk=visit.pk)


def found_on(visit: Visit, town: SimpleNamespace, at: datetime, **changes: Any) -> Concern:
    told = {"words": FOUND, "severity": "serious", "owner": org(OUTLET_A)}
    return open_concern(visit, **{**told, **changes}, by=town.liu_yang, at=at)


def test_the_branch_with_more_than_its_share_is_hot_and_the_other_is_not(
    town: SimpleNamespace, noon: datetime
) -> None:
    told = hotmap.drawn(reach.of(town.lin_lan, noon), hotmap.by_period(noon.date()))
    assert [row.code for row, _cells in told.rows] == [BRANCH_B, BRANCH_A]
    hot = {(cell.place.code, cell.span.first) for cell in told.hot}
    assert hot == {(BRANCH_A, latest(noon).first)}
    own = hotmap.drawn(reach.of(town.sun_qian, noon), hotmap.by_period(noon.date()))
    assert [row.code for row, _cells in own.rows] == [BRANCH_B]
    assert own.rows[0][1] == told.rows[0][1]


def test_by_business_the_business_that_was_planted_is_hot(
    town: SimpleNamespace, noon: datetime
) -> None:
    told = hotmap.drawn(reach.of(town.lin_lan, noon), hotmap.by_business(noon.date()))
    assert {(cell.place.code, cell.span.business) for cell in told.hot} == {(BRANCH_A, "card")}
    card = latest(noon, "card")
    cell = hotmap.cell_of(org(BRANCH_A), card)
    assert cell is not None
    assert cell in [one for _org, cells in told.rows for one in cells]


def test_a_visit_keeps_the_figures_of_the_moment_it_was_proposed(
    town: SimpleNamespace, noon: datetime
) -> None:
    visit = proposed(town, noon)
    cell = hotmap.cell_of(org(BRANCH_A), latest(noon))
    assert cell is not None
    assert visit.figures == cell.figures()
    tell(noon, seed=2, kind="consultation", days=3)
    assert visit.figures["observed"] > visit.figures["expected"]
    assert visit.figures["exceedance"] > visitbook.hot().probability
    assert Visit.objects.get(pk=visit.pk).figures == visit.figures
    replayed = {**visit.replay()}
    assert {name: getattr(visit, name) for name in ("why", "due_on", "state", "figures")} == {
        name: replayed[name] for name in ("why", "due_on", "state", "figures")
    }


def test_a_visit_is_refused_where_it_is_not_hot_by_whom_it_may_not_and_to_the_own_unit(
    town: SimpleNamespace, noon: datetime
) -> None:
    told: dict[str, Any] = {"why": WHY, "due_on": noon.date() + DAY, "at": noon}
    cold = {**told, "visitor": town.liu_yang, "by": town.lin_lan}
    with pytest.raises(CannotPropose, match="不是热点"):
        propose_visit(org(BRANCH_B), latest(noon), **cold)
    with pytest.raises(CannotPropose, match="不是热点"):
        propose_visit(org(OUTLET_A), latest(noon), **cold)
    with pytest.raises(CannotPropose, match="自己的单位"):
        proposed(town, noon, visitor=town.zhou_tao)
    with pytest.raises(CannotPropose, match="不走访"):
        proposed(town, noon, visitor=town.ma_jun)
    for stranger in (town.sun_qian, town.chen_li, town.qian_wei, town.he_jing):
        with pytest.raises(CannotPropose, match="不能提出走访"):
            proposed(town, noon, by=stranger)
    with pytest.raises(CannotPropose, match="期限"):
        proposed(town, noon, due_on=noon.date() - DAY)
    with pytest.raises(CannotPropose, match="期限"):
        proposed(town, noon, due_on=noon.date() + 60 * DAY)
    with pytest.raises(CannotPropose, match="为什么"):
        proposed(town, noon, why=" 去 ")
    assert not Visit.objects.exists()


def test_one_visit_at_a_time_goes_to_a_hot_cell(town: SimpleNamespace, noon: datetime) -> None:
    visit = proposed(town, noon)
    with pytest.raises(CannotPropose, match="已经有人"):
        proposed(town, noon)
    twice = {"place": visit.place, "business": "", "first": visit.first, "last": visit.last}
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(**twice, proposed_by=town.lin_lan, proposed_at=noon)
    decline_visit(visit, because="下周不在行里", by=town.liu_yang, at=noon)
    assert proposed(town, noon, visitor=town.he_jing).state == kinds.PROPOSED


def test_only_the_visitor_answers_and_only_once(town: SimpleNamespace, noon: datetime) -> None:
    visit = proposed(town, noon)
    with pytest.raises(CannotAnswerVisit, match="刘洋"):
        accept_visit(visit, by=town.lin_lan, at=noon)
    with pytest.raises(CannotAnswerVisit, match="理由"):
        decline_visit(visit, because="", by=town.liu_yang, at=noon)
    accept_visit(visit, by=town.liu_yang, at=noon)
    with pytest.raises(CannotAnswerVisit, match="已经答复"):
        decline_visit(visit, because="改主意了，不去", by=town.liu_yang, at=noon)


def test_a_visit_is_cancelled_by_who_might_have_proposed_it_until_something_was_found(
    town: SimpleNamespace, noon: datetime
) -> None:
    visit = accepted(town, noon)
    with pytest.raises(CannotCancel, match="上级"):
        cancel_visit(visit, because="不用去了，已查清", by=town.he_jing, at=noon)
    found_on(visit, town, noon)
    with pytest.raises(CannotCancel, match="已经登记了问题"):
        cancel_visit(visit, because="不用去了，已查清", by=town.zheng_gang, at=noon)
    Concern.objects.all().delete()
    cancel_visit(visit, because="不用去了，已查清", by=town.zheng_gang, at=noon)
    assert Visit.objects.get(pk=visit.pk).state == kinds.CANCELLED
    with pytest.raises(CannotCancel, match="已经结束"):
        cancel_visit(visit, because="不用去了，已查清", by=town.zheng_gang, at=noon)


def test_a_concern_has_an_owner_and_a_day_from_the_moment_it_was_found(
    town: SimpleNamespace, noon: datetime
) -> None:
    visit = proposed(town, noon)
    with pytest.raises(CannotReport, match="还没有接受"):
        found_on(visit, town, noon)
    accept_visit(visit, by=town.liu_yang, at=noon)
    one, two = found_on(visit, town, noon), found_on(visit, town, noon, severity="slight")
    assert (one.number, two.number) == (1, 2)
    assert one.owner == org(OUTLET_A)
    # Three working days after Monday the second of March end with Thursday the fifth.
    assert (
        one.due_at is not None and timezone.localtime(one.due_at).isoformat()[:10] == "2026-03-05"
    )
    assert two.due_at is not None and two.due_at > one.due_at
    with pytest.raises(CannotReport, match="归口"):
        found_on(visit, town, noon, owner=org(OUTLET_B))
    with pytest.raises(CannotReport, match="轻重"):
        found_on(visit, town, noon, severity="dreadful")
    with pytest.raises(CannotReport, match="发现了什么"):
        found_on(visit, town, noon, words="   ")
    with pytest.raises(CannotReport, match="刘洋"):
        open_concern(
            visit, words=FOUND, severity="slight", owner=org(OUTLET_A), by=town.lin_lan, at=noon
        )


def test_numbers_that_name_a_customer_are_not_kept(town: SimpleNamespace, noon: datetime) -> None:
    visit = accepted(town, noon)
    one = found_on(visit, town, noon, words="客户电话 13812345678 写在白板上")
    assert "13812345678" not in one.words
    assert "13812345678" not in str([entry.data for entry in one.entries])


def test_every_concern_has_its_echo(town: SimpleNamespace, noon: datetime) -> None:
    visit = accepted(town, noon)
    one = found_on(visit, town, noon)
    later = noon + DAY
    with pytest.raises(CannotConfirm, match="还没有答复"):
        confirm_concern(one, because="现场已公示", by=town.liu_yang, at=later)
    for stranger in (town.liu_yang, town.sun_qian, town.lin_lan, town.wang_xiuying):
        with pytest.raises(CannotAnswerConcern, match="答复"):
            answer_concern(one, answer="已经公示，并培训了柜员", by=stranger, at=later)
    answer_concern(one, answer="已经公示，并培训了柜员", by=town.li_jianguo, at=later)
    with pytest.raises(CannotAnswerConcern, match="已经答复"):
        answer_concern(one, answer="再说一遍，已经公示", by=town.li_jianguo, at=later)
    with pytest.raises(CannotConfirm, match="走访的人"):
        confirm_concern(one, because="现场已公示", by=town.li_jianguo, at=later)
    return_concern(one, because="公示写错了日期", by=town.liu_yang, at=later)
    again = Concern.objects.get(pk=one.pk)
    assert (again.state, again.returns) == (kinds.OPEN, 1)
    assert again.due_at is not None and one.due_at is not None and again.due_at > one.due_at
    answer_concern(again, answer="日期已改正，照片已交", by=town.li_jianguo, at=later + DAY)
    confirm_concern(again, because="照片核对无误", by=town.lin_lan, at=later + DAY)
    done = Concern.objects.get(pk=one.pk)
    assert done.state == kinds.CONFIRMED
    codes = [entry.kind for entry in done.entries.in_order()]
    assert codes == [
        "concern.opened", "concern.answered", "concern.returned", "concern.answered",
        "concern.confirmed",
    ]  # fmt: skip
    assert done.replay()["state"] == done.state
    with pytest.raises(CannotConfirm):
        return_concern(done, because="想想还是不行", by=town.liu_yang, at=later + DAY)


def test_the_database_itself_keeps_the_finder_from_answering(
    town: SimpleNamespace, noon: datetime
) -> None:
    one = found_on(accepted(town, noon), town, noon)
    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.filter(pk=one.pk).update(answered_by=town.liu_yang)


def test_a_report_ends_the_visit_even_when_nothing_was_found(
    town: SimpleNamespace, noon: datetime
) -> None:
    visit = accepted(town, noon)
    told = {"summary": "看了三个网点，公示齐全", "by": town.liu_yang, "at": noon + DAY}
    with pytest.raises(CannotReport, match="日期"):
        report_visit(visit, visited_on=noon.date() + 3 * DAY, **told)
    with pytest.raises(CannotReport, match="日期"):
        report_visit(visit, visited_on=noon.date() - DAY, **told)
    with pytest.raises(CannotReport, match="结论"):
        report_visit(visit, visited_on=noon.date(), **{**told, "summary": ""})
    report_visit(visit, visited_on=noon.date() + DAY, **told)
    done = Visit.objects.get(pk=visit.pk)
    assert (done.state, done.visited_on) == (kinds.REPORTED, noon.date() + DAY)
    with pytest.raises(CannotReport, match="已经结束"):
        found_on(done, town, noon + DAY)


def test_what_is_late_goes_up_once_and_those_above_hear(
    town: SimpleNamespace, noon: datetime
) -> None:
    house = system_person()
    visit = proposed(town, noon)
    assert escalate_visits(by=house, at=noon + DAY) == 0
    assert escalate_visits(by=house, at=noon + 3 * DAY) == 1
    assert escalate_visits(by=house, at=noon + 3 * DAY) == 0
    accept_visit(visit, by=town.liu_yang, at=noon + 3 * DAY)
    one = found_on(visit, town, noon + 3 * DAY)
    assert escalate_visits(by=house, at=noon + 4 * DAY) == 0
    assert escalate_visits(by=house, at=noon + 15 * DAY) == 2
    assert escalate_visits(by=house, at=noon + 16 * DAY) == 0
    assert Visit.objects.get(pk=visit.pk).escalated == "report"
    for noun, react, who in (
        (
            visit,
            inform_above_visitor,
            {town.liu_yang, town.lin_lan, town.zhou_tao, town.zheng_gang},
        ),
        (one, inform_above_mender, {town.li_jianguo, town.zhou_tao, town.liu_yang}),
    ):
        entry = noun.entries.filter(kind__endswith=".escalated").last()
        assert entry is not None
        react(entry)
        told = {one.person for one in Notice.objects.filter(entry=entry)}
        assert who <= told
        assert town.sun_qian not in told


def _notices() -> list[tuple[str, str]]:
    rows = Notice.objects.select_related("person", "entry").order_by("pk")
    return [(one.person.name, one.entry.kind) for one in rows]


def test_each_step_is_told_to_whoever_has_the_next_one(
    town: SimpleNamespace, noon: datetime
) -> None:
    visit = accepted(town, noon)
    one = found_on(visit, town, noon)
    answer_concern(one, answer="已经公示，并培训了柜员", by=town.li_jianguo, at=noon)
    reactions: dict[str, Callable[[Any], None]] = {
        "visit.proposed": inform_visitor, "visit.accepted": inform_proposer,
        "concern.opened": inform_mender, "concern.answered": inform_finder,
    }  # fmt: skip
    for noun in (visit, one):
        for entry in noun.entries.in_order():
            reactions[entry.kind](entry)
    assert _notices() == [
        ("刘洋", "visit.proposed"), ("林岚", "visit.accepted"), ("李建国", "concern.opened"),
        ("刘洋", "concern.answered"), ("林岚", "concern.answered"),
    ]  # fmt: skip


def test_what_waits_for_a_person_is_on_the_workbench_and_gone_when_done(
    town: SimpleNamespace, noon: datetime
) -> None:
    def wants(person: Person) -> list[str]:
        mine = reach.of(person, noon)
        return [one.wants for one in (*errands.visits(mine, noon), *errands.concerns(mine, noon))]

    visit = proposed(town, noon)
    assert wants(town.liu_yang) == ["答复是否走访"]
    accept_visit(visit, by=town.liu_yang, at=noon)
    assert wants(town.liu_yang) == ["走访并报告"]
    one = found_on(visit, town, noon)
    assert wants(town.li_jianguo) == ["整改并答复"]
    # His branch's supervisor might answer in his place, but it is not on her desk.
    assert wants(town.zhou_tao) == wants(town.sun_qian) == []
    answer_concern(one, answer="已经公示，并培训了柜员", by=town.li_jianguo, at=noon)
    assert wants(town.li_jianguo) == []
    assert wants(town.lin_lan) == ["确认整改"]
    confirm_concern(one, because="照片核对无误", by=town.lin_lan, at=noon)
    assert wants(town.lin_lan) == []


def test_an_officers_slip_in_the_tables_is_named() -> None:
    good = packs.rows("cn_bank", "visit_severities")[0]
    assert read_severity(good).days == 3
    with pytest.raises(BadVisitRule, match="row serious: days '0': write 1"):
        read_severity({**good, "days": "0"})
    with pytest.raises(BadVisitRule, match="write zh and en"):
        read_severity({**good, "en": ""})
    fine = packs.manifest("cn_bank")["hotspots"]
    assert read_hot(fine).periods == 6
    for slip, said in (
        ({"probability": 95}, "probability 95"), ({"ratio": 0.5}, "ratio 0.5"),
        ({"periods": 0}, "periods 0"), ({"period_days": 30}, "whole weeks"),
    ):  # fmt: skip
        with pytest.raises(BadVisitRule, match=said):
            read_hot({**fine, **slip})


def test_days_beyond_the_published_calendar_are_counted_from_monday_to_friday() -> None:
    friday = date(2031, 1, 3)
    assert working_day(friday, 2).isoformat() == "2031-01-07"
