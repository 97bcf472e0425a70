"""A wave goes warning, flash report, meeting, ledger, guideline, acknowledgement, rectification,
verdict, bulletin, without anybody leaving the product; and the verdict is the truth."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from sujin.lab.cast import CHEN_LI, LIN_LAN, LIU_YANG, WANG_XIUYING, ZHENG_GANG
from tests.e2e.conftest import Product, running
from tests.e2e.loop_town import TRUTH
from tests.e2e.plain_to_all import obstacles
from tests.e2e.test_journeys import enter

RISE = """
from django.utils import timezone
from sujin.governance.acts.watch_waves import watch_waves
from sujin.governance.models import Watch, Wave
from sujin.platform.acts.organise import system_person
from tests.e2e.loop_town import grow
now = timezone.now()
grow(now)
Watch.objects.all().delete()
watch_waves(by=system_person(), at=now)
assert Wave.objects.exists()
"""
FORTNIGHT = """
from tests.e2e.loop_town import passes
passes(14)
"""
HALF_A_YEAR = """
from datetime import timedelta
from django.utils import timezone
from sujin.governance.acts.judge_measures import judge_measures
from sujin.governance.models import Measure
from sujin.platform.acts.organise import system_person
from tests.e2e.loop_town import live_on, passes
now = timezone.now()
passes(140)
measure = Measure.objects.get()
live_on(measure.starts_on, now)
assert judge_measures(by=system_person(), at=now) == 1
"""
WRITES = 90
DECIDED = "统一年费和限额调整前的告知：柜面当面说、短信再说一次"
WHY = "看了四十件，问了三家网点：调整前没有统一告知"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product in which time may pass without disturbing other journeys."""
    with running(tmp_path_factory.mktemp("loop")) as made:
        made.run(RISE)
        yield made


@pytest.fixture(scope="module")
def server(own: Product) -> str:
    return own.address


def test_a_wave_goes_all_the_way_to_the_bulletin(desk: Page, phone: Page, own: Product) -> None:
    _the_warning_is_taken_in_hand(desk)
    _the_flash_report_is_read(desk)
    problem = _the_meeting_decides_and_the_ledger_has_it(desk)
    _its_cause_is_found(desk, problem)
    reading = _the_guideline_is_written_and_handed_out(desk, problem)
    _the_front_line_acknowledges_it(phone, reading)
    _the_next_complaint_meets_the_guideline(desk)
    _the_ledger_knows_who_understood(desk, problem)
    _the_measure_is_declared_before_it_begins(desk, problem)
    own.run(FORTNIGHT)
    _the_measure_is_carried_out(desk, problem)
    own.run(HALF_A_YEAR)
    _the_verdict_is_the_truth(desk, problem)
    _the_problem_is_closed(desk, problem)
    _the_bulletin_tells_it(desk)
    _the_next_meeting_begins_with_what_it_changed(desk)


def _plain(page: Page) -> None:
    assert obstacles(page) == [], page.url


def _the_warning_is_taken_in_hand(desk: Page) -> None:
    enter(desk, LIN_LAN)
    desk.goto("/waves")
    desk.locator(".wave-item", has_text="信用卡").first.locator(".wave-where a").click()
    address = desk.url
    enter(desk, CHEN_LI)
    desk.goto(address)
    desk.get_by_label("打算怎么处理").fill("今天去网点看柜面解释，明天给结论")
    desk.get_by_role("button", name="签收").click()
    expect(desk.locator(".page-head .badges")).to_contain_text("已签收")


def _the_flash_report_is_read(desk: Page) -> None:
    enter(desk, LIN_LAN)
    report = desk.locator("tbody tr", has_text="信用卡").locator("a").first
    # The worker writes it by itself; on a machine that never ran the watch it compiles its loops.
    for _second in range(WRITES):
        desk.goto("/flashes")
        if report.count():
            break
        desk.wait_for_timeout(1000)
    report.click()
    expect(desk.locator(".flash-body")).to_contain_text("归口")


