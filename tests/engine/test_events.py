"""Events as the engine sees them: the line in time, the expected curve, the study, the scores."""

import sys
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from sujin.complaints.draft import CaseKind
from sujin.engine.events.baseline import LEAST_DAYS, Stretch, TooShort, fit
from sujin.engine.events.expected import Expected, Like, Method, Shape, curve, expect
from sujin.engine.events.lead import Lead, Live, Standing, lead, whole
from sujin.engine.events.scoring import Scored, naive_mean, pinball, skill
from sujin.engine.events.study import Study, study
from sujin.lab import bank
from sujin.lab.arrivals import arrivals, ground
from sujin.lab.people import homes
from sujin.lab.plants import planted

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = (1.25, 1.12, 1.05, 1.0, 1.0, 0.62, 0.5)
SHAPE = Shape(rise=1, peak=4.0, half_life=5.0, spread=0.9)


def say(words: str) -> None:
    """The figures, for ``pytest -s``."""
    sys.stdout.write(f"{words}\n")


# The line and the first complaint.


def test_a_line_that_was_live_first_has_a_positive_lead() -> None:
    found = lead([Live(NINE)], NINE + 3 * HOUR, NINE + 9 * HOUR)
    assert (found.standing, found.lead) == (Standing.AHEAD, 3 * HOUR)


def test_a_line_that_came_after_the_first_complaint_has_a_negative_lead() -> None:
    found = lead([Live(NINE + 5 * HOUR)], NINE + 3 * HOUR, NINE + 9 * HOUR)
    assert (found.standing, found.lead, found.lapsed) == (Standing.BEHIND, -2 * HOUR, False)


def test_without_a_line_the_lead_is_the_time_it_has_been_missing() -> None:
    found = lead([], NINE + 3 * HOUR, NINE + 9 * HOUR)
    assert (found.standing, found.lead) == (Standing.NEVER, -6 * HOUR)


def test_a_live_line_and_no_complaint_yet_is_waiting() -> None:
    assert lead([Live(NINE)], None, NINE + 2 * HOUR) == Lead(Standing.WAITING, 2 * HOUR, NINE)
    assert lead([], None, NINE).standing is Standing.OPEN
    assert lead([Live(NINE + HOUR)], None, NINE).standing is Standing.OPEN, "it begins later"


def test_a_line_withdrawn_before_the_first_complaint_was_not_there() -> None:
    gone = Live(NINE, NINE + HOUR)
    found = lead([gone], NINE + 3 * HOUR, NINE + 9 * HOUR)
    assert (found.standing, found.lapsed) == (Standing.NEVER, True)
    again = lead([gone, Live(NINE + 4 * HOUR)], NINE + 3 * HOUR, NINE + 9 * HOUR)
    assert (again.standing, again.lead, again.lapsed) == (Standing.BEHIND, -HOUR, True)
    assert lead([gone], None, NINE + 9 * HOUR) == Lead(Standing.OPEN, None, None, True)


def test_a_new_wording_that_takes_over_does_not_break_the_line() -> None:
    both = [Live(NINE + 2 * HOUR), Live(NINE, NINE + 2 * HOUR)]
    assert lead(both, NINE + 3 * HOUR, NINE + 9 * HOUR).lead == 3 * HOUR


def test_an_event_is_as_late_as_its_slowest_line() -> None:
    first, now = NINE + 3 * HOUR, NINE + 9 * HOUR
    quick, slow = lead([Live(NINE)], first, now), lead([Live(NINE + 5 * HOUR)], first, now)
    assert whole([quick, slow]) == slow
    assert whole([quick, lead([], first, now)]).standing is Standing.NEVER
    assert whole([]) == Lead(Standing.OPEN, None)


# Scores.


def test_the_pinball_loss_is_nought_for_a_prophet_and_dearer_on_the_wrong_side() -> None:
    assert pinball((7, 7, 7), 7) == 0
    assert pinball((1, 2, 3), 30) > pinball((10, 20, 35), 30)
    # By hand: .1 * 8 + .5 * 5 + .1 * 5 (above its .9 quantile's other side) over three.
    assert pinball((2, 5, 15), 10) == pytest.approx((0.1 * 8 + 0.5 * 5 + 0.1 * 5) / 3)


def test_skill_says_how_much_of_the_naive_loss_was_saved() -> None:
    good = [Scored((8, 10, 12), 10, 4.0), Scored((8, 10, 12), 11, 4.0)]
    bad = [Scored((1, 1, 1), 10, 10.0)]
    assert (told := skill(good).skill) is not None and told > 0.5 and skill(good).n == 2
    assert (told := skill(bad).skill) is not None and told < 0
    assert skill([]).skill is None
    assert naive_mean([100, 1, 2, 3, 4]) == 2.5, "the last four only"


# The counterfactual and the study.


