"""What is taken together or from a table says what the plain way says."""

import numpy as np
import pytest

from sujin.engine.watch import DAILY, WEEKLY, Terms
from sujin.engine.watch.evidence import prepare, weigh_by
from sujin.engine.watch.fitting import Model, Past, climb, expected, exponentials
from sujin.engine.watch.ratios import TABLED, tabled, weigh_tabled


def test_exponentials_are_those_of_the_library_and_cut_where_said() -> None:
    given = np.concatenate([np.linspace(-40.0, 30.0, 20_001), [0.0, -0.0, 1e-300, 29.999, 30.0]])
    found = given.copy()
    exponentials(found)
    assert np.max(np.abs(found / np.exp(given) - 1)) < 1e-13
    cut = np.array([31.0, 1e9, -1e9])
    exponentials(cut)
    assert cut == pytest.approx([np.exp(30.0), np.exp(30.0), np.exp(-300.0)])


@pytest.mark.parametrize("terms", [WEEKLY, DAILY], ids=["week", "day"])
def test_evidence_from_the_table_is_the_evidence(terms: Terms) -> None:
    rng, waves = np.random.default_rng(5), terms.waves
    beyond = 0
    for _ in range(200):
        mean = rng.gamma(0.5, 4.0, waves.back) + 1e-4
        variance = mean * rng.choice([1.0, 1.3, 4.0])
        counts = rng.poisson(mean * rng.choice([1.0, 1.0, 4.0])).astype(float)
        beyond += counts.max() >= TABLED
        laws = prepare(mean, variance, waves)
        plain = weigh_by(counts, laws, waves)
        assert weigh_tabled(counts, tabled(laws, waves), laws, waves) == pytest.approx(plain)
    assert beyond > 0, "no count was beyond the table"


def test_means_are_those_of_the_coefficients_after_every_climb() -> None:
    rng, weeks = np.random.default_rng(3), 160
    along = np.linspace(-0.5, 0.5, weeks)
    design = np.stack([np.ones(weeks), along, np.cos(along * 20)])
    model = Model(design, np.zeros(weeks), np.array([0.0, 1.0, 1.0]), np.array([1.0, 0.0]))
    truth = np.array([1.5, 0.4, -0.3])
    counts = rng.poisson(np.exp(truth @ design)).astype(float)
    past = Past(counts, np.ones(weeks), np.empty(weeks))
    beta = np.array([1.0, 0.0, 0.0])
    expected(past, model, beta, 0, weeks)
    climb(past, model, beta, weeks, 20)
    assert past.means == pytest.approx(np.exp(beta @ design))
    assert beta == pytest.approx(truth, abs=0.25)
    # At the most probable coefficients the score and the pull of the prior are even.
    score = design @ (counts - past.means) - model.precision * beta
    assert score[1:] == pytest.approx([0.0, 0.0], abs=0.1)
