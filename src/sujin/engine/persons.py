"""Names of people in free text, where something says that a name stands there.

A name is a surname and one or two characters between a word that announces it (我叫, 户名：, 经理,
转给, 我爱人) and the end of a name, or before a title (王建国经理). Where the announcement is weak,
only characters that given names are made of count. A surname with a title
(王先生) and a name that is masked already (王某, 李**) are no names. Names of other nations are
read where a dot joins their parts.
"""

import re
from collections.abc import Iterator

from sujin.engine.addresses import Span
from sujin.engine.name_words import GIVEN, MORE_SURNAMES, NO_NAMES, SOUNDS
from sujin.engine.names import DOUBLE, SURNAMES

_NOT_GIVEN = "的了是在说称给让我你他她它们这那吗呢吧啊呀么什某也就都不没很些哪"
_SAID_DIGIT = "零〇一二三四五六七八九幺"
# A given name ends before a number that is spoken digit by digit.
_SPOKEN = f"[{_SAID_DIGIT}]{{3}}"
_FREE = f"(?:(?!{_SPOKEN}|[{_NOT_GIVEN}])[一-鿿])"
_USUAL = f"(?:(?!{_SPOKEN})[{GIVEN}])"
_FAMILY = (
    f"(?:{DOUBLE}|[{SURNAMES}{MORE_SURNAMES}])(?!先生|女士|小姐|经理|行长|主任|老师|律师|银行)"
)
SURNAME_STARTS = f"{SURNAMES}{MORE_SURNAMES}{''.join(one[0] for one in DOUBLE.split('|'))}"
_FOLLOWS = (
    "[的说称给向在于到对与和及因也却就把是不没让叫去等拒推骗收拿用做系曾现已自从受有打被还为只每经存"
    "购并以之将签其男女]|来[电行函信]|致电|反映|表示|投诉|告诉|告知|答应|承诺|办理|名下|电话|手机|身份证"
    "|证件|卡号|账号|先生|女士|经理|行长|主任|柜员|态度|服务|一直|要求|认为|今[年天]|昨天|同志|本人"
    "|咨询|申请|通过|非常|透露|使用|联系|承认|否认|解释|处理|操作|经手|接待|负责|道歉|致歉|回复|答复"
)
_END = rf"(?=$|[^一-鿿]|{_FOLLOWS}|[{_SAID_DIGIT}]{{4}})"
_CLOSE_END = rf"(?=$|[^一-鿿]|本人|手机|电话|身份证|证件|今年|卡号|[{_SAID_DIGIT}]{{4}})"
_ROLE = (
    "(?:姓名|户名|收款人|付款人|持卡人|开户人|联系人|担保人|受益人|借款人|投保人|被保险人|投诉人|申请人"
    "|法人|法定代表人|户主|经办人|代理人|代办人|客户|本人|署名|监护人)"
)
_TITLE = (
    "(?:经理|行长|主任|柜员|信贷员|业务员|客服|专员|主管|坐席|催收员|工作人员|理财师|顾问|保安|律师"
    "|警官|法官)"
)
_KIN = (
    "(?:[我其她他]|本人|客户)的?(?:爱人|妻子|丈夫|老公|老婆|妈妈?|爸爸?|父亲|母亲|儿子|女儿|弟弟|妹妹"
    "|哥哥?|姐姐?|爷爷|奶奶|朋友|同事)叫?"
)
_GIVES = "(?:转给|转账给|汇给|借给|打给|转给了|借给了|汇款给|付给|卖给|过户给|找|联系)"
_STRONG = (
    "(?:我的?名字[叫是]|我名叫|我叫|名叫|本人叫|[个位]叫做?"
    rf"|{_ROLE}(?:姓名|名字|名)?(?:[是为叫](?!何)|\s?[:：]\s?))"
)
_WEAK = rf"(?:{_ROLE}|{_TITLE}|{_KIN}|{_GIVES}) ?"
# The last characters of everything that announces a name, and the first.
CUE_ENDS = (
    "字是叫名人做姓为:：户主理本署长任员服管席师问安官人子夫公妈爸亲儿女弟妹哥姐爷奶友同事给了找系"
)
_CUE_STARTS = (
    "我其她他本名个位姓户收付持开联担受借投被申法经代客署监行主柜信业专坐催工理顾保律警转汇打卖过找"
)
DOTS = "·•・‧"
_NAME = re.compile(
    # The look-ahead decides nothing; it lets the scan skip most characters.
    rf"(?=[{_CUE_STARTS}{SURNAME_STARTS}])(?:{_STRONG}(?P<told>{_FAMILY}{_FREE}{{1,2}}){_END}"
    rf"|{_WEAK}(?P<near>{_FAMILY}{_USUAL}{{1,2}}){_END}"
    rf"|我是(?P<self>{_FAMILY}{_USUAL}{{1,2}}){_CLOSE_END}"
    rf"|(?<![一-鿿])(?P<titled>{_FAMILY}{_USUAL}{{1,2}})"
    r"(?=先生|女士|小姐|同志|经理|行长|主任|老师|律师|警官|说|告诉我|答应|承诺))"
)
_FOREIGN = re.compile(f"(?P<foreign>[{SOUNDS}]{{2,8}}(?:[·•・‧][{SOUNDS}]{{2,10}}){{1,3}})")


def persons(text: str) -> Iterator[Span]:
    """The names in `text` that begin with a Chinese surname, in order. Linear time."""
    for found in _NAME.finditer(text):
        kind = found.lastgroup or ""
        name = found[kind]
        is_sure = kind != "told" or name[:2] not in NO_NAMES
        if is_sure and name not in NO_NAMES:
            yield "person", name, *found.span(kind)


def foreigners(text: str) -> Iterator[Span]:
    """Names of other nations, their parts joined by a dot."""
    for found in _FOREIGN.finditer(text):
        yield "person", found[0], *found.span()
