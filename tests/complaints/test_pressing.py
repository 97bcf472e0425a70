"""Help by name, nudges, orders to report, and the ladder that nobody's silence can stop."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from sujin.complaints import kinds, ladder
from sujin.complaints.acts import climb as ladders
from sujin.complaints.acts.call_help import CannotCallHelp, ask_liaison, call_expert
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.climb import climb
from sujin.complaints.acts.confer import ask_departments, give_opinion
from sujin.complaints.acts.hand_over import CannotHandOver, accept, hand_over, take_back
from sujin.complaints.acts.press import CannotPress, oversee, urge
from sujin.complaints.acts.respond import respond
from sujin.complaints.desks import Desks
from sujin.complaints.models import Assignment, Complaint, Rung
from sujin.lab.cast import BRANCH_A, BRANCH_B
from sujin.platform import reach
from sujin.platform.acts.organise import system_person
from sujin.platform.acts.stand_in import go_away
from sujin.platform.models import Org, Person
from tests.complaints.conftest import TOLD, Told
from tests.complaints.test_reactions import COMPLEX, told_of, work

URGENT = "信用卡年费的事你们再不解决，我就从你们楼上跳下去。"
HOUR = timedelta(hours=1)


def climbs(at: datetime) -> int:
    return climb(by=system_person(), at=at)


def told_on(case: Complaint) -> list[tuple[str, tuple[str, ...]]]:
    found = [entry.what() for entry in case.entries.of(kinds.Escalated).order_by("pk")]
    return [(one.row, one.names) for one in found if isinstance(one, kinds.Escalated)]


# Help by name.


def test_a_teller_reaches_the_expert_of_the_line_who_answers(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told()
    expert = Desks(noon).experts(case.origin, "card")[0]
    assert expert.person == cast.gu_wen
    assert not Complaint.objects.within(reach.of(cast.gu_wen, noon)).contains(case)
    call_expert(case, expert=expert, question="年费能退吗？", by=cast.wang_xiuying, at=noon)
    work(case)
    assert told_of(cast.gu_wen) == ["complaint.help_asked"]
    case.refresh_from_db()
    assert Complaint.objects.within(reach.of(cast.gu_wen, noon)).contains(case)
    give_opinion(case, answer="可以退，依据领用合约第八条。", by=cast.gu_wen, at=noon + HOUR)
    help_ = Assignment.objects.get(complaint=case)
    assert (help_.done_by, help_.done_at) == (cast.gu_wen, noon + HOUR)


def test_whoever_owes_an_answer_keeps_sight_when_the_case_moves_on(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    expert = Desks(noon).experts(case.origin, "card")[0]
    call_expert(case, expert=expert, question="能退吗？", by=cast.chen_li, at=noon)
    ask_departments(
        case,
        desks=[Org.objects.get(code="HO-PERSONAL")],
        question="责任？",
        by=cast.chen_li,
        at=noon,
    )
    hand_over(
        case, to=Org.objects.get(code=BRANCH_A), because="升级", **TOLD, by=cast.chen_li, at=noon
    )
    accept(case, by=cast.zhou_tao, at=noon)
    for person in (cast.gu_wen, cast.he_jing):
        assert Complaint.objects.within(reach.of(person, noon)).contains(case)
    give_opinion(case, answer="能退", by=cast.gu_wen, at=noon)


def test_an_expert_who_is_away_cannot_be_called(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told()
    expert = Desks(noon).experts(case.origin, "card")[0]
    today = timezone.localdate(noon)
    go_away(cast.gu_wen, deputy=None, since=today, until=today, because="", by=cast.gu_wen, at=noon)
    with pytest.raises(CannotCallHelp, match="不当班"):
        call_expert(case, expert=expert, question="？", by=cast.wang_xiuying, at=noon)


def test_while_the_liaison_officer_is_away_the_deputy_is_asked(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case, branch = told(), Org.objects.get(code=BRANCH_A)
    today = timezone.localdate(noon)
    go_away(
        cast.tian_ye,
        deputy=cast.qin_lan,
        since=today,
        until=today,
        because="",
        by=cast.tian_ye,
        at=noon,
    )
    ask_liaison(case, branch=branch, question="请约客户", by=cast.gao_xiang, at=noon)
    assert Assignment.objects.get().person == cast.qin_lan
    with pytest.raises(CannotCallHelp, match="已经请过"):
        ask_liaison(case, branch=branch, question="请约客户", by=cast.gao_xiang, at=noon)
    other = Org.objects.get(code=BRANCH_B)
    with pytest.raises(CannotCallHelp, match="没有联络员"):
        ask_liaison(case, branch=other, question="请约客户", by=cast.gao_xiang, at=noon)


# Nudges and orders.


def test_a_nudge_is_heard_once_in_two_hours(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    urge(case, words="客户在等", by=cast.zhou_tao, at=noon)
    work(case)
    assert told_of(cast.chen_li).count("complaint.urged") == 1
    with pytest.raises(CannotPress, match="刚刚催过"):
        urge(case, words="", by=cast.zhou_tao, at=noon + HOUR)
    urge(case, words="", by=cast.zhou_tao, at=noon + 3 * HOUR)


def test_an_order_to_report_is_answered_before_the_case_can_end(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    oversee(case, demand="说明进展", by=cast.zhou_tao, at=noon)
    with pytest.raises(CannotPress, match="已在督办"):
        oversee(case, demand="说明进展", by=cast.zhou_tao, at=noon)
    with pytest.raises(CannotPress, match="自己办的"):
        oversee(case, demand="说明进展", by=cast.chen_li, at=noon)
    give_opinion(case, answer="明天答复客户", by=cast.chen_li, at=noon + HOUR)
    assert not case.assignments.open().exists()


def test_an_offer_nobody_has_accepted_can_be_taken_back(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    case.refresh_from_db()
    before = (case.due_at, case.due_clock, sorted(case.seen_by))
    hand_over(
        case,
        to=Org.objects.get(code=BRANCH_B),
        because="误",
        told="已告诉客户",
        promised_at=noon + timedelta(days=1),
        by=cast.chen_li,
        at=noon,
    )
    with pytest.raises(CannotHandOver, match="可以收回"):
        take_back(case, by=cast.sun_qian, at=noon)
    take_back(case, by=cast.chen_li, at=noon)
    case.refresh_from_db()
    assert case.offered_to is None
    assert (case.due_at, case.due_clock, sorted(case.seen_by)) == before
    with pytest.raises(CannotHandOver):
        accept(case, by=cast.sun_qian, at=noon)


# The ladder.


def test_every_rung_names_people_there_are_and_a_clock_there_is(noon: datetime) -> None:
    clocks = {"first_response", "hand_over", "post", "decision", "regulator", "assignment"}
    for step in ladder.steps():
        assert set(step.who) <= set(ladder.WHO), step.row
        assert step.clock in clocks, step.row
        assert step.opens in ("", "oversight"), step.row
    for tier in ("ordinary", "complex", "urgent"):
        for clock in clocks:
            assert ladder.reached(clock, tier, noon, noon + timedelta(days=3)), (tier, clock)


def test_each_rung_is_climbed_once_and_tells_the_right_people(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    """An urgent case nobody answers: the desk and the branch above, then the branch oversees."""
    case = told(URGENT)
    assert climbs(noon + timedelta(minutes=30)) == 0
    at = noon + timedelta(minutes=61)
    assert climbs(at) == 1
    assert climbs(at) == 0
    work(case)
    assert told_of(cast.zhou_tao).count("complaint.escalated") == 1
    assert climbs(noon + timedelta(hours=2, minutes=1)) == 1
    rows = [row for row, _names in told_on(case)]
    assert rows == ["f2", "f4"]
    assert case.assignments.open().get().step == "oversight"


def test_a_late_worker_climbs_to_the_highest_rung_only(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(URGENT)
    assert climbs(noon + timedelta(hours=7)) >= 1
    first_response = [row for row, _names in told_on(case) if row.startswith("f")]
    assert first_response == ["f5"]
    assert set(Rung.objects.filter(complaint=case, row__startswith="f").values_list("row")) == {
        ("f2",), ("f4",), ("f5",)
    }  # fmt: skip


def test_a_limit_that_was_kept_climbs_nothing(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    respond(case, way="phone", note="已联系", by=cast.chen_li, at=noon + HOUR)
    assert climbs(noon + timedelta(hours=7)) == 0
    assert told_on(case) == []


def test_an_opinion_that_does_not_come_goes_up_on_the_asked_side(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    respond(case, way="phone", note="已联系", by=cast.chen_li, at=noon)
    desk = Org.objects.get(code="HO-PERSONAL")
    ask_departments(case, desks=[desk], question="？", by=cast.chen_li, at=noon)
    assert climbs(noon + 23 * HOUR) == 1
    assert told_on(case) == [("a1", ("何静",))]
    assert climbs(noon + 24 * HOUR) == 1
    assert told_on(case)[-1][0] == "a2"
    assert "陈立" in told_on(case)[-1][1]


def test_the_known_bad_control_a_ladder_without_memory_tells_twice(
    told: Told, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ladders, "_is_first", lambda reached, case, at: True)
    case, at = told(URGENT), noon + timedelta(minutes=61)
    climbs(at)
    climbs(at)
    assert len(told_on(case)) == 2


def test_the_dossier_calls_an_expert_in_two_clicks(
    cast: SimpleNamespace, told: Told, signed_in: Callable[[Person], Client]
) -> None:
    """The first click opens the form; the nearest expert is chosen, so the second sends it."""
    case = told(at=timezone.now())
    desk = signed_in(cast.wang_xiuying)
    page = desk.get(case.get_absolute_url()).content.decode()
    assert "顾文" in page
    form = {
        "expert-expert": str(Desks(timezone.now()).experts(case.origin, case.line)[0].pk),
        "expert-question": "请帮助判断怎么处理。",
    }
    assert desk.post(f"{case.get_absolute_url()}/expert", form).status_code == 302
    assert Assignment.objects.get(complaint=case).person == cast.gu_wen
