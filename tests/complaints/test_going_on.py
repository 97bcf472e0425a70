"""A desk that was asked stays silent: past its limit the case goes on, and the silence is named."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from sujin.complaints import kinds, progress
from sujin.complaints.acts import claim as claiming
from sujin.complaints.acts import confer, go_on, meet
from sujin.complaints.acts.call_help import ask_liaison, call_expert
from sujin.complaints.acts.claim import MustStandAside, claim
from sujin.complaints.acts.close import CannotClose, call_back, close
from sujin.complaints.acts.confer import (
    CannotConfer,
    agree_plan,
    ask_departments,
    form_task_force,
    give_opinion,
)
from sujin.complaints.acts.decide import grant
from sujin.complaints.acts.go_on import CannotGoOn, go_on_without
from sujin.complaints.acts.hold import FollowUp, hold
from sujin.complaints.acts.measure import measure_all
from sujin.complaints.acts.press import oversee
from sujin.complaints.acts.recuse import recuse
from sujin.complaints.acts.reply import send, submit
from sujin.complaints.acts.respond import respond
from sujin.complaints.acts.retier import retier
from sujin.complaints.acts.share import share
from sujin.complaints.desks import Desks
from sujin.complaints.draft import CaseKind
from sujin.complaints.kinds.together import STEPS
from sujin.complaints.models import Approval, Assignment, Complaint, Course, Overrun, Spell
from sujin.complaints.models.session import NO_RISK
from sujin.complaints.pages.actions import OPEN_TO_RECUSED
from sujin.engine.tier import Tier
from sujin.lab.cast import BRANCH_A
from sujin.lab.orgs import COMPANY
from sujin.platform import reach
from sujin.platform.models import Notice, Org, Person
from tests.complaints.conftest import FEE, Told
from tests.complaints.test_answering import a_letter, look_into
from tests.complaints.test_reactions import told_of, work

COMPLEX = "信用卡被扣300元年费，再不退费我就打12378投诉。"
WHY = "多次电话联系不上，客户在等"
LATE = timedelta(days=4)
Act = Callable[[], object]


def desk(code: str) -> Org:
    return Org.objects.get(code=code)


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


@pytest.fixture
def case(cast: SimpleNamespace, told: Told, noon: datetime) -> Complaint:
    """A complex complaint of outlet A in Chen Li's hands."""
    found = told(COMPLEX, phone="13912345678")
    claim(found, by=cast.chen_li, at=noon)
    return fresh(found)


def of_tier(cast: SimpleNamespace, case: Complaint, tier: str, at: datetime) -> None:
    """Chen Li's case on another tier; an urgent one has its task force."""
    if tier == "urgent":
        form_task_force(case, head=cast.chen_li, members=[], plan="上门", by=cast.zhou_tao, at=at)
    elif tier != case.tier:
        retier(case, to=Tier(tier), because="核实后调整", by=cast.zhou_tao, at=at)


def sit_down(cast: SimpleNamespace, case: Complaint, at: datetime) -> None:
    """A sitting is held, and the card department has something to do after it."""
    session = meet.book(
        case, kind="direct", way="phone", place="", starts_at=at + timedelta(hours=2),
        minutes_planned=30, host=cast.chen_li, orgs=[], persons=[], guests=[], consent=True,
        risk=NO_RISK, risk_words="", by=cast.chen_li, at=at,
    )  # fmt: skip
    held = at + timedelta(hours=3)
    hold(
        session, held_at=session.starts_at, attended=[], minutes="客户同意先核对",
        outcome="agreed", plan="退年费", by=cast.chen_li, at=held,
        follow_ups=[FollowUp("退年费", desk("HO-CARD"), held + timedelta(days=1))],
    )  # fmt: skip


def ask(cast: SimpleNamespace, case: Complaint, step: str, at: datetime) -> Assignment:
    """Somebody is asked, in each way there is, and says nothing."""
    by = cast.chen_li
    if step == "coached":
        agree_plan(case, plan="退年费并道歉", coaches=True, by=by, at=at)
    if step == "opinion":
        ask_departments(case, desks=[desk("HO-CARD")], question="责任？", by=by, at=at)
    if step == "liaison":
        ask_liaison(case, branch=desk(BRANCH_A), question="请约客户", by=by, at=at)
    if step == "expert":
        expert = Desks(at).experts(case.origin, "card")[0]
        call_expert(case, expert=expert, question="能退吗？", by=by, at=at)
    if step == "oversight":
        oversee(case, demand="说明进展", by=cast.zhou_tao, at=at)
    if step == "follow_up":
        sit_down(cast, case, at)
    return case.assignments.open().get()


