"""Which row stands out: what chance gives is left alone, a planted one is named."""

import numpy as np
import pytest

from sujin.engine.outliers import discoveries, standing_out


def test_a_row_overridden_far_more_than_the_others_is_named_and_the_others_are_not() -> None:
    counts = {f"r{number}": (4, 100) for number in range(9)} | {"bad": (25, 100)}
    assert list(standing_out(counts)) == ["bad"]


def test_few_cases_name_nobody_however_high_their_share() -> None:
    assert not standing_out({"a": (1, 2), "b": (10, 200), "c": (12, 210)})
    assert not standing_out({"a": (0, 0), "b": (0, 10)})


def test_where_nothing_is_wrong_somebody_is_named_seldom() -> None:
    chance = np.random.default_rng(2)
    named = sum(
        bool(standing_out({str(row): (int(chance.binomial(80, 0.1)), 80) for row in range(12)}))
        for _ in range(120)
    )
    assert named / 120 <= 0.1 + 3 * (0.09 / 120) ** 0.5


def test_benjamini_and_hochbergs_own_example() -> None:
    """Their fifteen p-values (1995): four are kept at q = .05, Bonferroni keeps three."""
    published = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
        0.5719, 0.6528, 0.7590, 1.0,
    ]  # fmt: skip
    assert sum(discoveries(published, 0.05)) == 4
    assert sum(p <= 0.05 / 15 for p in published) == 3


def test_more_hits_than_cases_is_refused() -> None:
    with pytest.raises(ValueError, match="no proportion"):
        standing_out({"a": (3, 2)})
