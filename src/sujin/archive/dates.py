"""How a column writes its days. The whole column decides whether day or month comes first."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sujin.archive.said import Refused, Said

# Read by Python, RE2 and Java alike: no escapes but those all three know.
_CLOCK = "(?:上午|下午)?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
_ZONE = "(?:[AaPp][Mm])?[ ]*(?:Z|UTC|[+-][0-9]{2}:?(?:[0-9]{2})?)?"
_TAIL = f"(?:[ T]+{_CLOCK}[ ]*{_ZONE})?"
YEAR_FIRST = rf"^([0-9]{{4}})[-/.年]([0-9]{{1,2}})[-/.月]([0-9]{{1,2}})日?{_TAIL}$"
COMPACT = r"^([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{6})?$"
YEAR_LAST = rf"^([0-9]{{1,2}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{4}}){_TAIL}$"
SHORT_YEAR = rf"^[0-9]{{1,2}}[-/.][0-9]{{1,2}}[-/.][0-9]{{2}}{_TAIL}$"
SEPARATORS = "/-."
_ANY = re.compile("|".join((YEAR_FIRST, COMPACT, YEAR_LAST, SHORT_YEAR)))
# One in fifty may be a slip of the pen; more is a second way of writing.
SLIPS_MAX = 0.02
FORMATS = {
    "mdy": "mdy", "m/d/y": "mdy", "m-d-y": "mdy", "m.d.y": "mdy",
    "dmy": "dmy", "d/m/y": "dmy", "d-m-y": "dmy", "d.m.y": "dmy",
}  # fmt: skip


def looks_like_date(value: str) -> bool:
    """Whether a cell is written as a date of any kind."""
    return _ANY.match(value) is not None


@dataclass(frozen=True, slots=True)
class Tally:
    """What a column's dates with the year last look like, for one mark between the figures:
    all of them, those that only day-month or only month-day can be, and those both can be."""

    all: int
    day_first: int
    month_first: int
    either: int


@dataclass(frozen=True, slots=True)
class Order:
    """The marks after which the day comes first; with every other the month does."""

    day_first: frozenset[str]
    remarks: tuple[Said, ...]


def order_asked(given: str) -> str:
    """``mdy``, ``dmy`` or "" from what was written for ``--date-format``. Raises Refused."""
    plain = re.sub(r"(.)\1+", r"\1", given.lower().replace("%", ""))
    if not plain or plain.startswith("y"):
        return ""
    if plain not in FORMATS:
        raise Refused(
            f"--date-format {given}：请写 m/d/yyyy、d/m/yyyy 或 yyyy-mm-dd",
            f"--date-format {given}: write m/d/yyyy, d/m/yyyy or yyyy-mm-dd",
        )
    return FORMATS[plain]


def decide(tallies: Mapping[str, Tally], asked: str) -> Order:
    """Which comes first, for each mark. Raises Refused when the column does not tell."""
    wanted = order_asked(asked)
    day_first, remarks = set(), []
    for mark, tally in sorted(tallies.items()):
        if not tally.all:
            continue
        is_day_first, why = _asked(wanted) if wanted else _decided(mark, tally)
        day_first |= {mark} if is_day_first else set()
        remarks.append(_told(mark, is_day_first, tally, why))
    return Order(frozenset(day_first), tuple(remarks))


def _asked(wanted: str) -> tuple[bool, Said]:
    return wanted == "dmy", Said("由 --date-format 指定", "as --date-format says")


def _decided(mark: str, tally: Tally) -> tuple[bool, Said]:
    day, month = tally.day_first, tally.month_first
    if not day and not month:
        if tally.either:
            raise _ambiguous(mark, tally)
        return False, Said("日和月都相同", "day and month are the same in each")
    if min(day, month) > SLIPS_MAX * (day + month):
        raise _mixed(mark, tally)
    most = max(day, month)
    return day > month, Said(
        f"{most} 行只能这样读，{min(day, month)} 行相反",
        f"{most} rows can be read only so, {min(day, month)} only the other way",
    )


def _told(mark: str, is_day_first: bool, tally: Tally, why: Said) -> Said:
    form = f"dd{mark}mm{mark}yyyy" if is_day_first else f"mm{mark}dd{mark}yyyy"
    return Said(
        f"日期写作 {form}：{tally.all} 行（{why.zh}；{tally.either} 行两种都读得通）",
        f"dates as {form}: {tally.all} rows ({why.en}; {tally.either} could be either)",
    )


def _ambiguous(mark: str, tally: Tally) -> Refused:
    forms = f"m{mark}d{mark}yyyy", f"d{mark}m{mark}yyyy"
    return Refused(
        f"日期分不清日和月：{tally.either} 行都不超过 12。"
        f"请加 --date-format {forms[0]} 或 {forms[1]}",
        f"day or month first? None of {tally.either} dates goes beyond 12. "
        f"Add --date-format {forms[0]} or {forms[1]}",
    )


def _mixed(mark: str, tally: Tally) -> Refused:
    return Refused(
        f"日期有两种写法：{tally.day_first} 行先写日，{tally.month_first} 行先写月，另有 "
        f"{tally.either} 行分不清。请把两种写法分成两个文件，或用 --date-format 选定一种"
        "（另一种会列入 rejects.csv）",
        f"dates are written in two ways with {mark!r}: {tally.day_first} rows day first, "
        f"{tally.month_first} month first, {tally.either} could be either. Put them into two "
        "files, or choose one with --date-format (the others go to rejects.csv)",
    )


FORMS = {
    "year_first": Said("年在前", "year first"),
    "year_last": Said("年在后", "year last"),
    "compact": Said("八位数字", "eight figures"),
    "typed": Said("日期类型", "typed as a date"),
}


def forms_told(counts: Mapping[str, int]) -> Iterable[Said]:
    """How many rows are written in which way, when there is more than one."""
    used = [(FORMS[form], rows) for form, rows in counts.items() if rows]
    if len(used) > 1:
        yield Said(
            "日期写法不止一种：" + "，".join(f"{said.zh} {rows} 行" for said, rows in used),
            "dates are written in more than one way: "
            + ", ".join(f"{said.en} {rows} rows" for said, rows in used),
        )
