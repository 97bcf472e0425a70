"""What single tasks of a day cost, in clicks and seconds, counted by the browser itself.

The limits are planning numbers of the trade's best desks, or better; typing counts as time only.
"""

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from sujin.lab.cast import CHEN_LI, GU_WEN, LI_JIANGUO, WANG_XIUYING, ZHOU_TAO
from tests.e2e.test_journeys import enter, followed_on, is_wider_than_the_screen, said_on
from tests.e2e.test_to_the_end import (
    COMPLEX,
    COUNT,
    ORDINARY,
    at_the_case,
    clicks,
    done,
    looked_into,
    opened,
    registered,
    sent_to_the_customer,
    written,
)


class Stopwatch:
    """Clicks and seconds of one task after another, against what each may cost."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines: list[str] = []

    def __call__(self, task: str, may: int, seconds: float, do: Callable[[], None]) -> None:
        before, started = clicks(self.page), time.monotonic()
        do()
        took, spent = clicks(self.page) - before, time.monotonic() - started
        self.lines.append(f"{task}: {took} clicks (may {may}), {spent:.1f} s (may {seconds:.0f})")
        assert took <= may, self.lines[-1]
        assert spent <= seconds, self.lines[-1]


def test_the_tasks_of_a_handlers_day_cost_what_they_may(desk: Page) -> None:
    desk.add_init_script(COUNT)
    measure = Stopwatch(desk)
    number = registered(desk, COMPLEX, "13812340011")
    enter(desk, CHEN_LI)

    def starts_the_day() -> None:
        expect(desk.locator(".task", has_text=number)).to_contain_text("接手")

    def asks_the_departments() -> None:
        opened(desk, "opinions")
        done(desk, "opinions", "已征求意见")

    def calls_an_expert() -> None:
        opened(desk, "expert")
        done(desk, "expert", "已请专家")

    def hands_it_up() -> None:
        desk.locator(".more-actions > summary").click()
        opened(desk, "hand-over")
        desk.locator("#id_hand-over-to").fill("江南分行")
        desk.locator("#id_hand-over-because").fill("请分行牵头")
        desk.locator("#id_hand-over-told").fill("已告诉客户由分行接着办，明天回电")
        done(desk, "hand-over", "已移交")

    def takes_it_back() -> None:
        desk.locator(".more-actions > summary").click()
        desk.get_by_role("button", name="收回移交").click()
        expect(desk.locator(".messages")).to_contain_text("已收回")

    measure("D3 start the day", 0, 30, starts_the_day)
    at_the_case(desk, CHEN_LI, number)
    desk.get_by_role("button", name="接手", exact=True).click()
    measure("D3 ask the departments", 2, 20, asks_the_departments)
    measure("24 call an expert", 2, 20, calls_an_expert)
    measure("D1 hand up, the customer told", 3, 45, hands_it_up)
    measure("take it back", 2, 20, takes_it_back)
    enter(desk, GU_WEN)
    expect(desk.locator(".task", has_text=number)).to_contain_text("回复征求的意见")
    print("\n" + "\n".join(measure.lines))  # noqa: T201 - the figures are the point


def test_the_tasks_at_the_end_cost_what_they_may(desk: Page, phone: Page) -> None:
    desk.add_init_script(COUNT)
    measure = Stopwatch(desk)
    number = registered(desk, ORDINARY, "13812340012")
    at_the_case(desk, WANG_XIUYING, number)
    looked_into(desk)
    letter = written(desk)

    def approves_on_a_telephone() -> None:
        card = phone.locator(".approval", has_text=number)
        card.get_by_role("button", name="同意", exact=True).click()
        expect(phone.locator(".messages")).to_contain_text("已同意")

    phone.add_init_script(COUNT)
    enter(phone, LI_JIANGUO)
    phone.goto("/approvals")
    assert not is_wider_than_the_screen(phone)
    on_phone = Stopwatch(phone)
    on_phone("D3 approve on a telephone", 1, 20, approves_on_a_telephone)
    sent_to_the_customer(desk, WANG_XIUYING, letter)

    def records_the_call_back() -> None:
        opened(desk, "call-back")
        desk.locator("#action-call-back").get_by_label("满意", exact=True).check()
        done(desk, "call-back", "已登记回访")

    at_the_case(desk, ZHOU_TAO, number)
    measure("D1 record a call-back", 3, 20, records_the_call_back)
    print("\n" + "\n".join([*on_phone.lines, *measure.lines]))  # noqa: T201


def test_a_customer_asks_to_hurry_with_one_tap(phone: Page) -> None:
    followed_on(phone, *said_on(phone, "13912345679"))
    phone.get_by_role("button", name="催办").click()
    expect(phone.locator(".messages")).to_contain_text("已经转告")
    assert not is_wider_than_the_screen(phone)
