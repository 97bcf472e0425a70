"""核查: the superior looks at a decision again, within the days that Order 3 gives."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from sujin.complaints import clock, kinds, tables
from sujin.complaints.acts import close as closing
from sujin.complaints.acts import reply, review
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.confer import agree_plan
from sujin.complaints.acts.decide import grant
from sujin.complaints.acts.investigate import investigate
from sujin.complaints.acts.merge import CannotMerge, merge
from sujin.complaints.acts.review import CannotReview, ask, decide
from sujin.complaints.acts.withdraw import withdraw
from sujin.complaints.models import Approval, Complaint, Review
from sujin.lab.endings import BASIS, FOUND, GAP, PLAN
from sujin.platform.models import Person
from tests.complaints.conftest import Told

REASONS = "办理过程符合规定，时限没有超，结果依据合同，予以维持。"
SignIn = Callable[[Person], Client]
OTHER = "手机银行转账五千元没有到账，请尽快处理，否则我打12378投诉。"
COMPLEX = "信用卡被扣300元年费，再不退费我就打12378投诉。"


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


def answer(case: Complaint, cast: SimpleNamespace, at: datetime) -> None:
    """Chen Li answers by letter, Shen Qiu is the second pair of eyes."""
    agree_plan(case, plan=PLAN, coaches=False, by=cast.chen_li, at=at)
    investigate(case, findings=FOUND, fault="none", liable="", by=cast.chen_li, at=at)
    letter = reply.draft(case, kind="decision", by=cast.chen_li, at=at)
    words = iter(("经核实，收费符合约定，不予退还。", FOUND, BASIS))
    body = GAP.sub(lambda gap: next(words), letter.body)
    reply.revise(letter, body=body, by=cast.chen_li, at=at)
    reply.submit(letter, finding="not_upheld", remedy=None, by=cast.chen_li, at=at)
    grant(Approval.objects.waiting().get(complaint=case), words="", by=cast.shen_qiu, at=at)
    reply.send(letter, way="letter", proof="EMS 1", by=cast.chen_li, at=at)


@pytest.fixture
def closed(cast: SimpleNamespace, told: Told, noon: datetime) -> Complaint:
    """Answered at noon, called back, closed."""
    case = told(COMPLEX, phone="13912345678")
    claim(case, by=cast.chen_li, at=noon)
    answer(case, cast, noon)
    closing.call_back(case, satisfied="unreached", note="", by=cast.zhao_min, at=noon)
    closing.close(case, by=cast.chen_li, at=noon)
    return fresh(case)


def put(case: Complaint, cast: SimpleNamespace, at: datetime, **changes: object) -> None:
    given: dict[str, object] = {
        "verdict": "upheld_decision", "reasons": REASONS, "way": "letter", "proof": "EMS 2",
        "by": cast.zhou_tao, "at": at,
    }  # fmt: skip
    decide(case, **{**given, **changes})  # type: ignore[arg-type]


def test_a_closed_case_runs_again_for_the_superior_desk_and_then_rests(
    cast: SimpleNamespace, closed: Complaint, noon: datetime, signed_in: SignIn
) -> None:
    assert closed.due_at is None
    asked = noon + timedelta(days=10)
    ask(closed, words="合同里没有这一条", by=cast.chen_li, at=asked)
    case = fresh(closed)
    assert (case.due_clock, case.closed_at) == ("review", noon)
    found = Review.objects.get()
    assert found.desk.code == "JN" and found.due_at == case.due_at
    assert case.due_at is not None and (case.due_at.date() - asked.date()).days == 30
    home = signed_in(cast.zhou_tao).get(reverse("complaints:home"))
    assert [(one.case, one.wants) for one in home.context["tasks"]] == [(case, "作出核查决定")]
    assert case not in _tasks(signed_in, cast.sun_qian)
    put(case, cast, asked + timedelta(days=5))
    case = fresh(case)
    assert (case.due_at, case.due_clock, case.closed_at) == (None, "", noon)
    assert case not in _tasks(signed_in, cast.zhou_tao)
    state = next(
        one.state for one in clock.of(case, now=asked + timedelta(days=6)) if one.clock == "review"
    )
    assert state == "met"
    assert {name: getattr(case, name) for name in ("due_at", "due_clock")} == {
        name: case.replay()[name] for name in ("due_at", "due_clock")
    }


def _tasks(signed_in: SignIn, person: Person) -> list[Complaint]:
    home = signed_in(person).get(reverse("complaints:home"))
    return [one.case for one in home.context["tasks"]]


def test_the_window_is_thirty_days_and_closes_with_the_last_second(
    cast: SimpleNamespace, closed: Complaint, noon: datetime
) -> None:
    last = noon.replace(month=4, day=1, hour=23, minute=59, second=59)
    assert review.may_ask(closed, at=last)
    late = last + timedelta(seconds=1)
    assert not review.may_ask(closed, at=late)
    with pytest.raises(CannotReview, match="第二十条"):
        ask(closed, words="不服", by=cast.chen_li, at=late)
    ask(closed, words="不服", by=cast.chen_li, at=last)


def test_what_was_never_answered_cannot_be_reviewed(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told()
    with pytest.raises(CannotReview, match="还没有作出处理决定"):
        ask(case, words="不服", by=cast.chen_li, at=noon)


def test_one_answer_is_reviewed_once(
    cast: SimpleNamespace, closed: Complaint, noon: datetime
) -> None:
    ask(closed, words="不服", by=cast.chen_li, at=noon)
    with pytest.raises(CannotReview, match="已经申请过"):
        ask(closed, words="还是不服", by=cast.chen_li, at=noon)
    double = Review.objects.get()
    double.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        double.save(force_insert=True)


def test_only_the_superior_desk_decides_and_nobody_who_handled_it(
    cast: SimpleNamespace, closed: Complaint, noon: datetime
) -> None:
    ask(closed, words="不服", by=cast.chen_li, at=noon)
    for person in (cast.shen_qiu, cast.sun_qian, cast.lin_lan, cast.zheng_gang):
        with pytest.raises(CannotReview, match="只有"):
            put(closed, cast, noon, by=person)
    closed.write(kinds.Approved(letter=1, kind="decision"), by=cast.zhou_tao, at=noon)
    with pytest.raises(CannotReview, match="参与办理"):
        put(closed, cast, noon)


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"reasons": "维持"}, "第二十条"), ({"proof": ""}, "第二十一条"), ({"verdict": "?"}, "选择")],
)
def test_a_decision_without_reasons_or_proof_is_refused(
    cast: SimpleNamespace,
    closed: Complaint,
    noon: datetime,
    changes: dict[str, object],
    said: str,
) -> None:
    ask(closed, words="不服", by=cast.chen_li, at=noon)
    with pytest.raises(CannotReview, match=said):
        put(closed, cast, noon, **changes)


@pytest.mark.parametrize("verdict", ["changed", "remade"])
def test_what_is_changed_is_handled_again_one_level_higher_however_late(
    cast: SimpleNamespace, closed: Complaint, noon: datetime, verdict: str
) -> None:
    ask(closed, words="不服", by=cast.chen_li, at=noon + timedelta(days=29))
    put(closed, cast, noon + timedelta(days=50), verdict=verdict)
    case = fresh(closed)
    assert case.is_open and case.desk is not None and case.desk.code == "JN"
    assert case.level == closed.level + 1 and case.due_clock in ("first_response", "decision")


def test_while_a_review_runs_an_open_case_cannot_be_closed(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    answer(case, cast, noon)
    closing.call_back(case, satisfied="yes", note="", by=cast.zhao_min, at=noon)
    ask(case, words="不服", by=cast.chen_li, at=noon)
    with pytest.raises(closing.CannotClose, match="核查"):
        closing.close(case, by=cast.chen_li, at=noon)
    put(case, cast, noon)
    closing.close(case, by=cast.chen_li, at=noon)


def test_where_the_rules_know_no_review_it_is_not_offered(
    cast: SimpleNamespace, closed: Complaint, noon: datetime, signed_in: SignIn
) -> None:
    assert review.is_known(closed)
    for regime in ("cn_pboc_2020_5", "uk_disp", "us_cfpb", "sg_fa"):
        Complaint.objects.filter(pk=closed.pk).update(regimes=[regime])
        case = fresh(closed)
        assert not review.is_known(case) and not review.may_ask(case, at=noon)
        page = signed_in(cast.chen_li).get(case.get_absolute_url()).content.decode()
        assert "action-review" not in page
        with pytest.raises(CannotReview, match="没有核查程序"):
            ask(case, words="不服", by=cast.chen_li, at=noon)


def test_a_decision_of_the_head_office_has_nobody_above(
    cast: SimpleNamespace, closed: Complaint, noon: datetime
) -> None:
    from sujin.platform.models import Org

    Complaint.objects.filter(pk=closed.pk).update(desk=Org.objects.get(code="HO"))
    with pytest.raises(CannotReview, match="没有上级"):
        ask(fresh(closed), words="不服", by=cast.chen_li, at=noon)


def test_a_blind_window_would_be_seen(
    cast: SimpleNamespace, closed: Complaint, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known-bad control: a window that never closes lets the late request through."""
    monkeypatch.setattr(review, "_is_open", lambda case, at: True)
    with pytest.raises(AssertionError):
        assert not review.may_ask(closed, at=noon + timedelta(days=60))


