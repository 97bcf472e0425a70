"""Amounts of money in a complaint: 12,300.50元, 3.5万, 三千五, ￥800, 十几万, {$39.00}.

A number is an amount when a currency says so, when it ends in 百, 千, 万 … and nothing is counted
by it, or when it follows a word that money follows (本金, 扣款, 违约金 …). Years, dates, telephone
numbers and counts of days, instalments or persons are not amounts.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from sujin.engine.numerals import (
    FIGURES,
    HAN_DIGITS,
    PART,
    PIECE,
    SEVERAL,
    VAGUE,
    Number,
    level,
    read,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """`yuan` units of `currency` (the lower bound where the words are vague or a range), said by
    `words`, which stand at `start` to `end` of the text."""

    yuan: Decimal
    start: int
    end: int
    words: str
    currency: str = "CNY"


_HAN_START = f"[{HAN_DIGITS}十几]{{1,3}}(?=[十百千万亿元块角毛多余几来]|{PIECE})"
_CANDIDATE = re.compile(
    # The look-ahead decides nothing; it lets the scan skip other characters four times as fast.
    rf"(?=[0-9{HAN_DIGITS}十几数百千万亿])(?<![0-9*])(?<![0-9*]\.)"
    rf"(?:{FIGURES}|{_HAN_START}|{SEVERAL}|(?<=[上近过超逾达])[百千万亿])"
    rf"(?:{PART}| (?=[万亿千wW])){{0,14}}"
)
_CURRENCIES = {
    name: code
    for code, names in {
        "USD": "美元 美金 美刀 usd us$ $ dollar dollars",
        "HKD": "港币 港元 港纸 hkd hk$",
        "EUR": "欧元 欧 eur €",
        "GBP": "英镑 镑 gbp £",
        "JPY": "日元 日币 日圆 jpy",
        "KRW": "韩元 韩币 韩圆 krw ₩",
        "THB": "泰铢 铢 thb ฿",
        "SGD": "新币 新元 新加坡元 sgd",
        "AUD": "澳元 澳币 aud",
        "CAD": "加元 加币 cad",
        "NZD": "新西兰元 纽币 nzd",
        "MOP": "澳门元 澳门币 mop",
        "TWD": "新台币 台币 twd",
        "CHF": "瑞士法郎 瑞郎 chf",
        "MYR": "马币 林吉特 令吉 myr",
        "RUB": "卢布 rub",
        "VND": "越南盾 越盾 vnd",
        "IDR": "印尼盾 idr",
        "INR": "印度卢比 卢比 inr",
        "PHP": "菲律宾比索 比索",
        "AED": "迪拉姆 aed",
    }.items()
    for name in names.split()
}
_YUAN = ("人民币", "rmb", "cny", "yuan")
_FOREIGN = "|".join(map(re.escape, sorted(_CURRENCIES, key=len, reverse=True)))
_SIGN = re.compile(rf"((?<![a-z])(?:{_FOREIGN}|rmb|cny)|\{{\$|[$¥￥€£]|人民币) ?\Z", re.I)
_UNIT = re.compile(
    rf" ?({_FOREIGN}|块钱|块(?![儿头面状地板])|圆|元(?![旦宵月素老始件])|{'|'.join(_YUAN)})"
    "(?![a-z旦洲派式阳冠])",
    re.I,
)
_NAMES = (*_CURRENCIES, *_YUAN)
_UNIT_STARTS = frozenset(f" 元块圆{''.join(name[0] + name[0].upper() for name in _NAMES)}")
_SMALL_CHANGE = re.compile(
    rf"(?:(?<=元)|(?<=块))([0-9{HAN_DIGITS}])[角毛]"
    rf"|(?<=块)([0-9{HAN_DIGITS}])(?![0-9{HAN_DIGITS}十百千万亿元块年月日号天期次个])"
)
# What follows a count of something else. A guard behind a word keeps "3万周转", "5万个人贷款" and
# "3万分36期" amounts.
_COUNTED = re.compile(
    r"[多余]?(?:[%％‰°*#a-z0-9名位条次遍天岁张件辆股亩吨斤克页层楼级届种句倍步户字粉笔]"
    r"|个(?!人[贷信消经住])|人(?!民币|家|工)|家(?!里|人|庭|属)|号(?!称)|期(?!限|间)|周(?!转)"
    r"|年(?![费利化金])|月(?![供息利还付费均])|日(?!息|利)|分(?![0-9期给开钱一二三四五六七八九十几])"
    r"|套(?!现|路)|部(?!分)|台(?!湾)|通(?!过|知)|封(?!控)|份|道(?!歉)|里(?![面头])|平(?![安台时均常])"
    r"|积分|里程|公里|公斤|千米|厘米|米|小时|分钟|火急)",
    re.I,
)
_CUE = re.compile(
    "(?:[欠贷借还扣收付花充退亏赔存取转交缴款费息金额债值价剩]"
    "|余额|额度|到账|到手|账单|损失|工资|月供|扣除|消费"
    "|支付|提现|赔偿|返还|每个?月|每期|一期|[总共合]计|[一总]共|一笔)"
    "(?:[了为是共约有近要需以才至投：:= （(]|高?达|达到|变成|到|进去|人民币"
    "|不到|超过|大概|将近|差不多){0,3}\\Z"
)
_NAMED_AFTER = re.compile(
    "的?(?:利息|押金|本金|罚息|违约金|手续费|服务费|管理费|保费|金额|账单|欠款|[（(]人民币)"
)
_GOES_ON = re.compile(r"[-/:：.·][0-9*]")
_ENDS_A_CLAUSE = re.compile(r"[\s，。,.;；！!？?、）)的了]|\Z")
_YEAR = re.compile(r"(?:19[89][0-9]|20(?:0[1-9]|[1-3][0-9]))(?:\.[0-9]{1,2})?")
# Hotlines, and lenders that carry a number in their names.
_NAME = re.compile(r"95[0-9]{3}(?<!00)|123[0-9]{2}|100(?:10|86)|2345|360")
_UP_TO_SCALE = re.compile(r".*[百千万亿wWkK]")
_RANGE_MARK = re.compile(r" ?(?:[-~～—–－至到]|--|——) ?")
_LOW_END = re.compile(rf"(?<![0-9.年月/-])({FIGURES}|[{HAN_DIGITS}]){_RANGE_MARK.pattern}\Z")
_BELONGS_TO_A_NAME = re.compile(r"[A-Za-z*#/第之]")
_SIGN_ENDS = frozenset(f"¥￥{''.join(name[-1] + name[-1].upper() for name in _NAMES)}")
_RANGE_ENDS = frozenset("-~～—–－至到 ")
_LONGEST_BARE = 8  # digits; longer ones without a currency are numbers of something
_MOST_NUMBERS = 20_000
_WIDEST_RANGE = 100
_WINDOW = 12  # characters looked back for a sign, a cue or the low end of a range


def amounts(text: str) -> list[Amount]:
    """The amounts of money in `text`, in its order; positions are those of `text`.

    A range (3到5万, 500-1000元) is one amount, its lower end. Zero is not an amount. Linear time;
    of a text with more than 20,000 numbers the first 20,000 are read.
    """
    plain = level(text)
    found: list[_Span] = []
    for candidate in islice(_CANDIDATE.finditer(plain), _MOST_NUMBERS):
        span = _span(plain, candidate.start(), candidate[0].rstrip(" "))
        if span is None:
            continue
        if found and _is_one_range(plain, found[-1], span):
            span = found.pop()._replace(end=span.end)
        found.append(span)
    return [Amount(_tidy(v), start, end, text[start:end], c) for v, start, end, c in found]


class _Span(NamedTuple):
    value: Decimal
    start: int
    end: int
    currency: str


def _span(plain: str, start: int, words: str) -> _Span | None:
    end = start + len(words)
    sign = _sign(plain, start)
    unit = _UNIT.match(plain, end) if plain[end : end + 1] in _UNIT_STARTS else None
    if sign is None and unit is None:
        words = _money_words(plain, start, words)
    elif _is_other_than_money(plain, words, end, sign, unit):
        words = ""
    number = read(words) if words else None
    if number is None or number.value <= 0:
        return None
    value, begins = _from_low_end(plain, start, number)
    begins = begins if sign is None else min(begins, sign.start())
    ends = start + len(words) if unit is None else unit.end()
    if unit is not None and unit[1] in "元块":
        change, ends = _small_change(plain, ends)
        value += change
    return _Span(value, begins, _closed(plain, begins, ends), _currency(sign, unit))


def _sign(plain: str, start: int) -> re.Match[str] | None:
    before = plain[start - 2 : start].rstrip(" ")[-1:] if start > 1 else plain[:start]
    if before not in _SIGN_ENDS:
        return None
    return _SIGN.search(plain, max(0, start - _WINDOW), start)


def _is_other_than_money(
    plain: str, words: str, end: int, sign: re.Match[str] | None, unit: re.Match[str] | None
) -> bool:
    if plain.startswith("*", end):
        return True  # ￥185***: masked by somebody
    if unit is None:
        return sign is not None and sign[1].isalpha() and _COUNTED.match(plain, end) is not None
    if unit[1] != "块" or len(words) > 1 or words.isascii():
        return False
    # 一块 is "together" and 两块 may be two pieces; money says 一块钱, 两块五, 五块。
    goes_on = plain[unit.end() : unit.end() + 1].isalpha()
    return words == "一" or (goes_on and _SMALL_CHANGE.match(plain, unit.end()) is None)


def _from_low_end(plain: str, start: int, number: Number) -> tuple[Decimal, int]:
    """3-5万 from 3万, 500-1000 from 500; but not 7-5000, where 7 is something else."""
    high = (number.value, start)
    low = None
    if plain[start - 1 : start] in _RANGE_ENDS:
        low = _LOW_END.search(plain, max(0, start - _WINDOW), start)
    first = low and read(low[1])
    if low is None or first is None:
        return high
    shares_unit = number.unit > 1 and first.value < number.value / number.unit
    value = first.value * number.unit if shares_unit else first.value
    is_low_end = number.value / _WIDEST_RANGE <= value < number.value
    return (value, low.start()) if is_low_end else high


def _small_change(plain: str, end: int) -> tuple[Decimal, int]:
    """五角 in 三元五角 and 五 in 三块五, with where it ends."""
    change = _SMALL_CHANGE.match(plain, end)
    tenths = read(change[1] or change[2]) if change else None
    if change is None or tenths is None:
        return Decimal(0), end
    return tenths.value / 10, change.end()


def _closed(plain: str, start: int, end: int) -> int:
    return end + (plain.startswith("{", start) and plain.startswith("}", end))


def _currency(sign: re.Match[str] | None, unit: re.Match[str] | None) -> str:
    """What the unit says, or the sign where the unit is a mere 元: 港币3000元."""
    names = [found[1].lower().lstrip("{") for found in (unit, sign) if found is not None]
    if names and names[0] in _YUAN:
        return "CNY"
    return next((_CURRENCIES[name] for name in names if name in _CURRENCIES), "CNY")


def _money_words(plain: str, start: int, words: str) -> str:
    """The part of `words` that is money although no currency stands beside it, or ""."""
    end = start + len(words)
    if len(words) < 3 and words.isdecimal():
        return ""  # days, months, instalments
    if start and _BELONGS_TO_A_NAME.match(plain, start - 1):
        return ""
    scaled = _UP_TO_SCALE.match(words)
    if scaled is not None:
        if _COUNTED.match(plain, end) is None:
            return words
        return scaled[0] if scaled[0] != words.rstrip(VAGUE) else ""  # 3万36期: the 3万
    if not _could_be_bare(words) or _COUNTED.match(plain, end) or _GOES_ON.match(plain, end):
        return ""
    return words if _is_spoken_of_as_money(plain, start, words) else ""


def _could_be_bare(words: str) -> bool:
    whole, _, cents = words.rstrip(VAGUE).partition(".")
    return whole.isascii() and len(whole) <= _LONGEST_BARE and (len(whole) >= 3 or len(cents) == 2)


def _is_spoken_of_as_money(plain: str, start: int, words: str) -> bool:
    if _YEAR.fullmatch(words) or _NAME.fullmatch(words):
        return False
    if words[-1] in VAGUE and _ENDS_A_CLAUSE.match(plain, start + len(words)):
        return True
    if _NAMED_AFTER.match(plain, start + len(words)):
        return True
    return _CUE.search(plain, max(0, start - _WINDOW), start) is not None


def _is_one_range(plain: str, low: _Span, high: _Span) -> bool:
    if high.start < low.end:
        return True
    is_joined = _RANGE_MARK.fullmatch(plain, low.end, high.start) is not None
    return is_joined and low.value < high.value and low.currency == high.currency


def _tidy(value: Decimal) -> Decimal:
    """35000 rather than 35000.0 or 3.5E+4."""
    whole = value.to_integral_value()
    return whole if whole == value else value
