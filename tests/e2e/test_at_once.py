"""What has just been taken in is on the board before anybody can ask where it is."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from playwright.sync_api import Page

from sujin.lab.cast import LIN_LAN, OUTLET_A
from tests.e2e.conftest import Product
from tests.e2e.test_journeys import enter

# Three complaints, a second apart; the moment at which each has committed.
RECEIVE = f"""
import time
from django.utils import timezone
from sujin.complaints.acts.receive import receive
from sujin.complaints.draft import Draft, PartyDraft
from sujin.platform.acts.organise import service_person
by = service_person("door", "柜面", "Counter")
with open({{path!r}}, "w") as told:
    for number in range(3):
        text = f"第{{{{number}}}}位客户：信用卡被多收了{{{{number + 7}}}}元年费，要求退还。"
        party = PartyDraft(name="张伟", phone=f"1370000{{{{number:04}}}}")
        draft = Draft("counter", text, timezone.now(), "{OUTLET_A}", parties=(party,))
        receive(draft, by=by, at=timezone.now())
        print(time.time(), file=told, flush=True)
        time.sleep(1)
"""


def test_a_new_complaint_is_on_the_board_within_a_second_of_its_commit(
    desk: Page, product: Product, tmp_path: Path
) -> None:
    enter(desk, LIN_LAN)
    before, file = _today(desk), tmp_path / "committed"
    seen: list[float] = []
    with ThreadPoolExecutor(1) as other:
        running = other.submit(product.run, RECEIVE.format(path=str(file)))
        while len(seen) < 3 and not (running.done() and running.exception()):
            while _today(desk) < before + len(seen) + 1:
                assert not running.done(), "all is committed and not on the board"
            seen.append(time.time())
        running.result()
    late = [then - float(at) for then, at in zip(seen, file.read_text().split(), strict=True)]
    assert max(late) <= 1.0, late


def _today(desk: Page) -> int:
    """The complaints of today, as the board of warnings shows them."""
    desk.goto("/waves", wait_until="commit")
    return int(desk.locator("#today a").first.inner_text())
