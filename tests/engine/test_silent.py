"""Who was dissatisfied and never complained: people put together, estimates, verdicts."""

import numpy as np
import pytest

from sujin.engine.silent import (
    Heard,
    Lists,
    Verdict,
    compare,
    counted,
    customers,
    estimate,
    trend,
)
from sujin.lab.exams.silent import ALPHA
from sujin.lab.hushed import MONTHS, RECENT, World, months, spans

SPANS = (MONTHS - RECENT, RECENT)


def test_who_asks_twice_with_two_telephones_and_one_card_is_one_customer() -> None:
    asked = Heard(1, ("phone-a", "card"), is_complaint=False)
    again = Heard(2, ("phone-b",), is_complaint=False)
    complained = Heard(3, ("phone-b", "card"), is_complaint=True)
    (one,) = customers([asked, again, complained])
    assert one.cases == (1, 2, 3)
    assert one.complained and one.repeated and not one.stranded


def test_who_asked_once_and_was_answered_is_not_dissatisfied() -> None:
    assert customers([Heard(1, ("a",), is_complaint=False)]) == []


def test_a_complaint_that_was_made_a_question_still_shows_dissatisfaction() -> None:
    (one,) = customers([Heard(1, ("a",), is_complaint=False, stranded=True)])
    assert one.is_otherwise and not one.complained


def test_a_case_without_any_key_is_nobodys_and_left_out() -> None:
    assert customers([Heard(1, (), is_complaint=True)]) == []


def test_chapman_is_exact_on_its_own_example() -> None:
    # 200 complained, 150 showed it otherwise, 50 both: (201 * 151) / 51 - 1 = 594.1 in all.
    told = estimate(Lists(both=50, complained_only=150, other_only=100))
    assert told is not None
    assert told.silent == pytest.approx(201 * 151 / 51 - 1 - 200)
    assert told.low < told.silent < told.high
    assert told.share == pytest.approx(200 / (201 * 151 / 51 - 1))


def test_with_fewer_than_seven_on_both_lists_nothing_is_estimated() -> None:
    assert estimate(Lists(6, 100, 100)) is None
    assert estimate(Lists(7, 100, 100)) is not None


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    inside = total = 0
    for seed in range(60):
        found, truth = months(World("steady"), seed, 250)
        for lists, n in zip(found, truth, strict=True):
            told = estimate(lists)
            assert told is not None
            inside += told.low <= n - lists.complained <= told.high
            total += 1
    assert inside / total >= 0.93


def said(world: World, seeds: int = 60) -> dict[Verdict, float]:
    told = [compare(*spans(months(world, seed, 250)[0]), SPANS, ALPHA).verdict
            for seed in range(seeds)]  # fmt: skip
    return {one: told.count(one) / seeds for one in Verdict}


def test_a_true_fall_is_rarely_called_deterrence_and_deterrence_is_called_by_its_name() -> None:
    assert said(World("eased", fewer=0.6))[Verdict.DETERRED] <= 0.10
    assert said(World("eased", fewer=0.6))[Verdict.EASED] >= 0.85
    assert said(World("deterred", harder=0.6))[Verdict.DETERRED] >= 0.90
    # The known-bad control: complaints alone cannot tell the two apart.
    for world in (World("eased", fewer=0.6), World("deterred", harder=0.6)):
        falls = [
            compare(*spans(months(world, seed, 250)[0]), SPANS).complaints for seed in range(9)
        ]
        assert max(falls) <= ALPHA


def test_when_the_upset_do_both_the_estimate_is_too_low_as_the_page_says() -> None:
    found, truth = months(World("alike", alike=1.0), 3, 2000)
    off = [(told.silent - (n - lists.complained)) / n
           for lists, n in zip(found, truth, strict=True)
           if (told := estimate(lists)) is not None]  # fmt: skip
    assert float(np.mean(off)) < -0.1


def test_a_sinking_share_has_a_falling_trend_and_an_even_one_has_none() -> None:
    even = [Lists(both=30, other_only=70)] * 12
    sinking = [Lists(both=40 - 2 * place, other_only=60 + 2 * place) for place in range(12)]
    flat, falls = trend(even), trend(sinking)
    assert flat == pytest.approx(0.0)
    assert falls is not None and falls < -3
    assert trend([]) is None


def test_counting_puts_each_customer_on_every_list_he_stands_on() -> None:
    heard = [
        Heard(1, ("a",), True, more=2), Heard(2, ("b",), True), Heard(3, ("c",), False, more=1),
        Heard(4, ("d",), False, stranded=True),
    ]  # fmt: skip
    lists = counted(customers(heard))
    assert lists == Lists(both=1, complained_only=1, other_only=2)
