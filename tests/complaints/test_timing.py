"""What moves a limit: only what the article allows, asked for, approved, told and on the docket."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from sujin.complaints import clock, kinds
from sujin.complaints.acts.ask import CannotAsk
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.decide import CannotDecide, grant, refuse
from sujin.complaints.acts.extend import CannotExtend, choices, extend, tell
from sujin.complaints.acts.pause import CannotPause, agree, pause, restart, resume
from sujin.complaints.acts.withdraw import withdraw
from sujin.complaints.models import Approval, Complaint
from sujin.engine.sla import Reading
from sujin.lab.cast import BRANCH2_B
from sujin.platform import journal
from sujin.platform.models import Notice, Person
from tests.complaints.conftest import Told

SHANGHAI = ZoneInfo("Asia/Shanghai")
COMPLEX = "信用卡被扣300元年费，再不退费我就打12378投诉。"
E30, E60 = "cn_nfra_2020_3:e30", "cn_nfra_2020_3:e60"


@pytest.fixture
def case(cast: SimpleNamespace, told: Told, noon: datetime) -> Complaint:
    """A complex complaint in Chen Li's hands since noon on 2 March."""
    found = told(COMPLEX, phone="13912345678")
    claim(found, by=cast.chen_li, at=noon)
    return fresh(found)


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.select_related("desk").get(pk=case.pk)


def decision(case: Complaint, at: datetime) -> Reading:
    return next(one for one in clock.of(fresh(case), now=at) if one.clock == "decision")


def day(case: Complaint, at: datetime) -> str:
    due = decision(case, at).due_at
    assert due is not None
    return due.date().isoformat()


def codes(case: Complaint, at: datetime) -> list[str]:
    return [choice.code for choice in choices(fresh(case), at=at)]


