"""Which day is meant: a table by hand, and what holds for every text and every day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sujin.engine.days import told

WEDNESDAY = date(2026, 3, 11)
# What is said on that Wednesday, and the day that is meant.
TABLE = {
    "今天": "2026-03-11", "今日": "2026-03-11", "昨天": "2026-03-10", "昨日": "2026-03-10",
    "昨晚": "2026-03-10", "前天": "2026-03-09", "前日": "2026-03-09", "大前天": "2026-03-08",
    "三天前": "2026-03-08", "10天以前": "2026-03-01", "两周前": "2026-02-25",
    "一个星期之前": "2026-03-04", "三个月前": "2025-12-11",
    "上周三": "2026-03-04", "上週三": "2026-03-04", "上个星期三": "2026-03-04",
    "上礼拜天": "2026-03-08", "上上周一": "2026-02-23", "本周一": "2026-03-09",
    "周三": "2026-03-11", "周五": "2026-03-06", "星期二": "2026-03-10",
    "上个月底": "2026-02-28", "上月末": "2026-02-28", "上上个月底": "2026-01-31",
    "去年底": "2025-12-31", "上月15号": "2026-02-15", "上个月15日": "2026-02-15",
    "本月5号": "2026-03-05", "这个月十一日": "2026-03-11", "5号上午": "2026-03-05",
    "15号我": "2026-02-15", "3月5号": "2026-03-05", "3月5日": "2026-03-05",
    "三月五日": "2026-03-05", "3月15日": "2025-03-15", "十二月二十日": "2025-12-20",
    "三月廿三日": "2025-03-23", "去年3月5日": "2025-03-05", "前年12月1日": "2024-12-01",
    "今年1月2日": "2026-01-02", "25年3月5日": "2025-03-05", "2025年3月5日": "2025-03-05",
    "２０２５年３月５日": "2025-03-05", "二〇二五年三月五日": "2025-03-05",
    "二○二五年三月五日": "2025-03-05", "二零二五年十二月三十一日": "2025-12-31",
    "2025-03-05": "2025-03-05", "2025/3/5": "2025-03-05", "2025.3.5": "2025-03-05",
    "2024年2月29日": "2024-02-29",
}  # fmt: skip
NO_DAY = (
    "2月30日", "2025年2月29日", "13月5日", "三月初五日", "本月15号", "明天", "下周三",
    "2027年1月1日", "前两天", "两三天前", "半个月前", "一周三次", "两个星期一共", "每周三",
    "目前天气", "3号窗口", "第二天", "二月三十日", "3.5", "138号文", "百分之三",
)  # fmt: skip
LUNAR = ("腊月廿三", "农历腊月廿三", "正月初五", "农历八月十五", "闰六月初一", "大年初一", "除夕")


def meant(text: str, today: date = WEDNESDAY) -> list[str]:
    return [str(day.on) for day in told(text, today)]


@pytest.mark.parametrize(("words", "day"), TABLE.items())
def test_a_day_is_read_as_people_mean_it(words: str, day: str) -> None:
    assert meant(f"我{words}去柜台办业务") == [day]


@pytest.mark.parametrize("words", NO_DAY)
def test_what_is_no_day_or_lies_ahead_is_not_told(words: str) -> None:
    assert meant(f"我{words}办业务") == []


def test_blanks_around_figures_change_no_day_and_part_of_a_number_is_none() -> None:
    blanks = ["3 月 5 日", "2026 年 3 月 5 日", "2026年3月 5日", "3月5日"]
    assert [meant(f"我{one}去柜台") for one in blanks] == [["2026-03-05"]] * 4
    assert meant("我，3 天前去柜台") == meant("我3天前去柜台") != []
    assert meant("我1,000天前开的户") == meant("我1000天前开的户") == []


@pytest.mark.parametrize("words", LUNAR)
def test_the_lunar_calendar_is_recognised_and_left_alone(words: str) -> None:
    (day,) = told(f"我{words}去柜台", WEDNESDAY)
    assert (day.on, day.words, day.is_lunar) == (None, words, True)


def test_several_days_come_in_the_order_of_the_text() -> None:
    text = "上周三去办，昨晚又打电话，2025年12月1日就投诉过"
    assert meant(text) == ["2026-03-04", "2026-03-10", "2025-12-01"]
    assert [day.words for day in told(text, WEDNESDAY)] == ["上周三", "昨晚", "2025年12月1日"]


def test_around_new_year_and_in_a_leap_year() -> None:
    assert meant("12月31日扣的", date(2026, 1, 2)) == ["2025-12-31"]
    assert meant("昨天扣的", date(2026, 1, 1)) == ["2025-12-31"]
    assert meant("上个月底扣的", date(2024, 3, 31)) == ["2024-02-29"]
    assert meant("一个月前扣的", date(2024, 3, 31)) == ["2024-02-29"]


DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
WORDS = st.sampled_from([*TABLE, *NO_DAY, *LUNAR])


@given(st.lists(WORDS, max_size=5), DAYS)
def test_the_same_words_of_the_same_day_mean_the_same_day_and_none_lies_ahead(
    words: list[str], today: date
) -> None:
    text = "，".join(words)
    found = list(told(text, today))
    assert found == list(told(text, today))
    for day in found:
        assert text[day.start : day.end] == day.words
        assert day.is_lunar if day.on is None else day.on <= today


RELATIVE = ("今天", "昨天", "前天", "大前天", "三天前", "两周前", "上周三", "本周一", "周五")


@given(st.sampled_from(RELATIVE), DAYS, st.integers(1, 60))
def test_whole_weeks_later_they_mean_whole_weeks_later(words: str, today: date, weeks: int) -> None:
    later = timedelta(weeks=weeks)
    before = [day.on for day in told(words, today) if day.on]
    assert [day.on for day in told(words, today + later)] == [on + later for on in before]


@given(st.text(), DAYS)
def test_any_text_is_read_without_fear(text: str, today: date) -> None:
    list(told(text, today))


def test_a_reader_that_ignores_the_day_it_was_said_on_goes_red() -> None:
    """The known-bad control: the table holds for that Wednesday only."""
    wrong = [words for words, day in TABLE.items() if meant(words, date(2026, 4, 20)) != [day]]
    assert len(wrong) > len(TABLE) / 2
