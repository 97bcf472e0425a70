"""Which day is meant, as people say it: 前天, 上周三, 上个月底, 本月15号, 二〇二五年三月五日.

A day is read against the day it was said on, and the same words of the same day mean the same day.
3月5日 alone is the last one for whoever tells what happened, the next one for whoever promises. The
lunar calendar is recognised and left alone: to turn 腊月廿三 into a day takes a table that is not
here. 前两天 and 上周 are no day, and 二月三十日 is none.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sujin.engine.cues import levelled
from sujin.engine.numerals import read

# 3 月 5 日: some put blanks around figures.
_B = "[ \u3000\u00a0]?"
N = "(?:[0-9]{1,3}|[一二两三四五六七八九十廿卅]{1,3})"
_YEAR = (
    "(?:(?<![0-9])(?P<year>20[0-9]{2}|[12][0-9]|二[〇零○][〇零○一二三四五六七八九]{2})"
    f"{_B}年"
    "|(?P<that_year>[去前今明本]年)的?)"
)
_MONTH = rf"(?P<month>{N}|上{{1,2}}个?|本|当|这个|下个?)"
_LUNAR_DAY = (
    "(?:初[一二三四五六七八九十]|[一二]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|三十)"
)
# 一周三次 and 两个星期一共 count weeks, 每周三 is every one.
_NO_COUNT = "(?<![0-9一二两三四五六七八九十几每])(?<![0-9一二两三四五六七八九十几每]个)"
# Where a number before 号 is a day, and no window, line or building.
_BEHIND_ALONE = "之?前|以前|上午|下午|中午|晚上|那天|给|将|会|为|向|回|答|退|到|我|在|去"
LUNAR = (
    rf"(?P<lunar>(?:农历|阴历|旧历)(?:[闰正冬腊]|{N})月{_LUNAR_DAY}?|(?:闰{N}|[正冬腊])月{_LUNAR_DAY}?"
    r"|大年(?:初[一二三四五六七八九十]|三十)|除夕)"
)
DAY = (
    r"(?P<iso>20[0-9]{2}(?P<mark>[-./])[01]?[0-9](?P=mark)[0-3]?[0-9])(?![0-9])"
    r"|(?P<near>大前天|(?<![目之以提])前[天日]|昨天|昨日|昨(?=晚|早|夜)|今天|今日|当天|当日|今(?=晚|早)|明天|明日|明(?=早|晚)"
    r"|次日|第二天|大后天|后天|后日)"
    rf"|(?<![0-9])(?<![0-9][,，.])(?P<ago>{N}){_B}(?P<ago_of>天|个?星期|个?礼拜|周|个月)(?:之前|以前|前)"
    rf"|{LUNAR}"
    rf"|(?:{_YEAR}{_B})?{_MONTH}{_B}月份?{_B}(?P<date>{N}){_B}[日号]"
    r"|(?P<end>(?:上{1,2}个?|本|当|这个|下个?)?月(?:底|末|内)|[去今本明]?年(?:底|末|内))"
    rf"|(?P<week>上{{1,2}}个?|下{{1,2}}个?|本|这个?)?{_NO_COUNT}(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])(?!到|至)"
    r"|(?P<in_week>下{1,2}个?|本|这个?)(?:周|星期|礼拜)(?:之?内|以内)?"
    rf"|(?<![0-9月第])(?P<alone>{N})[日号](?={_BEHIND_ALONE})"
)
_SAID = re.compile(DAY)
_WEEKDAYS = "一二三四五六日"
_NEAR = {"大前": -3, "前": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "次": 1, "第": 1, "后": 2}
_NEAR |= {"大后": 3}
_YEARS = {"前": -2, "去": -1, "今": 0, "本": 0, "明": 1}
_FIGURES = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_SEVERAL = re.compile("[一二两三四五六七八九]{2}")
_SIX_MONTHS = 183


@dataclass(frozen=True, slots=True)
class Day:
    """A day said in ``words`` at ``start`` to ``end``; ``on`` is None where they give no day."""

    on: date | None
    words: str
    start: int
    end: int
    is_lunar: bool = False


def told(text: str, today: date) -> Iterator[Day]:
    """The days that a complaint of ``today`` speaks of, as far as they lie behind or are today;
    what is lunar without its day. Linear time."""
    for match in _SAID.finditer(levelled(text)):
        on = day_of(match, today, ahead=False)
        if match["lunar"] or (on is not None and on <= today):
            start, end = match.span()
            end += match[0] in "昨今"  # 昨晚 is said in one word
            yield Day(on, text[start:end], start, end, is_lunar=match["lunar"] is not None)


def day_of(match: re.Match[str], today: date, *, ahead: bool) -> date | None:
    """The day of a match of ``DAY``, the nearest one ``ahead`` or behind where the words leave it
    open; None when they give none, as 2月30日."""
    try:
        return _day(match, today, ahead=ahead)
    except (ValueError, OverflowError):
        return None


def is_behind(match: re.Match[str]) -> bool:
    """Whether the words themselves say that the day is over."""
    said = (match["near"] or "", match["month"] or "", match["end"] or "", match["week"] or "")
    is_named = said[0].startswith(("大前", "前", "昨")) or any("上" in words for words in said[1:])
    is_year = (match["that_year"] or match["end"] or "").startswith(("去年", "前年"))
    return bool(is_named or is_year or match["ago"])


def months_on(day: date, count: int) -> date:
    """The same day ``count`` months later, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def number(words: str) -> int:
    """A count as people write it. Raises ValueError when it is none."""
    found = read(words.replace("廿", "二十").replace("卅", "三十"))
    if found is None:
        raise ValueError(f"{words} is no number")
    return int(found.value)


