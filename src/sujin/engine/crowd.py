"""How many people complain together, when the text says so: 我们20多人, 共15户业主, 三名客户.

Joint complaints have rules of their own (办法 on joint visits by 20 and more), so other people who
appear in a complaint, such as collectors at the door, must not be counted.
"""

import re
from itertools import islice

from sujin.engine.numerals import FIGURES, HAN_DIGITS, PART, SEVERAL, VAGUE, level, read

_CUSTOMERS = (
    "客户|业主|储户|投资者|投资人|消费者|用户|受害者|受害人|受骗者|持卡人|借款人|贷款人|参保人|投保人|购房者|"
    "家长|村民|居民|学员|学生|老人|老年人|退休职工|农民工|员工|职工|同事|同学|邻居|商户|车主|老师"
)
_WHO = re.compile(
    f"(?=[{''.join(sorted({who[0] for who in _CUSTOMERS.split('|')} | set('人户')))}])"
    f"(?<=[0-9{HAN_DIGITS}十百千万亿几{VAGUE}个名位户家 ])"
    f"(?:({_CUSTOMERS})(?!经理|服务|信息|端|号|名|协议)|人(?![民工员寿次份保行均家数])|户)"
)
_NUMBER = rf"(?>(?:{FIGURES}|[{HAN_DIGITS}十]|{SEVERAL}){PART}{{0,8}})"
_HOW_MANY = re.compile(rf"(?<![0-9.第*])({_NUMBER}) ?([个名位户家]?) ?\Z")
_CLAUSE_END = re.compile("[，。；！？,;!?\n]")
_OURS = re.compile("我们|咱们|我[等方家村厂校司班]|全[体村厂班家]|[本同]小区|夫妻|夫妇")
_COUNTED_UP = re.compile(
    "(?:[总一]?共|共?计|合计|联名|集体|涉及|等|代表|被骗|被坑|受骗|受害[人者]?|人员|带领|牵头)"
    "(?:人员|共?有|共?计|约有?|近|超过?|大概|最少有?|至少有?|已有?|达到?|我们|的|了){0,2}\\Z"
)
_TOGETHER = re.compile(
    "(?:都|均|全部)?(?:联名|集体|共同|一起|联合|一同|被骗|受骗|上当|受害|签[名字]|投诉|维权|上访|要求)"
)
_THEIRS = re.compile(
    "他们|对方|你们|催收|贵行|工作人员|客服|派了?|来了|全国|很多|每|服务|排队|拉|邀请|推荐|供|抚养|照顾"
)
_LOOK_BACK, _LOOK_AHEAD = 12, 6  # characters
_MOST_MENTIONS = 5000


def people(text: str) -> int:
    """The number of people who complain together if `text` states it, else 1.

    The greatest stated number counts; 20多人 is 20. Linear time; of a text that mentions more
    than 5,000 groups of people the first 5,000 are read.
    """
    plain = level(text)
    mentions = islice(_WHO.finditer(plain), _MOST_MENTIONS)
    return max((_complaining(plain, who) for who in mentions), default=1)


def _complaining(plain: str, who: re.Match[str]) -> int:
    how_many = _HOW_MANY.search(plain, max(0, who.start() - _LOOK_BACK), who.start())
    number = how_many and read(how_many[1])
    if how_many is None or number is None or number.value < 2:
        return 1
    before = plain[max(0, how_many.start() - _LOOK_BACK) : how_many.start()]
    clause = _CLAUSE_END.split(before)[-1]
    after = plain[who.end() : who.end() + _LOOK_AHEAD]
    if _THEIRS.search(clause) or _THEIRS.match(after):
        return 1
    is_customers = who[1] is not None and how_many[2] != ""
    is_ours = _OURS.search(clause) or _COUNTED_UP.search(clause) or _TOGETHER.match(after)
    return int(number.value) if is_customers or is_ours else 1
