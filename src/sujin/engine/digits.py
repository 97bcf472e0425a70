"""Rows of digits in a text, however they are written: 138-0013-8000, １３８ ００１３ ８０００,
一三八零零一三八零零零; and how a number is disguised: 138，0013，8000, 壹叁捌零零…, 138OO138OOO.

A `Row` is digits with at most three spaces, dashes, dots or invisible characters between
neighbours; visible separators cut it into chunks. A personal number begins where a chunk begins
and ends where one ends, so that figures inside a longer order number are left alone. Figures and
spoken digits are not mixed in one row: in 13800138000一直 the 一 is another word. Only
`disguised_rows` mixes them, for those who look at little else than the shape of a telephone.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

_INVISIBLE = "\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff"
_DASHES = "\\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
_DOTS = ".\u00b7\u2022\u30fb\uff0e"
_SPACES = " \t\r\n\u00a0\u2000-\u200a\u202f\u205f\u3000"
SEPARATORS = f"{_INVISIBLE}{_DASHES}{_DOTS}{_SPACES}"
# What else is put between the digits of a number so that nobody finds it.
WRAPPERS = "，,、;；:：/\\\\|~～〜*＊+＋=＝_＿()（）\\[\\]【】<>《》'\"“”‘’。!！?？#^&…"
_BETWEEN = f"[{SEPARATORS}]{{0,3}}+"
# Longer than three only what leaves no doubt about where a masked number ends.
_LONG_GAP = f"[{SEPARATORS}{WRAPPERS.replace('*', '').replace('＊', '')}]{{4,8}}+"
_AND = f"[{SEPARATORS}]{{0,2}}+[和与及跟加、][{SEPARATORS}]{{0,2}}+"
_WRAPPED = f"(?:{_LONG_GAP}|{_AND}|[{SEPARATORS}{WRAPPERS}]{{0,3}}+)"
SHORTEST = 11
_LONGEST_MASK = 20
SPOKEN = dict(zip("零〇一二三四五六七八九幺", "001234567891", strict=True))
BANKERS = dict(zip("零壹贰貳叁叄肆伍陆陸柒捌玖", "0122334566789", strict=True))
# As soldiers and dispatchers say them; 两 and 勾 are too often words to be read beside figures.
OVER_THE_WIRE = {"洞": "0", "拐": "7"}
# Latin, full-width, Greek and Cyrillic.
LIKE_DIGITS = dict.fromkeys("OoＯｏΟοОо", "0") | dict.fromkeys("IlＩｌ", "1")
_LIKE = "".join(LIKE_DIGITS)
CHECK_X = "XxＸｘ×✕✖╳ⅩⅹХх"
_SAID = f"[{''.join(SPOKEN)}]"
# 一直 and 三次 are words of their own behind a number.
_SAID_ALONE = f"{_SAID}(?![直下个次天样些起般定旦十百千万点块元遍年月日])"
_MANY = f"{{{SHORTEST - 1},}}+"
# Greedy and closed by a look ahead: Python before 3.11.4 loses its place where a possessive group
# ends in one.
_SAID_ROW = f"(?:{_BETWEEN}{_SAID_ALONE}){{{SHORTEST - 1},}}(?!{_BETWEEN}{_SAID_ALONE})"
_ROW = re.compile(
    rf"(?:\d(?<!\d\d)(?:{_BETWEEN}\d){_MANY}"
    rf"|{_SAID}(?<![\d{_SAID[1:-1]}].){_SAID_ROW}(?!\d))"
    rf"(?:{_BETWEEN}[{CHECK_X}])?"
)
_STEP = re.compile(rf"({_BETWEEN})([\d{CHECK_X}]|{_SAID})")
_DISGUISED = re.compile(rf"\d(?<!\d\d)(?:{_WRAPPED}\d){_MANY}(?:{_WRAPPED}[{CHECK_X}])?")
_WRAPPED_STEP = re.compile(rf"({_WRAPPED})([\d{CHECK_X}])")
_SAID_SOMEHOW = str.maketrans(SPOKEN | BANKERS | OVER_THE_WIRE)
_LETTERS_AMONG = re.compile(rf"(?<![A-Za-z\d])[{_LIKE}]{{0,8}}+\d[\d{_LIKE}]++(?![A-Za-z])")
_LETTERS = str.maketrans(LIKE_DIGITS)
_DASH, _DOT, _SPACE, _WRAPPER = (
    re.compile(f"[{kind}]") for kind in (_DASHES, _DOTS, _SPACES, WRAPPERS)
)
# What is left of a number or an address that has been masked: 138****8000, 1***@qq.com.
_AFTER_MASK = re.compile(r"[0-9A-Z]\*{4,}\Z")
_BEFORE_MASK = re.compile(r"\*{4,}[0-9X]|\*{3}@")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_ID_CHECKS = "10X98765432"
_ID = re.compile(
    "[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]"
)
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


class Row:
    """`digits` in ASCII (an X may stand at the end) and where each of them stands in the text;
    `after` separates it from digits behind it that belong to a mask."""

    __slots__ = ("_after", "_gaps", "_luhn", "_starts", "at", "digits")

    def __init__(
        self, digits: str, at: Sequence[int], gaps: Sequence[str], after: str = ""
    ) -> None:
        self.digits = digits
        self.at = at
        self._after = after
        self._gaps = gaps
        self._starts = [i for i, gap in enumerate(gaps) if gap or i == 0]
        self._luhn: tuple[list[int], list[int]] | None = None

    def next_chunk(self, first: int) -> int:
        """Where the first chunk after digit `first` begins; the length of the row if none does."""
        following = bisect_left(self._starts, first + 1)
        return self._starts[following] if following < len(self._starts) else len(self.digits)

    def ends(self, end: int) -> bool:
        """Whether a chunk ends just before digit `end`. An X may be a letter of the next word."""
        if end >= len(self.digits):
            return end == len(self.digits)
        return self._gaps[end] != "" or self.digits[end] == "X"

    def chunks(self, first: int, end: int) -> list[str]:
        """The digits from `first` to `end`, cut at visible separators."""
        inner = self._starts[bisect_left(self._starts, first + 1) : bisect_left(self._starts, end)]
        return [self.digits[a:b] for a, b in pairwise([first, *inner, end])]

    def separators(self, first: int, end: int) -> str:
        """The kinds of visible separator between `first` and `end`: "-", ".", " " or a mark."""
        return "".join(sorted({gap for gap in self._gaps[first + 1 : end] if gap}))

    def stands_alone(self, first: int, end: int) -> bool:
        """Whether what separates it from its neighbours separates none of its own chunks."""
        after = self._gaps[end] if end < len(self.digits) else self._after
        inner = self.separators(first, end)
        return all(not gap or gap not in inner for gap in (self._gaps[first], after))

    def passes_luhn(self, first: int, end: int) -> bool:
        """The check of ISO/IEC 7812-1 on the digits from `first` to `end`, in constant time."""
        if self._luhn is None:
            self._luhn = _luhn_sums(self.digits)
        sums = self._luhn[end % 2]
        return (sums[end] - sums[first]) % 10 == 0


def rows(text: str) -> Iterator[Row]:
    """The rows of at least eleven digits in `text`, in order. Linear time.

    What is left of a masked number stands in a row of its own: it is never read together with
    its neighbours.
    """
    yield from _rows(text, _ROW, _STEP)


def disguised_rows(text: str) -> Iterator[Row]:
    """The same with anything between the digits and every way to write one mixed. Linear time."""
    plain = text.translate(_SAID_SOMEHOW)
    plain = _LETTERS_AMONG.sub(lambda found: found[0].translate(_LETTERS), plain)
    yield from _rows(plain, _DISGUISED, _WRAPPED_STEP)


def _rows(text: str, row: re.Pattern[str], step: re.Pattern[str]) -> Iterator[Row]:
    for found in row.finditer(text):
        digits, at, gaps = _read(text, found.start(), found.end(), step)
        cuts = [i for i, gap in enumerate(gaps) if gap]
        first, end = 0, len(digits)
        if cuts and _AFTER_MASK.search(text, max(0, at[0] - _LONGEST_MASK), at[0]):
            first = cuts[0]
        if cuts and _BEFORE_MASK.match(text, at[-1] + 1):
            end = cuts[-1]
        for a, b in ((0, first), (first, end), (end, len(digits))):
            if b - a >= SHORTEST:
                yield Row(digits[a:b], at[a:b], gaps[a:b], gaps[b] if b < len(gaps) else "")


def is_id_number(digits: str) -> bool:
    """Whether they have the shape of a resident identity number and its check digit."""
    if _ID.fullmatch(digits) is None:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _ID_WEIGHTS, strict=False))
    return _ID_CHECKS[total % 11] == digits[17]


def is_luhn(digits: str) -> bool:
    """Whether the check digit of a card number agrees (ISO/IEC 7812-1 annex B)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def is_list(chunks: Sequence[str]) -> bool:
    """Whether the chunks are rather months or years (1 3 4 5 …), round sums (1500 2000 300) or
    a date."""
    numbers = list(map(int, chunks))
    is_rising = len(numbers) >= 4 and all(a < b for a, b in pairwise(numbers))
    is_calendar = all(len(chunk) < 3 or _YEAR.fullmatch(chunk) for chunk in chunks)
    is_round = all(len(chunk) > 1 and chunk[-1] == "0" and chunk[0] != "0" for chunk in chunks)
    is_date = _YEAR.fullmatch(chunks[0]) is not None and len(chunks[1]) <= 2
    return (is_rising and is_calendar) or is_round or is_date


