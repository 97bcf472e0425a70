"""An inspection on a telephone that loses its network in the middle; and what follows from it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Route, ViewportSize, expect

from sujin.lab.cast import CAST, LI_JIANGUO, LIN_LAN, OUTLET_A, ZHENG_GANG, ZHOU_TAO
from sujin.platform.organisation import PersonSpec
from tests.e2e.conftest import Product
from tests.e2e.test_journeys import enter, is_wider_than_the_screen

# A plan of the head office for every outlet; where the test goes, and who was drawn for it.
DRAW = f"""
import json
from datetime import timedelta
from django.utils import timezone
from sujin.platform.models import Org, Person
from sujin.supervision.acts.draw_plan import draw_plan
from sujin.supervision.models import Inspection
now = timezone.now()
day = timezone.localdate(now) + timedelta(days=1)
plan = draw_plan(
    Org.objects.get(parent=None), name="飞行检查", sort="flight", first=day,
    last=day + timedelta(days=20), visits=Org.objects.filter(kind="outlet").count(),
    by=Person.objects.get(staff_no="{LIN_LAN.staff_no}"), at=now,
)
one = Inspection.objects.select_related("inspector").get(plan=plan, outlet__code="{OUTLET_A}")
with open({{path!r}}, "w") as told:
    json.dump([one.pk, one.inspector.staff_no], told)