def test_the_superior_decides_on_the_page_and_the_handler_may_not(
    cast: SimpleNamespace, closed: Complaint, noon: datetime, signed_in: SignIn
) -> None:
    ask(closed, words="不服", by=cast.chen_li, at=noon)
    url = reverse("complaints:review-decision", args=[closed.number])
    form = {
        "review-decision-verdict": "upheld_decision", "review-decision-reasons": REASONS,
        "review-decision-way": "letter", "review-decision-proof": "EMS 3",
    }  # fmt: skip
    assert signed_in(cast.wang_xiuying).post(url, form).status_code == 403
    assert signed_in(cast.chen_li).post(url, form).status_code == 422
    assert signed_in(cast.zhou_tao).post(url, form).status_code == 302
    assert Review.objects.get().decided_by == cast.zhou_tao


def test_whoever_is_accountable_now_does_not_decide_even_before_doing_anything(
    cast: SimpleNamespace, closed: Complaint, noon: datetime
) -> None:
    ask(closed, words="不服", by=cast.chen_li, at=noon)
    Complaint.objects.filter(pk=closed.pk).update(accountable=cast.zhou_tao)
    with pytest.raises(CannotReview, match="参与办理"):
        put(closed, cast, noon)
    # The control: once it is somebody else's, he may.
    Complaint.objects.filter(pk=closed.pk).update(accountable=cast.chen_li)
    put(closed, cast, noon)