def test_thirty_days_need_a_reason_and_sixty_the_superior_and_the_customer_told(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    assert codes(case, noon) == [E30]
    assert extend(case, choice=E30, because="须调取三年流水", by=cast.chen_li, at=noon)
    assert (day(case, noon), fresh(case).untold) == ("2026-04-01", False)
    assert codes(case, noon) == [E60]
    assert not extend(case, choice=E60, because="涉及境外商户", by=cast.chen_li, at=noon)
    assert day(case, noon) == "2026-04-01"
    request = Approval.objects.get()
    with pytest.raises(CannotDecide, match="上级机构或总行高级管理人员"):
        grant(request, words="", by=cast.shen_qiu, at=noon)
    with pytest.raises(CannotDecide, match="自己"):
        grant(request, words="", by=cast.chen_li, at=noon)
    grant(request, words="同意", by=cast.zhou_tao, at=noon)
    assert day(case, noon) == "2026-05-01"
    assert fresh(case).untold
    with pytest.raises(CannotDecide, match="周涛"):
        refuse(request, words="再想想", by=cast.zheng_gang, at=noon)
    tell(case, way="phone", note="已说明原因和新期限", by=cast.chen_li, at=noon)
    assert not fresh(case).untold
    with pytest.raises(CannotExtend, match="待告知"):
        tell(case, way="phone", note="再说一遍", by=cast.chen_li, at=noon)
    assert codes(case, noon) == []


def test_a_refused_extension_changes_nothing_and_says_why(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    extend(case, choice=E30, because="须调取流水", by=cast.chen_li, at=noon)
    extend(case, choice=E60, because="忙", by=cast.chen_li, at=noon)
    request = Approval.objects.get()
    with pytest.raises(CannotDecide, match="理由"):
        refuse(request, words=" ", by=cast.zhou_tao, at=noon)
    refuse(request, words="忙不是特殊原因", by=cast.zhou_tao, at=noon)
    assert day(case, noon) == "2026-04-01"
    assert "忙不是特殊原因" in case.entries.of(kinds.Refused).get().what().sentence()


def test_an_extension_cannot_come_after_the_limit_nor_skip_a_stage_nor_twice(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    with pytest.raises(CannotExtend):
        extend(case, choice=E60, because="跳过一档", by=cast.chen_li, at=noon)
    late = datetime(2026, 3, 18, 9, 0, tzinfo=SHANGHAI)
    assert choices(fresh(case), at=late) == []
    with pytest.raises(CannotExtend, match="期限已过"):
        extend(case, choice=E30, because="晚了", by=cast.chen_li, at=late)
    with pytest.raises(CannotExtend, match="理由"):
        extend(case, choice=E30, because=" ", by=cast.chen_li, at=noon)
    extend(case, choice=E30, because="须调取流水", by=cast.chen_li, at=noon)
    extend(case, choice=E60, because="境外商户", by=cast.chen_li, at=noon)
    with pytest.raises(CannotAsk, match="等待审批"):
        extend(case, choice=E60, because="再申请一次", by=cast.chen_li, at=noon)


def test_an_approval_that_came_too_late_grants_nothing(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    extend(case, choice=E30, because="须调取流水", by=cast.chen_li, at=noon)
    extend(case, choice=E60, because="境外商户", by=cast.chen_li, at=noon)
    late = datetime(2026, 4, 2, 9, 0, tzinfo=SHANGHAI)
    with pytest.raises(CannotExtend):
        grant(Approval.objects.get(), words="", by=cast.zhou_tao, at=late)
    assert Approval.objects.get().is_waiting
    withdraw(case, because="客户撤回", by=cast.chen_li, at=late)
    with pytest.raises(CannotDecide, match="已经结束"):
        refuse(Approval.objects.get(), words="不必了", by=cast.zhou_tao, at=late)


def test_time_under_appraisal_does_not_count_and_mediation_needs_both(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    with pytest.raises(CannotPause, match="客户同意"):
        pause(case, cause="mediation", consent=False, because="调解", by=cast.chen_li, at=noon)
    with pytest.raises(CannotPause, match="没有这种"):
        pause(case, cause="holiday", consent=True, because="放假", by=cast.chen_li, at=noon)
    later = noon + timedelta(days=2)
    pause(case, cause="appraisal", consent=False, because="笔迹鉴定", by=cast.chen_li, at=later)
    assert fresh(case).paused_at == later
    assert decision(case, later).state == "paused"
    with pytest.raises(CannotPause, match="已在"):
        pause(case, cause="appraisal", consent=False, because="再", by=cast.chen_li, at=later)
    back = later + timedelta(days=5)
    resume(case, because="鉴定书已到", by=cast.chen_li, at=back)
    assert (fresh(case).paused_at, day(case, back)) == (None, "2026-03-22")
    with pytest.raises(CannotPause, match="没有在中止"):
        resume(case, because="再", by=cast.chen_li, at=back)


def test_a_date_both_agreed_on_prevails_and_new_facts_begin_anew(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    until = datetime(2026, 4, 20, 18, 0, tzinfo=SHANGHAI)
    agree(case, until=until, because="客户短信同意", by=cast.chen_li, at=noon)
    assert decision(case, noon).due_at == until
    with pytest.raises(CannotPause, match="以后"):
        agree(case, until=noon, because="同意", by=cast.chen_li, at=noon)
    came = noon + timedelta(days=3)
    restart(case, material_at=came, because="新提交对账单", by=cast.chen_li, at=came)
    assert day(case, came) == "2026-03-20"
    with pytest.raises(CannotPause, match="受理以后"):
        restart(case, material_at=case.received_at, because="旧的", by=cast.chen_li, at=came)


def test_an_extension_from_before_the_restart_was_entered_is_asked_for_anew(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    came, between, entered = (noon + timedelta(days=days) for days in (2, 4, 5))
    extend(case, choice=E30, because="须调取流水", by=cast.chen_li, at=between)
    extend(case, choice=E60, because="境外商户", by=cast.chen_li, at=between)
    restart(case, material_at=came, because="补交合同", by=cast.chen_li, at=entered)
    assert day(case, entered) == "2026-03-19"
    row, docket = fresh(case), case.replay()
    assert (row.due_at, row.due_clock) == (docket["due_at"], docket["due_clock"])
    # What waited was about the old period; the new one begins at its first stage.
    with pytest.raises(CannotDecide, match="失效"):
        grant(Approval.objects.get(), words="", by=cast.zhou_tao, at=entered)
    assert codes(case, entered) == [E30]
    assert extend(case, choice=E30, because="须再调取", by=cast.chen_li, at=entered)
    assert day(case, entered) == "2026-04-03"


def test_another_date_is_agreed_on_while_the_law_or_the_last_date_leaves_time(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    early, again, last = (noon + timedelta(days=days) for days in (2, 25, 40))
    agree(case, until=early, because="客户同意周三答复", by=cast.chen_li, at=noon)
    missed = noon + timedelta(days=4)
    assert decision(case, missed).state == "overdue"
    # Fifteen days of the law have not passed: the customer may agree to another date.
    agree(case, until=again, because="客户来电同意改期", by=cast.chen_li, at=missed)
    assert (decision(case, missed).state, decision(case, missed).due_at) == ("running", again)
    # They have now, but the agreed date has not.
    agree(case, until=last, because="再改期", by=cast.chen_li, at=noon + timedelta(days=20))
    late = last + timedelta(days=1)
    before = case.entries.count()
    with pytest.raises(CannotPause, match="都已过"):
        agree(case, until=late + timedelta(days=9), because="又改", by=cast.chen_li, at=late)
    assert case.entries.count() == before


@pytest.mark.parametrize("days", [5, 40])
def test_nothing_is_extended_beside_a_date_that_was_agreed_on(
    cast: SimpleNamespace, case: Complaint, noon: datetime, days: int
) -> None:
    """The agreed date prevails: an extension would tell of a limit that there is not."""
    until, third = noon + timedelta(days=days), noon + timedelta(days=3)
    agree(case, until=until, because="客户同意", by=cast.chen_li, at=noon)
    assert codes(case, third) == []
    with pytest.raises(CannotExtend, match="另行约定"):
        extend(case, choice=E30, because="须调取流水", by=cast.chen_li, at=third)
    assert not case.entries.of(kinds.Extended).exists()
    agree(case, until=until + timedelta(days=9), because="又同意", by=cast.chen_li, at=third)
    assert decision(case, third).due_at == until + timedelta(days=9)


def test_what_was_asked_for_before_a_date_was_agreed_on_is_not_granted_after(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    extend(case, choice=E30, because="须调取三年流水", by=cast.chen_li, at=noon)
    extend(case, choice=E60, because="涉及境外商户", by=cast.chen_li, at=noon)
    agree(
        case, until=noon + timedelta(days=20), because="客户同意", by=cast.chen_li, at=noon
    )  # fmt: skip
    with pytest.raises(CannotExtend, match="另行约定"):
        grant(Approval.objects.get(), words="同意", by=cast.zhou_tao, at=noon)
    assert not fresh(case).untold


def test_the_row_is_what_the_docket_says_after_all_of_it(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    extend(case, choice=E30, because="须调取流水", by=cast.chen_li, at=noon)
    pause(case, cause="appraisal", consent=False, because="鉴定", by=cast.chen_li, at=noon)
    resume(case, because="到了", by=cast.chen_li, at=noon + timedelta(days=1))
    row, docket = fresh(case), case.replay()
    assert (row.due_at, row.due_clock, row.paused_at, row.untold) == (
        docket["due_at"],
        docket["due_clock"],
        docket["paused_at"],
        docket["untold"],
    )


def test_approvers_hear_of_a_request_and_the_asker_of_the_answer(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    extend(case, choice=E30, because="须调取流水", by=cast.chen_li, at=noon)
    extend(case, choice=E60, because="境外商户", by=cast.chen_li, at=noon)
    _react(case, kinds.Asked)
    told = set(
        Notice.objects.filter(entry__kind="complaint.asked").values_list("person", flat=True)
    )
    assert told == {cast.zhou_tao.pk, cast.zheng_gang.pk}
    grant(Approval.objects.get(), words="", by=cast.zhou_tao, at=noon)
    _react(case, kinds.Granted)
    assert Notice.objects.get(entry__kind="complaint.granted").person == cast.chen_li


def _react(case: Complaint, kind: type[kinds.Asked | kinds.Granted]) -> None:
    entry = case.entries.of(kind).get()
    for act in journal.reactions_to(entry.kind):
        act(entry)


def test_the_inbox_shows_each_approver_what_is_theirs_to_decide(
    cast: SimpleNamespace,
    case: Complaint,
    noon: datetime,
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon + timedelta(hours=1))
    extend(case, choice=E30, because="须调取流水", by=cast.chen_li, at=noon)
    extend(case, choice=E60, because="境外商户", by=cast.chen_li, at=noon)
    pk, inbox = Approval.objects.get().pk, reverse("complaints:approvals")
    url = reverse("complaints:approval", args=[pk])
    own = signed_in(cast.chen_li)
    assert 'name="grant"' not in own.get(inbox).content.decode()
    assert own.post(url, {"grant": "1"}).status_code == 403
    assert signed_in(cast.sun_qian).post(url, {"grant": "1"}).status_code == 404
    assert case.number not in signed_in(cast.sun_qian).get(inbox).content.decode()
    boss = signed_in(cast.zhou_tao)
    assert 'name="grant"' in boss.get(inbox).content.decode()
    page = boss.post(url, {"refuse": "1"})
    assert page.status_code == 422 and "请写明不同意的理由" in page.content.decode()
    assert boss.post(url, {"grant": "1"}).status_code == 302
    assert day(case, noon + timedelta(hours=2)) == "2026-05-01"
    assert case.number in boss.get(inbox, {"state": "granted"}).content.decode()


def test_the_dossier_offers_what_the_rules_allow_and_does_it(
    cast: SimpleNamespace,
    case: Complaint,
    noon: datetime,
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon + timedelta(hours=1))
    client = signed_in(cast.chen_li)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "情况复杂，延长至30日" in page and "第三方鉴定" in page and E60 not in page
    done = client.post(
        reverse("complaints:extension", args=[case.number]),
        {"extension-choice": E30, "extension-because": "须调取流水"},
    )
    assert done.status_code == 302 and day(case, noon + timedelta(hours=2)) == "2026-04-01"
    refused = client.post(
        reverse("complaints:restart", args=[case.number]),
        {"restart-material_at": "2025-01-01T10:00", "restart-because": "旧材料"},
    )
    assert refused.status_code == 422 and "受理以后" in refused.content.decode()


def test_a_foreign_branch_extends_by_its_own_law(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    from sujin.platform.models import Org

    Org.objects.filter(code=BRANCH2_B).update(jurisdiction="HK")
    case = told(COMPLEX, origin=BRANCH2_B, by=cast.ma_jun)
    assert codes(case, noon) == ["hk_ic4:e60"]
    assert extend(case, choice="hk_ic4:e60", because="复杂", by=cast.ma_jun, at=noon)
    assert fresh(case).untold
