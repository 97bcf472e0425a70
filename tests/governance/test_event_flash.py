"""A flash report: within seconds, from one structure, never invented, issued by a second person."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from sujin.governance import flash as flashes
from sujin.governance import jobs
from sujin.governance.acts.inform_event import inform_above_flash, inform_of_flash
from sujin.governance.acts.issue_flash import (
    CannotAcknowledgeFlash,
    CannotIssue,
    acknowledge_flash,
    draft_flash,
    escalate_flashes,
    issue_flash,
)
from sujin.governance.duties import CannotAnnounce
from sujin.governance.flash import Trigger
from sujin.governance.flash_event import of_event
from sujin.governance.models import Event, FlashReport
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Notice, Person
from tests.governance.test_events import announced, complaints, history, line, released

SignIn = Callable[[Person], Client]
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
STRANGER = "13812345678"


@pytest.fixture
def event(cast: SimpleNamespace, noon: datetime) -> Event:
    history(noon, weeks=13)
    released(cast, line(cast, noon - HOUR), noon - HOUR)
    found = announced(cast, noon, kind="outage", title="积分查询故障", customers=1200,
                      customers_by="银行卡部")  # fmt: skip
    complaints(noon + MINUTE, 3)
    return found


def drafted(event: Event, noon: datetime, seconds: int = 40) -> FlashReport:
    at = noon + timedelta(seconds=seconds)
    return draft_flash(of_event(event, at), by=system_person(), at=at)


def test_the_report_holds_facts_exposure_figures_line_owners_and_steps(
    event: Event, noon: datetime
) -> None:
    made = drafted(event, noon, 200)
    text = flashes.written(made)
    for words in (
        "积分查询故障", "涉及范围", "1,200（银行卡部）", "已收投诉", "预计投诉", "口径草稿",
        "积分口径", "按公告执行", "银行卡部", "接下来做什么", "触发后 200 秒成稿", "草稿，尚未签发",
    ):  # fmt: skip
        assert words in text, words
    assert made.seconds == 200 and made.label == "快报〔2026〕第 1 期 第 1 稿"
    assert [one.owner.line for one in made.receipts.all()] == ["card"]


def test_the_line_is_quoted_word_for_word_or_there_is_none(
    cast: SimpleNamespace, noon: datetime
) -> None:
    bare = drafted(announced(cast, noon, title="从未听说的事"), noon)
    assert bare.content["line"] is None and "没有可用的口径" in flashes.written(bare)
    version = released(cast, line(cast, noon), noon)
    quoted = drafted(Event.objects.get(), noon).content["line"]
    assert quoted["version"] == version.pk
    assert quoted["said"] == [version.parts["answer"], version.parts["script"]]
    assert quoted["sure"] is False and "不一定对得上" in flashes.written(
        FlashReport.objects.latest("pk")
    )


def test_personal_data_never_stands_in_it(cast: SimpleNamespace, noon: datetime) -> None:
    trigger = Trigger(
        subject="event", subject_id=1, title="事", at=noon, limit=HOUR,
        facts=[("发生了什么", f"客户张三的电话{STRANGER}打不通")],
        exposure=[("涉及产品", STRANGER)], figures=[("已收投诉", STRANGER)],
        lines=["card"], words="x",
    )  # fmt: skip
    made = draft_flash(trigger, by=system_person(), at=noon)
    assert STRANGER not in str(made.content) and STRANGER not in flashes.written(made)


def test_page_pdf_and_word_come_from_the_same_words(
    event: Event, cast: SimpleNamespace, noon: datetime, signed_in: SignIn
) -> None:
    made = drafted(event, noon)
    client = signed_in(cast.liu_yang)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "触发后 40 秒成稿" in page and "按公告执行" in page
    pdf = client.get(reverse("governance:flash_paper", args=[made.pk, "pdf"]))
    assert pdf.content.startswith(b"%PDF-")
    word = client.get(reverse("governance:flash_paper", args=[made.pk, "docx"]))
    body = zipfile.ZipFile(io.BytesIO(word.content)).read("word/document.xml").decode()
    assert all(words in body for words in ("积分查询故障", "按公告执行", "接下来做什么"))
    assert client.get(reverse("governance:flash_paper", args=[made.pk, "exe"])).status_code == 404
    assert signed_in(cast.wang_xiuying).get(made.get_absolute_url()).status_code == 403


def test_a_second_person_issues_it_and_those_who_do_not_announce_cannot(
    event: Event, cast: SimpleNamespace, noon: datetime
) -> None:
    made = draft_flash(of_event(event, noon), by=cast.lin_lan, at=noon)
    with pytest.raises(CannotIssue, match="另一人"):
        issue_flash(made, by=cast.lin_lan, at=noon)
    for stranger in (cast.liu_yang, cast.chen_li):
        with pytest.raises(CannotAnnounce):
            issue_flash(made, by=stranger, at=noon)
        with pytest.raises(CannotAnnounce):
            draft_flash(of_event(event, noon), by=stranger, at=noon)
    issue_flash(made, by=cast.zheng_gang, at=noon + MINUTE)
    found = FlashReport.objects.get(pk=made.pk)
    assert (found.state, found.issued_by) == ("issued", cast.zheng_gang)
    assert found.due_at == noon + 16 * MINUTE
    with pytest.raises(CannotIssue):
        issue_flash(made, by=cast.zheng_gang, at=noon)
    with pytest.raises(IntegrityError), transaction.atomic():
        FlashReport.objects.filter(pk=made.pk).update(issued_by=cast.lin_lan)


def test_its_owner_acknowledges_it_and_what_is_not_acknowledged_goes_up_once(
    event: Event, cast: SimpleNamespace, noon: datetime
) -> None:
    made = drafted(event, noon, 0)
    inform_of_flash(made.entries.get(kind="flash.drafted"))
    told = set(Notice.objects.values_list("person__name", flat=True))
    assert {"刘洋", "林岚", "郑刚"} <= told
    issue_flash(made, by=cast.lin_lan, at=noon)
    house = system_person()
    assert escalate_flashes(by=house, at=noon + 14 * MINUTE) == 0
    assert escalate_flashes(by=house, at=noon + 16 * MINUTE) == 1
    assert escalate_flashes(by=house, at=noon + 60 * MINUTE) == 0
    inform_above_flash(made.entries.get(kind="flash.escalated"))
    assert Notice.objects.filter(person=cast.zheng_gang, entry__kind="flash.escalated").exists()
    with pytest.raises(CannotAcknowledgeFlash, match="不是发给"):
        acknowledge_flash(made, by=cast.he_jing, at=noon)
    acknowledge_flash(made, by=cast.liu_yang, at=noon + 20 * MINUTE)
    assert FlashReport.objects.get(pk=made.pk).state == "acknowledged"
    with pytest.raises(CannotAcknowledgeFlash, match="已经"):
        acknowledge_flash(made, by=cast.liu_yang, at=noon + 20 * MINUTE)


def test_what_was_acknowledged_in_time_never_goes_up(
    event: Event, cast: SimpleNamespace, noon: datetime
) -> None:
    made = drafted(event, noon, 0)
    acknowledge_flash(made, by=cast.liu_yang, at=noon + MINUTE)
    assert FlashReport.objects.get(pk=made.pk).state == "drafted"
    issue_flash(made, by=cast.lin_lan, at=noon + 2 * MINUTE)
    assert FlashReport.objects.get(pk=made.pk).state == "acknowledged"
    assert escalate_flashes(by=system_person(), at=noon + 9 * HOUR) == 0


def test_a_trigger_keeps_its_number_and_its_versions_give_way(
    event: Event, cast: SimpleNamespace, noon: datetime
) -> None:
    first, second = drafted(event, noon), drafted(event, noon, 60)
    other = drafted(announced(cast, noon, title="别的事"), noon)
    assert [(one.number, one.version) for one in (first, second, other)] == [(1, 1), (1, 2), (2, 1)]
    assert FlashReport.objects.get(pk=first.pk).state == "replaced"
    with pytest.raises(CannotIssue):
        issue_flash(first, by=cast.lin_lan, at=noon)


def test_a_trigger_that_is_no_event_has_its_report_too(
    cast: SimpleNamespace, noon: datetime
) -> None:
    trigger = Trigger(
        subject="evidence", subject_id=7, title="预警", at=noon, limit=HOUR,
        facts=[("事实", "多")], exposure=[], figures=[], lines=[], words="预警",
    )  # fmt: skip
    made = draft_flash(trigger, by=system_person(), at=noon)
    assert made.trigger_url == reverse("governance:evidence_file", args=[7])
    assert made.receipts.get().owner.is_root, "nobody named: the head office"
    assert "没有登记" in flashes.written(made)


def test_the_worker_writes_it_once_the_event_is_announced(
    event: Event, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon + timedelta(seconds=3))
    jobs.flash(event.pk)
    made = FlashReport.objects.get()
    assert made.seconds == 3.0 and made.drafted_by == system_person()
    jobs.flash(event.pk)
    assert FlashReport.objects.count() == 1, "taken up again after a crash"


def test_buttons_stand_only_where_they_may_be_pressed(
    event: Event, cast: SimpleNamespace, noon: datetime, signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon + HOUR)
    made = drafted(event, noon)
    issue = reverse("governance:flash_verb", args=[made.pk, "issue"])
    receipt = reverse("governance:flash_verb", args=[made.pk, "receipt"])
    assert issue in signed_in(cast.lin_lan).get(made.get_absolute_url()).content.decode()
    body = signed_in(cast.liu_yang).get(made.get_absolute_url()).content.decode()
    assert receipt in body and issue not in body
    assert signed_in(cast.liu_yang).post(issue).status_code == 403
    assert signed_in(cast.qian_wei).post(receipt).status_code == 403
    assert signed_in(cast.he_jing).post(receipt).status_code == 422
    assert signed_in(cast.lin_lan).post(issue).status_code == 302
    assert signed_in(cast.liu_yang).post(receipt).status_code == 302
    assert FlashReport.objects.get(pk=made.pk).state == "acknowledged"
    page = signed_in(cast.lin_lan).get(reverse("governance:flashes")).content.decode()
    assert "中位数 40 秒" in page