def days_of(rng: np.random.Generator, mean: float, length: int, first: int = 0) -> Stretch:
    weekdays = tuple((first + day) % 7 for day in range(length))
    level = rng.gamma(30, 1 / 30, length) * mean * np.array([WEEK[day] for day in weekdays])
    return Stretch(tuple(rng.poisson(level).tolist()), weekdays)


def with_event(rng: np.random.Generator, quiet: Stretch, shape: Shape) -> tuple[Stretch, int]:
    extra = rng.poisson(curve(shape, len(quiet.counts)))
    counts = tuple((np.asarray(quiet.counts) + extra).tolist())
    return Stretch(counts, quiet.weekdays), int(extra.sum())


def studied(seed: int, mean: float, shape: Shape) -> tuple[Study, int]:
    rng = np.random.default_rng(seed)
    before = days_of(rng, mean, 84)
    during, truth = with_event(rng, days_of(rng, mean, 28), shape)
    return study(before, during, seed=seed), truth


def test_under_two_weeks_nothing_is_fitted() -> None:
    with pytest.raises(TooShort):
        fit(Stretch((1,) * (LEAST_DAYS - 1), tuple(day % 7 for day in range(LEAST_DAYS - 1))))


def test_an_old_wave_does_not_raise_what_is_expected() -> None:
    rng = np.random.default_rng(3)
    calm = days_of(rng, 6, 84)
    wave = list(calm.counts)
    wave[30:34] = [40, 50, 45, 40]
    ahead = [day % 7 for day in range(7)]
    plain, told = fit(calm).means(ahead).sum(), fit(Stretch(tuple(wave), calm.weekdays))
    assert told.means(ahead).sum() == pytest.approx(plain, rel=0.15)
    assert np.mean(wave) > 1.3 * np.mean(calm.counts), "the control: a plain mean is fooled"


@pytest.mark.parametrize("mean", [0.4, 3.0, 20.0])
def test_the_interval_of_the_excess_holds_the_planted_number(mean: float) -> None:
    shape = Shape(1, max(3.0, mean), 5.0, 0.9)
    found = [studied(seed, mean, shape) for seed in range(120)]
    held = np.mean([one.low <= truth <= one.high for one, truth in found])
    say(f"mean {mean}: 95 % interval of the excess holds the truth in {held:.1%} of 120")
    assert 0.89 <= held <= 1.0


@pytest.mark.parametrize("mean", [3.0, 20.0])
def test_the_half_life_is_found_with_its_interval(mean: float) -> None:
    found = [studied(seed, mean, Shape(0, 4 * mean, 4.0, 0.9))[0] for seed in range(60)]
    decays = [one.decay for one in found if one.decay]
    held = np.mean([one.low <= 4.0 <= one.high for one in decays])
    say(f"mean {mean}: half-life median {np.median([d.half_life for d in decays]):.2f}, {held:.0%}")
    assert len(decays) >= 55
    assert held >= 0.85
    assert 3.2 < float(np.median([one.half_life for one in decays])) < 4.9


def test_nothing_is_found_where_nothing_happened() -> None:
    found = [studied(seed, 5.0, Shape(1, 1e-9, 5.0, 0.9))[0] for seed in range(120)]
    false = np.mean([one.is_sure for one in found])
    say(f"an excess is claimed in {false:.1%} of 120 quiet stretches (2.5 % promised)")
    assert false <= 0.07
    assert np.mean([one.lasted is None for one in found]) >= 0.93


def test_how_long_it_lasted_follows_the_planted_end() -> None:
    found = [studied(seed, 6.0, Shape(0, 30.0, 3.0, 0.9))[0] for seed in range(40)]
    lasted = [one.lasted for one in found if one.lasted is not None]
    assert len(lasted) == 40
    # 30 a day, halving every three days: below one a day after 15; a week's sum feels it longer.
    assert 9 <= float(np.median(lasted)) <= 21


def test_the_same_facts_give_the_same_study() -> None:
    assert studied(5, 4.0, SHAPE) == studied(5, 4.0, SHAPE)


# The laboratory's events: real weeks, holidays, waves and interventions around them.


def laboratory(seed: int) -> list[tuple[str, Study, int]]:
    plan = bank.plan(seed)
    where = homes(plan)
    start, end = date(2025, 1, 6), date(2026, 7, 6)
    plants = planted(seed, where, start, end)
    base = ground(where, plants, start, end, 24_000)
    told = arrivals(seed, base, plants, 1.0)
    found = []
    for event in plants.events:
        mine = [one for one in told if one.scene in event.scenes and one.kind is CaseKind.COMPLAINT]
        length = min(len(event.curve), (end - event.first).days + 1)
        before = _counted([one.day for one in mine], event.first - timedelta(days=84), 84)
        during = _counted([one.day for one in mine], event.first, length)
        last = event.first + timedelta(days=length)
        truth = sum(one.event == event.code and one.day < last for one in mine)
        found.append((event.code, study(before, during, seed=seed), truth))
    return found


