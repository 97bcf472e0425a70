"""What somebody wrote in the place of a number or a name, as it is compared: "" when it is none.

Forms are filled in with 无, 00000 and 110***002X: whoever shares one shares nothing. A number in
another spelling is the same number; 张先生 and 张* tell the surname and no more.
"""

import re

from sujin.engine.digits import is_id_number, is_luhn
from sujin.engine.name_words import MORE_SURNAMES
from sujin.engine.names import DOUBLE, SURNAMES
from sujin.engine.text import fold

_VEILED = re.compile(r"[*×某?#●○_]|XX")
_VEILED_NAME = re.compile(r"[*×某?#●○_]|(?<=[\u4e00-\u9fff])X|\AX+\Z")
_IN_BRACKETS = re.compile(r"[(（【\[][^)）】\]]*[)）】\]]?")
_NOT_WRITTEN = re.compile(r"[^0-9A-Z]")

_REMARK = re.compile(r"[(（][^)）0-9]*[)）]?")
_EXTENSION = re.compile(r"转|EXT|#")
_COUNTRY = re.compile(r"(?:00|\+)86|86(?=1[3-9][0-9]{9}\Z)")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_PHONE_LENGTHS = range(7, 16)
_CARD_LENGTHS = range(12, 20)
_LEAST_ACCOUNT = 6
# Of an identity number: no region begins with 9, the codes of companies do.
_RESIDENT = re.compile(r"[1-8][0-9]{16}[0-9X]")
_OLD_RESIDENT = re.compile(r"[1-8][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}")
_LEAST_PAPER, _LEAST_FIGURES = 5, 7

_FAMILY = f"(?:{DOUBLE}|[{SURNAMES}{MORE_SURNAMES}])"
_SURNAME = re.compile(f"[小老]?(?P<surname>{_FAMILY})")
_BEFORE_NAME = re.compile(r"(?:客户|户主|本人|姓名|用户)[::]?(?=.)")
_BETWEEN_NAMES = re.compile(r"[\s·•・‧∙.\-'’]")
_TITLES = (
    "先生|女士|小姐|太太|老师|阿姨|叔叔|师傅|经理|主任|老板|医生|律师|大爷|大妈|大哥|大姐|同志|"
    "总|工|哥|姐|叔|姨|董|局"
)
# How a customer is spoken to: no name by which two people are told apart.
_ADDRESSED = re.compile(
    f"[小老]?{_FAMILY}(?:{_TITLES})?"
    r"|.*(?:先生|女士|小姐|太太|老师|阿姨|叔叔|师傅)"
)
_NOBODY = re.compile(
    r"匿名.*|不详|不明|未知|未提供|未留|未填|无|没有|暂无|空|客户|用户|本人|来电人|来访人|投诉人"
    r"|持卡人|家属|姓名|N/?A|NULL|NONE|NIL|UNKNOWN|ANONYMOUS|.*的.*|[0-9]*"
)


def plain(field: str, value: str) -> str:
    """The value of a field in its one spelling, or "" when it identifies nobody."""
    read = {"phone": _phone, "id_number": _paper, "card": _card, "account": _account}
    told = fold(value).upper()
    return read.get(field, _name)(told)


def surname(name: str) -> str:
    """The surname of a Chinese name, whole, half hidden or with a form of address; "" for others.

    A name of several parts (买买提·艾力) has none of these surnames.
    """
    told = fold(name).upper()
    if re.search("[·•・‧∙]", told):
        return ""
    bare = _bare(told)
    found = None if _NOBODY.fullmatch(bare) else _SURNAME.match(bare)
    return found["surname"] if found else ""


def _name(told: str) -> str:
    bare = _bare(told)
    is_veiled = _VEILED_NAME.search(bare) is not None
    is_nobody = is_veiled or _NOBODY.fullmatch(bare) or _ADDRESSED.fullmatch(bare)
    return "" if is_nobody else bare


def _bare(told: str) -> str:
    return _BETWEEN_NAMES.sub("", _BEFORE_NAME.sub("", _IN_BRACKETS.sub("", told).strip(), count=1))


def _phone(told: str) -> str:
    main = _EXTENSION.split(_REMARK.sub("", told))[0]
    if _VEILED.search(main):
        return ""
    compact = re.sub(r"[^0-9+]", "", main)
    number = _COUNTRY.sub("", compact, count=1) if _COUNTRY.match(compact) else compact
    number = number.lstrip("+")
    is_placeholder = _is_one_sign(number[1:]) or _is_row(number)  # 13333333333 is typed for none
    if number != compact and not _MOBILE.fullmatch(number) and not number.startswith("0"):
        number = f"0{number}"  # +86 10 6601 8888 is dialled 010 6601 8888 at home
    return number if len(number) in _PHONE_LENGTHS and not is_placeholder else ""


def _paper(told: str) -> str:
    """Of a resident with its check digit, the fifteen figures of before 1999 made eighteen."""
    number = _written(told)
    if _OLD_RESIDENT.fullmatch(number):
        return _eighteen(number)
    if _RESIDENT.fullmatch(number):
        return number if is_id_number(number) else ""
    figures = sum(map(str.isdecimal, number))
    least = _LEAST_FIGURES if figures == len(number) else _LEAST_PAPER
    return number if figures >= least and not _is_row(number) else ""


def _eighteen(number: str) -> str:
    body = f"{number[:6]}19{number[6:]}"
    return next((body + check for check in "0123456789X" if is_id_number(body + check)), "")


def _card(told: str) -> str:
    number = _written(told)
    is_one = number.isdecimal() and len(number) in _CARD_LENGTHS and is_luhn(number)
    return number if is_one and not _is_one_sign(number) else ""


def _account(told: str) -> str:
    number = _written(told)
    figures = sum(map(str.isdecimal, number))
    return number if figures >= _LEAST_ACCOUNT and not _is_row(number) else ""


def _written(told: str) -> str:
    return "" if _VEILED.search(told) else _NOT_WRITTEN.sub("", told)


def _is_one_sign(number: str) -> bool:
    return len(set(number)) < 2


def _is_row(number: str) -> bool:
    """One sign again and again, or 1234567890 typed along the keyboard."""
    return _is_one_sign(number) or number in "01234567890123456789"
