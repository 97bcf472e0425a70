"""Three times the customers explain three times the complaints; nothing else does."""

from datetime import date, timedelta
from math import log

import numpy as np
import pytest

from sujin.engine.series.exposure import exposure
from sujin.engine.series.panel import Axis, Grain, Panel, panel
from sujin.engine.watch import WEEKLY, Streams, review

START = date(2024, 1, 1)
WEEKS = 90
MOVED = START + timedelta(weeks=84)
ORG = Axis("org", {"a": "", "b": "", "a.1": "a", "a.2": "a", "b.1": "b"})


def town(times: float) -> Panel:
    """Three outlets of two branches; from ``MOVED`` on outlet a.1 has ``times`` the complaints."""
    rng = np.random.default_rng(7)
    cells = []
    for week in range(WEEKS):
        day = START + timedelta(weeks=week)
        for outlet in ("a.1", "a.2", "b.1"):
            rose = times if outlet == "a.1" and day >= MOVED else 1.0
            cells.append(((outlet,), day, float(rng.poisson(6.0 * rose))))
    last = START + timedelta(weeks=WEEKS - 1)
    return panel(cells, (ORG,), grain=Grain.WEEK, first=START, last=last)


def told(counted: Panel) -> list[tuple[str, ...]]:
    now = MOVED + timedelta(weeks=1)
    return [one.node for one in review(Streams(counted), WEEKLY, calendar=None, now=now)]


BEFORE = MOVED - timedelta(days=1)
KNOWN = {
    "a.1": {BEFORE: 1000.0, MOVED: 3000.0},
    "a.2": {BEFORE: 1000.0},
    "a": {BEFORE: 2000.0, MOVED: 4000.0},
    "": {BEFORE: 3000.0, MOVED: 5000.0},
}


def test_three_times_the_customers_explain_three_times_the_complaints() -> None:
    tripled = town(times=3.0)
    assert ("a.1",) in told(tripled)
    assert told(tripled.exposed(0, KNOWN)) == []


def test_more_customers_who_stay_silent_hide_no_wave_of_the_others() -> None:
    """Told of three times the customers, six times the complaints are still a wave."""
    assert told(town(times=6.0).exposed(0, KNOWN))[0] in {("a.1",), ("a",)}


def test_figures_that_never_change_change_nothing() -> None:
    rose = town(times=3.0)
    flat = {code: {START: 500.0} for code in ("a", "b")}
    assert told(rose.exposed(0, flat)) == told(rose) != []


def test_a_code_takes_the_nearest_figures_above_it_and_moves_evenly_between_two_dates() -> None:
    days = [START, START + timedelta(days=5), START + timedelta(days=10)]
    known = {"a": {days[0]: 100.0, days[2]: 400.0}}
    made = exposure(["a.1", "a", "b.1", ""], ORG.chain, days, known)
    assert made.of.tolist() == [1, 1, 0, 0]
    np.testing.assert_allclose(made.logs[1], [log(100), log(200), log(400)])
    assert not made.logs[0].any()


def test_a_figure_of_nothing_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"a\.1 on 2024-01-01: 0\.0 is not above 0"):
        exposure(["a.1"], ORG.chain, [START], {"a.1": {START: 0.0}})
