"""Who speaks to the assistant: learnt from sentences, so that new words are understood too."""

import pytest

from sujin import packs
from sujin.engine.tables import BadTable
from sujin.engine.voices import HARMS, NEEDS, VOICES, Hearing, Listener, Voice, listener

HEARING = Hearing(harm_at=0.2, need_at=0.4, doubt_under=0.1)
ROWS = packs.rows("cn_bank", "knowledge/assistant_voices")


@pytest.fixture(scope="module")
def ear() -> Listener:
    """One that learnt from the pack."""
    return listener(ROWS)


@pytest.mark.parametrize(
    ("words", "voice"),
    [
        ("昨儿去网点，那位小伙子头都没抬一下，我站了半个钟头", "grievance"),
        ("刚给一个说是民警的人汇了九万，现在电话打不通", "fraud"),
        ("我坐在窗台外面，家里人我都对不起", "safety"),
        ("请问存折磁条坏了要带哪些证件去换", "question"),
        ("路边的烤红薯几块钱一斤", "stranger"),
    ],
)
def test_words_nobody_listed_are_understood(ear: Listener, words: str, voice: str) -> None:
    assert words not in {row["words"] for row in ROWS}
    chances = ear.hear(words).chances
    assert max(chances, key=lambda one: chances[one]) == voice
    assert sum(chances.values()) == pytest.approx(1)


def test_a_reproach_and_a_question_in_the_same_words_are_told_apart(ear: Listener) -> None:
    reproach, question = ear.hear("年费又扣了两遍，到现在没人退我"), ear.hear("年费怎么退")
    assert reproach.need > HEARING.need_at > question.need
    assert question.question > 0.5 > reproach.question


def test_the_same_sentences_give_the_same_ear(ear: Listener) -> None:
    assert listener(ROWS).hear("钱少了").chances == ear.hear("钱少了").chances


def test_a_small_chance_of_harm_is_enough_and_of_a_grievance_is_not() -> None:
    assert Voice({"safety": 0.25, "question": 0.75}).signals((), (), HEARING) == {"safety"}
    assert Voice({"grievance": 0.25, "question": 0.75}).signals((), (), HEARING) == frozenset()
    assert Voice({"grievance": 0.3, "person": 0.2}).signals((), (), HEARING) == {"grievance"}


def test_a_weak_word_in_a_plain_question_says_nothing() -> None:
    plain, unsure = Voice({"question": 1.0}), Voice({"question": 0.8, "grievance": 0.2})
    said, weak = {"complaint", "safety"}, {"complaint"}
    assert plain.signals(said, weak, HEARING) == {"safety"}
    assert unsure.signals(said, weak, HEARING) == said


def test_sentences_that_will_not_do_are_named() -> None:
    for rows, column in (
        ([{"voice": "mood", "words": "好"}], "voice"),
        ([{"voice": "fraud", "words": "被骗了"}], "voice"),
        ([{"voice": "fraud"}], "words"),
    ):
        with pytest.raises(BadTable) as refused:
            listener(rows)
        assert refused.value.column == column
    assert HARMS < NEEDS < VOICES
