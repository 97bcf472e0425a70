"""The early-warning bench measures what it says, and turns red for detectors that are bad."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bench.watch import (
    comparison,
    daily,
    detectors,
    discovery,
    farrington,
    noufaily,
    peers,
    real,
    reference,
    verdict,
)
from bench.watch.detectors import Detector, Scorer
from bench.watch.measures import Found, Scores, measure, new, threshold
from bench.watch.runs import Counts, Reals, Runs

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def runs() -> Runs:
    return noufaily.draw(11, 2)


def test_the_scenarios_are_the_forty_two_published_ones() -> None:
    assert len(noufaily.SCENARIOS) == 42
    assert len({(s.theta, s.beta, s.harmonics) for s in noufaily.SCENARIOS}) == 42
    plain = noufaily.SCENARIOS[0].mean()
    assert plain == pytest.approx(np.full(624, np.exp(0.1)))


def test_a_draw_has_the_mean_and_spread_of_its_scenario() -> None:
    rng, mean = np.random.default_rng(3), np.full((200, 500), 4.0)
    wide = noufaily.endemic(rng, mean, np.full((200, 1), 3.0))
    narrow = noufaily.endemic(rng, mean, np.ones((200, 1)))
    assert (wide.mean(), wide.var()) == (pytest.approx(4, rel=0.02), pytest.approx(12, rel=0.05))
    assert (narrow.mean(), narrow.var()) == (pytest.approx(4, rel=0.02), pytest.approx(4, rel=0.05))


def test_the_same_seed_draws_the_same_and_another_does_not(runs: Runs) -> None:
    assert (noufaily.draw(11, 2).counts == runs.counts).all()
    assert (noufaily.draw(12, 2).counts != runs.counts).any()


def test_every_outbreak_has_a_case_and_none_before_its_start(runs: Runs) -> None:
    for size in noufaily.SIZES:
        cases = runs.with_outbreak(size) - runs.counts
        assert (cases[:, : noufaily.FIRST] == 0).all()
        assert (runs.first_step(size) >= runs.start).all()
        assert (cases[:, noufaily.FIRST :][~runs.span(size)] == 0).all()


def test_outbreaks_are_as_large_as_the_paper_says() -> None:
    many = noufaily.draw(5, 20)
    seventh = many.scenario >= 36  # the level where a lone case is no rarity
    early = seventh & (many.start < 30)
    deviation = np.sqrt([s.mean()[600] * s.phi for s in noufaily.SCENARIOS[36:]]).mean()
    assert many.extra[early][:, 5].sum(1).mean() == pytest.approx(6 * deviation, rel=0.05)


class Omniscient:
    """Scores that know the outbreak: what a perfect detector would give."""

    def __init__(self, runs: Runs) -> None:
        self.clean = runs.counts

    def __call__(self, counts: Counts, first: int) -> Reals:
        return np.asarray((counts - self.clean)[:, first:], float)


def nothing(counts: Counts, first: int) -> Reals:
    return np.zeros(counts[:, first:].shape)


def test_a_perfect_detector_finds_all_and_a_blind_one_nothing(runs: Runs) -> None:
    perfect = measure(Detector("all", "all", Omniscient(runs)).of(runs), runs, 0.5)
    assert (perfect.fpr, perfect.mean_pod, perfect.first_week) == (0, 1, 1)
    blind = measure(Detector("none", "none", nothing).of(runs), runs, 0.5)
    assert (blind.mean_pod, blind.first_week) == (0, 0)


def test_an_alarm_before_the_outbreak_does_not_count_as_found(runs: Runs) -> None:
    early = np.zeros(runs.extra[:, 0].shape)
    early[np.arange(len(early)), np.maximum(runs.start - 1, 0)] = 1
    scores = Scores(clean=0 * early, ill=dict.fromkeys(noufaily.SIZES, early))
    later = np.flatnonzero(runs.start > 0)
    assert measure(scores, runs, 0.5, later).mean_pod == 0


def test_a_threshold_keeps_its_rate_even_among_ties() -> None:
    scores = np.array([0.0] * 90 + [1.0] * 8 + [2.0, 3.0])
    for rate in (0.005, 0.01, 0.02, 0.05, 0.1):
        assert (scores > threshold([scores], rate)).mean() <= rate


def test_an_alarm_right_behind_another_is_no_new_one() -> None:
    alarms = np.array([[True, True, False, True]])
    assert new(alarms).tolist() == [[True, False, False, True]]


@pytest.mark.parametrize("detector", detectors.weekly(), ids=lambda d: d.name)
def test_no_detector_looks_ahead_or_at_its_neighbours(detector: Detector, runs: Runs) -> None:
    some = runs.counts[::21][:, :600]
    later = some.copy()
    later[:, 590:] += 50
    later[0] += 7
    before, after = detector.score(some, 575), detector.score(later, 575)
    assert before.shape == (len(some), 25)
    assert after[1:, :15] == pytest.approx(before[1:, :15])
    assert (after[1:, 15] > before[1:, 15]).all()


def test_the_port_says_what_r_says(runs: Runs) -> None:
    if not reference.is_installed():
        pytest.skip("R with the package surveillance is not installed")
    part = runs.counts[::21][:, :]
    fitted = reference.fit(part)
    port = farrington.expected(part, noufaily.FIRST)
    watched = part[:, noufaily.FIRST :]
    assert port.tail(watched) == pytest.approx(fitted.expected.tail(watched), abs=1e-3)


def test_the_port_falls_out_of_step_with_r_when_its_blocks_are_shifted(runs: Runs) -> None:
    part = runs.counts[24:26]
    right = farrington.expected(part, 620)
    wrong = farrington.expected(part, 620, farrington.Settings(left_out=3))
    assert np.abs(right.mean - wrong.mean).max() > 1e-3


def test_the_recorded_reference_is_near_what_the_goal_was_set_by() -> None:
    version, found = reference.recorded()
    assert "surveillance" in version
    assert len(found) == 2 * 43
    assert found["all", 0.01].mean_pod == pytest.approx(0.502, abs=0.02)
    assert found["all", 0.005].mean_pod == pytest.approx(0.410, abs=0.02)


def outcome(half: Found, full: Found) -> comparison.Outcome:
    figures = {comparison.HALF: half, comparison.FULL: full}
    silent = Detector("ours", "ours", nothing)
    return comparison.Outcome(silent, promised=figures, exact=figures, by_scenario={})


def test_the_verdict_holds_only_when_every_part_does() -> None:
    def found(fpr: float, pod: float, first: float) -> Found:
        return Found(fpr, fpr, dict.fromkeys(noufaily.SIZES, pod), first)

    good = outcome(found(0.005, 0.51, 0.3), found(0.01, 0.76, 0.41))
    assert verdict.failures(good) == []
    assert verdict.line(good).endswith(": holds")
    for half, full in (
        (found(0.005, 0.50, 0.3), found(0.01, 0.76, 0.41)),
        (found(0.005, 0.51, 0.3), found(0.01, 0.74, 0.41)),
        (found(0.005, 0.51, 0.3), found(0.01, 0.76, 0.40)),
        (found(0.009, 0.51, 0.3), found(0.01, 0.76, 0.41)),
    ):
        assert verdict.failures(outcome(half, full))
        assert "does not hold" in verdict.line(outcome(half, full))


def run(module: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, "--seed", "3", "--fast", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_bench_refuses_the_claim_to_three_sigma() -> None:
    ran = run("bench.watch", "--detector", "three_sigma", "--alone", "--r-series", "0")
    assert ran.returncode == 1, ran.stderr
    last = ran.stdout.strip().splitlines()[-1]
    assert last.startswith("G4 three sigma")
    assert "does not hold" in last
    assert sum("a week" in line for line in ran.stdout.splitlines()) == 2 * 42


def test_the_bench_refuses_the_claim_to_a_detector_that_is_not_there() -> None:
    ran = run("bench.watch", "--detector", "nobody")
    assert (ran.returncode, "there is no such detector" in ran.stdout) == (1, True)


def test_a_day_off_halves_the_branch_and_leaves_the_plain_series() -> None:
    plain, branch = daily.mean_of(daily.SHAPES[0], 10), daily.mean_of(daily.SHAPES[1], 10)
    assert np.ptp(plain) == 0
    assert branch.mean() == pytest.approx(10)
    national_day = daily.DAYS.index(date(2024, 10, 1))
    assert branch[national_day] < branch[national_day + 7] / 3
    assert not daily.is_off(date(2024, 9, 29)), "a Sunday that is made up for"


@pytest.mark.parametrize("course", daily.COURSES, ids=lambda c: c.name)
def test_daily_peers_score_every_watched_day(course: daily.Course) -> None:
    runs = daily.draw(4, 1, course)
    few = runs.only(np.arange(0, len(runs.counts), 10))
    for detector in detectors.daily(daily.DAYS, daily.OFF):
        scores = detector.of(few)
        assert scores.clean.shape == (3, 182), detector.name
        assert np.isfinite(scores.clean).all(), detector.name


def test_mondays_meet_mondays_when_farrington_goes_by_weekday() -> None:
    days = np.tile([5, 5, 5, 5, 5, 0, 0], (1, 208))
    found = farrington.by_weekday(days, 1274)
    assert found.mean[0, :5] == pytest.approx(np.full(5, 5.0))
    assert found.mean[0, 5:7] == pytest.approx(np.zeros(2), abs=1e-6)


@pytest.mark.real_data
def test_the_labelled_series_hold_seven_outbreaks_with_a_past() -> None:
    data = real.folder()
    if data is None:
        pytest.skip("the labelled series are third-party data; SUJIN_REAL_DATA does not name them")
    known = real.labelled(data)
    seen = real.hear(known.ill[:, 107:].astype(np.float64), known.ill[:, 107:], 0.01)
    assert (seen.outbreaks, sum(seen.heard), seen.fpr) == (7, 7, 0)


def test_a_calibrated_review_keeps_the_promise_and_a_normal_tail_breaks_it() -> None:
    reviews = [discovery.draw(seed, 0.0) for seed in (1, 2)]
    kept = discovery.keep(discovery.normal_tail, reviews)
    assert any("FDR" in failure for failure in discovery.failures(kept))
    dice = np.random.default_rng(1)
    honest = discovery.keep(lambda counts: dice.random(len(counts)), reviews)
    assert all("power" in failure for failure in discovery.failures(honest))


def test_benjamini_and_hochberg_take_what_they_took_in_their_paper() -> None:
    p = "1 4 19 95 201 278 298 344 459 3240 4262 5719 6528 7590 10000"  # in ten-thousandths
    few = discovery.discoveries(np.array(p.split(), float) / 10000, 0.05)
    assert few.nonzero()[0].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "score", [peers.ears_c1, peers.ears_c2, peers.ears_c3, peers.three_sigma, peers.cusum_counts]
)
def test_a_sudden_rise_scores_higher_than_any_quiet_week(score: Scorer) -> None:
    quiet = np.random.default_rng(2).poisson(5, (1, 400))
    quiet[0, 380] = 40
    scores = score(quiet, 300)
    assert np.argmax(scores[0]) in range(80, 84)


def test_residuals_forget_a_season_that_counts_do_not() -> None:
    mean = 20 * np.exp(0.8 * np.cos(2 * np.pi * np.arange(624) / 52))
    counts = np.random.default_rng(4).poisson(mean, (50, 624))
    peak = slice(620 - 575, 624 - 575)
    plain = peers.three_sigma(counts, 575)[:, peak].mean()
    seasonal = peers.residuals(counts, 575, period=52, memory=260, gap=3)[:, peak].mean()
    assert plain > 1
    assert abs(seasonal) < 0.3