def _day(match: re.Match[str], today: date, *, ahead: bool) -> date | None:
    for name, reading in _READINGS:
        if match[name]:
            return reading(match, today, ahead)
    return None


def _iso(match: re.Match[str], today: date, ahead: bool) -> date:
    return date(*map(int, match["iso"].split(match["mark"])))


def _near(match: re.Match[str], today: date, ahead: bool) -> date | None:
    words = match["near"]
    if not ahead and words[0] in "次第当":
        return None  # of a day told before
    return today + timedelta(days=_NEAR[words[:2] if words[0] == "大" else words[0]])


def _ago(match: re.Match[str], today: date, ahead: bool) -> date | None:
    if _SEVERAL.fullmatch(match["ago"]):
        return None
    count = number(match["ago"])
    if "月" in match["ago_of"]:
        return months_on(today, -count)
    return today - timedelta(days=count if match["ago_of"] == "天" else 7 * count)


def _dated(match: re.Match[str], today: date, ahead: bool) -> date:
    month, day = match["month"], number(match["date"])
    if month[0] in "上下":
        steps = month.count("下") - month.count("上")
        return months_on(today.replace(day=1), steps).replace(day=day)
    if month in ("本", "当", "这个"):
        return today.replace(day=day)
    year = _year(match, today)
    found = date(year or today.year, number(month), day)
    if year is None and ahead and (today - found).days > _SIX_MONTHS:
        return date(today.year + 1, found.month, day)
    if year is None and not ahead and found > today:
        return date(today.year - 1, found.month, day)
    return found


def _year(match: re.Match[str], today: date) -> int | None:
    if match["that_year"]:
        return today.year + _YEARS[match["that_year"][0]]
    if not match["year"]:
        return None
    year = int(match["year"].translate(_FIGURES))
    return year if year > 100 else 2000 + year


def _end_of(match: re.Match[str], today: date, ahead: bool) -> date:
    words = match["end"]
    if "年" in words:
        return date(today.year + _YEARS.get(words[0], 0), 12, 31)
    month = months_on(today.replace(day=1), words.count("下") - words.count("上"))
    return month.replace(day=monthrange(month.year, month.month)[1])


def _weekday(match: re.Match[str], today: date, ahead: bool) -> date:
    index = _WEEKDAYS.index("日" if match["weekday"] in "天末" else match["weekday"])
    day = today + timedelta(days=index - today.weekday())
    if match["week"]:
        steps = match["week"].count("下") - match["week"].count("上")
        return day + timedelta(weeks=steps)
    return day if ahead or day <= today else day - timedelta(weeks=1)


def _of_week(match: re.Match[str], today: date, ahead: bool) -> date:
    """The end of a week's work."""
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(days=4, weeks=match["in_week"].count("下"))


def _alone(match: re.Match[str], today: date, ahead: bool) -> date:
    day = today.replace(day=number(match["alone"]))
    if ahead:
        return day if day >= today else months_on(day, 1)
    return day if day <= today else months_on(day, -1)


_READINGS: tuple[tuple[str, Callable[[re.Match[str], date, bool], date | None]], ...] = (
    ("iso", _iso),
    ("near", _near),
    ("ago", _ago),
    ("date", _dated),
    ("end", _end_of),
    ("weekday", _weekday),
    ("in_week", _of_week),
    ("alone", _alone),
)
