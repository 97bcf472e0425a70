"""New words are heard; what is distinctive is told; a band knows only the past."""

from datetime import date, timedelta

import numpy as np
import pytest

from sujin.engine.series.panel import Axis, Grain
from sujin.engine.series.seasons import season
from sujin.engine.watch import DAILY, WEEKLY
from sujin.engine.watch.band import band
from sujin.engine.watch.emerging import Past, Text, emerging
from sujin.engine.watch.wording import Word, distinctive, expressions, surprise_of, telling

AXES = (Axis("org", {"a.1": "a", "a.2": "a"}), Axis("business", {}))
VOCABULARY = [f"w{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(300)]


def bank(seed: int, *, new: int = 0) -> tuple[list[Text], list[Past]]:
    """A week of 100 texts after 25 such weeks; ``new`` of the last at a.1 say an unheard word."""
    rng = np.random.default_rng(seed)
    chances = rng.dirichlet(np.full(len(VOCABULARY), 0.3)) * 12

    def said() -> frozenset[str]:
        held = rng.random(len(VOCABULARY)) < chances
        return frozenset(word for word, yes in zip(VOCABULARY, held, strict=True) if yes)

    weeks = [[said() for _ in range(100)] for _ in range(25)]
    past = [Past(100, {w: sum(w in t for t in texts) for w in VOCABULARY}) for texts in weeks]
    recent = [
        Text(key, ("a.1" if key < new or key % 3 else "a.2", "card" if key < new else "loan"),
             said() | ({"novel", "words"} if key < new else set()))
        for key in range(100)
    ]  # fmt: skip
    return recent, past


def test_a_new_word_is_heard_with_its_cases_and_where_they_are() -> None:
    (topic, *others) = emerging(*bank(1, new=12), AXES, DAILY)
    assert not others
    assert set(topic.terms) == {"novel", "words"}
    assert topic.cases == tuple(range(12))
    assert topic.node == ("", "card")
    assert topic.expected < 1 and topic.silent_at < 12
    assert topic.evidence > 10


def test_ordinary_weeks_are_silent_about_as_often_as_promised() -> None:
    """At a level of one in 61 a look, 60 looks give about one; more than six would break it."""
    heard = sum(bool(emerging(*bank(seed), AXES, DAILY)) for seed in range(60))
    assert heard <= 6, heard


def test_a_planted_overconfidence_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The known-bad control: tails a thousand times too small break what is promised."""
    from sujin.engine.watch import emerging as module

    right = module.chance
    monkeypatch.setattr(module, "chance", lambda *told: right(*told) / 1000)
    heard = sum(bool(emerging(*bank(seed), AXES, DAILY)) for seed in range(20))
    assert heard > 6


def test_nothing_said_and_no_past_give_no_topic() -> None:
    recent, past = bank(1, new=12)
    assert emerging([], past, AXES, DAILY) == []
    assert emerging(recent, [], AXES, DAILY) == []


def test_numbers_are_no_topic() -> None:
    recent, past = bank(1)
    told = [Text(t.key, t.leaf, t.terms | {"2026"}) for t in recent]
    assert all("2026" not in topic.terms for topic in emerging(told, past, AXES, DAILY))


def test_what_is_said_more_is_told_and_no_single_persons_words() -> None:
    before = [frozenset({"aa", "bb"}) for _ in range(100)]
    now = [frozenset({"aa", "new"}) for _ in range(10)] + [frozenset({"name", "aa"})] * 2
    words = distinctive(now, before)
    assert [word.term for word in words] == ["new"]
    assert (words[0].now, words[0].before) == (10, 0)


def test_surprise_is_that_of_dunning() -> None:
    """The first line of the paper's table: "swiss" after "the", 110 of 2552 against 111 of
    29225, is 270.72."""
    assert surprise_of(110, 2552, 111, 29225) == pytest.approx(270.72, abs=0.01)
    assert surprise_of(111, 29225, 110, 2552) == 0.0


def test_the_telling_texts_hold_what_is_distinctive() -> None:
    words = [Word("aa", 5, 0, 20.0), Word("bb", 5, 0, 10.0)]
    texts = {1: frozenset({"aa"}), 2: frozenset({"aa", "bb"}), 3: frozenset({"zz"})}
    assert telling(texts, words, 10) == (2, 1)
    assert telling(texts, words, 1) == (2,)


def test_overlapping_pairs_become_one_expression() -> None:
    words = [Word(term, 5, 0, 20.0) for term in ("转账", "账限", "限额")]
    words.append(Word("投诉", 5, 0, 12.0))
    texts = [frozenset({"转账", "账限", "限额"})] * 5 + [frozenset({"投诉"})] * 5
    assert [word.term for word in expressions(words, texts, 5)] == ["转账限额", "投诉"]


def test_a_band_holds_about_ninety_five_of_a_hundred_and_knows_only_the_past() -> None:
    rng = np.random.default_rng(3)
    starts = [date(2024, 1, 1) + timedelta(weeks=week) for week in range(110)]
    moved = season(starts, Grain.WEEK, None)
    inside = []
    for _ in range(10):
        counts = rng.negative_binomial(20, 0.5, 110).astype(float)
        told = band(counts, moved, WEEKLY, most=52)
        assert told[:58] == [None] * 58
        inside += [e.low <= n <= e.high for n, e in zip(counts, told, strict=True) if e is not None]
    assert 0.88 <= np.mean(inside) <= 0.99
    later = counts.copy()
    later[-1] = 500
    assert band(later, moved, WEEKLY, most=52)[:-1] == told[:-1]


def test_a_short_past_has_no_band() -> None:
    starts = [date(2024, 1, 1) + timedelta(weeks=week) for week in range(30)]
    assert band(np.ones(30), season(starts, Grain.WEEK, None), WEEKLY) == [None] * 30
