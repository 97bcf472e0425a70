"""The exam of effects: ours passes, and the comparisons that everybody makes first fail it."""

import json
from collections.abc import Mapping
from io import StringIO
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command

from sujin.engine.effects import Measure
from sujin.lab.exams.effect_bank import tell
from sujin.lab.exams.effects import EXAM, OURS

BANKS = 10
IDLE = 6 * BANKS


def error(share: float, count: int) -> float:
    """Two standard errors."""
    return float(2 * np.sqrt(share * (1 - share) / count))


def faults(found: Mapping[str, Any]) -> list[str]:
    """In what a comparison fails: intervals, idle items named, banks with any false verdict."""
    said = {
        "coverage": found["coverage"] < 0.90,
        "false_items": found["false_items"] > 0.05 + error(0.05, IDLE),
        "banks_with_false": found["banks_with_false"] > 0.05 + error(0.05, BANKS),
        "reversed": found["reversed_items"] > 0.01,
    }
    return [name for name, is_fault in said.items() if is_fault]


@pytest.fixture(scope="module")
def figures() -> Mapping[str, Any]:
    return EXAM.run({"seed": 2026, "seeds": BANKS})


def test_our_verdicts_pass(figures: Mapping[str, Any]) -> None:
    assert faults(figures["rules"][OURS]) == []
    assert min(filter(None, figures["rules"][OURS]["coverage_by_measure"].values())) >= 0.90
    assert figures["on_users_coverage"] >= 0.90


def test_a_plain_comparison_in_its_place_turns_the_exam_red(figures: Mapping[str, Any]) -> None:
    for rule in ("users/others", "after/before"):
        assert {"coverage", "false_items", "banks_with_false"} <= set(
            faults(figures["rules"][rule])
        )


def test_large_effects_are_found_and_more_often_than_small_ones(figures: Mapping[str, Any]) -> None:
    found = figures["rules"][OURS]["found"]
    assert found["-30%"] > 0.4
    assert found["-30%"] > found["-20%"] >= found["-10%"]
    assert found["+25%"] > 0.15
    assert figures["rules"][OURS]["even_if_not"] < 0.02


def test_strong_drift_is_seen_more_often_than_none(figures: Mapping[str, Any]) -> None:
    assert figures["drift"]["1"]["seen"] > figures["drift"]["0"]["seen"] + 0.2


def test_the_same_seed_tells_the_same_bank() -> None:
    first, again, other = tell(3), tell(3), tell(4)
    assert np.array_equal(first.cases.hours, again.cases.hours)
    assert not np.array_equal(first.cases.hours[:50], other.cases.hours[:50])


def test_only_cases_in_which_an_item_was_used_are_moved_and_used_ones_are_harder() -> None:
    bank = tell(3)
    assert not any(moved[~bank.cases.used].any() for moved in bank.moved.values())
    idle = bank.cases.item == 5
    used, cases = bank.cases.used[idle], bank.cases.hours[idle]
    assert np.log(cases[used]).mean() > np.log(cases[~used]).mean() + 0.1
    assert not bank.moved[Measure.HOURS][idle].any()


def test_the_figures_are_told_and_given_as_json() -> None:
    out = StringIO()
    call_command("eval", "effects", "--seeds", "1", "--json", stdout=out)
    figures = json.loads(out.getvalue())
    assert set(figures["rules"]) == {OURS, "users/others", "after/before"}
    lines = "\n".join(EXAM.told(figures))
    assert "1 banks" in lines
    assert "CPU seconds" in lines
