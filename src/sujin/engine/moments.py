"""When something is to happen, as people say it: 明天下午三点前, 三个工作日内, 周五, 本月底.

A span without an hour ends when the day part, or the working day, ends by the hours handed in. A
moment that lies behind, a count like 两三天 and words like 尽快 give no moment: somebody must say.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sujin.engine.numerals import read
from sujin.engine.workdays import Calendar, CalendarNotLoaded

_N = "(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3})"
_SPAN = (
    rf"(?:{_N} ?[-~—至到] ?)?(?P<n>{_N}) ?个?(?P<half>半)?"
    r"(?P<unit>工作日|交易日|自然日|小时|钟头|分钟|(?<=个)月|天|日|周|星期|礼拜)"
    r"(?P<within>之内|以内|内|之后|后)?(?!之?前|以前|多?来)"
)
_HALF = r"(?P<half_hour>半个?(?:小时|钟头))(?:之内|以内|内|之后|后)?"
_DAY = (
    r"(?P<iso>20[0-9]{2}(?P<mark>[-./])[01]?[0-9](?P=mark)[0-3]?[0-9])(?![0-9])"
    r"|(?P<near>今天|今日|当天|当日|今(?=晚|早)|明天|明日|明(?=早|晚)|次日|第二天|大后天|后天|后日)"
    rf"|(?:(?P<year>20[0-9]{{2}})年)?(?P<month>{_N}|本|当|这个|下个?)月份?(?P<date>{_N})[日号]"
    r"|(?P<end>(?:本|当|这个|下个?)?月(?:底|末|内)|年底|年内)"
    r"|(?P<week>下{1,2}个?|本|这个?)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])(?!到|至)"
    r"|(?P<in_week>下{1,2}个?|本|这个?)(?:周|星期|礼拜)(?:之?内|以内)?"
    rf"|(?<![0-9月第])(?P<alone>{_N})[日号](?=之?前|以前|上午|下午|中午|给|将|会|为|向|回|答|退|到)"
)
_CLOCK = (
    rf"(?P<hour>[01]?[0-9]|2[0-3]|[一二两三四五六七八九十]{{1,3}})"
    rf"(?:[:](?P<minutes>[0-5][0-9])|[点时](?P<past>半|一刻|三刻|{_N}(?=分))?分?整?)"
)
_WEEKDAYS = "一二三四五六日"
_NEAR = {"今": 0, "当": 0, "明": 1, "次": 1, "第": 1, "后": 2, "大": 3}
_PAST = {"半": 30, "一刻": 15, "三刻": 45}
_VAGUE_COUNT = re.compile("[一二两三四五六七八九]{2}")
_SIX_MONTHS = 183
_AFTERNOON = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """A time said at ``start`` to ``end``; ``at`` is None where the words give none."""

    at: datetime | None
    start: int
    end: int


class Hours:
    """When the parts of a day end: word -> moment of the day; ``close`` ends the working day."""

    def __init__(self, parts: Mapping[str, time], close: time) -> None:
        self.parts, self.close = dict(parts), close
        names = "|".join(map(re.escape, sorted(parts, key=len, reverse=True)))
        point = rf"(?:{_DAY})?的?(?P<part>{names})?(?:的?{_CLOCK})?"
        self.pattern = re.compile(rf"{_HALF}|{_SPAN}|{point}")


def moments(
    plain: str, start: int, end: int, *, at: datetime, calendar: Calendar, hours: Hours
) -> Iterator[Moment]:
    """The times that a levelled text says between ``start`` and ``end``, in order."""
    for match in hours.pattern.finditer(plain, start, end):
        if not match[0].strip("的") or _is_no_time(match, plain):
            continue
        try:
            due = _due(match, at, calendar, hours)
        except (CalendarNotLoaded, ValueError, OverflowError):
            due = None
        yield Moment(due if due is not None and due > at else None, *match.span())


def _is_no_time(match: re.Match[str], plain: str) -> bool:
    """Counts that are no limit (等了两小时, 三天), and hours that no clock has."""
    if match["unit"] is None:
        return False
    if match["unit"] in ("工作日", "交易日") or match["within"]:
        return False
    before = plain[max(0, match.start() - 3) : match.start()]
    if match["unit"] in ("小时", "钟头", "分钟"):
        return before[-1:] in tuple("等了久用花过近")
    return not before.endswith(("超过", "最迟", "最多", "最长", "最晚"))


def _due(match: re.Match[str], at: datetime, calendar: Calendar, hours: Hours) -> datetime | None:
    if match["half_hour"]:
        return at + timedelta(minutes=30)
    if match["unit"]:
        return _after(match, at, calendar, hours)
    day = _day(match, at, hours)
    return None if day is None else _on(match, day, at, hours)


def _after(match: re.Match[str], at: datetime, calendar: Calendar, hours: Hours) -> datetime | None:
    if _VAGUE_COUNT.fullmatch(match["n"]):
        return None
    count, unit, half = _number(match["n"]), match["unit"], bool(match["half"])
    if unit in ("小时", "钟头"):
        return at + timedelta(hours=count + half / 2)
    if unit == "分钟":
        return at + timedelta(minutes=count)
    day = None if half else _days_on(at.date(), count, unit, calendar)
    return None if day is None else datetime.combine(day, hours.close, at.tzinfo)


def _days_on(day: date, count: int, unit: str, calendar: Calendar) -> date:
    if unit in ("工作日", "交易日"):
        return calendar.add_working(day, count)
    if unit == "月":
        return _months_on(day, count)
    return day + timedelta(days=count * (7 if unit in ("周", "星期", "礼拜") else 1))


def _months_on(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day(match: re.Match[str], at: datetime, hours: Hours) -> date | None:
    today = at.date()
    if match["iso"]:
        return date(*map(int, match["iso"].split(match["mark"])))
    if match["near"]:
        return today + timedelta(days=_NEAR[match["near"][0]])
    if match["date"]:
        return _dated(match, today)
    if match["end"]:
        return _end_of(match["end"], today)
    if match["weekday"]:
        return _weekday(match, at, hours)
    return _loosely(match, today)


def _loosely(match: re.Match[str], today: date) -> date:
    """A week, a day of some month, or an hour alone: today's."""
    if match["in_week"]:
        monday = today - timedelta(days=today.weekday())
        return monday + timedelta(days=4 + 7 * match["in_week"].count("下"))
    if match["alone"]:
        day = today.replace(day=_number(match["alone"]))
        return day if day >= today else _months_on(day, 1)
    return today


