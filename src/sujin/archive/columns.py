"""Which column is what, found by name and content, and said with the reason."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sujin.archive.asked import Asked
from sujin.archive.dates import looks_like_date
from sujin.archive.peek import Column, levelled
from sujin.archive.said import Refused, Said, named

# Names without blanks, marks and case, in the order in which a rule is tried.
RECEIVED = re.compile(
    r"received|受理|收到|投诉(日期|时间)|登记|created|opened|来电|incident|^date$|^日期$"
)
ANY_DATE = re.compile(r"date|day|time|日期|时间|_at$")
NOT_RECEIVED = re.compile(
    r"sent|clos|resol|repl|respon|birth|due|updat|办结|结案|答复|出生|到期|转办|更新"
)
IDENT = re.compile(r"complaintid|caseid|ticket(id|no)|^id$|编号|工单号|流水号|案件号|^no$")
# What happened afterwards is no line to watch, and neither are words of customers.
AFTERWARDS = re.compile(
    r"response|timely|disputed|consent|narrative|status|result|answer|resol|outcome|tags?$"
    r"|答复|结果|状态|满意|处理|内容|描述|备注|客户|姓名|电话|手机|证件|name$|phone|text|descr|note"
)
ROLES = (
    ("business", re.compile(r"^(product|business|产品|业务|业务类别|产品类别|line)(type|类型)?$")),
    ("cause", re.compile(r"^(issue|cause|reason|原因|投诉原因|问题|问题类型)$")),
    (
        "org",
        re.compile(r"^(org|branch|state|region|province|机构|分行|机构名称|地区|省份|支行|unit)$"),
    ),
    ("channel", re.compile(r"^(channel|submittedvia|source|渠道|来源|受理渠道)$")),
)
SPECIAL = re.compile(r"^(sub|子|二级|明细|detail)|(sub|子类|小类|明细|二级)")
DATES_ENOUGH = 0.7
AXES_MAX = 3
REPEATS_MIN = 5.0
LENGTH_MAX = 80.0


@dataclass(frozen=True, slots=True)
class Columns:
    """Names as the source writes them. ``lines`` are what may be watched, best first; when they
    were asked for they are chains and nothing else is looked for."""

    date: str
    ident: str
    lines: tuple[str, ...]
    asked: tuple[tuple[str, ...], ...]
    remarks: tuple[Said, ...]

    @property
    def read(self) -> tuple[str, ...]:
        """Every column that is watched or may be, once each."""
        chained = [name for chain in self.asked for name in chain]
        return tuple(dict.fromkeys([*chained, *self.lines]))


def choose(columns: Sequence[Column], asked: Asked) -> Columns:
    """Say which column is what. Raises Refused when one that was named is missing, or when no
    column holds dates."""
    by_name = {levelled(column.name): column for column in columns}
    date, why = _date(columns, by_name, asked.date_col)
    ident = _ident(columns, by_name, asked.id_col, date)
    chains = tuple(
        tuple(_named(by_name, name, "--dims").name for name in chain) for chain in asked.dims
    )
    lines = () if chains else tuple(_lines(columns, {date, ident}))
    remarks = [why]
    if ident:
        remarks.append(Said(f"编号列：{ident}", f"column of numbers: {ident}"))
    return Columns(date, ident, lines, chains, tuple(remarks))


def _named(by_name: Mapping[str, Column], name: str, option: str) -> Column:
    found = by_name.get(levelled(name))
    if found is None:
        have = named([column.name for column in by_name.values()])
        raise Refused(
            f"没有“{name}”这一列（{option}）。文件里的列：{have}。请写其中一个",
            f"no column {name!r} ({option}). The columns are: {have}. Name one of them",
        )
    return found


def _date(
    columns: Sequence[Column], by_name: Mapping[str, Column], wanted: str
) -> tuple[str, Said]:
    if wanted:
        name = _named(by_name, wanted, "--date-col").name
        return name, Said(f"日期列：{name}（指定）", f"column of dates: {name} (as asked)")
    shares = {column.name: _dates_in(column) for column in columns}
    fit = [column.name for column in columns if shares[column.name] >= DATES_ENOUGH]
    if not fit:
        raise Refused(
            f"找不到日期列，请用 --date-col 指定。文件里的列：{named(list(shares))}",
            f"no column holds dates: name one with --date-col. Have: {named(list(shares))}",
        )
    best = max(fit, key=_date_name)
    others = named([name for name in fit if name != best])
    share = f"{shares[best]:.0%}"
    return best, Said(
        f"日期列：{best}（名称和内容，样本中 {share} 是日期）"
        + (f"；没有取：{others}" if others else ""),
        f"column of dates: {best} (by name and content, {share} of a sample are dates)"
        + (f"; not taken: {others}" if others else ""),
    )


def _dates_in(column: Column) -> float:
    if column.is_date:
        return 1.0
    filled = [value for value in column.sample if value]
    return sum(looks_like_date(value) for value in filled) / len(filled) if filled else 0.0


def _date_name(name: str) -> int:
    plain = levelled(name)
    good = 2 * bool(RECEIVED.search(plain)) + bool(ANY_DATE.search(plain))
    return good - 4 * bool(NOT_RECEIVED.search(plain))


def _ident(columns: Sequence[Column], by_name: Mapping[str, Column], wanted: str, date: str) -> str:
    if wanted:
        return _named(by_name, wanted, "--id-col").name
    for column in columns:
        if column.name != date and IDENT.search(levelled(column.name)):
            if column.distinct >= 0.8 * len(column.sample):
                return column.name
    return ""


def _lines(columns: Sequence[Column], taken: set[str]) -> list[str]:
    """Columns of few values, those whose names are of the trade first."""
    fit = [column for column in columns if column.name not in taken and _is_line(column)]
    return [column.name for column in sorted(fit, key=lambda one: role_of(one.name)[0])]


def role_of(name: str) -> tuple[int, str]:
    """The place of a name among the roles of the trade, and the role; last for an unknown one."""
    plain = levelled(name)
    for at, (role, pattern) in enumerate(ROLES):
        if pattern.search(plain):
            return at, role
    return (len(ROLES) if SPECIAL.search(plain) else len(ROLES) + 1), ""


def _is_line(column: Column) -> bool:
    filled = [value for value in column.sample if value]
    if column.is_date or len(filled) < 0.05 * len(column.sample) or column.distinct < 2:
        return False
    if AFTERWARDS.search(levelled(column.name)) or column.name.startswith("("):
        return False
    length = sum(map(len, filled)) / len(filled)
    dates = sum(looks_like_date(value) for value in filled)
    return (
        len(filled) / column.distinct >= REPEATS_MIN
        and length <= LENGTH_MAX
        and dates < DATES_ENOUGH * len(filled)
    )
