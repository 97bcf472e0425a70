"""When something is to happen, as people say it: 明天下午三点前, 三个工作日内, 周五, 本月底.

A span without an hour ends when the day part, or the working day, ends by the hours handed in. A
moment that lies behind, a count like 两三天 and words like 尽快 give no moment: somebody must say.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sujin.engine.days import DAY, N, day_of, is_behind, months_on, number
from sujin.engine.workdays import Calendar, CalendarNotLoaded

_SPAN = (
    rf"(?:{N} ?[-~—至到] ?)?(?P<n>{N}) ?个?(?P<half>半)?"
    r"(?P<unit>工作日|交易日|自然日|小时|钟头|分钟|(?<=个)月|天|日|周|星期|礼拜)"
    r"(?P<within>之内|以内|内|之后|后)?(?!之?前|以前|多?来)"
)
_HALF = r"(?P<half_hour>半个?(?:小时|钟头))(?:之内|以内|内|之后|后)?"
_CLOCK = (
    rf"(?P<hour>[01]?[0-9]|2[0-3]|[一二两三四五六七八九十]{{1,3}})"
    rf"(?:[:](?P<minutes>[0-5][0-9])|[点时](?P<past>半|一刻|三刻|{N}(?=分))?分?整?)"
)
_PAST = {"半": 30, "一刻": 15, "三刻": 45}
_VAGUE_COUNT = re.compile("[一二两三四五六七八九]{2}")
_AFTERNOON = 12
_SAYS_A_DAY = ("iso", "near", "ago", "lunar", "date", "end", "in_week", "alone")


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
        point = rf"(?:{DAY})?的?(?P<part>{names})?(?:的?{_CLOCK})?"
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
    """Counts that are no limit (等了两小时, 三天), and days that are over."""
    if match["unit"] is None:
        return is_behind(match)
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
    count, unit, half = number(match["n"]), match["unit"], bool(match["half"])
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
        return months_on(day, count)
    return day + timedelta(days=count * (7 if unit in ("周", "星期", "礼拜") else 1))


def _day(match: re.Match[str], at: datetime, hours: Hours) -> date | None:
    """The day that the words say, today where they say an hour alone."""
    if match["weekday"] is None and not any(match[name] for name in _SAYS_A_DAY):
        return at.date()
    day = day_of(match, at.date(), ahead=True)
    if day is None or match["weekday"] is None or match["week"]:
        return day
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
        minutes = number(match["past"])
    said = number(hour)
    is_late = part in hours.parts and hours.parts[part] > time(13)
    # Nobody at a bank means four in the morning.
    if said < _AFTERNOON and (is_late or (not part and not match["minutes"] and said < 8)):
        said += _AFTERNOON
    return datetime.combine(day, time(said, int(minutes)), at.tzinfo)
