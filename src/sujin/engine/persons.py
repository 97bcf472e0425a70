"""Names of people in free text, where something says that a name stands there.

A name is a surname and one or two characters between a word that announces it (我叫, 户名：, 经理,
转给, 儿子, or only 我) and the end of a name; or at the beginning of a clause before a title
(王建国经理), before what a customer does (王建国投诉) or is (王建国，男). Where the announcement is
weak, only characters that given names are made of count. A surname with a title
(王先生) and a name that is masked already (王某, 李**) are no names. Names of other nations are
read where a dot joins their parts, or behind 我叫.
"""

import re
from collections.abc import Iterator

from sujin.engine.addresses import Span
from sujin.engine.name_cues import CUE_STARTS, DOES, FOLLOWS, IS_OF, STRONG, WEAK
from sujin.engine.name_words import GIVEN, MORE_SURNAMES, NO_NAMES, SOUNDS, WORDLIKE
from sujin.engine.names import DOUBLE, SURNAMES

_NOT_GIVEN = "的了是在说称给让我你他她它们这那吗呢吧啊呀么什某也就都不没很些哪"
_SAID_DIGIT = "零〇一二三四五六七八九幺"
# A given name ends before a number that is spoken digit by digit.
_SPOKEN = f"[{_SAID_DIGIT}]{{3}}"
_FREE = f"(?:(?!{_SPOKEN}|[{_NOT_GIVEN}])[一-鿿])"
# 白金信用卡, 万家金融: the word behind has taken the character.
_TAKEN = (
    "信[用贷息任]|行[长业内里]|金[额融]|利[息率]|本[金人行月]|生[活意]|家[里人庭]|年[费底]|银[行监]|进行"
    "|保[险证]|方[面式]|能[够否]|发[现放]|全[额部国款]|安[全装卓]|双方|开[通户]|贵[行司方]|平安|阳光"
)
_USUAL = f"(?:(?!{_SPOKEN}|{_TAKEN})[{GIVEN}])"
_FAMILY = (
    f"(?:{DOUBLE}|[{SURNAMES}{MORE_SURNAMES}])(?!先生|女士|小姐|经理|行长|主任|老师|律师|银行)"
)
_ONWARDS = (
    "大[家概额厅堂]|一[直些次起]|可[以能]|来[电行信]|中[心信]|有[限人]|会[员被]|放[款贷]|建设"
)
# One character of any kind beside a usual one, where the surname begins no words.
_MIXED = (
    f"(?![{WORDLIKE}])[{SURNAMES}{MORE_SURNAMES}](?!女士|先生|{_TAKEN}|{_ONWARDS})"
    f"(?:{_USUAL}(?!{_TAKEN}|{_ONWARDS}){_FREE}|{_FREE}{_USUAL})"
)


def _likely(end: str) -> str:
    """The pattern of a name before `end`; the shorter and surer first."""
    return f"(?:{_FAMILY}{_USUAL}{{1,2}}{end}|{_MIXED}{end})"


# Three such characters behind a word that announces them are a name, whatever follows.
_PLAIN = f"(?![{WORDLIKE}])[{SURNAMES}{MORE_SURNAMES}]{_USUAL}{{2}}"
_SINGLE = f"[{SURNAMES}{MORE_SURNAMES}]"
SURNAME_STARTS = f"{SURNAMES}{MORE_SURNAMES}{''.join(one[0] for one in DOUBLE.split('|'))}"
SOUND_STARTS = "阿买艾迪热吐努玛祖麦帕依哈木巴"
SECONDS = GIVEN + "".join(one[1] for one in DOUBLE.split("|"))
_END = rf"(?=$|[^一-鿿]|{FOLLOWS}|[{_SAID_DIGIT}]{{4}})"
_CLOSE_END = rf"(?=$|[^一-鿿]|本人|手机|电话|身份证|证件|今年|卡号|[{_SAID_DIGIT}]{{4}})"
# Behind 此致 a name ends the letter, or a date does.
_LAST_END = "(?=$|[^一-鿿]|二[零〇])"
_TITLES = "先生|女士|小姐|同志|经理|行长|主任|老师|律师|警官|说|告诉我|答应|承诺"
_IS_SOMEBODY = f"(?={_TITLES}|{IS_OF})"
DOTS = "·•・‧"
_NAME = re.compile(
    # The look-aheads for one character decide nothing; they let the scan skip most of the text.
    rf"(?=[{CUE_STARTS}{SURNAME_STARTS}])"
    rf"(?:(?=[{CUE_STARTS}])(?:{STRONG} ?(?P<told>{_FAMILY}{_FREE}{{1,2}}){_END}"
    rf"|(?:我名?叫|名字[叫是]|本人叫)(?P<sounds>[{SOUNDS}]{{3,8}}){_CLOSE_END}"
    rf"|{WEAK}(?P<near>{_likely(_END)}|{_PLAIN})"
    rf"|我是 ?(?P<self>{_likely(_CLOSE_END)})"
    rf"|我 ?[（(]?(?P<mine>(?![向于]|[任付关代管].(?![{GIVEN}]))(?:{_likely(_END)}|{_PLAIN}))"
    rf"|(?:此致|敬礼)[\s，,。!！：:]{{0,4}}(?P<signed>{_likely(_LAST_END)}))"
    rf"|(?<![一-鿿])(?={_FAMILY})(?:(?P<titled>{_likely(_IS_SOMEBODY)})"
    rf"|(?P<begun>(?:{_FAMILY}{_USUAL}{{2}}|(?![{WORDLIKE}]){_FAMILY}{_USUAL}"
    rf"|{_MIXED})(?={DOES}))))"
)
_FOREIGN = re.compile(f"(?P<foreign>[{SOUNDS}]{{2,8}}(?:[·•・‧][{SOUNDS}]{{2,10}}){{1,3}})")
_GAP = f"[ \\r\\n\u3000\u00a0.{DOTS}]{{1,2}}"
_SPACED = re.compile(
    rf"(?=[{CUE_STARTS}])(?:{STRONG}|{WEAK}|我是?) ?"
    rf"(?P<name>{_SINGLE}(?!{_GAP}(?:{_TITLES}))(?:{_GAP}{_FREE}{_GAP}{_FREE}{_END}"
    rf"|{_GAP}{_USUAL}{{1,2}}{_END}|{_USUAL}{_GAP}{_USUAL}(?=$|[^一-鿿])))"
)
_USUAL_ONLY = re.compile(f"[{GIVEN}]+")
_NO_LETTER = re.compile(r"[\W_]+")


def persons(text: str) -> Iterator[Span]:
    """The names in `text` that begin with a Chinese surname, in order. Linear time."""
    for found in _NAME.finditer(text):
        kind = found.lastgroup or ""
        name = found[kind]
        is_usual = kind != "told" and _USUAL_ONLY.fullmatch(name, 1) is not None
        if name not in NO_NAMES and (is_usual or name[:2] not in NO_NAMES):
            yield "person", name, *found.span(kind)


def spaced_persons(text: str) -> Iterator[Span]:
    """Announced names whose characters stand apart: 我叫徐 怡 佳."""
    for found in _SPACED.finditer(text):
        name = _NO_LETTER.sub("", found["name"])
        if name[1:] not in NO_NAMES:
            yield "person", name, *found.span("name")


def foreigners(text: str) -> Iterator[Span]:
    """Names of other nations, their parts joined by a dot."""
    for found in _FOREIGN.finditer(text):
        yield "person", found[0], *found.span()
