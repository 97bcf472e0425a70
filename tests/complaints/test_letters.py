"""Beside the letter: how plainly it speaks, what may be granted, what was decided before."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sujin.complaints import kinds
from sujin.complaints.acts.decide import grant
from sujin.complaints.acts.investigate import investigate
from sujin.complaints.acts.reply import draft, revise, submit
from sujin.complaints.models import Approval, Complaint, Letter
from sujin.complaints.plainness import plainness
from sujin.complaints.precedents import beside, candidates, departure, permitted
from sujin.lab.cast import BRANCH2_B, OUTLET_B
from sujin.platform import reach
from sujin.platform.models import Org, Person
from tests.complaints.conftest import FEE, Told
from tests.complaints.test_answering import written

HEAVY = "## 处理决定\n\n鉴于该笔年费系因我行系统原因计收，据此我行予以退还，特此函复。"


def test_a_writer_sees_while_typing_which_sentence_is_hard_and_what_to_write_instead(
    cast: SimpleNamespace, told: Told, noon: datetime, signed_in: Callable[[Person], Client]
) -> None:
    case = told(FEE)
    letter = draft(case, kind="decision", by=cast.wang_xiuying, at=noon)
    url = reverse("complaints:reading", args=[case.number, letter.pk])
    client = signed_in(cast.wang_xiuying)
    heavy = client.post(url, {"body": HEAVY}).content.decode()
    assert "难懂" in heavy and "“该笔”改成“这笔”" in heavy
    assert "没有“您”" in client.post(url, {"body": "三天内退款。"}).content.decode()
    light = client.post(url, {"body": "您的年费三天内退给您。"}).content.decode()
    assert "难懂" not in light and "没有要改的句子" in light


def test_a_foreign_letter_is_measured_by_flesch(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    Org.objects.filter(code=BRANCH2_B).update(jurisdiction="GB")
    case = told(FEE, origin=BRANCH2_B, by=cast.ma_jun)
    letter = draft(case, kind="decision", by=cast.ma_jun, at=noon)
    assert "Flesch" in plainness(letter).measured
    assert plainness(Letter(regime="cn_nfra_2020_3", body="您好。")).measured == ""


def past_case(
    cast: SimpleNamespace, told: Told, at: datetime, *, remedy: Decimal | None, amount: int = 300
) -> Complaint:
    """An earlier fee at outlet A, answered with this remedy."""
    text = f"我的信用卡在网点办理时被多收了{amount}元年费，要求退还。第{remedy}笔。"
    case = told(text, at=at)
    Complaint.objects.filter(pk=case.pk).update(
        finding="upheld", remedy=remedy, answered_at=at, closed_at=at, accountable=None
    )
    return Complaint.objects.get(pk=case.pk)


@pytest.fixture
def at_noon(
    signed_in: Callable[[Person], Client], noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Person], Client]:
    """A browser of a member of the cast, whose every request happens at noon."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    return signed_in


@pytest.fixture
def eight(cast: SimpleNamespace, told: Told, noon: datetime) -> list[Complaint]:
    """Eight earlier fees of 300 yuan at outlet A, each paid back in full or nearly."""
    return [
        past_case(cast, told, noon - timedelta(days=day), remedy=Decimal(300 + 10 * day))
        for day in range(1, 9)
    ]


def investigated(cast: SimpleNamespace, told: Told, at: datetime, text: str = FEE) -> Complaint:
    case = told(text)
    investigate(case, findings="查", fault="pricing", liable="网点", by=cast.wang_xiuying, at=at)
    return Complaint.objects.get(pk=case.pk)


def ready(cast: SimpleNamespace, case: Complaint, at: datetime) -> Letter:
    letter = draft(case, kind="decision", by=cast.wang_xiuying, at=at)
    revise(letter, body=written(), by=cast.wang_xiuying, at=at)
    return Letter.objects.get(pk=letter.pk)


def test_the_nearest_earlier_cases_stand_beside_the_decision_with_what_was_alike(
    cast: SimpleNamespace, told: Told, noon: datetime, eight: list[Complaint]
) -> None:
    case = investigated(cast, told, noon)
    seen = reach.of(cast.wang_xiuying, noon)
    panel = beside(case, finding="upheld", given=None, reach=seen, at=noon)
    assert len(panel.nearest) == 5
    assert {"业务相同", "原因相同", "金额相近"} <= set(panel.nearest[0].alike.split("、"))
    assert panel.sums is not None and (panel.sums.n, panel.sums.median) == (8, Decimal("345.00"))
    assert panel.shares is not None and panel.shares.median == Decimal("1.15")
    assert panel.permitted is not None
    assert (panel.permitted.least, panel.permitted.most) == (Decimal(300), Decimal(600))
    other = beside(case, finding="settled", given=None, reach=seen, at=noon)
    assert other.sums is None


