"""Signals are heard where the words say so, and not where they are taken back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sujin.engine.signals import SignalReader, Signals, SignalTerm

PATIENT = settings(deadline=None)  # the first call of all compiles

READER = SignalReader(
    [
        SignalTerm("escalation", "投诉到银保监", ("不会", "不想")),
        SignalTerm("escalation", "银保监"),
        SignalTerm("regulator", "银保监转办"),
        SignalTerm("media", "媒体", ("自", "流")),
        SignalTerm("media", "记者"),
        SignalTerm("elderly", "70岁"),
        SignalTerm("safety", "跳楼"),
        SignalTerm("legal", "LAWYER"),
        SignalTerm("legal", "律師"),
    ]
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("再不处理我就投诉到银保监", {"escalation": ("投诉到银保监",)}),
        ("记者和媒体都来了，记者还录了像", {"media": ("记者", "媒体")}),
        ("银保监转办件", {"regulator": ("银保监转办",), "escalation": ("银保监",)}),
        ("我母亲７０岁，律師说", {"elderly": ("70岁",), "legal": ("律师",)}),
        ("my Lawyer will call", {"legal": ("lawyer",)}),
        ("今天天气不错", {}),
        ("", {}),
    ],
)
def test_a_complaint_is_heard(text: str, found: dict[str, tuple[str, ...]]) -> None:
    assert READER.read(text) == Signals(found)


@pytest.mark.parametrize("text", ["我不会投诉到银保监", "不想再投诉到银保监", "他是自媒体博主"])
def test_a_word_taken_back_says_nothing(text: str) -> None:
    # 银保监 stands inside the cancelled words and must not speak up in their place.
    assert READER.read(text).found == {}


def test_a_word_taken_back_too_early_still_speaks() -> None:
    assert READER.read("不会的，你们等着瞧吧，投诉到银保监").found == {
        "escalation": ("投诉到银保监",)
    }
    assert READER.read("不会1234投诉到银保监").found == {}
    assert "escalation" in READER.read("不会12345投诉到银保监").found


def test_what_an_earlier_clause_denies_does_not_take_back_the_next() -> None:
    reader = SignalReader([SignalTerm("safety", "跳楼", ("没有", "不会"))])
    assert reader.read("没有跳楼的意思").found == {}
    for text in ("没有办法，跳楼算了", "你们不会管 我跳楼", "没有用。跳楼！"):
        assert reader.read(text).found == {"safety": ("跳楼",)}


FRAMES = SignalReader(
    [
        SignalTerm("safety", "去死", ("~亡",)),
        SignalTerm("safety", "汽油"),
        SignalTerm("safety", "加汽油", ("~",)),
        SignalTerm("escalation", "~", ("已", "不~")),
        SignalTerm("escalation", "找媒体"),
        SignalTerm("escalation", "消协", ("取~议",)),
    ]
)


@pytest.mark.parametrize("text", ["拿去死亡证明", "信用卡加汽油", "我不找媒体", "取消协议"])
def test_a_word_does_not_count_inside_another_that_its_row_names(text: str) -> None:
    assert FRAMES.read(text).found == {}


@pytest.mark.parametrize(
    ("text", "signal", "word"),
    [
        ("你们让我去死，亡羊补牢", "safety", "去死"),
        ("泼汽油", "safety", "汽油"),
        ("再不解决我就找媒体", "escalation", "找媒体"),
        ("取钱找消协", "escalation", "消协"),
    ],
)
def test_a_word_counts_where_only_part_of_the_frame_is_there(
    text: str, signal: str, word: str
) -> None:
    assert FRAMES.read(text).found == {signal: (word,)}


def test_what_stands_in_the_row_of_the_sign_for_all_words_holds_for_all_of_its_signal() -> None:
    assert FRAMES.read("已找媒体，不消协").found == {}
    assert FRAMES.read("已泼汽油").found == {"safety": ("汽油",)}
    assert FRAMES.read("~").found == {}


def test_a_word_taken_back_once_and_said_once_speaks() -> None:
    assert READER.read("自媒体不算，真媒体也来了").found == {"media": ("媒体",)}


@PATIENT
@given(st.text(alphabet="不会想自流投诉到银保监媒体记者转办70岁，", max_size=40))
def test_every_word_reported_is_in_the_text(text: str) -> None:
    assert all(word in text for words in READER.read(text).found.values() for word in words)


def test_a_reader_without_words_hears_nothing() -> None:
    assert SignalReader([]).read("投诉到银保监").found == {}
