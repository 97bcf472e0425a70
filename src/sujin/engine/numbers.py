"""Personal numbers among the rows of digits of a text, told by check, shape and the words near.

Mainland mobile numbers, resident identity numbers (GB 11643 checksum; the fifteen figures of before
1999 by their birth date), bank cards (Luhn), and account numbers that the text calls so.
"""

import re
from collections.abc import Iterator

from sujin.engine.addresses import OTHER_NUMBER, Span, is_other_number
from sujin.engine.digits import SHORTEST, Row, disguised_rows, is_id_number, is_list, rows

_OLD_ID = re.compile(
    "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])[0-9]{6}"
    "(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)"
    "|02(?:0[1-9]|[12][0-9]))[0-9]{3}"
)
_MOBILE = re.compile("1[3-9][0-9]{9}")
_COUNTRY_CODE = re.compile("(?:00|0)?86(?=1[3-9])|0(?=1[3-9])")
_CARD_LENGTHS = range(19, 12, -1)
_UNIONPAY = re.compile("62[0-9]{14,17}")
_ACCOUNT_LENGTHS = range(22, 11, -1)
_ID_LENGTHS = (18, 15)  # fifteen until 1999
# Issuers' first digits (ISO/IEC 7812); no card begins with a date of this or the last century.
_CARD_START = re.compile("[3-69]|2[2-7]")
_DATE_START = re.compile("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_UNIONPAY_START = "62"
_PHONE_SHAPES = ((3, 4, 4), (3, 8), (7, 4))
_FOURS = re.compile("4(?:4){2,3}[1-4]?")

_FARTHEST_CUE = 8  # characters between a word and the number it names
_WINDOW = 24  # characters before a number in which a word may say what it is
_BETWEEN = rf"(?P<between>[^*@＠某]{{0,{_FARTHEST_CUE}}})\Z"
_ACCOUNT_CUE = re.compile(
    rf"(?:卡号|[账帐][号户]|(?:card|account)(?: number| no)?){_BETWEEN}", re.I | re.S
)
_ID_CUE = re.compile(rf"(?:身份证|身份号|证件号){_BETWEEN}", re.S)
_MONEY_BEFORE = re.compile(r"[￥¥$＄] ?\Z")
_MONEY_AFTER = re.compile(r" ?(?:元(?![旦宵])|块钱|[万亿]元|美元)")


def numbers(text: str) -> Iterator[Span]:
    """Telephones, identity numbers, cards and accounts among the rows of digits, in order."""
    for row in rows(text):
        first = 0
        while first < len(row.digits):
            span = _personal(text, row, first)
            if span is None:
                first = row.next_chunk(first)
                continue
            # When two numbers are glued together, the second begins where the first ends.
            kind, begin, first = span
            value = row.digits[begin:first]
            yield kind, value, row.at[begin], row.at[first - 1] + 1


def disguised_numbers(text: str) -> Iterator[Span]:
    """Mobile numbers, valid identity numbers and UnionPay cards with anything between their digits
    or in several ways of writing at once; nothing that only a word near it tells."""
    for row in disguised_rows(text):
        first = 0
        while first < len(row.digits):
            span = _id_number(row, first) or _alone(text, row, first)
            if span is None:
                first = row.next_chunk(first)
                continue
            kind, begin, first = span
            yield kind, row.digits[begin:first], row.at[begin], row.at[first - 1] + 1


_Run = tuple[str, int, int]  # kind, first digit, digit after the last


def _personal(text: str, row: Row, first: int) -> _Run | None:
    if len(row.digits) - first < SHORTEST:
        return None
    span = _id_number(row, first) or _old_id_number(text, row, first)
    span = span or _phone(text, row, first)
    is_near_cue = row.at[first] - row.at[0] <= _FARTHEST_CUE
    if span is None and is_near_cue:
        span = _called_id_number(text, row, first)
    span = span or _card(text, row, first)
    if span is not None or not is_near_cue:
        return span
    return _called_account(text, row, first)


def _id_number(row: Row, first: int) -> _Run | None:
    end = first + 18
    if not is_id_number(row.digits[first:end]) or not _ends_well(row, end):
        return None
    return ("id_number", first, end)


def _old_id_number(text: str, row: Row, first: int) -> _Run | None:
    """Fifteen figures in one piece with a province and a birth date, and no other number."""
    end = first + 15
    if row.next_chunk(first) != end or _OLD_ID.fullmatch(row.digits, first, end) is None:
        return None
    if is_other_number(text, row.at[first]) or _is_money(text, row, first, end):
        return None
    return ("id_number", first, end)


def _alone(text: str, row: Row, first: int) -> _Run | None:
    """A telephone or card that is no part of a list of sums."""
    span = _phone(text, row, first)
    if span is None and row.digits[first : first + 2] == _UNIONPAY_START:
        span = _card(text, row, first)
    if span is None or not row.stands_alone(*span[1:]):
        return None
    chunks = row.chunks(*span[1:])
    return None if len(chunks) > 1 and is_list(chunks) else span


def _ends_well(row: Row, end: int) -> bool:
    if row.ends(end):
        return True
    glued = row.digits[end : row.next_chunk(end)]
    return _MOBILE.fullmatch(glued) is not None or is_id_number(glued)


def _phone(text: str, row: Row, first: int) -> _Run | None:
    code = _COUNTRY_CODE.match(row.digits, first)
    begin = first if code is None else code.end()
    end = begin + 11
    if _MOBILE.fullmatch(row.digits, begin, end) is None or not _ends_well(row, end):
        return None
    if _is_money(text, row, begin, end):
        return None
    chunks = row.chunks(begin, end)
    is_usual = len(chunks) in (1, 11) or tuple(map(len, chunks)) in _PHONE_SHAPES
    is_even = row.separators(begin, end) in ("-", " ") and not is_list(chunks)
    return ("phone", begin, end) if is_usual or is_even else None


def _card(text: str, row: Row, first: int) -> _Run | None:
    group = row.next_chunk(first) - first
    if group != 4 and group < _CARD_LENGTHS[-1] and not _CARD_START.match(row.digits, first):
        return None
    for length in _CARD_LENGTHS:
        end = first + length
        if end > len(row.digits) or not row.ends(end) or not row.passes_luhn(first, end):
            continue
        if row.digits[end - 1] != "X" and _is_written_as_card(text, row, first, end):
            # A mistyped number may hold a shorter one that passes by chance.
            longer = end < len(row.digits) and _called_account(text, row, first)
            return longer or ("card", first, end)
    return None


def _is_written_as_card(text: str, row: Row, first: int, end: int) -> bool:
    chunks = row.chunks(first, end)
    if len(chunks) == 1:
        is_dated = _DATE_START.match(chunks[0]) is not None
        if is_other_number(text, row.at[first]) and not _UNIONPAY.match(chunks[0]):
            return False
        return not is_dated or _cue(text, row.at[first], _ACCOUNT_CUE)
    if is_list(chunks):
        return False
    starts_so = _CARD_START.match(chunks[0]) is not None and chunks[0] != "400"
    if _FOURS.fullmatch("".join(str(len(chunk)) for chunk in chunks)):
        return starts_so or not _is_money(text, row, first, end)
    is_even = row.separators(first, end) in ("-", " ")
    return is_even and starts_so and not _is_money(text, row, first, end)


def _called_id_number(text: str, row: Row, first: int) -> _Run | None:
    """A number mistyped, so that its checksum fails, but said to be an identity number."""
    end = next((first + n for n in _ID_LENGTHS if row.ends(first + n)), None)
    if end is None or not _cue(text, row.at[first], _ID_CUE):
        return None
    return ("id_number", first, end)


def _called_account(text: str, row: Row, first: int) -> _Run | None:
    lengths = _ACCOUNT_LENGTHS[: 7 if _DATE_START.match(row.digits, first) else None]
    end = next((first + n for n in lengths if _is_account_end(row, first + n)), None)
    if end is None or not _cue(text, row.at[first], _ACCOUNT_CUE):
        return None
    return ("account", first, end)


def _is_account_end(row: Row, end: int) -> bool:
    return end <= len(row.digits) and row.ends(end)


def _cue(text: str, start: int, cue: re.Pattern[str]) -> bool:
    found = cue.search(text, max(0, start - _WINDOW), start)
    return found is not None and OTHER_NUMBER.search(found["between"]) is None


def _is_money(text: str, row: Row, first: int, end: int) -> bool:
    if "-" in row.separators(first, end):
        return False
    before = _MONEY_BEFORE.search(text, max(0, row.at[first] - 2), row.at[first])
    return before is not None or _MONEY_AFTER.match(text, row.at[end - 1] + 1) is not None
