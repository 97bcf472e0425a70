"""Personal numbers never leave a text unmasked; amounts, dates and order numbers stay whole."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sujin.engine.text import redact

PATIENT = settings(deadline=None)  # the first call of all compiles

PHONE = "13800138000"
CHECKS = "10X98765432"
WEIGHTS = [2**place % 11 for place in range(17, 0, -1)]


def identity(head: str) -> str:
    """Seventeen figures and the check that GB 11643 puts behind them."""
    return head + CHECKS[sum(int(a) * b for a, b in zip(head, WEIGHTS, strict=True)) % 11]


def card(head: str) -> str:
    """Figures and the check digit of Luhn behind them."""
    for last in "0123456789":
        doubled = [int(c) * 2 for c in reversed(head)][::2] + [int(c) for c in reversed(head)][1::2]
        if (sum(n - 9 if n > 9 else n for n in doubled) + int(last)) % 10 == 0:
            return head + last
    raise AssertionError


ID, ID_X, CARD = (
    identity("65010219880704331"),
    identity("11010519491231002"),
    card("622202123456789012"),
)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(each.kind, each.value) for each in redact(text).found]


def test_each_kind_keeps_only_what_its_owner_recognises() -> None:
    text = f"我的手机{PHONE}，身份证{ID_X}，卡{CARD}，邮箱zhang.san@qq.com。"
    masked = redact(text)
    assert masked.text == (
        f"我的手机138****8000，身份证1****************X，卡622202*********{CARD[-4:]}，邮箱z***@qq.com。"
    )
    assert [each.kind for each in masked.found] == ["phone", "id_number", "card", "email"]
    assert [text[each.start : each.end] for each in masked.found] == [
        PHONE, ID_X, CARD, "zhang.san@qq.com",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "written",
    [
        PHONE, "１３８００１３８０００", "138 0013 8000", "138-0013-8000", "138—0013—8000",
        "138\u200b0013\u200b8000", "138　0013　8000", "1380013 8000", "138.0013.8000",
        "1 3 8 0 0 1 3 8 0 0 0", "+86 138 0013 8000", "+8613800138000", "0086-13800138000",
        "013800138000", "（13800138000）", "“13800138000”", "、13800138000。", "wx13800138000",
        "**13800138000**", "13800138000转1", "60元 13800138000",
    ],
)  # fmt: skip
def test_a_mobile_is_found_however_it_is_written(written: str) -> None:
    assert kinds(f"请打{written}，谢谢") == [("phone", PHONE)]


@pytest.mark.parametrize(
    "written",
    [
        "一三八零零一三八零零零", "幺三八零零幺三八零零零", "一三八〇〇一三八〇〇〇",
        "一三八 零零一三 八零零零", "一三八-零零一三-八零零零", "一三八零零一三八零零零一直打",
        "一三八零零一三八零零零二十次",
    ],
)  # fmt: skip
def test_a_mobile_is_found_when_it_is_spoken(written: str) -> None:
    assert kinds(f"请打{written}，谢谢") == [("phone", PHONE)]


def test_an_identity_number_and_a_card_are_found_when_they_are_spoken() -> None:
    said = str.maketrans("0123456789", "零一二三四五六七八九")
    assert kinds(f"证{ID.translate(said)}。") == [("id_number", ID)]
    assert kinds(f"证{ID_X.translate(said)}。") == [("id_number", ID_X)]
    assert kinds(f"卡{CARD.translate(said)}。") == [("card", CARD)]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("010-12345678", "01012345678"),
        ("0571-87654321", "057187654321"),
        ("0571 8765 4321", "057187654321"),
        ("（０５７１）８７６５４３２１", "057187654321"),
        ("(010)12345678转802", "01012345678"),
        ("0795-2766174-802", "07952766174"),
        ("01087654321", "01087654321"),
    ],
)
def test_a_landline_is_found_by_its_area_code(written: str, value: str) -> None:
    assert kinds(f"电话{written}。") == [("phone", value)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("老号码320106630215123", "id_number", "320106630215123"),
        ("护照E12345678到期", "passport", "E12345678"),
        ("护照Ｇ１２３４５６７８", "passport", "G12345678"),
        ("新护照EA1234567", "passport", "EA1234567"),
        ("微信号:abc_123", "messenger", "abc_123"),
        ("我的微信号是zhangsan", "messenger", "zhangsan"),
        ("加微信abc_123聊", "messenger", "abc_123"),
        ("VX：li-si88", "messenger", "li-si88"),
        ("QQ 12345678", "messenger", "12345678"),
        ("扣扣号是87654321", "messenger", "87654321"),
    ],
)
def test_a_document_or_a_name_on_a_messenger_is_found(text: str, kind: str, value: str) -> None:
    assert kinds(text) == [(kind, value)]


def test_old_and_new_kinds_keep_only_what_their_owner_recognises() -> None:
    text = "证320106630215123，护照E12345678，座机0571-87654321，微信号abc_123，QQ12345678"
    assert redact(text).text == (
        "证3*************3，护照E*******8，座机057****4321，微信号a***，QQ1***"
    )


SEPARATORS = ["", " ", "-", "　", "－", "—", "\u200b", "\u00a0"]
AROUND = ["", "，", "。", "：", "（", "”", "、", "号", "是", "x", "\n"]


def in_groups(number: str, sizes: tuple[int, ...], separator: str) -> str:
    groups, at = [], 0
    for size in sizes:
        groups.append(number[at : at + size])
        at += size
    return separator.join([*groups, number[at:]]).strip(separator)


separators = st.sampled_from(SEPARATORS)
surroundings = st.sampled_from(AROUND)
wide = st.sampled_from([str.maketrans({}), {ord(c): ord(c) + 0xFEE0 for c in "0123456789X"}])
identities = st.builds(
    lambda figures, century: identity(f"{figures[:6]}{century}{figures[6:8]}0229{figures[8:]}"),
    st.integers(10**10, 10**11 - 1).map(str),
    st.sampled_from(["19", "20"]),
)
id_groups = st.sampled_from([(6, 8), (6, 4, 4), (3, 3, 4, 4), (17,), ()])
cards = st.builds(
    lambda issuer, figures, length: card((issuer + figures)[:length]),
    st.sampled_from(["62", "4", "51", "35", "9558"]),
    st.integers(0, 10**19 - 1).map(lambda number: f"{number:019d}"),
    st.sampled_from([15, 18]),
)
card_groups = st.sampled_from([(4, 4, 4), (4, 4, 4, 4), (6,), ()])


@PATIENT
@given(st.builds(in_groups, identities, id_groups, separators), wide, surroundings)
def test_no_identity_number_leaks(written: str, widen: dict[int, int], around: str) -> None:
    number = re.sub("[^0-9X]", "", written)
    text = f"证{around}{written.translate(widen)}{around}。"
    assert kinds(text) == [("id_number", number)]


@PATIENT
@given(st.builds(in_groups, cards, card_groups, separators), wide, surroundings)
def test_no_card_leaks(written: str, widen: dict[int, int], around: str) -> None:
    groups = re.findall("[0-9]+", written.replace("\u200b", ""))
    assume(len(groups) == 1 or not all(group.endswith("0") for group in groups))  # round sums
    found = redact(f"卡{around}{written.translate(widen)}{around}。").found
    assert [each.value for each in found] == ["".join(groups)]


@pytest.mark.parametrize(
    "text",
    [
        "13800138000元", "￥13800138000", "还了1500 2000 300", "2020-03-15 10:00:39",
        "20201231235959", "订单号2021031512345678", "订单4111111111111112",
        "流水号：账户扣款订单1234567890123456", "2021年的1 3 4 5 6 7 8 10 11这几个月",
        "400 820 5555 95588", "0.1234567890", "12,300.50元", "1999-12-31 123",
        "139****8000", "12345678901", "138001380001", "金额5000 5000 5000 5000",
        "关注@平台审核人员", "3@5", "",
        "二零二三年一月一日一二三四", "一二三四五六七八九十一二三", "一月二月三月四月五月六月",
        "订单号320106630215123", "商户号320106630215123", "320106639915123", "320106630231123",
        "0571-95588", "010-95588", "订单0571-87654321", "合同0312-2023456", "0571-87654321-12345",
        "01087654321", "6222 0571 8765 4322",
        "订单E12345678", "E1234567", "XE12345678", "流水G12345678",
        "微信支付", "微信app打不开", "微信聊天记录", "QQ 10000000元", "QQ 95588", "wxpay123abc",
        "微信零钱500", "https://wx.qq.com/abc123",
    ],
)  # fmt: skip
def test_amounts_dates_and_order_numbers_stay_whole(text: str) -> None:
    assert redact(text).text == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("卡号6222021234567890123", "account"),
        ("账号：1234 5678 9012 3456", "account"),
        ("帐户是1234567890123456", "account"),
        ("My card number 4111111111111112", "account"),
        ("account 1234567890123456", "account"),
        ("身份证号：110105194912310021", "id_number"),
        ("身份证110105491231002", "id_number"),
    ],
)
def test_a_number_that_fails_its_check_is_masked_when_the_text_names_it(
    text: str, kind: str
) -> None:
    assert [each.kind for each in redact(text).found] == [kind]


def test_numbers_glued_together_are_both_masked() -> None:
    assert kinds(ID + PHONE) == kinds(f"{ID} {PHONE}") == [("id_number", ID), ("phone", PHONE)]
    assert kinds(PHONE + ID_X) == [("phone", PHONE), ("id_number", ID_X)]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("zhang.san@qq.com", "zhang.san@qq.com"),
        ("13800138000@163.com", "13800138000@163.com"),
        ("ｌｉ＠ｑｑ．ｃｏｍ", "li@qq.com"),
        ("a_b-c+d@mail.bank.com.cn", "a_b-c+d@mail.bank.com.cn"),
    ],
)
def test_an_address_keeps_its_first_character_and_domain(written: str, value: str) -> None:
    masked = redact(f"发到{written}即可")
    assert [each.value for each in masked.found] == [value]
    assert masked.text == f"发到{value[0]}***{value[value.index('@') :]}即可"


mixed = st.lists(
    st.one_of(
        st.sampled_from([PHONE, ID, ID_X, CARD, "a@b.cn", "卡号", "身份证", "元", "****", "***"]),
        st.sampled_from(
            ["010-12345678", "(0571)87654321", "E12345678", "微信号abc_12", "QQ123456"]
        ),
        st.text(alphabet="0123456789X -—　＠@.。，*万元\u200b年１", max_size=12),
        st.text(alphabet="零一二三八九幺直 -*", max_size=12),
    ),
    max_size=8,
).map("".join)


@PATIENT
@given(mixed)
def test_a_masked_text_has_nothing_left_to_mask(text: str) -> None:
    assert redact(redact(text).text).found == ()


@PATIENT
@given(mixed)
def test_what_is_found_stands_where_it_says(text: str) -> None:
    found = redact(text).found
    for each in found:
        shown = re.sub(r"[^0-9A-Za-z@]", "", each.value)
        assert len(re.sub(r"[^\w@＠]", "", text[each.start : each.end])) >= len(shown) - 2
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "13 ",
        "138 0013 8000 ",
        "6 2 ",
        "a@",
        "@",
        "1-",
        "a@b.cn ",
        "4 ",
        "卡号",
        "一",
        "一 ",
        "0571-",
        "0571-8765432",
        "E1",
        "E12345678 ",
        "微信",
        "QQ 1",
        "vx:a",
    ],
)
def test_hostile_text_takes_no_longer_than_its_length(piece: str) -> None:
    began = time.process_time()
    redact(piece * (200_000 // len(piece)))
    assert time.process_time() - began < 4
