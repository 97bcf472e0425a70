"""Addresses and numbers that are known by their shape: e-mail, landlines, passports, messengers.

Each search yields what it finds in the order of the text, in linear time. What the words before it
call an order, a contract or a merchant's number is left alone.
"""

import re
import unicodedata
from collections.abc import Iterator

Span = tuple[str, str, int, int]  # kind, what it says in plain ASCII, where it starts and ends

_ORDER = "(?:单(?![位元独])|[流票])号?|流水|编号|交易号|凭证|商户|终端|合同|imei"
OTHER_NUMBER = re.compile(_ORDER, re.I)
# No figure, mask, name or address may stand between: masking one would move the word nearer.
_JUST_BEFORE = re.compile(rf"(?:{_ORDER})[^\d*@＠某]{{0,8}}\Z", re.I)
_FARTHEST_WORD = 16  # characters looked back

_LATIN = r"A-Za-z0-9Ａ-Ｚａ-ｚ０-９_＿\-－"
_AT = re.compile("[@＠]")
_LOCAL_PART = re.compile(rf"[.．+＋%{_LATIN}]{{1,64}}\Z")
_DOMAIN = re.compile(
    rf"(?:[+＋%{_LATIN}]{{1,63}}+[.．]){{1,5}}(?<=[.．])[A-Za-zＡ-Ｚａ-ｚ]{{2,24}}"
)
_AREA = r"[0０](?:[1１][0０]|[2２]\d|[3-9３-９][1-9１-９]\d|701)"
_LANDLINE = re.compile(
    rf"(?<![A-Za-z\d*.\-－])(?<![\d*] )[(（]?{_AREA}(?P<gap>[)）\-－—– ]{{0,2}})[1-9１-９]\d{{2,3}}"
    r"[-－ ]?\d{4}(?! ?[\d*])(?!-\d{5})"
)
_TELEPHONE = re.compile(r"(?:电话|座机|固话|致电|拨打|来电)[^\d*@＠某]{0,4}\Z")
_LOCAL_LINE = re.compile(
    r"(?:电话|座机|固话)(?:号码?)?(?:[是为:：]| (?=\d)){0,2}"
    r"(?P<line>[2-8２-８]\d{2,3}[-－ ]?\d{4})(?! ?[\d*@])(?![.．\-－]\d{5})(?!转?[元块次个])"
)
# Both begin with one of a few characters: so the scan is ten times as fast.
_PASSPORT = re.compile(
    rf"[EGegＥＧ](?<![*{_LATIN}].)(?:\d|(?<=[EeＥ])[A-HJ-NP-Za-hj-np-z])\d{{7}}(?![*{_LATIN}])"
)
_MESSENGER = re.compile(
    r"(?=[微薇威VvＶWwQqＱ扣])(?:[微薇威]信|扣扣"
    r"|(?<![A-Za-z.])(?:[VvＶ][XxＸ信]|[Ww](?:[Xx]|eixin|echat)|[QqＱ]{2})(?![A-Za-z]))"
    rf"(?P<said>[号群]?码?(?:[是为:：]| (?=\S)){{0,3}})"
    rf"(?:(?P<wechat>[A-Za-zＡ-Ｚａ-ｚ][{_LATIN}]{{5,19}})|(?P<qq>(?!1[3-9]\d{{9}}(?!\d))[1-9１-９]\d{{5,10}}))"
    rf"(?![*@{_LATIN}])(?! ?[元块])"
)


def is_other_number(text: str, start: int) -> bool:
    """Whether the words just before `start` say that an order or the like is named there."""
    return _JUST_BEFORE.search(text, max(0, start - _FARTHEST_WORD), start) is not None


def emails(text: str) -> Iterator[Span]:
    """What stands around an @ and ends in a domain."""
    done = 0
    for at in _AT.finditer(text):
        domain = _DOMAIN.match(text, at.end())
        if domain is None:
            continue
        name = _LOCAL_PART.search(text, max(done, at.start() - 64), at.start())
        done = domain.end()
        if name is None:
            continue
        value = unicodedata.normalize("NFKC", text[name.start() : done])
        yield "email", value, name.start(), done


def landlines(text: str) -> Iterator[Span]:
    """Numbers with an area code; one written in a single row must be called a telephone number."""
    for line in _LANDLINE.finditer(text):
        start = line.start()
        named = _TELEPHONE.search(text, max(0, start - _FARTHEST_WORD), start)
        if (line["gap"] or named) and not is_other_number(text, start):
            value = re.sub("[^0-9]", "", unicodedata.normalize("NFKC", line[0]))
            yield "phone", value, start, line.end()


def local_lines(text: str) -> Iterator[Span]:
    """Landlines without an area code, where the text calls them so."""
    for found in _LOCAL_LINE.finditer(text):
        value = re.sub("[^0-9]", "", unicodedata.normalize("NFKC", found["line"]))
        yield "phone", value, found.start("line"), found.end("line")


def passports(text: str) -> Iterator[Span]:
    """Ordinary passports of China: E, G or E with a letter, and figures."""
    for found in _PASSPORT.finditer(text):
        if not is_other_number(text, found.start()):
            value = unicodedata.normalize("NFKC", found[0])
            yield "passport", value, found.start(), found.end()


def messengers(text: str) -> Iterator[Span]:
    """Names on WeChat and QQ. Letters alone are a name only where 号 or a colon says so."""
    for found in _MESSENGER.finditer(text):
        kind = "wechat" if found["wechat"] else "qq"
        value = unicodedata.normalize("NFKC", found[kind])
        if found["said"].strip() or not value.isalpha():
            yield "messenger", value, found.start(kind), found.end(kind)