def _read(
    text: str, start: int, end: int, step: re.Pattern[str]
) -> tuple[str, Sequence[int], list[str]]:
    plain = text[start:end]
    if plain.isdecimal():
        digits = plain if plain.isascii() else "".join([str(int(char)) for char in plain])
        return digits, range(start, end), [""] * len(digits)
    return _read_with_gaps(text, start, end, step)


def _read_with_gaps(
    text: str, start: int, end: int, step: re.Pattern[str]
) -> tuple[str, Sequence[int], list[str]]:
    digits, at, gaps = [], [], []
    for each in step.finditer(text, start, end):
        char = each[2]
        digits.append("X" if char in CHECK_X else SPOKEN.get(char) or str(int(char)))
        at.append(each.start(2))
        gaps.append(_kind(each[1]))
    return "".join(digits), at, gaps


def _kind(gap: str) -> str:
    if not gap:
        return ""
    if gap in " -.":
        return gap
    kinds = (("-", _DASH), (".", _DOT))
    usual = next((kind for kind, pattern in kinds if pattern.search(gap)), "")
    wrapper = None if usual else _WRAPPER.search(gap)
    if wrapper is not None:
        return wrapper[0]
    return usual or (" " if _SPACE.search(gap) else "")


def _luhn_sums(digits: str) -> tuple[list[int], list[int]]:
    """Running sums with every second digit doubled, beginning at the first and at the second."""
    values = [0 if char == "X" else int(char) for char in digits]
    even = [value if i % 2 else _DOUBLED[value] for i, value in enumerate(values)]
    odd = [_DOUBLED[value] if i % 2 else value for i, value in enumerate(values)]
    return list(accumulate(even, initial=0)), list(accumulate(odd, initial=0))