def _counted(days: list[date], first: date, length: int) -> Stretch:
    counts = [0] * length
    for day in days:
        if 0 <= (day - first).days < length:
            counts[(day - first).days] += 1
    weekdays = tuple((first + timedelta(days=n)).weekday() for n in range(length))
    return Stretch(tuple(counts), weekdays)


def test_the_laboratorys_events_are_measured_within_their_intervals() -> None:
    found = [one for seed in range(10) for one in laboratory(seed)]
    held = [one.low <= truth <= one.high for _code, one, truth in found]
    errors = [one.excess / truth - 1 for _code, one, truth in found if truth >= 20]
    say(f"laboratory: {np.mean(held):.1%} of {len(found)} intervals hold the planted number,")
    say(
        f"relative error median {np.median(errors):+.1%}, "
        f"middle half {np.quantile(errors, [0.25, 0.75])}"
    )
    assert len(found) == 60
    assert np.mean(held) >= 0.85
    assert all(one.is_sure for code, one, truth in found if code == "E3"), "an outage is plain"


# What is to be expected.


def expected(likes: list[Like], seed: int = 1, received: tuple[int, ...] = ()) -> Expected:
    rng = np.random.default_rng(11)
    base = fit(days_of(rng, 5, 84))
    return expect(
        likes, SHAPE, 1.0, base, [day % 7 for day in range(28)], received=received, seed=seed
    )


def like(seed: int, factor: float, size: float = 1.0) -> Like:
    rng = np.random.default_rng(seed)
    total = factor * float(np.exp(rng.normal(0, 0.3)))
    return Like(tuple(rng.poisson(total * curve(SHAPE, 28)).astype(float).tolist()), size)


def test_with_fewer_than_three_like_events_the_pack_speaks_and_says_so() -> None:
    alone, two = expected([]), expected([like(1, 3.0), like(2, 3.0)])
    assert (alone.method, alone.likes, two.method, two.likes) == (Method.PACK, 0, Method.PACK, 2)
    assert two.total == alone.total
    four = expected([like(seed, 3.0) for seed in range(4)])
    assert four.method is Method.LIKE
    assert four.total[1] > 1.8 * alone.total[1], "it has learnt that they are three times as large"
    width = [np.log(one.total[2] / one.total[0]) for one in (four, alone)]
    assert width[0] < 0.75 * width[1], "and it is surer"


def test_twice_the_exposure_lets_expect_twice_as_many() -> None:
    rng = np.random.default_rng(11)
    base = fit(days_of(rng, 5, 84))
    likes = [like(seed, 3.0) for seed in range(5)]
    days = [day % 7 for day in range(28)]
    one, two = (expect(likes, SHAPE, size, base, days, seed=1) for size in (1.0, 2.0))
    assert two.total[1] == pytest.approx(2 * one.total[1], rel=0.05)


def test_what_has_come_narrows_what_is_to_come() -> None:
    many = tuple((np.full(6, 5) + 4 * curve(SHAPE, 6)).astype(int).tolist())
    before, after = expected([]), expected([], received=many)
    assert after.total[1] > 2 * before.total[1]
    wide = [np.log(one.total[2] / one.total[0]) for one in (before, after)]
    assert wide[1] < 0.6 * wide[0]


def test_forecasts_hold_what_they_promise_and_beat_the_naive_one() -> None:
    """Sixty events of one kind, each forecast at its start from the eight before it."""
    rng = np.random.default_rng(23)
    scored, first_week = [], []
    history: list[Like] = []
    for seed in range(60):
        mean = 5.0
        before = days_of(rng, mean, 84)
        quiet = days_of(rng, mean, 28)
        scale = float(np.exp(rng.normal(0.4, 0.5)))
        extra = rng.poisson(scale * curve(SHAPE, 28))
        counts = np.asarray(quiet.counts) + extra
        told = expect(history[-8:], SHAPE, 1.0, fit(before), quiet.weekdays, seed=seed)
        for day, quantiles in enumerate(told.days):
            same = [
                float(n)
                for n, w in zip(before.counts, before.weekdays, strict=True)
                if w == day % 7
            ]
            scored.append(Scored(quantiles, float(counts[day]), naive_mean(same)))
            if day < 7:
                first_week.append(scored[-1])
        found = study(before, Stretch(tuple(counts.tolist()), quiet.weekdays), seed=seed)
        history.append(Like(found.daily, 1.0))
    whole_watch, week = skill(scored), skill(first_week)
    say(f"forecasts: {whole_watch.within:.1%} within .1 to .9 (80 % and more promised for counts),")
    say(f"skill {whole_watch.skill:.1%} over {whole_watch.n} days, first week {week.skill:.1%}")
    assert whole_watch.within >= 0.78
    assert week.skill is not None and week.skill > 0.3
    assert whole_watch.skill is not None and whole_watch.skill > 0.05