def _dated(match: re.Match[str], today: date) -> date:
    month, day = match["month"], _number(match["date"])
    if month.startswith("下"):
        return _months_on(today.replace(day=1), 1).replace(day=day)
    if month in ("本", "当", "这个"):
        return today.replace(day=day)
    year = int(match["year"] or today.year)
    found = date(year, _number(month), day)
    is_next_year = not match["year"] and (today - found).days > _SIX_MONTHS
    return found.replace(year=year + 1) if is_next_year else found


def _end_of(words: str, today: date) -> date:
    if words.startswith("年"):
        return date(today.year, 12, 31)
    month = _months_on(today.replace(day=1), 1) if words.startswith("下") else today
    return month.replace(day=monthrange(month.year, month.month)[1])


def _weekday(match: re.Match[str], at: datetime, hours: Hours) -> date:
    today = at.date()
    index = _WEEKDAYS.index("日" if match["weekday"] in "天末" else match["weekday"])
    day = today + timedelta(days=index - today.weekday())
    if match["week"]:
        return day + timedelta(days=7 * match["week"].count("下"))
    # 周五 said on a Saturday, or late on a Friday, is the next one.
    due = _on(match, day, at, hours)
    return day if due is not None and due > at else day + timedelta(days=7)


def _on(match: re.Match[str], day: date, at: datetime, hours: Hours) -> datetime | None:
    """The moment of the day that the part and the hour say."""
    part, hour = match["part"] or "", match["hour"]
    if not hour:
        return datetime.combine(day, hours.parts.get(part, hours.close), at.tzinfo)
    minutes = match["minutes"] or _PAST.get(match["past"] or "") or 0
    if match["past"] and match["past"] not in _PAST:
        minutes = _number(match["past"])
    said = _number(hour)
    is_late = part in hours.parts and hours.parts[part] > time(13)
    # Nobody at a bank means four in the morning.
    if said < _AFTERNOON and (is_late or (not part and not match["minutes"] and said < 8)):
        said += _AFTERNOON
    return datetime.combine(day, time(said, int(minutes)), at.tzinfo)


def _number(words: str) -> int:
    number = read(words)
    if number is None:
        raise ValueError(f"{words} is no number")
    return int(number.value)
