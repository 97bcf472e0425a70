"""What is written down late makes no wave smaller than it is."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from sujin.engine.series.delay import as_known, by_age, known
from sujin.engine.series.panel import Axis, Grain, Panel, panel
from sujin.engine.watch import DAILY, Streams, review

START = date(2025, 1, 1)
DAYS = 300
LAST = START + timedelta(days=DAYS - 1)
# Of a branch whose cases come by post: so many are in the house at the day's end, a day later, …
DELAYS = (3000, 2000, 1500, 1500, 1000, 1000)


def of_post(*, times: float) -> Panel:
    """Ten a day, ``times`` as many in the last three, of which only the early part has come."""
    rng = np.random.default_rng(3)
    shares = np.cumsum(DELAYS) / sum(DELAYS)
    cells = []
    for day in range(DAYS):
        age = DAYS - 1 - day
        came = shares[age] if age < len(shares) else 1.0
        mean = 10.0 * (times if age < 3 else 1.0) * came
        cells.append((("a",), START + timedelta(days=day), float(rng.poisson(mean))))
    return panel(cells, (Axis("org", {"a": ""}),), grain=Grain.DAY, first=START, last=LAST)


def told(counted: Panel) -> list[tuple[str, ...]]:
    terms = replace(DAILY, false_a_month=0.03)
    return [one.node for one in review(Streams(counted), terms, calendar=None, now=LAST)]


def test_a_wave_of_which_half_is_still_in_the_post_is_seen() -> None:
    rose = of_post(times=2.2)
    assert told(rose) == [], "without a word of the delay it looks like nothing"
    assert told(as_known(rose, by_age(DELAYS), LAST)) != []


def test_ordinary_days_of_which_half_is_still_in_the_post_are_ordinary() -> None:
    assert told(as_known(of_post(times=1.0), by_age(DELAYS), LAST)) == []


def test_the_share_that_is_known_rises_with_age_and_few_cases_say_little() -> None:
    shares = by_age(DELAYS)
    assert list(shares) == sorted(shares) and shares[-1] == 1.0
    assert shares[0] == pytest.approx(0.3, abs=0.01)
    assert by_age([0, 1])[0] > 0.95 and by_age([]).tolist() == [1.0]
    with pytest.raises(ValueError, match="no numbers of cases"):
        by_age([3, -1])


def test_a_week_is_known_as_its_days_are() -> None:
    monday = date(2026, 3, 2)
    starts = [monday - timedelta(weeks=1), monday]
    shares = by_age([10**9, 10**9])
    found = known(starts, Grain.WEEK, shares, monday + timedelta(days=6))
    assert found == pytest.approx([1.0, 6.5 / 7], abs=1e-6)
    so_far = known(starts, Grain.WEEK, shares, monday)
    assert so_far == pytest.approx([1.0, 0.5], abs=1e-6)