"""
FAILED = "channels"
WORDS = "大堂没有公示投诉电话，问了两名员工都不知道"


@pytest.fixture
def pocket(browser: Browser, server: str) -> Iterator[Page]:
    """A telephone 360 wide that may lose its network: only errors of our own scripts count."""
    size: ViewportSize = {"width": 360, "height": 780}
    context = browser.new_context(
        base_url=server, viewport=size, locale="zh-CN", has_touch=True, is_mobile=True
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, errors


def drawn(product: Product, folder: Path) -> tuple[int, PersonSpec]:
    file = folder / "drawn"
    product.run(DRAW.format(path=str(file)))
    key, staff_no = json.loads(file.read_text())
    return key, next(one for one in CAST if one.staff_no == staff_no)


def tap(page: Page, item: str, mark: str) -> None:
    page.locator(f'[data-item="{item}"] .walk-mark-{mark}').click()


def bar(page: Page, said: str) -> None:
    expect(page.locator("[data-walk-state]")).to_contain_text(said)


def test_nothing_is_lost_when_the_network_is_cut_in_the_middle(
    pocket: Page, product: Product, tmp_path: Path
) -> None:
    key, inspector = drawn(product, tmp_path)
    enter(pocket, inspector)
    pocket.goto("/inspections")
    pocket.locator(f'a[href="/inspections/{key}/walk"]').click()
    items = [str(one.get_attribute("data-item")) for one in pocket.locator("[data-item]").all()]
    assert len(items) >= 10 and not is_wider_than_the_screen(pocket)
    for item in items[:4]:
        tap(pocket, item, "pass")
    bar(pocket, "已送到")
    pocket.wait_for_function("navigator.serviceWorker.controller !== null")
    pocket.wait_for_function(f"caches.match('/inspections/{key}/walk').then(Boolean)")
    _answers_are_lost(pocket, key, items[4])
    pocket.context.set_offline(True)
    for item in items[5:]:
        tap(pocket, item, "pass")
    tap(pocket, FAILED, "fail")
    pocket.locator(f'[name="words-{FAILED}"]').fill(WORDS)
    pocket.locator(f'[name="photo-{FAILED}"]').set_input_files(_picture(tmp_path))
    bar(pocket, "没有网络")
    pocket.screenshot(path=str(tmp_path / "offline.png"))
    _opened_anew(pocket)
    expect(pocket.locator(f'[name="words-{FAILED}"]')).to_have_value(WORDS)
    expect(pocket.locator("[data-walk-done]")).to_have_text(str(len(items)))
    for item in (one for one in items[:5] if one != FAILED):
        expect(pocket.locator(f'[data-item="{item}"]')).to_have_attribute("data-mark", "pass")
    hand_in = pocket.locator('button[name="submit"]')
    hand_in.click()
    bar(pocket, "联网后自动提交")
    expect(pocket.locator(f'[name="words-{FAILED}"]')).to_be_disabled()
    hand_in.click()
    expect(pocket.locator(f'[name="words-{FAILED}"]')).to_be_enabled()
    hand_in.click()
    bar(pocket, "联网后自动提交")
    pocket.context.set_offline(False)
    pocket.wait_for_url(f"**/inspections/{key}", timeout=30_000)
    expect(pocket.locator(".walk-result > li")).to_have_count(len(items))
    expect(pocket.locator(".walk-fail")).to_have_count(1)
    expect(pocket.locator(".walk-fail")).to_contain_text(WORDS)
    expect(pocket.locator(".walk-fail a[download]")).to_have_count(1)
    assert _left(pocket) == 0, "what was handed in stays on the telephone"
    assert not is_wider_than_the_screen(pocket)


def _answers_are_lost(page: Page, key: int, item: str) -> None:
    """The server has it and the telephone does not know: it sends it again, and it is kept once."""

    def swallow(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route(f"**/inspections/{key}/marks", swallow, times=1)
    tap(page, item, "pass")
    bar(page, "没有网络")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    bar(page, "已送到")
    standing = page.evaluate(f"fetch('/inspections/{key}/standing').then(a => a.json())")
    assert len(standing["marks"]) == 5


def _opened_anew(page: Page) -> None:
    """Without a network, from what the telephone keeps."""
    page.reload()
    bar(page, "没有网络")
    with pytest.raises(Error, match="Failed to fetch"):
        page.evaluate("fetch('/healthz')")


def _left(page: Page) -> int:
    return int(
        page.evaluate(
            """async () => {
              const open = indexedDB.open('sujin-inspections');
              const db = await new Promise((done) => { open.onsuccess = () => done(open.result); });
              const count = (name) => new Promise((done) => {
                const asked = db.transaction(name).objectStore(name).count();
                asked.onsuccess = () => done(asked.result);
              });
              return (await count('notes')) + (await count('photos')) + (await count('wishes'));
            }"""
        )
    )


def _picture(folder: Path) -> Path:
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\0" + bytes([120, 150, 180]) * 40 for _row in range(30))
    head = struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
    file = folder / "wall.png"
    file.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )  # fmt: skip
    return file


def test_what_was_found_is_mended_proved_looked_at_and_somebody_answers_for_it(
    desk: Page, product: Product, tmp_path: Path
) -> None:
    key, inspector = drawn(product, tmp_path)
    _handed_in(desk, key, inspector)
    _echoed(desk, tmp_path)
    found = desk.url
    enter(desk, LIN_LAN)
    desk.goto(found)
    look(desk, tmp_path, "shortcoming")
    desk.locator("#mending").get_by_label("到场看过").check()
    desk.locator("#mending-because").fill("到场看过，公示牌在大堂左侧，电话正确")
    desk.locator("#mending button").click()
    expect(desk.locator(".page-head .badge").first).to_contain_text("复查通过")
    desk.get_by_role("link", name="提起问责").click()
    desk.get_by_label("问责谁").select_option(label="李建国")
    desk.get_by_label("提醒谈话").check()
    desk.get_by_label("事实和证据").fill("公示牌缺失两周，三次晨会都没有检查，晨会记录为证")
    desk.get_by_role("button", name="提起问责").click()
    record = desk.url
    _spoken(desk, record, LI_JIANGUO, "statement", "我承认晨会没有检查，已经列入每日清单")
    enter(desk, ZHOU_TAO)
    desk.goto(record)
    look(desk, tmp_path, "accountability")
    desk.locator("#decision").get_by_label("提醒谈话").check()
    desk.locator("#decision-because").fill("事实清楚，本人认可")
    desk.locator("#decision button").click()
    expect(desk.locator(".page-head")).to_contain_text("尚未生效")
    _spoken(desk, record, LI_JIANGUO, "appeal", "公示牌是前一天装修拆下的，有施工单")
    enter(desk, ZHENG_GANG)
    expect(desk.locator("body")).to_contain_text("审理申诉")
    desk.goto(record)
    desk.locator("#hearing").get_by_label("撤销原决定").check()
    desk.locator("#hearing-because").fill("施工单属实")
    desk.locator("#hearing button").click()
    expect(desk.locator(".page-head")).to_contain_text("不予问责")
    look(desk, tmp_path, "ended")


def look(page: Page, folder: Path, name: str) -> None:
    """A picture for whoever wants to see it; nothing is wider than its screen."""
    page.screenshot(path=str(folder / f"{name}.png"), full_page=True)
    assert not is_wider_than_the_screen(page)


def _handed_in(page: Page, key: int, inspector: PersonSpec) -> None:
    enter(page, inspector)
    page.goto(f"/inspections/{key}/walk")
    for one in page.locator("[data-item]").all():
        one.locator(".walk-mark-pass").click()
    tap(page, "first_asked", "fail")
    page.locator('[name="words-first_asked"]').fill("客户说要投诉，柜员让他打95588")
    page.locator('button[name="submit"]').click()
    page.wait_for_url(f"**/inspections/{key}")


def _echoed(page: Page, folder: Path) -> None:
    """The outlet's manager finds it on the workbench, answers, and proves it."""
    enter(page, LI_JIANGUO)
    page.get_by_role("link", name="整改并回音").first.click()
    page.get_by_label("改了什么").fill("已在晨会培训首问负责，并设值班经理接待")
    page.get_by_label("证明材料").set_input_files(_picture(folder))
    page.get_by_role("button", name="回音").click()
    expect(page.locator(".page-head .badge").first).to_contain_text("待复查")


def _spoken(page: Page, record: str, person: PersonSpec, verb: str, words: str) -> None:
    enter(page, person)
    page.goto(record)
    page.locator(f"#{verb}-words").fill(words)
    page.locator(f"#{verb} button").click()
    expect(page.locator("main")).to_contain_text(words)
