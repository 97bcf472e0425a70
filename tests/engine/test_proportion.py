"""The interval of a proportion: against Wilson's formula as others have computed it."""

import pytest

from sujin.engine.proportion import interval

# Newcombe (1998), Statistics in Medicine 17, table I: method 3, the score interval.
NEWCOMBE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]


@pytest.mark.parametrize(("hits", "of", "low", "high"), NEWCOMBE)
def test_it_agrees_with_the_published_table(hits: int, of: int, low: float, high: float) -> None:
    assert interval(hits, of) == pytest.approx((low, high), abs=5e-5)


def test_the_plain_interval_would_not_agree() -> None:
    """The known-bad control: the textbook interval of none in twenty has no width at all."""
    plain = (0.0, 0.0)
    assert interval(0, 20) != pytest.approx(plain, abs=5e-5)


def test_of_nothing_nothing_is_known_and_no_impossible_count_is_taken() -> None:
    assert interval(0, 0) == (0.0, 1.0)
    for hits, of in ((2, 1), (-1, 4)):
        with pytest.raises(ValueError, match="no proportion"):
            interval(hits, of)
