"""Liu Yang owns the card line and writes; Zheng Gang, the vice-president, releases."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from sujin.knowledge.acts.draft import draft_item
from sujin.knowledge.acts.edit import edit
from sujin.knowledge.acts.release import release
from sujin.knowledge.acts.submit import submit
from sujin.knowledge.desks import line_desks
from sujin.knowledge.models import Version
from sujin.knowledge.wording import Wording
from sujin.platform.models import Org

PARTS = {
    "background": "年费规则调整",
    "answer": "年费按领用合约收取。",
    "script": "您好，我来帮您查。",
    "dont_say": "- 这是系统扣的",
}
Write = Callable[..., Version]


def wording(code: str = "card-fee-line", **given: Any) -> Wording:
    """An answer line about the annual fee; ``given`` says what is different."""
    scope = {"surfaces": ("staff",), **given.pop("scope", {})}
    plain = {"form": "line", "line": "card", "title": "信用卡年费口径", "parts": PARTS}
    return Wording(code=code, scope=scope, **{**plain, **given})


@pytest.fixture
def card_desk(bank: None) -> Org:
    return line_desks()["card"]


@pytest.fixture
def drafted(cast: SimpleNamespace, card_desk: Org, noon: datetime) -> Write:
    """A draft by Liu Yang."""

    def write(code: str = "card-fee-line", at: datetime = noon, **given: Any) -> Version:
        return draft_item(wording(code, **given), owner=card_desk, by=cast.liu_yang, at=at)

    return write


@pytest.fixture
def released(drafted: Write, cast: SimpleNamespace, noon: datetime) -> Write:
    """A version by Liu Yang that Zheng Gang has released."""

    def write(code: str = "card-fee-line", at: datetime = noon, **given: Any) -> Version:
        days = {name: given.pop(name) for name in ("valid_from", "valid_to") if name in given}
        orgs = given.pop("orgs", [])
        made = drafted(code, at=at, **given)
        if orgs:
            edit(made, {"orgs": orgs}, by=cast.liu_yang, at=at)
        submit(made, by=cast.liu_yang, at=at)
        release(made, **days, by=cast.zheng_gang, at=at)
        made.refresh_from_db()
        return made

    return write