def _the_meeting_decides_and_the_ledger_has_it(desk: Page) -> str:
    desk.goto("/meetings/new")
    desk.get_by_label("什么会议").select_option("analysis")
    desk.get_by_label("哪天开").fill(f"{datetime.now(UTC) + timedelta(hours=8):%Y-%m-%d}")
    desk.locator("input[name=seats][value=card]").check()
    desk.get_by_role("button", name="召集").click()
    topic = desk.locator("#agenda td", has_text="信用卡").first
    expect(topic).to_contain_text("服务态度")
    _plain(desk)
    choice = desk.get_by_label("哪个议题")
    choice.select_option(label=choice.locator("option", has_text="信用卡").first.inner_text())
    desk.get_by_label("决定做什么").fill(DECIDED)
    owner = desk.get_by_label("谁做")
    owner.select_option(label=owner.locator("option", has_text="银行卡部").first.inner_text())
    desk.get_by_role("button", name="登记决定").click()
    link = desk.locator("#decision-1 a", has_text="治理台账")
    expect(link).to_be_visible()
    problem = link.get_attribute("href") or ""
    desk.get_by_label("会议纪要").fill("银行卡部、消保部到会；逐件看了近四周的投诉")
    desk.get_by_role("button", name="会议结束").click()
    expect(desk.locator(".page-head .badges")).to_contain_text("已召开")
    return problem


def _its_cause_is_found(desk: Page, problem: str) -> None:
    enter(desk, LIU_YANG)
    desk.goto(problem)
    desk.locator("#cause input[value=process]").check()
    desk.get_by_label("为什么会发生").fill(WHY)
    desk.get_by_role("button", name="登记根因").click()
    expect(desk.locator("#cause .card-title")).to_contain_text("流程")


def _the_guideline_is_written_and_handed_out(desk: Page, problem: str) -> str:
    desk.locator("#guideline").get_by_role("button", name="起草指引").click()
    expect(desk.get_by_label("常见成因")).to_have_value(re.compile("调整前没有统一告知"))
    for part, said in (
        ("客户心理", "被突然调低，觉得不被尊重"),
        ("事前预防", "- 调整前三天短信告知\n- 柜面当面说一次"),
        ("应对步骤", "- 先道歉\n- 说明为什么调整\n- 当场帮客户恢复"),
        ("话术", "让您不方便了，我马上帮您看为什么调整、怎么恢复。"),
        ("不要说", "- 系统自动的，我们也没办法"),
    ):
        desk.get_by_label(part, exact=False).first.fill(said)
    desk.get_by_role("button", name="保存并送审").click()
    expect(desk.locator("main")).to_contain_text("待审核")
    version = desk.url
    enter(desk, ZHENG_GANG)
    desk.goto(version)
    desk.locator("form[action$='/release']").get_by_role("button").last.click()
    expect(desk.locator(".messages")).to_be_visible()
    enter(desk, LIN_LAN)
    desk.goto(problem)
    desk.locator("#guideline a").first.click()
    desk.get_by_role("link", name=re.compile("下发")).first.click()
    desk.locator("label", has_text="江南分行").first.locator("input").check()
    soon = datetime.now(UTC) + timedelta(days=7)
    desk.get_by_label("学习期限").fill(f"{soon:%Y-%m-%d}")
    desk.get_by_role("button", name="下发").last.click()
    expect(desk.locator(".messages")).to_contain_text("已下发")
    found = re.search(r"/distributions/(\d+)", desk.url)
    assert found is not None, desk.url
    return f"/knowledge/readings/{found[1]}"


def _the_front_line_acknowledges_it(phone: Page, reading: str) -> None:
    enter(phone, WANG_XIUYING)
    phone.goto(reading)
    expect(phone.locator("main")).to_contain_text("我马上帮您看为什么调整")
    phone.get_by_label("我已读完，并且读懂了").check()
    phone.get_by_role("button", name="确认").click()
    expect(phone.locator("main")).to_contain_text("已读懂")


