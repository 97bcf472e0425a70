"""What leaves the house: less than our own people read. What comes in: only what can be shown."""

import json
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sujin.engine.advice import Unreadable, material, read
from sujin.engine.known import hidden
from sujin.engine.outbound import LENGTH_MAX, outbound

TEXT = "信用卡被多收了300元年费，电话139****5678，要求退还。"
OFFERED = {"business": {"card": "银行卡"}, "cause": {"pricing": "定价收费", "service": "服务"}}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.sampled_from(["pricing", "card"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["business", "cause", "code", "quote", "tier"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
QUOTES = st.sampled_from(["多收了300元", "****", "，", "要求赔付", TEXT, " 要求退还 ", ""])


@given(ANYTHING)
def test_whatever_is_said_only_what_was_offered_and_shown_comes_in(said: object) -> None:
    try:
        found = read(json.dumps(said), TEXT, OFFERED)
    except Unreadable:
        assert not isinstance(said, dict)
        return
    assert all(one.code in OFFERED[one.axis] and one.quote in TEXT for one in found)


@given(st.text())
def test_no_words_break_the_reading(said: str) -> None:
    with suppress(Unreadable):
        assert read(said, TEXT, OFFERED) == ()


@given(st.sampled_from(["pricing", "service", "card", "其他", ""]), QUOTES)
def test_a_code_comes_in_exactly_when_it_is_offered_and_shown(code: str, quote: str) -> None:
    found = read(json.dumps({"cause": {"code": code, "quote": quote}}), TEXT, OFFERED)
    is_shown = quote.strip() in {"多收了300元", "要求退还", TEXT}
    assert bool(found) == (code in OFFERED["cause"] and is_shown)


@pytest.mark.parametrize("words", ["", "[]", "null", "{", "[" * 50_000, '{"cause"', "NaN"])
def test_what_is_no_object_is_refused(words: str) -> None:
    with pytest.raises(Unreadable):
        read(words, TEXT, OFFERED)


@given(st.text())
def test_no_text_can_end_its_own_quotation(text: str) -> None:
    assert json.loads(material(text)) == {"text": text}


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("昨天建国来过，被多收了300元年费", "昨天****来过，被多收了300元年费"),
        ("昨天 Wang Jianguo 来过", "昨天 **** 来过"),
        ("编号2026-0000417一直没回", "编号****一直没回"),
        ("单号 4931 7762 0551 8830 没人查", "单号 **** 没人查"),
        ("单号４９３１７７６２没人查", "单号****没人查"),
        ("2025年3月2日多收5000元，共12笔", "2025年3月2日多收5000元，共12笔"),
    ],
)
def test_what_the_house_knows_of_its_people_stays_in_it(said: str, left: str) -> None:
    known = ["建国", "WANG JIANGUO", "2026-0000417", "", "王"]
    assert outbound(said, known=known) == left
    assert outbound(left, known=known) == left


KNOWN = ["徐怡佳", "13800138000", "11010519491231002X", "王明", "xu@example.com"]


DISGUISED = {
    "昨天徐\u200b怡佳来过": "昨天****来过",
    "昨天徐 怡 佳来过": "昨天****来过",
    "昨天徐·怡，佳来过": "昨天****来过",
    "昨天徐\ufe0f怡\u3164佳来过": "昨天****来过",
    "昨天王 明来过": "昨天****来过",
    "号码壹叁捌，零零壹叁，捌零零零": "号码****",
    "号码138÷0013÷8000": "号码****",
    "号码一3八〇〇I三8OOO": "号码****",
    "号码138----0013----8000": "号码****",
    "号码138 和 0013 和 8000": "号码****",
    "号码幺叁捌洞洞幺叁捌洞洞洞": "号码****",
    "号码幺三八 洞洞幺三 八洞洞洞": "号码****",
    "我叫徐怡\n佳，来过": "我叫****，来过",
    "户名徐怡.....佳": "户名****",
    "证件110105÷19491231÷002×": "证件****",
    "写信到XU @ EXAMPLE . COM": "写信到****",
}


@pytest.mark.parametrize("said", DISGUISED)
def test_what_is_known_is_found_however_it_is_written(said: str) -> None:
    left = outbound(said, known=KNOWN)
    assert left == DISGUISED[said]
    assert outbound(left, known=KNOWN) == left
    assert not [one for one in KNOWN if one in said]  # letter by letter, nothing would be found


@pytest.mark.parametrize(
    "said",
    [
        "开了一张300元的发票",
        "客户王 明天来",
        "还款1380元，又还0013元，再还8000元" + "手续费另算",
        "徐某某怡佳",
    ],
)
def test_what_only_looks_known_stays(said: str) -> None:
    assert hidden(said, ["张三", *KNOWN], "****") == said
    assert hidden("开了张 三来过", ["张三"], "****") == "开了****来过"


@pytest.mark.parametrize(
    "said", ["姓王。明天来", "徐某说：怡情，佳节", "徐先生和怡女士、佳女士", "1380013****8000"]
)
def test_what_is_known_is_not_put_together_from_elsewhere(said: str) -> None:
    assert hidden(said, KNOWN, "****") == said


@given(st.text(), st.lists(st.text(min_size=1, max_size=4), max_size=3))
def test_nothing_known_is_left_to_find(text: str, known: list[str]) -> None:
    left = hidden(text, known, "****")
    assert hidden(left, known, "****") == left


def test_hiding_takes_no_longer_than_the_text() -> None:
    began = time.process_time()
    for piece in ("徐怡", "徐 怡 ", "1", "徐\u200b"):
        hidden(piece * (100_000 // len(piece)), [*KNOWN, "1" * 11, "徐怡" * 3], "****")
    assert time.process_time() - began < 4


def test_a_long_story_is_cut_and_a_blank_value_hides_nothing() -> None:
    assert len(outbound("收费" * LENGTH_MAX, known=[" ", ""])) == LENGTH_MAX
