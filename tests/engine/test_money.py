"""Which numbers in a complaint are money, and how much."""

import time
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sujin.engine.numerals import read
from sujin.engine.text import Amount, amounts

PATIENT = settings(deadline=None)  # the first call of all compiles


def sums(text: str) -> list[str]:
    return [str(amount.yuan) for amount in amounts(text)]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("被转走3.5万", "35000"),
        ("借了三千五", "3500"),
        ("收了三千五百元手续费", "3500"),
        ("多扣12,300.50元", "12300.50"),
        ("扣了￥800", "800"),
        ("扣款￥ 1,000", "1000"),
        ("贷了5w", "50000"),
        ("亏了十几万", "100000"),
        ("亏了几十万", "100000"),
        ("还差几万", "10000"),
        ("实际到手5万6", "56000"),
        ("我还的1万5392元银行不认", "15392"),
        ("一共还了两万七", "27000"),
        ("损失一百零五块钱", "105"),
        ("一亿零五百元", "100000500"),
        ("多收三块五毛", "3.5"),
        ("多收了3元5角", "3.5"),
        ("损失上万元", "10000"),
        ("欠6570人民币", "6570"),
        ("RMB500未到账", "500"),
        ("本金20000一直没退", "20000"),
        ("每个月还2513，太高", "2513"),
        ("还了19000多，还要还", "19000"),
        ("共计还款117.20", "117.20"),
        ("要我还3万分36期", "30000"),
        ("办了5万个人贷款", "50000"),
        ("３，０００元不翼而飞", "3000"),
        ("捌仟元整", "8000"),
        ("三點五萬元", "35000"),
        ("工资才一千多点", "1000"),
        ("收取我413.12利息", "413.12"),
        ("入职交的500押金", "500"),
        ("发放的4000（人民币）贷款", "4000"),
        ("卡的额度（68000）", "68000"),
    ],
)
def test_a_customer_says_how_much(text: str, yuan: str) -> None:
    assert sums(text) == [yuan]


@pytest.mark.parametrize(
    "text",
    [
        "2020年3月15日办的卡",
        "二零二零年开的户",
        "电话13800138000",
        "拨打95588转人工",
        "打95588人工客服",
        "分36期",
        "打了三百多天电话",
        "我们20多人",
        "第七十条规定",
        "利率百分之五十",
        "日息0.05%",
        "千万不要再扣",
        "万一丢了怎么办",
        "我们一块去网点",
        "两块屏幕都坏了",
        "人民币3个月定期",
        "元旦那天500元旦优惠",
        "消费￥185***未退",
        "金额111***.85元",
        "几百道题",
        "14万多积分被清零",
        "360借条和2345贷款王",
        "2000-5000",
        "合同号20210315001",
        "0元",
        "",
    ],
)
def test_what_only_looks_like_money_is_left_alone(text: str) -> None:
    assert sums(text) == []


@pytest.mark.parametrize(
    ("text", "yuan", "words"),
    [
        ("大概3到5万", "30000", "3到5万"),
        ("大概3万-5万吧", "30000", "3万-5万"),
        ("每次500-1000元", "500", "500-1000元"),
        ("少说三五万", "30000", "三五万"),
    ],
)
def test_a_range_is_one_amount_its_lower_end(text: str, yuan: str, words: str) -> None:
    assert [(str(each.yuan), each.words) for each in amounts(text)] == [(yuan, words)]


def test_a_falling_limit_is_two_amounts() -> None:
    assert sums("额度由50000元到3000元") == ["50000", "3000"]


def test_dollars_are_told_apart() -> None:
    text = "charged {$39.00} twice, and $1,200.5 more; 中转行扣了40美元"
    assert amounts(text) == [
        Amount(Decimal("39"), 8, 16, "{$39.00}", "USD"),
        Amount(Decimal("1200.5"), 28, 36, "$1,200.5", "USD"),
        Amount(Decimal("40"), 48, 52, "40美元", "USD"),
    ]


@pytest.mark.parametrize(
    ("text", "yuan", "currency"),
    [
        ("余额1000000韩元", "1000000", "KRW"),
        ("余额韩元1000000", "1000000", "KRW"),
        ("港币3000元没到账", "3000", "HKD"),
        ("美金2000块", "2000", "USD"),
        ("取了2万泰铢", "20000", "THB"),
        ("换了5万日元", "50000", "JPY"),
        ("汇出500欧", "500", "EUR"),
        ("退了100万越南盾", "1000000", "VND"),
        ("还差30000新台币", "30000", "TWD"),
        ("US$500被扣", "500", "USD"),
        ("收了50€", "50", "EUR"),
        ("人民币5000元", "5000", "CNY"),
        ("5000元人民币", "5000", "CNY"),
        ("美元人民币5000元", "5000", "CNY"),
        ("扣了50元", "50", "CNY"),
    ],
)
def test_foreign_money_is_told_from_yuan(text: str, yuan: str, currency: str) -> None:
    assert [(str(each.yuan), each.currency) for each in amounts(text)] == [(yuan, currency)]


def test_two_currencies_beside_each_other_keep_their_own() -> None:
    assert [(str(each.yuan), each.currency) for each in amounts("1美元兑7.2人民币")] == [
        ("1", "USD"),
        ("7.2", "CNY"),
    ]


@pytest.mark.parametrize("text", ["美元3个月定期", "1月3日元旦", "3000欧派橱柜", "买了2台欧式家具"])
def test_a_word_that_only_begins_like_a_currency_makes_no_money(text: str) -> None:
    assert sums(text) == []


@PATIENT
@given(
    st.text(alphabet="一二两三十百千万亿零几多0123456789.,，元块wk￥$ 扣了-到角人期", max_size=40)
)
def test_an_amount_stands_where_it_says_and_is_positive(text: str) -> None:
    found = amounts(text)
    assert all(text[each.start : each.end] == each.words for each in found)
    assert all(each.yuan > 0 for each in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


DIGITS = "零一二三四五六七八九"


def spelled(number: int) -> str:
    """A whole number below 100,000,000 as a bank's form has it."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        zero = "零" if 0 < low < 1000 else ""
        return f"{spelled(high)}万{zero}{spelled(low) if low else ''}"
    words = ""
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, scale)
        if digit:
            words += DIGITS[digit] + name
        elif words and number and not words.endswith("零"):
            words += "零"
    return words


@PATIENT
@given(st.integers(1, 99_999_999))
def test_a_sum_spelled_out_is_read_back(number: int) -> None:
    found = amounts(f"共{spelled(number)}元整")
    assert [each.yuan for each in found] == [Decimal(number)]


@pytest.mark.parametrize("words", ["二零二零", "三万五万", "45000千", "1,2,3"])
def test_two_numbers_run_together_are_no_number(words: str) -> None:
    assert read(words) is None


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "一二", "1-", "1,111", "¥1", "几", "1万", "五百", " ", "1人", "我们3人"]
)
def test_hostile_text_takes_no_longer_than_its_length(piece: str) -> None:
    from sujin.engine.text import people

    began = time.process_time()
    amounts(piece * (200_000 // len(piece)))
    people(piece * (200_000 // len(piece)))
    assert time.process_time() - began < 4