def test_precedents_of_another_branch_and_of_long_ago_are_not_shown(
    cast: SimpleNamespace, told: Told, noon: datetime, eight: list[Complaint]
) -> None:
    case = investigated(cast, told, noon)
    foreign = reach.of(cast.ma_jun, noon)
    assert candidates(case, reach=foreign, at=noon) == []
    mine = reach.of(cast.wang_xiuying, noon)
    assert len(candidates(case, reach=mine, at=noon)) == 8
    assert candidates(case, reach=mine, at=noon + timedelta(days=731)) == []
    Complaint.objects.filter(pk=eight[0].pk).update(business="card.debit.fees")
    near = beside(case, finding="upheld", given=None, reach=mine, at=noon).nearest
    assert len(near) == 5 and eight[0].number not in {one.number for one in near}


def test_a_remedy_outside_the_standard_needs_a_reason_and_the_approver_sees_it(
    cast: SimpleNamespace,
    told: Told,
    noon: datetime,
    eight: list[Complaint],
    at_noon: Callable[[Person], Client],
) -> None:
    case = investigated(cast, told, noon)
    letter = ready(cast, case, noon)
    handler = at_noon(cast.wang_xiuying)
    typed = {"finding": "upheld", "remedy": "900"}
    live = handler.post(reverse("complaints:scale", args=[case.number, letter.pk]), typed)
    assert "超出处理尺度 300.00 至 600.00 元" in live.content.decode()
    assert "与先例不同：8 件先例" in live.content.decode()
    submission = reverse("complaints:submission", args=[case.number, letter.pk])
    refused = handler.post(submission, typed)
    assert refused.status_code == 422 and "请写明理由" in refused.content.decode()
    why = "客户往返三次，电话13912345678"
    assert handler.post(submission, {**typed, "reason": why}).status_code == 302
    approval = Approval.objects.get()
    assert approval.data["departure"]["row"] == "p1"
    inbox = at_noon(cast.li_jianguo).get(reverse("complaints:approvals")).content.decode()
    assert "超出处理尺度" in inbox and "与先例不同" in inbox and "客户往返三次" in inbox
    assert "13912345678" not in str(approval.data) + inbox
    grant(approval, words="", by=cast.li_jianguo, at=noon)
    assert "客户往返三次" in case.entries.of(kinds.Approved).get().what().sentence()


def test_inside_the_standard_nothing_is_asked_or_said(
    cast: SimpleNamespace, told: Told, noon: datetime, eight: list[Complaint]
) -> None:
    case = investigated(cast, told, noon)
    letter = ready(cast, case, noon)
    submit(letter, finding="upheld", remedy=Decimal(350), by=cast.wang_xiuying, at=noon)
    assert "departure" not in Approval.objects.get().data


def test_unlike_the_precedents_is_shown_and_needs_no_reason(
    cast: SimpleNamespace, told: Told, noon: datetime, eight: list[Complaint]
) -> None:
    case = investigated(cast, told, noon)
    letter = ready(cast, case, noon)
    submit(letter, finding="upheld", remedy=Decimal(590), by=cast.wang_xiuying, at=noon)
    found = Approval.objects.get().data["departure"]
    assert (found["outside"], found["unlike"], found["by"]) == (False, True, "share")


def test_seven_precedents_hold_nobody_to_their_span(
    cast: SimpleNamespace, told: Told, noon: datetime, eight: list[Complaint]
) -> None:
    Complaint.objects.filter(pk=eight[0].pk).update(answered_at=None, finding="")
    case = investigated(cast, told, noon)
    found = departure(
        case,
        finding="upheld",
        given=Decimal(590),
        reach=reach.of(cast.wang_xiuying, noon),
        at=noon,
    )
    assert found == {}


def test_two_handlers_with_the_same_facts_get_the_same_range(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    first = investigated(cast, told, noon)
    second = told(FEE, by=cast.ma_jun, origin=OUTLET_B, channel="hotline")
    for finding in ("upheld", "partly", "not_upheld", "settled"):
        assert permitted(first, finding) == permitted(second, finding)


def test_the_page_of_a_letter_costs_the_same_however_many_precedents_there_are(
    cast: SimpleNamespace,
    told: Told,
    noon: datetime,
    at_noon: Callable[[Person], Client],
) -> None:
    case = investigated(cast, told, noon)
    letter = ready(cast, case, noon)
    client = at_noon(cast.wang_xiuying)
    client.get(letter.get_absolute_url())
    with CaptureQueriesContext(connection) as before:
        client.get(letter.get_absolute_url())
    for day in range(1, 6):
        past_case(cast, told, noon - timedelta(days=day), remedy=Decimal(300))
    with CaptureQueriesContext(connection) as after:
        client.get(letter.get_absolute_url())
    assert len(after) == len(before) <= 16
    with CaptureQueriesContext(connection) as asked:
        candidates(case, reach=reach.of(cast.wang_xiuying, noon), at=noon)
    assert sum("complaints_complaint" in query["sql"] for query in asked) == 1


def test_candidates_come_from_the_index(cast: SimpleNamespace, told: Told, noon: datetime) -> None:
    rows = Complaint.objects.filter(business="card", answered_at__gte=noon).order_by("-answered_at")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "case_precedents" in rows[:20].explain()
