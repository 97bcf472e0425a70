"""Whether an estimate of escalation may be believed, and whether one that may not is caught."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from sujin.engine.outlook import Facts, Learnt, Limits, Sighting, TooFew, checked, learn
from sujin.engine.outlook.learning import one_each
from sujin.lab.escalating import sightings, true_chance

LIMITS = Limits()


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    past, _truth = sightings(8, 6000)
    return learn(past, days=30, limits=LIMITS)


def happened(one: Learnt) -> npt.NDArray[np.float64]:
    return np.array([row.escalated for row in one.held], dtype=np.float64)


def test_an_honest_estimate_passes_and_beats_the_base_rate(learnt: Learnt) -> None:
    assert learnt.check.passes, learnt.check.fails
    assert learnt.check.skill > 0.02
    facts = [row.facts for row in learnt.held]
    truth = np.array([true_chance(one) for one in facts])
    assert float(np.abs(learnt.model.probabilities(facts) - truth).mean()) < 0.03


@pytest.mark.parametrize(("slope", "shift"), [(2.0, 0.0), (0.5, 0.0), (1.0, 1.0)])
def test_the_known_bad_estimate_is_called_uncalibrated(
    learnt: Learnt, slope: float, shift: float
) -> None:
    bad = replace(
        learnt.model, slope=slope * learnt.model.slope, shift=slope * learnt.model.shift + shift
    )
    said = bad.probabilities([row.facts for row in learnt.held])
    assert "z" in checked(said, happened(learnt), LIMITS).fails


def test_nothing_that_taught_had_seen_a_day_of_what_is_held_out(learnt: Learnt) -> None:
    past, _truth = sightings(8, 6000)
    first = min(one.received for one in learnt.held)
    before = [one for one in past if one.received < first]
    # Outcomes of the earlier spans that come to light after the cut change nothing.
    late = [
        replace(one, escalated=not one.escalated) if one.at + 30 > first else one for one in before
    ]
    after = [one for one in past if one.received >= first]
    again = learn([*late, *after], days=30, limits=LIMITS)
    assert np.array_equal(again.model.weights, learnt.model.weights)
    assert again.model.shift == learnt.model.shift


def test_each_case_is_checked_once_and_its_age_is_not_chosen_by_its_end() -> None:
    """Known-bad: drawn among the sightings there are, cases that end by escalating crowd in."""
    past, truth = sightings(9, 20000)
    chance = {id(one): truth[place] for place, one in enumerate(past)}
    kept = one_each(past)
    assert len({one.key for one in kept}) == len(kept)
    fair = np.mean([one.escalated - chance[id(one)] for one in kept])
    last = {one.key: one for one in past}.values()
    unfair = np.mean([one.escalated - chance[id(one)] for one in last])
    assert abs(fair) < 0.01
    assert unfair > 0.03


def test_a_short_past_gives_no_estimate() -> None:
    few = [Sighting(key, 0, key / 10, key / 10 + 1, Facts(), key % 50 == 0) for key in range(300)]
    with pytest.raises(TooFew):
        learn(few, days=30, limits=LIMITS)
    with pytest.raises(TooFew):
        learn([], days=30, limits=LIMITS)


def test_the_strongest_reasons_come_first_and_point_the_right_way(learnt: Learnt) -> None:
    calm = Facts(age_days=3, used=0.2, spoken=True, channel="counter", business="card")
    loud = replace(calm, contacts=5, missed=2, vulnerable=True)
    reasons = learnt.model.reasons(loud)
    assert len(reasons) == 3
    sizes = [abs(one.weight) for one in reasons]
    assert sizes == sorted(sizes, reverse=True)
    rising = {one.fact for one in reasons if one.weight > 0}
    assert rising and rising <= {"contacts", "missed", "vulnerable"}
    low, high = learnt.model.probabilities([calm, loud])
    assert low < high / 2


def test_few_held_out_cases_are_no_proof() -> None:
    said = np.full(50, 0.2)
    came = np.array([1.0] * 10 + [0.0] * 40)
    assert {"cases", "events"} <= set(checked(said, came, LIMITS).fails)
