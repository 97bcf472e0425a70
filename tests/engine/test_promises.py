"""What holds for every promise, whatever the words and the day."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sujin import packs
from sujin.engine.cues import levelled, sentences
from sujin.engine.dont_say import read_taboos, slips
from sujin.engine.learn import mark
from sujin.engine.learn import read_rules as read_learn
from sujin.engine.promises import extract, read_rules
from sujin.engine.workdays import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
RULES = read_rules(packs.rows("cn_bank", "promises"))
NO_HOLIDAYS = Calendar({}, {}, frozenset(range(2020, 2040)))
FIRST = datetime(2026, 1, 1, tzinfo=SHANGHAI)
TIMES = [
    "明天", "后天下午", "今天下班前", "周五前", "下周一上午", "三个工作日内", "3-5个工作日",
    "24小时内", "半小时内", "两小时后", "本月底", "3月5日", "15号前", "晚上八点前", "15:30前",
    "一周内", "两个月内", "本周内", "尽快", "两三天内", "二十五点", "13月40日", "2月30日前",
]  # fmt: skip
ACTS = ["回电", "退款300元", "书面答复", "上门说明", "寄出发票", "办结"]
moments = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
notes = st.builds(
    "我们{}{}{}".format,
    st.sampled_from(TIMES),
    st.sampled_from(["", "给客户"]),
    st.sampled_from(ACTS),
)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026.3.5", (3, 5)), ("2026-03-05", (3, 5)), ("2026/3/5", (3, 5)), ("3月15号", (3, 15)),
        ("2026年3月5日", (3, 5)), ("三月二十日", (3, 20)), ("下周三", (3, 11)), ("周三", (3, 4)),
        ("下下周一", (3, 16)), ("本周末", (3, 8)), ("月底", (3, 31)), ("下个月底", (4, 30)),
        ("大后天", (3, 5)), ("本月20日", (3, 20)), ("年底", (12, 31)), ("下下周", (3, 20)),
        ("除夕", None), ("月初", None), ("2026.13.5", None), ("2025.3.1", None),
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written_against_the_day_it_was_said(
    words: str, day: tuple[int, int] | None
) -> None:
    monday = datetime(2026, 3, 2, 12, tzinfo=SHANGHAI)
    (found,) = extract(f"我们{words}前给客户回电", monday, NO_HOLIDAYS, RULES)
    assert (found.due_at and (found.due_at.month, found.due_at.day)) == day


@given(notes, moments)
def test_what_is_promised_lies_ahead_and_says_where_it_stands(note: str, at: datetime) -> None:
    found = extract(note, at, NO_HOLIDAYS, RULES)
    assert found, note
    for one in found:
        assert one.due_at is None or one.due_at > at
        assert note[one.start : one.end] == one.words


BY_THE_WEEK = [words for words in TIMES if not any(mark in words for mark in "月号")]


@given(st.sampled_from(BY_THE_WEEK), moments, st.integers(1, 60))
def test_whole_weeks_later_the_same_words_mean_whole_weeks_later(
    when: str, at: datetime, weeks: int
) -> None:
    shift = timedelta(weeks=weeks)
    (now,) = extract(f"我们{when}回电", at, NO_HOLIDAYS, RULES)
    (later,) = extract(f"我们{when}回电", at + shift, NO_HOLIDAYS, RULES)
    assert later.due_at == (now.due_at and now.due_at + shift)


@given(st.text("的是在有人这中大来上个国和，。、0123456789 abc\n"), moments)
def test_words_without_a_cue_promise_nothing(note: str, at: datetime) -> None:
    assert extract(note, at, NO_HOLIDAYS, RULES) == ()


LEARN = read_learn(*(packs.rows("cn_bank", t) for t in ("learn_letters", "learn", "learn_doubts")))
TABOOS = read_taboos(packs.rows("cn_bank", "dont_say"))


@given(st.text(), moments)
def test_any_text_is_read_without_fear_and_every_character_keeps_its_place(
    note: str, at: datetime
) -> None:
    plain = levelled(note)
    assert len(plain) == len(note)
    spans = [tuple(span) for span in sentences(plain)]
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    for one in mark(note, LEARN):
        assert note[one.start : one.end] == one.evidence
    for slip in slips(note, TABOOS):
        assert note[slip.start : slip.end] == slip.words
    extract(note, at, NO_HOLIDAYS, RULES)


def test_a_year_whose_holidays_nobody_knows_gives_no_guess() -> None:
    at = datetime(2050, 1, 3, 9, tzinfo=SHANGHAI)
    (one,) = extract("三个工作日内退款", at, NO_HOLIDAYS, RULES)
    assert (one.due_at, one.is_vague) == (None, True)
