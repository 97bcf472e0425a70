"""Where people live: street and number, building and room, village and group.

Only what is finer than the district is a dwelling: 江南省临江市滨河区 stays, 解放路12号502室 goes.
A street or an estate without a number says no more than a district does and stays as well. The
houses of the bank itself (解放路88号支行) are no dwelling.
"""

import re
from collections.abc import Iterator

from sujin.engine.addresses import Span

_N = r"(?:[0-9０-９]{1,5}|[一二三四五六七八九十百零〇]{1,5})"
_UNIT = "号楼|号院|号|栋|幢|座|单元|室|户|房|弄|#|层|门"
_MORE = (
    rf"(?:[院附内之]?(?:{_N}|[A-Za-z甲乙丙丁东西南北])(?:{_UNIT}|楼)"
    r"|(?<=[楼栋幢座元#号层])[院-]?[0-9０-９]{3,4}(?![0-9０-９元块万年次])(?:室|房)?){0,6}"
)
_HOME = re.compile(
    rf"(?<![0-9０-９A-Za-z*.．])(?:(?P<first>(?:{_N}[-－—])?{_N}(?:{_UNIT}|组|队|社|村民小组)){_MORE}"
    r"|[0-9０-９]{1,3}(?:[-－—][0-9０-９]{1,4}){1,2}(?![-－—0-9０-９年月日号.]))"
)
# Words that end before a place begins; what they end on is never part of its name.
_WORD = (
    "(?:(?![某住在到于从址去来寄送往的我你他她是与及给搬位叫让说了把被就省市县区旗至有为])[一-鿿])"
)
PLACE_ENDS = "道路街巷弄同村屯庄寨堡乡镇区园寓厦院舍邸苑府湾庭居城郡墅里"
_PLACES = {
    "road": r"(?:大道|[路街巷弄]|胡同)",
    "village": r"(?:[村屯庄寨堡乡镇]|街道|社区|大队)",
    "estate": (
        r"(?:小区|社区|花园|家园|公寓|新村|庄园|大厦|家属院|宿舍|名邸|[苑府湾庭居城郡墅里园])"
    ),
}
_LEFT = {kind: re.compile(rf"{_WORD}{{1,8}}{suffix}\Z") for kind, suffix in _PLACES.items()}
_FITS = {
    "road": re.compile(rf"(?:{_N}[-－—])?{_N}(?:号|弄)"),
    "village": re.compile(rf"{_N}(?:组|队|社|号|村民小组)"),
    "estate": re.compile(rf"(?:{_N}[-－—])?{_N}(?:号|栋|幢|座|单元|室|#|[-－—])"),
}
_NO_ROAD = re.compile(
    "(?:[网线铁公套走半思一后门电退问赶上顺各条]路|(?:马路|路)边|逛街|上街|[电网]商城)\\Z"
)
_FARTHEST = 14
_COMPLETE = re.compile(rf"{_N}(?:栋|幢|座|号楼|单元)[院附]?{_N}(?:单元|室|号|门)")
_OF_THE_BANK = re.compile(
    "的?(?:支行|分行|网点|营业|分理处|储蓄所|银行|大厅|柜台|窗口|线|店|ATM|自助)", re.I
)


def dwellings(text: str) -> Iterator[Span]:
    """The parts of addresses that find a door, each from the name of the street or estate on."""
    done = 0
    for home in _HOME.finditer(text):
        start = _start(text, home, done)
        if start is None or _OF_THE_BANK.match(text, home.end()):
            continue
        done = home.end()
        yield "address", text[start:done], start, done


def _start(text: str, home: re.Match[str], done: int) -> int | None:
    """Where the name of the street, estate or village before a number begins, if one is there."""
    least = max(done, home.start() - _FARTHEST)
    if _NO_ROAD.search(text, least, home.start()):
        return None
    for kind, left in _LEFT.items():
        found = left.search(text, least, home.start())
        if found is not None and _FITS[kind].match(text, home.start()):
            return found.start()
    return home.start() if _COMPLETE.match(text, home.start()) else None
