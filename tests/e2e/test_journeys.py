"""The journeys of people, in a real browser against the real product."""

import re
import time

from playwright.sync_api import Page, expect

from sujin.lab.cast import CHEN_LI, LIU_YANG, SUN_QIAN, WANG_XIUYING
from sujin.platform.organisation import PersonSpec

SAID = (
    "我的信用卡没有经过我同意就扣了300元年费，打了三次电话都没人处理，"
    "再不退费我就打12378投诉到监管部门。"
)
STEPS_MAX = 3
INTAKE_SECONDS = 45


def enter(page: Page, member: PersonSpec) -> None:
    """Sign in as a member of the cast, by the one click of a demonstration."""
    page.goto("/sign-in")
    page.locator(f'form[action="/sign-in/{member.staff_no}"] button').click()
    page.wait_for_url("**/")


def is_wider_than_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def test_a_teller_logs_a_complaint_beside_the_customer_and_a_handler_takes_it(desk: Page) -> None:
    enter(desk, WANG_XIUYING)
    started = time.monotonic()
    desk.goto("/intake/")
    desk.locator("textarea[name=text]").fill(SAID)
    expect(desk.locator("#reading")).to_contain_text("复杂", timeout=15_000)
    desk.locator("input[name=phone]").fill("13812345678")
    desk.get_by_role("button", name="登记", exact=False).last.click()
    desk.wait_for_url(re.compile(r"/done/|/complaints/"))
    assert time.monotonic() - started < INTAKE_SECONDS
    number = re.search(r"\d{4}-\d{7}", desk.content())
    assert number is not None
    assert "13812345678" not in desk.content()

    enter(desk, CHEN_LI)
    line = desk.locator(".task", has_text=number.group())
    expect(line).to_contain_text("接手")
    line.locator("a").first.click()
    expect(desk.locator("h1")).to_contain_text("信用卡")
    expect(desk.locator(".clocks")).to_contain_text("第十八条")
    desk.get_by_role("button", name="接手").click()
    expect(desk.locator(".messages")).to_contain_text("责任人")
    desk.locator("#action-response > summary").click()
    desk.locator("#action-response textarea").fill("已说明处理流程和最迟答复日期")
    desk.locator("#action-response button").click()
    expect(desk.locator(".timeline")).to_contain_text("已说明处理流程")

    enter(desk, SUN_QIAN)
    assert desk.request.get(f"/complaints/{number.group()}").status == 404
    enter(desk, LIU_YANG)
    desk.goto("/complaints/early")
    expect(desk.locator("table")).to_contain_text(number.group())


def said_on(phone: Page, number: str = "13912345678") -> tuple[str, str]:
    """A complaint from the public form, in three screens at most; its number and its code."""
    phone.goto("/say/")
    phone.locator("textarea").first.fill("手机银行转账五千元两天了还没有到账，请帮我查清楚。🙏")
    screens = 1
    assert not is_wider_than_the_screen(phone)
    phone.locator(".form-actions").get_by_role("button", name="下一步").click()
    screens += 1
    phone.locator("input[name=name]").fill("王小明")
    phone.locator("input[name=phone]").fill(number)
    assert not is_wider_than_the_screen(phone)
    phone.locator(".form-actions").get_by_role("button", name="下一步").click()
    screens += 1
    phone.get_by_role("button", name="发送").click()
    phone.wait_for_url("**/say/done")
    assert screens <= STEPS_MAX
    body = phone.locator("main").inner_text()
    told, code = re.search(r"\d{4}-\d{7}", body), re.search(r"(\d{4}[  ]?){4}", body)
    assert told is not None
    assert code is not None
    return told.group(), code.group()


def followed_on(phone: Page, number: str, code: str) -> None:
    phone.goto("/track/")
    phone.locator("input[name=number]").fill(number)
    phone.locator("input[name=code]").fill(code)
    phone.get_by_role("button", name="查询").click()


def test_a_customer_says_it_on_a_phone_in_three_screens_and_follows_it(phone: Page) -> None:
    number, code = said_on(phone)
    followed_on(phone, number, code)
    expect(phone.locator("main")).to_contain_text("我们收到了您反映的事")
    assert not is_wider_than_the_screen(phone)
    assert code.replace(" ", "") not in phone.url
    phone.locator("textarea[name=text]").fill("补充：转账时间是上午十点")
    phone.get_by_role("button", name="交给经办人").click()
    expect(phone.locator("main")).to_contain_text(re.compile("收到|谢谢|已交"))


def test_large_print_stays_large_from_screen_to_screen(phone: Page) -> None:
    phone.goto("/say/?elder=1")
    expect(phone.locator("html")).to_have_attribute("data-elder", "1")
    size = phone.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    assert size >= 20
    phone.goto("/track/")
    expect(phone.locator("html")).to_have_attribute("data-elder", "1")
    low = phone.evaluate(
        "[...document.querySelectorAll('main button, main a.btn')]"
        ".filter(e => e.offsetParent).map(e => e.getBoundingClientRect().height)"
        ".filter(h => h < 44)"
    )
    assert not low


def test_filters_survive_a_reload_and_english_is_complete(desk: Page) -> None:
    enter(desk, CHEN_LI)
    desk.goto("/complaints")
    desk.locator("select[name=tier]").select_option("complex")
    desk.wait_for_url("**tier=complex**")
    desk.reload()
    expect(desk.locator("select[name=tier]")).to_have_value("complex")
    desk.locator(".top").get_by_role("button", name="English").click()
    expect(desk.locator("h1")).to_have_text("Complaints")