def handle(cast: SimpleNamespace, case: Complaint, at: datetime) -> None:
    """Everything else that closing asks for."""
    look_into(case, cast.chen_li, at)
    letter = a_letter(case, cast.chen_li, at)
    submit(letter, finding="upheld", remedy=Decimal(300), by=cast.chen_li, at=at)
    grant(Approval.objects.waiting().get(), words="", by=cast.zhou_tao, at=at)
    send(letter, way="letter", proof="EMS 1234567890123", by=cast.chen_li, at=at)
    call_back(case, satisfied="yes", note="", by=cast.zhao_min, at=at)


def let_go(case: Complaint, asked: Assignment, by: Person, at: datetime) -> None:
    go_on_without(case, assignment=asked.pk, because=WHY, by=by, at=at)


@pytest.mark.parametrize("tier", ["ordinary", "complex", "urgent"])
@pytest.mark.parametrize("step", sorted(STEPS.keys() - {"linkage"}))
def test_a_silent_desk_holds_no_case_for_ever(
    cast: SimpleNamespace, case: Complaint, noon: datetime, tier: str, step: str
) -> None:
    of_tier(cast, case, tier, noon)
    if tier == "complex" and step != "coached":
        agree_plan(case, plan="退年费", coaches=False, by=cast.chen_li, at=noon)
    asked = ask(cast, fresh(case), step, noon)
    answers = cast.zhou_tao if step == "oversight" else cast.chen_li
    with pytest.raises(CannotGoOn, match="时限未过") as early:
        let_go(case, asked, answers, asked.due_at - timedelta(minutes=1))
    assert asked.desk.name in str(early.value)
    late = noon + LATE
    handle(cast, case, late)
    with pytest.raises(CannotClose, match="意见没有回来"):
        close(case, by=cast.chen_li, at=late)
    for stranger in (cast.wang_xiuying, cast.liu_yang, cast.sun_qian):
        with pytest.raises(CannotGoOn, match="只有"):
            let_go(case, asked, stranger, late)
    let_go(case, asked, answers, late)
    close(case, by=cast.chen_li, at=late)
    asked.refresh_from_db()
    assert (asked.done_at, asked.done_by, asked.answer) == (late, None, "")
    sentence = case.entries.of(kinds.ProceededWithout).get().what().sentence()
    for named in (asked.desk.name, str(STEPS[step]), WHY, "2026"):
        assert named in sentence


