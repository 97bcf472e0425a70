"""How a teller asks why an account is restricted, and whether the right row comes first."""

from datetime import datetime
from types import SimpleNamespace

import pytest

from sujin import packs
from sujin.knowledge.acts.plant import plant
from sujin.knowledge.audience import Audience
from sujin.knowledge.restrictions import FORM, codes, restrictions
from sujin.knowledge.wording import starter
from sujin.platform.acts.organise import system_person

ASKED = packs.rows("cn_bank", "expected/restrictions")
RIGHT_FIRST = 0.95
TELLER = Audience("staff", (), everywhere=True)


@pytest.fixture
def stocked(cast: SimpleNamespace, noon: datetime) -> None:
    """The whole starter content, reviewed and released: what else there is confuses most."""
    plant(starter(), by=system_person(), at=noon, released_by=cast.zheng_gang)


def first_of(asked: str, at: datetime) -> str:
    found = restrictions(asked, TELLER, at)
    return found[0].version.item.code if found else ""


def test_the_right_row_is_first(stocked: None, noon: datetime) -> None:
    wrong = [row for row in ASKED if first_of(row["asked"], noon) != row["code"]]
    share = 1 - len(wrong) / len(ASKED)
    print(f"\nrestrictions: {share:.1%} of {len(ASKED)} right at the first place")  # noqa: T201
    assert share >= RIGHT_FIRST, wrong


def test_every_code_finds_its_row_first_however_it_is_typed(stocked: None, noon: datetime) -> None:
    rows = packs.rows("cn_bank", f"knowledge/{FORM}")
    for row in rows[::7]:
        code = row["code"]
        spellings = (code, code.upper(), f"{code[0]}-{code[1:]}", f"柜员机上写着 {code}")
        for typed in spellings:
            assert first_of(typed, noon) == code, typed


def test_a_wrong_order_turns_this_red(
    stocked: None, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known-bad control: the answers upside down."""

    def last_of(asked: str, at: datetime) -> str:
        return restrictions(asked, TELLER, at)[-1].version.item.code

    monkeypatch.setitem(globals(), "first_of", last_of)
    with pytest.raises(AssertionError):
        test_the_right_row_is_first(stocked, noon)


def test_what_is_a_code_and_what_is_none() -> None:
    assert codes("提示 Ｒ０１０１，非柜面") == {"r0101"}
    assert codes("R-0101 和 r0102") == {"r0101", "r0102"}
    assert codes("转了 50 块，ATM 不行") == set()
