"""Numbers as people write them in Chinese: 3.5万, 三千五, 十几万, 1万5392, 5w.

A vague number is read as its lower bound, because a rule that asks "at least so much" must be
able to trust it: 十几万 is 100,000 or more, 几万 is 10,000 or more, 三五万 is 30,000 or more.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

# One character for one character, so that positions in the levelled text are those of the text.
_FROM = "０１２３４５６７８９．％＄￥Ｗｗ萬億兩幾數餘來點塊圓壹贰貳叁叄參肆伍陆陸柒捌玖拾佰仟"
_TO = "0123456789.%$¥Ww万亿两几数余来点块元一二二三三三四五六六七八九十百千"
_LEVEL = str.maketrans(_FROM, _TO)
_UNLEVEL = re.compile(f"[{_FROM}]")
_SPOKEN_POINT = re.compile("[零一二三四五六七八九]点[一二三四五六七八九](?=[百千万亿])")
_AS_FIGURES = str.maketrans("零一二三四五六七八九点", "0123456789.")

FIGURES = r"(?:[0-9]{1,3}(?:[,，][0-9]{3})+(?![0-9])|[0-9]{1,16})(?:\.[0-9]{1,8})?"
HAN_DIGITS = "〇一二两三四五六七八九"
# 数 ends other words (期数, 总数); only before a scale does it mean "several".
SEVERAL = r"几|(?<![总人期次分额倍户个件基指系])数(?=[十百千万亿])"
SCALE = r"[十百千万亿]|[wWkK](?![A-Za-z])"
VAGUE = "多余来"
# 2.5个w, 一个亿; but 三个万能险 is a count.
PIECE = "个(?=[wW](?![A-Za-z])|亿)"
PART = rf"(?:{FIGURES}|(?<![0-9])[{HAN_DIGITS}]{{1,2}}|{SCALE}|{SEVERAL}|{PIECE}|[零{VAGUE}])"

_PARTS = re.compile(PART)
_WORTH = {"十": 10, "百": 100, "千": 1000, "k": 1000, "K": 1000}
_WORTH |= {"万": 10_000, "w": 10_000, "W": 10_000, "亿": 100_000_000}
_MYRIAD = 10_000
_HAN_VALUE = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"两": 2}


@dataclass(frozen=True, slots=True)
class Number:
    """`value` is the lower bound; `unit` the worth of its last scale word, 1 for figures alone."""

    value: Decimal
    unit: int


def level(text: str) -> str:
    """`text` with full-width figures, financial and traditional numerals written plainly.

    Every character keeps its position.
    """
    if _UNLEVEL.search(text) is not None:
        text = text.translate(_LEVEL)
    if "点" in text:
        text = _SPOKEN_POINT.sub(lambda found: found[0].translate(_AS_FIGURES), text)
    return text


def read(words: str) -> Number | None:
    """The number that `words` (levelled, a row of `PART`s) say; None if they say none.

    None as well for two numbers run together, and for a row of three or more Chinese digits:
    二零二三 is a year or a code.
    """
    if words.isascii() and words.isdecimal():
        return Number(Decimal(words), 1)
    reader = _Reader()
    for part in _PARTS.findall(words):
        if part in VAGUE or part == "个":
            continue
        if part == "零":
            reader.unit = 1  # what follows is no longer one order below: 一百零五
        elif not reader.take(part):
            return None
    return Number(Decimal(reader.total()), reader.last_worth)


class _Reader:
    """One number, read part by part from left to right."""

    __slots__ = ("last_worth", "pending", "section", "unit", "whole", "worths")

    def __init__(self) -> None:
        self.whole: int | Decimal = 0
        self.section: int | Decimal = 0
        self.pending = ""
        self.unit = self.last_worth = 1
        self.worths = [10 * _WORTH["亿"], 10 * _WORTH["千"]]

    def take(self, part: str) -> bool:
        """Take in the next part; False when it cannot continue this number."""
        if part in _WORTH:
            return self._scale(_WORTH[part])
        if part == "几" and self.pending:
            return True  # 1000几块
        was_free = not self.pending
        self.pending = part
        return was_free

    def total(self) -> int | Decimal:
        is_one_digit = len(self.pending) == 1 or self.pending[:1] in _HAN_VALUE
        if is_one_digit and self.unit > 10 and self.pending not in "几数":
            # 三千五 is 3500, 5万6 is 56,000
            return self.whole + self.section + _value(self.pending) * self.unit // 10
        return self.whole + self._section_so_far()

    def _scale(self, worth: int) -> bool:
        is_small = worth < _MYRIAD
        if worth >= self.worths[is_small] or (is_small and self._is_over_long()):
            return False
        self.worths[is_small] = worth
        self.unit = self.last_worth = worth
        if is_small:
            self.section += (_value(self.pending) if self.pending else 1) * worth
        else:
            self.whole += max(self._section_so_far(), 1) * worth
            self.section, self.worths[True] = 0, 10 * _WORTH["千"]
        self.pending = ""
        return True

    def _is_over_long(self) -> bool:
        """45000千 is a slip of the pen: nobody can say what it means."""
        return self.pending[:1].isascii() and self.pending != "" and _value(self.pending) >= 1000

    def _section_so_far(self) -> int | Decimal:
        is_vague_rest = self.pending in "几数" and self.unit > 1
        if not self.pending or is_vague_rest:
            return self.section
        return self.section + _value(self.pending)


def _value(words: str) -> int | Decimal:
    """Figures, or one or two Chinese digits (三五: "three to five", so three)."""
    if words[0] in _HAN_VALUE:
        return _HAN_VALUE[words[0]]
    if words in "几数":
        return 1
    figures = words.replace(",", "").replace("，", "")
    return Decimal(figures) if "." in figures else int(figures)
