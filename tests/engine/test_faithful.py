"""The words given as reasons are the reasons; words drawn by chance are seen through."""

from collections.abc import Sequence

import numpy as np
import pytest

from sujin.engine.abstention import abstention
from sujin.engine.faithful import deletion, named
from sujin.engine.linear import LinearModel, train
from tests.engine.test_linear import LABELS, TEXTS


@pytest.fixture(scope="module")
def model() -> LinearModel:
    return train(TEXTS, LABELS, seed=7, bits=14)


def test_what_is_named_matters_more_than_what_is_not(model: LinearModel) -> None:
    found = deletion(
        model.predict_proba, lambda text, at: model.explain(text, model.codes[at]), TEXTS, 3
    )
    assert found.n == len(TEXTS)
    assert found.named_drop > found.random_drop
    assert 0 < found.gain_low <= found.gain <= found.gain_high


def test_reasons_named_by_chance_fail(model: LinearModel) -> None:
    chance = np.random.default_rng(8)

    def guessed(text: str, _column: int) -> Sequence[str]:
        places = chance.integers(0, max(1, len(text) - 2), 2).tolist()
        return [text[at : at + 2] for at in places]

    found = deletion(model.predict_proba, guessed, TEXTS, 3)
    assert found.gain_low < 0.05
    honest = deletion(
        model.predict_proba, lambda text, at: model.explain(text, model.codes[at]), TEXTS, 3
    )
    assert found.gain_high < honest.gain_low


def test_the_same_seed_draws_the_same_words(model: LinearModel) -> None:
    tests = [deletion(model.predict_proba, lambda _t, _c: ["催收"], TEXTS, 5) for _ in range(2)]
    assert tests[0] == tests[1]


@pytest.mark.parametrize("texts", [[], ["", "\u200b", "。。。"]])
def test_nothing_named_is_nothing_tested(model: LinearModel, texts: list[str]) -> None:
    assert deletion(model.predict_proba, lambda _text, _column: (), texts, 1).n == 0


def test_a_word_is_found_wherever_it_stands() -> None:
    assert named("年费和年费用", ["年费", "年费用"]) == [(0, 2), (3, 6)]


def test_leaving_out_the_least_sure_leaves_fewer_errors() -> None:
    sure = np.array([0.9, 0.8, 0.4, 0.3])
    curve = abstention(sure, np.array([True, True, True, False]))
    assert curve.accuracy[1.0] == 0.75
    assert curve.accuracy[0.7] == 1.0
    assert curve.threshold[0.5] == 0.8
    assert curve.aurc == pytest.approx(0.25 / 4)
    upside_down = abstention(1 - sure, np.array([True, True, True, False]))
    assert upside_down.aurc > curve.aurc
