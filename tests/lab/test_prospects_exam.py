"""The exam of foresight: it passes ours, fails one too sure of itself, hears of coming events."""

from datetime import timedelta

import numpy as np
import pytest

from sujin.engine.foresight.scoring import Came, Score, score
from sujin.engine.series.panel import Axis
from sujin.lab.exams.prospect_bank import Weeks, weeks
from sujin.lab.exams.prospects import EXAM, NARROW, OURS, SPREAD, heard, holds
from sujin.lab.exams.wave_bank import START, Bank, Fact
from sujin.lab.plants import Event, EventKind, Plants

ORGS = {f"b{i}": "" for i in range(3)} | {f"b{i}.o{j}": f"b{i}" for i in range(3) for j in "12"}
AXES = (Axis("org", ORGS), Axis("business", {}), Axis("cause", {}), Axis("door", {}))
WEEKS, BEGINS = 104, START + timedelta(weeks=90)
OUTAGE = Event("E1", EventKind.OUTAGE, "停机", BEGINS, (), {"fees": 1.0}, (3.0,) * 7, 0.0)
SAID_AT = range(78, 101, 3)


def town(seed: int = 1) -> Bank:
    """Six outlets with two sorts of complaints, and a week of an outage that was announced."""
    rng, facts = np.random.default_rng(seed), []
    for week in range(WEEKS):
        day = START + timedelta(weeks=week)
        for outlet in (code for code in ORGS if "." in code):
            for sort in ("fees", "loans"):
                leaf = (outlet, sort, "rules", "counter")
                many = int(rng.poisson(6.0))
                facts += [Fact(leaf, day, "complaint", False, "")] * many
                facts += [Fact(leaf, day, "consultation", False, "")] * int(rng.poisson(4.0))
            if day == BEGINS:
                leaf = (outlet, "fees", "rules", "counter")
                facts += [Fact(leaf, day, "complaint", False, "E1")] * 12
    return Bank(AXES, Plants((), (OUTAGE,), (), (), ()), tuple(facts))


@pytest.fixture(scope="module")
def told() -> Weeks:
    return weeks(town(), 1)


@pytest.fixture(scope="module")
def said(told: Weeks) -> dict[tuple[str, int], list[Came]]:
    found: dict[tuple[str, int], list[Came]] = {}
    for at in SAID_AT:
        heard(found, told, at)
    return found


def all_of(said: dict[tuple[str, int], list[Came]], rule: str) -> Score:
    return score(one for (name, _ahead), rows in said.items() if name == rule for one in rows)


def test_ours_holds_and_the_one_too_sure_of_itself_fails(
    said: dict[tuple[str, int], list[Came]],
) -> None:
    ours, narrow, plain = (all_of(said, rule) for rule in (OURS, NARROW, SPREAD))
    assert ours.skill.n == narrow.skill.n == plain.skill.n > 300
    assert holds(ours)
    assert not holds(narrow) and narrow.skill.within < 0.6
    assert ours.skill.skill is not None and ours.skill.skill > 0
    assert narrow.skill.loss > ours.skill.loss < plain.skill.loss


def test_the_week_of_an_announced_event_is_called_and_comes_true(
    said: dict[tuple[str, int], list[Came]],
) -> None:
    ours = all_of(said, OURS)
    assert ours.hot > 0
    assert ours.true >= 0.8 * ours.calls > 0


def test_only_what_lies_ahead_is_known_of_an_event_and_never_quite_its_size(told: Weeks) -> None:
    place = told.cases.place(BEGINS)
    before, after = told.coming(place - 1), told.coming(place + 1)
    assert {week for _node, week in before} == {BEGINS} and not after
    whole = before[told.cases.nodes[0], BEGINS]
    assert whole.mean != 72.0 and 20.0 < whole.mean < 250.0 and whole.deviation > 0


def test_a_planted_lead_runs_a_week_before(told: Weeks) -> None:
    led = told.led().asked.counts[0]
    cases = told.cases.counts[0]
    ahead = np.corrcoef(led[:-1], cases[1:])[0, 1]
    assert ahead > 0.5 > abs(np.corrcoef(told.asked.counts[0][:-1], cases[1:])[0, 1])


def test_the_exam_is_held_by_name() -> None:
    assert EXAM.name == "prospects"
