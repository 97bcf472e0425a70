"""The score beside the rules: what raises it, why, and that it learns words no list knows."""

from decimal import Decimal
from functools import cache

import numpy as np
import pytest

from sujin.complaints.assurance import untaught
from sujin.engine.linear import CannotTrain
from sujin.engine.tier import TierFacts
from sujin.engine.urgency import Scorer, nearness, teach

CALM = "咨询一下信用卡年费怎么减免，手机银行上没有找到入口。"
NOVEL = ("顶楼的晚霞真好看，看完就不下来了。", "这局不玩了，号注销前最后说一次。")
TALK = ("贷款利率怎么算", "信用卡年费没有免", "排队等了两个小时", "转账没有到账", "网点态度不好")


def lessons() -> tuple[list[str], list[bool]]:
    chance = np.random.default_rng(5)
    texts, urgent = [], []
    for number in range(240):
        talk = "，".join(chance.permutation(TALK)[:3])
        is_urgent = number % 4 == 0
        texts.append(f"{talk}。{NOVEL[number % 8 // 4]}第{number}次" if is_urgent else f"{talk}。")
        urgent.append(is_urgent)
    return texts, urgent


@cache
def taught() -> Scorer:
    texts, urgent = lessons()
    return teach(untaught(), texts, [TierFacts()] * len(texts), urgent, seed=3)


def test_what_is_nearer_to_an_urgent_row_scores_higher_before_anybody_has_taught_it() -> None:
    scorer = untaught()
    large = TierFacts(amount=Decimal(450_000))
    asked = [TierFacts(), large, TierFacts(amount=Decimal(450_000), escalation=True)]
    scores = scorer.scores([CALM] * 3, asked)
    assert scores[0] < scores[1] < scores[2]
    assert nearness(TierFacts(amount=Decimal(500_000), escalation=True), scorer.table) == 1.0
    assert nearness(TierFacts(), scorer.table) == 0.0


def test_pieces_of_grave_words_are_heard_where_the_whole_word_is_not() -> None:
    scorer = untaught()
    verdict = scorer.judge("我活不下了，跳下去算了", TierFacts())
    assert verdict.words
    assert verdict.score > scorer.judge(CALM, TierFacts()).score
    assert not scorer.judge(CALM, TierFacts()).words


def test_it_learns_words_no_list_knows_and_names_them() -> None:
    fresh = "转账没有到账，网点态度不好。顶楼的晚霞真好看，看完就不下来了。"
    verdict = taught().judge(fresh, TierFacts())
    assert verdict.score > 0.5 > taught().judge("转账没有到账，网点态度不好。", TierFacts()).score
    assert any(word in "顶楼的晚霞真好看,看完就不下来了" for word in verdict.words)


def test_without_the_words_it_names_the_score_falls_and_without_others_it_does_not() -> None:
    fresh = "转账没有到账，网点态度不好。这局不玩了，号注销前最后说一次。"
    verdict = taught().judge(fresh, TierFacts())
    without = fresh
    for word in verdict.words:
        without = without.replace(word, "")
    assert taught().judge(without, TierFacts()).score < verdict.score / 2
    others = fresh.replace("转账", "").replace("态度", "")
    assert taught().judge(others, TierFacts()).score > verdict.score / 2


def test_the_facts_that_raise_it_are_named() -> None:
    facts = TierFacts(vulnerable=True, escalation=True, repeats=1)
    assert set(untaught().judge(CALM, facts).facts) >= {"vulnerable", "escalation", "repeats"}


def test_the_same_lessons_give_the_same_scorer_and_it_survives_saving() -> None:
    texts, urgent = lessons()
    again = teach(untaught(), texts, [TierFacts()] * len(texts), urgent, seed=3)
    kept = untaught().taught_by(taught().arrays())
    facts = [TierFacts()] * 20
    first = taught().scores(texts[:20], facts)
    assert np.array_equal(first, again.scores(texts[:20], facts))
    assert np.allclose(first, kept.scores(texts[:20], facts))


def test_what_does_not_fit_is_refused() -> None:
    arrays = taught().arrays()
    with pytest.raises(ValueError, match="weights"):
        untaught().taught_by(arrays | {"traits": np.zeros(3)})
    with pytest.raises(CannotTrain):
        teach(untaught(), [CALM] * 8, [TierFacts()] * 8, [False] * 8, seed=1)