def test_the_second_pair_of_eyes_may_go_on_and_a_reason_is_asked_for(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    asked = ask(cast, case, "opinion", noon)
    with pytest.raises(CannotGoOn, match="为什么"):
        go_on_without(case, assignment=asked.pk, because=" ", by=cast.zhou_tao, at=noon + LATE)
    let_go(case, asked, cast.zhou_tao, noon + LATE)
    with pytest.raises(CannotGoOn, match="已经不在等"):
        let_go(case, asked, cast.zhou_tao, noon + LATE)


def test_a_report_is_let_go_from_above_and_never_by_whoever_owes_it(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    asked = ask(cast, case, "oversight", noon)
    for person in (cast.chen_li, cast.shen_qiu):
        with pytest.raises(CannotGoOn, match="欠上级"):
            let_go(case, asked, person, noon + LATE)
    # Ordered by the branch; the head office stands above it.
    let_go(case, asked, cast.lin_lan, noon + LATE)
    again = ask(cast, case, "oversight", noon + LATE)
    Complaint.objects.filter(pk=case.pk).update(accountable=cast.zhou_tao)
    with pytest.raises(CannotGoOn, match="欠上级"):
        let_go(case, again, cast.zhou_tao, noon + 2 * LATE)


def test_a_split_of_responsibility_is_decided_and_not_let_go(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    share(
        case, company=desk(COMPANY), ask="请核对", part_bank="销售", part_company="产品",
        percent_bank=60, by=cast.chen_li, at=noon,
    )  # fmt: skip
    asked = case.assignments.get()
    with pytest.raises(CannotGoOn, match="总行裁定"):
        let_go(case, asked, cast.chen_li, noon + LATE)
    assert go_on.overdue_for(case, reach.of(cast.chen_li, noon + LATE), noon + LATE) == []


def test_figures_go_on_blaming_the_silent_and_count_no_contact(
    cast: SimpleNamespace, case: Complaint, noon: datetime, signed_in: Callable[[Person], Client]
) -> None:
    asked = ask(cast, case, "coached", noon)
    measure_all()

    def figures() -> list[object]:
        row = Course.objects.get(complaint=case)
        spells = Spell.objects.filter(complaint=case).values_list("desk", "since", "until")
        limits = Overrun.objects.filter(complaint=case).values_list("desk", "due_at", "until")
        return [row.outlet_minutes, row.contacted_at, list(spells), list(limits)]

    before = figures()
    let_go(case, asked, cast.chen_li, noon + LATE)
    measure_all()
    assert figures() == before
    assert fresh(case).responded_at is None
    assert list(case.assignments.silent()) == [asked]
    # The known-bad control: what the outlet really does is a contact, late or not.
    give_opinion(case, answer="已当面道歉", by=cast.li_jianguo, at=noon + LATE)
    measure_all()
    assert figures() != before and fresh(case).responded_at == noon + LATE
    assert list(case.assignments.silent()) == [asked]


def test_the_board_and_the_queue_count_what_was_not_answered(
    cast: SimpleNamespace, case: Complaint, noon: datetime, signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    late = noon + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: late)
    for step in ("liaison", "opinion"):
        asked = ask(cast, case, step, noon)
        let_go(case, asked, cast.chen_li, late)
    measure_all()
    board = signed_in(cast.zhou_tao).get("/liaison").context["liaisons"]
    row = next(one for one in board if one.org.code == BRANCH_A)
    assert (row.open, row.silent, row.answered, row.hours) == (0, 1, 0, None)
    assert signed_in(cast.liu_yang).get("/queue").context["silent"] == 1
    assert signed_in(cast.he_jing).get("/queue").context["silent"] == 0


def test_the_stage_says_that_it_was_gone_on_without(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    asked = ask(cast, case, "coached", noon)

    def stage() -> tuple[bool, bool]:
        found = progress.stages(fresh(case), progress.done(fresh(case)))
        one = next(stage for stage in found if stage.step.done == "coached")
        return one.is_done, one.is_without

    assert stage() == (False, False)
    let_go(case, asked, cast.chen_li, noon + LATE)
    assert stage() == (True, True)
    give_opinion(case, answer="已联系", by=cast.li_jianguo, at=noon + LATE)
    assert stage() == (True, False)


def test_a_late_opinion_is_heard_once_and_stays_late(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    asked = ask(cast, case, "opinion", noon)
    let_go(case, asked, cast.chen_li, noon + LATE)
    give_opinion(
        case, answer="可以退", assignment=asked.pk, by=cast.liu_yang, at=noon + LATE
    )  # fmt: skip
    asked.refresh_from_db()
    assert (asked.answer, asked.done_by, asked.done_at) == ("可以退", None, noon + LATE)
    assert "逾期后补" in case.entries.of(kinds.OpinionGiven).get().what().sentence()
    with pytest.raises(CannotConfer, match="没有等你"):
        give_opinion(case, answer="再说", assignment=asked.pk, by=cast.liu_yang, at=noon + LATE)


def test_the_plan_names_whom_it_went_on_without(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    asked = ask(cast, case, "opinion", noon)
    let_go(case, asked, cast.chen_li, noon + LATE)
    agree_plan(case, plan="退年费", coaches=False, by=cast.chen_li, at=noon + LATE)
    plan = case.entries.of(kinds.PlanAgreed).get().what()
    assert isinstance(plan, kinds.PlanAgreed)
    assert (plan.opinions, plan.silent) == (0, (asked.desk.name,))
    # Asked again it answers, and nobody calls it silent any more.
    ask(cast, case, "opinion", noon + LATE)
    give_opinion(case, answer="可以退", by=cast.liu_yang, at=noon + LATE)
    agree_plan(case, plan="退年费", coaches=False, by=cast.chen_li, at=noon + LATE)
    plan = case.entries.of(kinds.PlanAgreed).order_by("-pk")[0].what()
    assert isinstance(plan, kinds.PlanAgreed)
    assert (plan.opinions, plan.silent) == (1, ())


def test_the_silent_hear_of_it_and_the_customer_does_not(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    assert not kinds.ProceededWithout.public and not kinds.ProceededWithout.tick
    asked = ask(cast, case, "opinion", noon)
    let_go(case, asked, cast.chen_li, noon + LATE)
    work(case)
    assert kinds.ProceededWithout.code in told_of(cast.liu_yang)
    assert not Notice.objects.filter(
        person=cast.chen_li, entry__kind=kinds.ProceededWithout.code
    ).exists()


def test_whoever_goes_on_without_an_answer_does_not_call_back(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    agree_plan(case, plan="退年费", coaches=False, by=cast.chen_li, at=noon)
    asked = ask(cast, case, "opinion", noon)
    handle(cast, case, noon)
    let_go(case, asked, cast.zheng_gang, noon + LATE)
    with pytest.raises(CannotClose, match="他人回访"):
        call_back(case, satisfied="yes", note="", by=cast.zheng_gang, at=noon + LATE)


def test_the_dossier_offers_it_past_the_limit_to_whoever_may(
    cast: SimpleNamespace, case: Complaint, noon: datetime, signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    asked = ask(cast, case, "coached", noon)
    url = case.get_absolute_url()
    address = reverse("complaints:going-on", args=[case.number])
    form = {"going-on-assignment": str(asked.pk), "going-on-because": WHY}

    def offered(person: Person) -> bool:
        return 'id="action-going-on"' in signed_in(person).get(url).content.decode()

    monkeypatch.setattr("django.utils.timezone.now", lambda: noon + timedelta(hours=1))
    assert not offered(cast.chen_li)
    assert signed_in(cast.chen_li).post(address, form).status_code == 422
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon + LATE)
    assert offered(cast.chen_li) and offered(cast.zhou_tao) and not offered(cast.li_jianguo)
    # Whoever may not see an overdue one in the form cannot send it either.
    assert signed_in(cast.li_jianguo).post(address, form).status_code == 422
    assert signed_in(cast.chen_li).post(address, form).status_code == 302
    page = signed_in(cast.chen_li).get(url).content.decode()
    assert "没有等到答复" in page and WHY in page and 'id="action-going-on"' not in page
    # The outlet may still say what it did, and the words do not get lost.
    said = signed_in(cast.li_jianguo).post(
        reverse("complaints:opinion", args=[case.number]),
        {"opinion-assignment": str(asked.pk), "opinion-answer": "当天已联系"},
    )
    assert said.status_code == 302
    assert "逾期后补" in signed_in(cast.chen_li).get(url).content.decode()


# Where each of them asks who stands aside.
RECUSED = {
    "ask_departments": confer,
    "agree_plan": confer,
    "form_task_force": confer,
    "give_opinion": confer,
    "call_expert": claiming,
    "ask_liaison": claiming,
    "go_on_without": claiming,
}


@pytest.mark.parametrize("name", RECUSED)
def test_whoever_stands_aside_neither_asks_nor_advises_nor_plans_nor_goes_on(
    cast: SimpleNamespace, case: Complaint, noon: datetime, name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The known-bad control: without the guard each of them is done."""
    asked = ask(cast, case, "opinion", noon)
    late = noon + LATE
    by = {"give_opinion": cast.liu_yang, "go_on_without": cast.zhou_tao}.get(name, cast.shen_qiu)
    recuse(case, person=by, because="亲属", by=by, at=noon)
    expert = Desks(late).experts(case.origin, "card")[0]
    acts: dict[str, Act] = {
        "ask_departments": lambda: ask_departments(
            case, desks=[desk("HO-PERSONAL")], question="？", by=by, at=late
        ),
        "agree_plan": lambda: agree_plan(case, plan="退", coaches=False, by=by, at=late),
        "form_task_force": lambda: form_task_force(
            case, head=cast.chen_li, members=[], plan="上门", by=by, at=late
        ),
        "give_opinion": lambda: give_opinion(case, answer="可退", by=by, at=late),
        "call_expert": lambda: call_expert(case, expert=expert, question="？", by=by, at=late),
        "ask_liaison": lambda: ask_liaison(
            case, branch=desk(BRANCH_A), question="？", by=by, at=late
        ),
        "go_on_without": lambda: let_go(case, asked, by, late),
    }
    before = case.entries.count()
    with pytest.raises(MustStandAside, match="第十七条"):
        acts[name]()
    assert case.entries.count() == before
    monkeypatch.setattr(RECUSED[name], "refuse_recused", lambda case, by: None)
    acts[name]()
    assert case.entries.count() > before


def test_the_pages_agree_that_nobody_recused_confers() -> None:
    closed = {"opinions", "opinion", "plan", "task-force", "going-on", "expert", "liaison"}
    assert not closed & OPEN_TO_RECUSED


def test_a_case_that_has_ended_waits_for_nothing(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(FEE, kind=CaseKind.CONSULTATION)
    by = case.accountable
    assert by is not None
    asked = ask_help(case, by, noon)
    respond(case, way="phone", note="已答复", by=by, at=noon)
    close(case, by=by, at=noon)
    with pytest.raises(CannotGoOn, match="已经结束"):
        let_go(case, asked, by, noon + LATE)


def ask_help(case: Complaint, by: Person, at: datetime) -> Assignment:
    ask_liaison(case, branch=desk(BRANCH_A), question="请协调", by=by, at=at)
    return case.assignments.get()
