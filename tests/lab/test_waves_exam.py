"""The exam of waves: who brought a rise is told from the truth, who warns of it from the counts."""

from datetime import timedelta

import numpy as np
import pytest

from sujin.engine.series.panel import Axis, Grain
from sujin.engine.watch import WEEKLY
from sujin.engine.workdays import Calendar
from sujin.lab.exams import wave_bank
from sujin.lab.exams.wave_bank import START, Bank, Fact, Seen, seen
from sujin.lab.exams.wave_rules import RULES, Call
from sujin.lab.exams.waves import OURS, _Score
from sujin.lab.plants import Plants, Wave

ORGS = {f"b{i}": "" for i in range(3)} | {f"b{i}.o{j}": f"b{i}" for i in range(3) for j in "12"}
AXES = (Axis("org", ORGS), Axis("business", {}), Axis("cause", {}), Axis("door", {}))
BEGINS = START + timedelta(weeks=80)
WAVE = Wave("W1", "b1", "scene", "fees", "rules", BEGINS, BEGINS + timedelta(days=13), 8.0, 2.0)
EVERYDAY = Calendar({}, {}, frozenset())


def small_bank(seed: int = 1) -> Bank:
    """Six outlets with two sorts of complaints, a wave of one sort in one branch."""
    rng, facts = np.random.default_rng(seed), []
    for week in range(104):
        for outlet in (code for code in ORGS if "." in code):
            for sort in ("fees", "loans"):
                leaf = (outlet, sort, "rules", "counter")
                day = START + timedelta(weeks=week)
                facts += [Fact(leaf, day, "complaint", False, "")] * int(rng.poisson(1.0))
                if outlet.startswith("b1") and sort == "fees" and week in (80, 81):
                    facts += [Fact(leaf, day, "complaint", False, "W1")] * 8
    return Bank(AXES, Plants((WAVE,), (), (), (), ()), tuple(facts))


@pytest.fixture(scope="module")
def weeks() -> Seen:
    return seen(small_bank(), "complaint", Grain.WEEK, 3)


def test_a_plant_is_behind_a_rise_it_brought_and_not_behind_another(weeks: Seen) -> None:
    row = weeks.panel.where(("b1", "fees", "rules", ""))
    assert weeks.behind(row, 80, 80, 16.0) == "W1"
    assert weeks.behind(row, 60, 60, 16.0) == "", "it had not begun"
    assert weeks.behind(row, 80, 80, 40.0) == "", "most of that came from elsewhere"
    assert weeks.behind(weeks.panel.where(("b2", "fees", "", "")), 80, 80, 5.0) == ""


def test_the_waves_own_node_is_alike_and_its_relatives_are_less(weeks: Seen) -> None:
    assert weeks.alike(("b1", "fees", "rules", ""), WAVE) == 1.0
    assert weeks.alike(("b1", "", "", ""), WAVE) < 1.0
    assert 0.3 < weeks.alike(("b1.o1", "fees", "rules", ""), WAVE) < 0.7
    assert weeks.alike(("b2", "fees", "", ""), WAVE) == 0.0


def test_the_quiet_bank_is_the_same_without_what_was_planted() -> None:
    told = small_bank()
    assert len(told.facts) - len(told.quiet().facts) == 32
    assert not seen(told.quiet(), "complaint", Grain.WEEK, 3).brought


def test_the_watch_finds_the_wave_at_its_node_with_fewer_warnings_than_any_plain_rule(
    weeks: Seen,
) -> None:
    scores = {rule: _Score(months=10.0) for rule in RULES}
    for rule, calls in RULES.items():
        scores[rule].add(weeks, small_bank(), 60, list(calls(weeks, WEEKLY, EVERYDAY, 60)))
    ours = scores[OURS].figures()
    assert (ours["waves"], ours["found"], ours["right_node"]) == (1, 1, 1)
    assert ours["delay_days"] == 6, "at the end of its first week"
    for rule, score in scores.items():
        assert rule == OURS or score.figures()["warnings"] > 2 * ours["warnings"], rule


def test_a_watch_that_warns_of_nothing_or_of_everything_is_marked_so(weeks: Seen) -> None:
    silent, noisy = _Score(months=1.0), _Score(months=1.0)
    silent.add(weeks, small_bank(), 60, [])
    everywhere = [Call(("", "", "", ""), at, True, "") for at in range(60, 104)]
    noisy.add(weeks, small_bank(), 60, everywhere)
    assert silent.figures()["found"] == 0 and silent.figures()["false"] == 0
    assert noisy.figures()["false_share_of_a_review"] == 1.0 and noisy.figures()["found"] == 0


def test_the_invented_bank_counts_every_contact_where_its_plants_say() -> None:
    told = wave_bank.bank(3, 3_000)
    brought = {one.plant for one in told.facts} - {""}
    assert {"W5", "W8", "E4"} <= brought
    wave = next(one for one in told.plants.waves if one.code == "W8")
    days = [one.day for one in told.facts if one.plant == "W8" and not one.is_again]
    assert days and wave.first <= min(days) and max(days) <= wave.last
