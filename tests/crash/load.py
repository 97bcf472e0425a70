"""Clients that keep the product busy over HTTP and remember what it acknowledged."""

import json
import random
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any

from sujin.lab.cast import CHEN_LI, OUTLET_A, SHEN_QIU, ZHOU_TAO
from tests.crash.product import TOKEN
from tests.delivery.wording import BODY

WAIT_SECONDS = 0.2
GONE = (OSError, HTTPException)
THINGS = (
    "信用卡被扣300元年费",
    "手机银行转账五千元没有到账",
    "理财产品亏损没有告知风险",
    "贷款提前还款收违约金",
)


@dataclass
class Heard:
    """What the product acknowledged: calls by their identity, acts by case and kind."""

    calls: dict[str, str] = field(default_factory=dict)
    acts: list[tuple[str, str]] = field(default_factory=list)
    retries: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def act(self, number: str, kind: str) -> None:
        with self.guard:
            self.acts.append((number, kind))


class Client(threading.Thread):
    """One client; ``turn`` is what it does again and again until it is told to stop."""

    def __init__(self, url: str, heard: Heard, seed: int) -> None:
        super().__init__(daemon=True)
        self.url, self.heard, self.chance = url, heard, random.Random(seed)
        self.over = threading.Event()
        self.troubles: list[str] = []

    def run(self) -> None:
        while not self.over.is_set():
            try:
                self.turn()
            except GONE:
                with self.heard.guard:
                    self.heard.retries += 1
                time.sleep(WAIT_SECONDS)

    def turn(self) -> None:
        raise NotImplementedError


class Caller(Client):
    """The telephone system: delivers each call until it hears that it was taken."""

    def __init__(self, url: str, heard: Heard, seed: int) -> None:
        super().__init__(url, heard, seed)
        self.calls = self._calls(seed)
        self.call = next(self.calls)

    def _calls(self, seed: int) -> Iterator[dict[str, Any]]:
        nth = 0
        while True:
            nth += 1
            thing = self.chance.choice(THINGS)
            yield {
                "call_id": f"call-{seed}-{nth}",
                "caller": f"139{seed % 100:02}{nth:06}",
                "text": f"{thing}，再不处理我就打12378投诉，第{seed}号{nth}次。",
                "branch": OUTLET_A,
                "customer": {"name": "张伟"},
            }

    def turn(self) -> None:
        asked = urllib.request.Request(
            f"{self.url}/hotline/calls",
            json.dumps(self.call).encode(),
            {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(asked, timeout=20) as answer:
            told = json.loads(answer.read())
        with self.heard.guard:
            self.heard.calls[self.call["call_id"]] = told["number"]
        self.call = next(self.calls)
        time.sleep(0.05)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Where we are sent is an answer, not an order."""


class Staff(Client):
    """A member of the cast at a browser."""

    def __init__(self, url: str, heard: Heard, seed: int, staff_no: str) -> None:
        super().__init__(url, heard, seed)
        self.staff_no, self.is_in = staff_no, False
        self.jar = CookieJar()
        self.browser = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.jar), _Stay()
        )

    def enter(self) -> None:
        if not self.is_in:
            self.ask("/sign-in")
            self.is_in = self.ask(f"/sign-in/{self.staff_no}", {})[0] == 302

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status, and where to or the page."""
        data = None
        if form is not None:
            token = next((one.value or "" for one in self.jar if one.name == "csrftoken"), "")
            data = urllib.parse.urlencode({**form, "csrfmiddlewaretoken": token}).encode()
        try:
            with self.browser.open(f"{self.url}{path}", data, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            # What says no is heard; what says that it could not is tried again.
            if error.code >= 500:
                raise
            return error.code, error.headers.get("Location") or error.read().decode()

    def do(self, number: str, verb: str, told: str, **form: str) -> str:
        """One act on a case; where it led to, empty when it was refused."""
        given = {f"{verb}-{name}": value for name, value in form.items()}
        status, there = self.ask(f"/complaints/{number}/{verb}", given)
        if status != 302:
            return ""
        self.heard.act(number, told)
        return there


class Handler(Staff):
    """Claims what came in, works it through to the outbox, step after step."""

    def __init__(self, url: str, heard: Heard, seed: int, staff_no: str) -> None:
        super().__init__(url, heard, seed, staff_no)
        self.steps: list[Callable[[], None]] = []

    def turn(self) -> None:
        self.enter()
        if not self.steps:
            with self.heard.guard:
                known = list(self.heard.calls.values())
            if not known:
                time.sleep(WAIT_SECONDS)
                return
            self._plan(self.chance.choice(known))
        self.steps[0]()
        self.steps.pop(0)

    def _plan(self, number: str) -> None:
        """A step that was interrupted is taken again; what is refused the second time was done."""
        self.letter = ""
        self.steps = [
            lambda: self._claim(number),
            lambda: self._note(number),
            lambda: self._draft(number),
            self._write,
            self._submit,
            self._outbox,
        ]

    def _claim(self, number: str) -> None:
        if not self.do(number, "claim", "complaint.claimed"):
            self.steps = [self.steps[0]]

    def _note(self, number: str) -> None:
        self.do(number, "note", "complaint.noted", note="已致电客户核实")
        self.do(number, "response", "complaint.responded", way="phone", note="已联系")

    def _draft(self, number: str) -> None:
        self.do(
            number, "investigation", "complaint.investigated",
            findings="调取账单", fault="pricing", liable="卡部",
        )  # fmt: skip
        self.letter = self.do(number, "letters", "complaint.drafted", kind="decision")
        if not self.letter:
            self.steps = [self.steps[0]]

    def _write(self) -> None:
        self.ask(self.letter, {"body": BODY})

    def _submit(self) -> None:
        self.ask(f"{self.letter}/submission", {"finding": "upheld", "remedy": ""})

    def _outbox(self) -> None:
        """Waits for the second pair of eyes, then asks for a typed address."""
        for _nth in range(100):
            form = {"email-to": "other", "email-sure": "on"}
            form["email-typed"] = f"c{self.letter.rpartition('/')[2]}@customers.example"
            status, page = self.ask(f"{self.letter}/delivery/email", form)
            if status == 302:
                self.heard.act(self.letter.split("/")[2], "complaint.asked")
                return
            if "同样的申请已在等待审批" in page or self.over.is_set():
                return
            time.sleep(WAIT_SECONDS)


class Approver(Staff):
    """Says yes to whatever waits."""

    def turn(self) -> None:
        self.enter()
        _status, page = self.ask("/approvals")
        for path in re.findall(r'action="(/approvals/(\d+))"', page):
            self.ask(path[0], {"grant": "1", f"a{path[1]}-words": ""})
        time.sleep(WAIT_SECONDS)


def clients(url: str, heard: Heard, seed: int) -> list[Client]:
    return [
        *(Caller(url, heard, seed * 10 + nth) for nth in range(3)),
        Handler(url, heard, seed, CHEN_LI.staff_no),
        Handler(url, heard, seed + 1, SHEN_QIU.staff_no),
        Approver(url, heard, seed, ZHOU_TAO.staff_no),
    ]