def test_a_case_whose_review_waits_is_not_merged_away(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX, phone="13912345678")
    claim(case, by=cast.chen_li, at=noon)
    answer(case, cast, noon)
    ask(case, words="不服", by=cast.chen_li, at=noon)
    other = told(OTHER, phone="13912345678", at=noon + timedelta(hours=1))
    claim(other, by=cast.chen_li, at=noon + timedelta(hours=1))
    answer(other, cast, noon + timedelta(hours=1))
    with pytest.raises(CannotMerge, match="核查"):
        merge(case, into=other, because="同一件事", by=cast.chen_li, at=noon + timedelta(hours=1))
    put(case, cast, noon + timedelta(hours=2))
    merge(case, into=other, because="同一件事", by=cast.chen_li, at=noon + timedelta(hours=2))
    assert fresh(case).merged_into == other


def test_what_was_withdrawn_is_not_begun_again_whatever_the_review_finds(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX, phone="13912345678")
    claim(case, by=cast.chen_li, at=noon)
    answer(case, cast, noon)
    ask(case, words="不服", by=cast.chen_li, at=noon)
    withdraw(case, because="客户来电撤回", by=cast.chen_li, at=noon)
    reopening = next(code for code, row in tables.verdicts().items() if row["reopens"] == "yes")
    put(case, cast, noon + timedelta(hours=1), verdict=reopening)
    assert not fresh(case).is_open and not fresh(case).reviews.undecided().exists()
    with pytest.raises(closing.CannotClose, match="第十五条"):
        closing.reopen(case, because="又扣了", by=cast.zhao_min, at=noon + timedelta(hours=2))


def test_the_database_refuses_a_case_both_merged_and_open(told: Told) -> None:
    one, two = told(COMPLEX, phone="13912345678"), told(OTHER, phone="13912345678")
    with pytest.raises(IntegrityError, match="merged_case"), transaction.atomic():
        Complaint.objects.filter(pk=one.pk).update(merged_into=two)
