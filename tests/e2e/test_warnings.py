"""A morning with the warnings: what rises, who takes it in hand, what is said outside, and a visit
to where it is hot; on a desk's screen, and beside a counter on a telephone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sujin.lab.cast import CHEN_LI, HE_JING, LIN_LAN, LIU_YANG, OUTLET_A
from tests.e2e.conftest import Product
from tests.e2e.plain_to_all import obstacles
from tests.e2e.test_journeys import enter

# Half a year of two branches; last fortnight eighty card cases of one outlet, this week more, and
# in another outlet loans. The watch looks at it as it does at night.
RISE = f"""
from django.utils import timezone
from sujin.governance.acts.watch_waves import watch_waves
from sujin.governance.models import Watch, Wave
from sujin.platform.acts.organise import system_person
from tests.governance.wave_town import NEW, tell
now = timezone.now()
card = ("{OUTLET_A}", "card.credit.billing", NEW)
loan = ("BC-01-01-01", "loan.mortgage", "提前还款预约排队太久")
planted = dict.fromkeys((13, 12, 11), (*card, 27)) | dict.fromkeys((3, 2), (*card, 8))
planted |= dict.fromkeys((1,), (*loan, 9))
tell(now, planted=planted)
# The product may have looked at the empty bank of last night already.
Watch.objects.all().delete()
watch_waves(by=system_person(), at=now)
assert Wave.objects.count() == 2
"""
NEWS = "信用卡账单日调整"


@pytest.fixture(scope="module")
def risen(product: Product) -> Iterator[None]:
    product.run(RISE)
    yield


def test_a_morning_with_the_warnings(desk: Page, phone: Page, risen: None) -> None:
    _a_warning_is_read_and_taken_in_hand(desk)
    _another_is_dismissed_with_a_reason(desk)
    _the_flash_report_is_read_and_taken_along(desk)
    _an_event_is_announced_and_gets_its_line(desk)
    _somebody_is_sent_to_where_it_is_hot(desk)
    _what_was_found_there_has_its_echo(phone, desk)


def _plain(page: Page) -> None:
    assert obstacles(page) == [], page.url


def _a_warning_is_read_and_taken_in_hand(desk: Page) -> None:
    enter(desk, LIN_LAN)
    desk.goto("/waves")
    item = desk.locator(".wave-item", has_text="信用卡").first
    said = item.locator(".wave-said").inner_text()
    told = re.search(r"(\d+) 件，平常 ([\d.]+) 件，最多 (\d+) 件", said)
    assert told is not None, said
    observed, usual, most = int(told[1]), float(told[2]), int(told[3])
    assert observed > most > usual
    _plain(desk)
    item.locator(".wave-where a").click()
    expect(desk.locator(".page-head .wave-said strong")).to_have_text(str(observed))
    expect(desk.locator("svg.wave-chart .bar-wave").first).to_be_attached()
    _plain(desk)
    address = desk.url
    case = desk.locator(".wave-telling li", has_text="限额").locator("a").first
    number = case.inner_text()
    case.click()
    expect(desk).to_have_url(re.compile(f"/complaints/{number}$"))
    expect(desk.locator("main")).to_contain_text(number)
    expect(desk.locator("main")).to_contain_text("账单服务")
    enter(desk, CHEN_LI)
    desk.goto(address)
    desk.get_by_label("打算怎么处理").fill("今天去网点看柜面解释，明天给结论")
    desk.get_by_role("button", name="签收").click()
    expect(desk.locator(".page-head .badges")).to_contain_text("已签收")
    expect(desk.locator(".evidence-history")).to_contain_text("今天去网点看柜面解释")


def _another_is_dismissed_with_a_reason(desk: Page) -> None:
    enter(desk, LIN_LAN)
    desk.goto("/waves")
    before = desk.locator(".wave-item").count()
    assert before >= 2
    desk.locator(".wave-item", has_text="待签收").locator(".wave-where a").first.click()
    desk.locator("summary", has_text="驳回").click()
    form = desk.locator("form[action$='/dismissal']")
    form.locator("textarea").fill("三件是同一位客户，没有共同原因")
    form.locator("select").select_option("chance")
    form.get_by_label("确认驳回", exact=False).check()
    form.get_by_role("button", name="驳回").click()
    expect(desk.locator(".page-head .badges")).to_contain_text("认定为误报")
    desk.goto("/waves")
    expect(desk.locator(".wave-item")).to_have_count(before - 1)
    expect(desk.locator(".page-head")).to_contain_text("其中误报 1 条")


def _the_flash_report_is_read_and_taken_along(desk: Page) -> None:
    desk.goto("/flashes")
    report = desk.locator("tbody tr", has_text="信用卡").locator("a").first
    expect(report).to_be_visible()
    _plain(desk)
    report.click()
    expect(desk.locator(".flash-body")).to_contain_text("归口")
    _plain(desk)
    for name, magic in (("PDF", b"%PDF-"), ("Word", b"PK\x03\x04")):
        with desk.expect_download() as download:
            desk.get_by_role("link", name=name).click()
        made = download.value.path().read_bytes()
        assert made.startswith(magic)
        assert len(made) > 3_000


def _an_event_is_announced_and_gets_its_line(desk: Page) -> None:
    desk.goto("/events/new")
    _plain(desk)
    desk.get_by_label("事件类别").select_option("own_policy")
    desk.locator("#id_title").fill(NEWS)
    desk.locator("#id_what").fill("账单日由每月五日改为十日")
    desk.locator("#id_source").fill("银行卡部公告")
    desk.locator("input[name=lines][value=personal]").check()
    desk.get_by_role("button", name="保存草稿").click()
    expect(desk.locator("h1")).to_contain_text(NEWS)
    desk.get_by_label("我已核对").first.check()
    desk.get_by_role("button", name="通报", exact=True).click()
    expect(desk.locator(".messages")).to_contain_text("已通报")
    address = desk.url
    asking = desk.locator("form[action$='/asking']")
    asking.locator("select").select_option("card")
    asking.get_by_role("button").click()
    expect(desk.locator(".messages")).to_contain_text("已请该条线出口径")
    _plain(desk)
    enter(desk, LIU_YANG)
    desk.goto(address)
    expect(desk.locator("main")).to_contain_text("还没有")
    attach = desk.locator("form.event-attach").first
    title = attach.locator("option[value]:not([value=''])").first.inner_text()
    attach.locator("select").select_option(index=0)
    attach.get_by_role("button", name="挂接为口径").click()
    expect(desk.locator(".messages")).to_contain_text("已登记")
    row = desk.locator("tr", has_text="银行卡").first
    expect(row).to_contain_text(title.split(" · ")[0].split("（")[0][:6])
    desk.goto("/events")
    expect(desk.locator("tbody tr", has_text=NEWS)).to_be_visible()
    _plain(desk)


def _somebody_is_sent_to_where_it_is_hot(desk: Page) -> None:
    enter(desk, LIN_LAN)
    desk.goto("/waves/grid")
    hot = desk.locator(".hot-list li").first
    expect(hot).to_contain_text("江南分行")
    observed = hot.locator(".hot-said a").first.inner_text().split()[0]
    _plain(desk)
    hot.get_by_role("link", name="提出走访").click()
    expect(desk.locator(".visit-figures dd").first).to_have_text(observed)
    _plain(desk)
    desk.get_by_label("谁去").select_option(label=f"{HE_JING.name} {HE_JING.staff_no}")
    desk.get_by_label("为什么走访").fill("信用卡投诉多于应有的份额，去看柜面怎样解释")
    desk.get_by_role("button", name="提出走访").click()
    expect(desk.locator(".page-head .badges")).to_contain_text("待答复")
    expect(desk.locator(".visit-figures dd").first).to_have_text(observed)
    _plain(desk)


def _what_was_found_there_has_its_echo(phone: Page, desk: Page) -> None:
    enter(phone, HE_JING)
    phone.get_by_role("link", name="答复是否走访").click()
    phone.get_by_role("button", name="接受").click()
    _plain(phone)
    phone.get_by_label("发现了什么").fill("柜台没有公示限额调整，客户到柜台才知道")
    phone.get_by_label("严重", exact=False).check()
    owner = phone.get_by_label("归口单位")
    owner.select_option(label=owner.locator("option", has_text="临江").last.inner_text())
    phone.get_by_role("button", name="登记这个问题").click()
    concern = phone.locator("#concern-1")
    expect(concern).to_contain_text("待整改")
    address = phone.url.partition("#")[0]
    phone.locator("summary", has_text="写走访报告").click()
    phone.get_by_label("看了什么").fill("看了三个网点，一个没有公示")
    phone.get_by_role("button", name="结束走访").click()
    expect(phone.locator(".page-head .badges")).to_contain_text("已走访")
    _plain(phone)
    enter(desk, CHEN_LI)
    desk.goto(address)
    answer = desk.locator("#concern-1 form[action$='/answer']")
    answer.locator("textarea").fill("已公示并培训柜员，照片已存")
    answer.get_by_role("button").click()
    expect(desk.locator("#concern-1")).to_contain_text("待确认")
    phone.goto("/")
    phone.get_by_role("link", name="确认整改").click()
    confirm = phone.locator("#concern-1 form[action$='/confirmation']")
    confirm.locator("textarea").fill("照片核对无误")
    confirm.get_by_role("button").click()
    expect(phone.locator("#concern-1")).to_contain_text("已确认")
    _plain(phone)
    expect(phone.locator(".evidence-history")).to_contain_text("照片核对无误")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<h1>x</h1><button></button>", "no name"),
        ("<h1>x</h1><input>", "no label"),
        ("<h1>x</h1><h3>y</h3>", "a heading is left out"),
        ("<h1 id=a>x</h1><p id=a>y</p>", "twice the id"),
        ("<h1>x</h1><div style='width:3000px'>y</div>", "wider than the screen"),
        ("<h1>x</h1><div style='overflow:auto'><p style='width:3000px'>y</p></div>", "rolls"),
        ("<h1>x</h1><svg role=img></svg>", "a picture says nothing"),
        ("<h1>x</h1><table><tr><td>1</td></tr></table>", "a table without headings"),
    ],
)
def test_a_planted_obstacle_is_found(desk: Page, body: str, said: str) -> None:
    """The known-bad controls of what is asserted of every page above."""
    shell = "<html lang=zh><title>t</title><main>{}</main>"
    desk.set_content(shell.format("<h1>x</h1><p>y</p>"))
    assert obstacles(desk) == []
    desk.set_content(shell.format(body))
    assert any(said in one for one in obstacles(desk))
