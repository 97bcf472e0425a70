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


def test_a_word_taken_back_once_and_said_once_speaks() -> None:
    assert READER.read("自媒体不算，真媒体也来了").found == {"media": ("媒体",)}


@PATIENT
@given(st.text(alphabet="不会想自流投诉到银保监媒体记者转办70岁，", max_size=40))
def test_every_word_reported_is_in_the_text(text: str) -> None:
    assert all(word in text for words in READER.read(text).found.values() for word in words)


def test_a_reader_without_words_hears_nothing() -> None:
    assert SignalReader([]).read("投诉到银保监").found == {}