def _the_next_complaint_meets_the_guideline(desk: Page) -> None:
    """The point of it all: whoever takes the next case has the new words beside it."""
    enter(desk, WANG_XIUYING)
    desk.goto("/intake/")
    desk.locator("textarea[name=text]").fill(
        "信用卡账单上年费和限额调整前没有告知，柜台工作人员服务态度恶劣，爱理不理，要求道歉。"
    )
    desk.locator("input[name=phone]").fill("13812349876")
    desk.get_by_role("button", name="登记", exact=False).last.click()
    desk.wait_for_url(re.compile(r"/done/|/complaints/"))
    number = re.search(r"\d{4}-\d{7}", desk.content())
    assert number is not None
    enter(desk, CHEN_LI)
    desk.goto(f"/complaints/{number.group()}")
    expect(desk.locator("#assist")).to_contain_text(DECIDED[:12])


def _the_ledger_knows_who_understood(desk: Page, problem: str) -> None:
    enter(desk, LIU_YANG)
    desk.goto(problem)
    expect(desk.locator("#guideline")).to_contain_text("1 人读懂")
    _plain(desk)


def _the_measure_is_declared_before_it_begins(desk: Page, problem: str) -> None:
    plan = desk.locator("#plan")
    plan.get_by_label("做什么").fill("柜面调整前当面告知，系统在调整前三天发短信")
    expect(plan.locator("input[name=controls]").first).to_be_checked()
    expect(plan).to_contain_text("借记卡")
    monday = datetime.now(UTC) + timedelta(hours=8)
    monday += timedelta(days=7 - monday.weekday())
    plan.get_by_label("哪天开始").fill(f"{monday:%Y-%m-%d}")
    plan.get_by_label("承诺减少", exact=False).fill("20")
    plan.get_by_role("button", name="声明措施").click()
    expect(desk.locator("#measure-1")).to_contain_text("已声明")
    _plain(desk)


def _the_measure_is_carried_out(desk: Page, problem: str) -> None:
    enter(desk, LIU_YANG)
    desk.goto(problem)
    proof = desk.locator("#measure-1 form[action$='/proof']")
    proof.locator("textarea").fill("文号卡部发 12 号，短信模板已上线，抽查三家网点")
    proof.get_by_role("button").click()
    expect(desk.locator("#measure-1")).to_contain_text("待核验")


def _the_verdict_is_the_truth(desk: Page, problem: str) -> None:
    enter(desk, LIU_YANG)
    desk.goto(problem)
    card = desk.locator("#measure-1")
    expect(card.locator(".verdict-worked")).to_contain_text("有效")
    said = card.locator(".verdict-said").inner_text()
    told = re.search(r"区间 −(\d+)% 至 −(\d+)%", said)
    assert told is not None, said
    assert int(told[2]) <= 100 * TRUTH <= int(told[1]), said
    expect(card.locator("svg.wave-chart")).to_be_visible()
    _plain(desk)


def _the_problem_is_closed(desk: Page, problem: str) -> None:
    enter(desk, ZHENG_GANG)
    desk.goto(problem)
    closing = desk.locator("#closing form")
    closing.locator("textarea").fill("核验有效，做法写入制度")
    closing.get_by_role("button").click()
    expect(desk.locator(".page-head .badges")).to_contain_text("已办结")


def _the_bulletin_tells_it(desk: Page) -> None:
    enter(desk, LIN_LAN)
    today = datetime.now(UTC) + timedelta(hours=8)
    desk.goto(f"/reports/monthly?month={today:%Y-%m}")
    expect(desk.locator("main")).to_contain_text("了结 1 个；核验措施 1 项，有效 1 项")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    desk.goto("/reports/weekly")
    expect(desk.locator("main")).to_contain_text("办结 1 个")


def _the_next_meeting_begins_with_what_it_changed(desk: Page) -> None:
    desk.goto("/meetings/new")
    desk.get_by_label("什么会议").select_option("analysis")
    desk.get_by_label("哪天开").fill(f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}")
    desk.locator("input[name=seats][value=card]").check()
    desk.get_by_role("button", name="召集").click()
    last = desk.locator("#last")
    expect(last).to_contain_text(DECIDED)
    expect(last).to_contain_text("已办结")
    expect(last).to_contain_text("有效")
