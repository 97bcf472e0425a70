"""The exam of inspections by lot: ours holds, and what banks do in its place is foreseen."""

from collections.abc import Mapping
from typing import Any

import pytest

from sujin.lab.exams.sampler import EXAM


@pytest.fixture(scope="module")
def figures() -> Mapping[str, Any]:
    return EXAM.run({"seed": 7, "plans": 720, "outlets": 100})


def test_nobody_foresees_the_lots_better_than_the_stated_factor(
    figures: Mapping[str, Any],
) -> None:
    lots = figures["rules"]["lots"]
    assert lots["worst_lift_low"] <= figures["factor"]
    assert lots["own_unit"] == 0
    assert lots["best_day"] < 0.07
    assert [*EXAM.told(figures)][-1] == "HOLDS"


def test_risk_finds_more_than_blind_lots_and_covers_the_bank(figures: Mapping[str, Any]) -> None:
    rules = figures["rules"]
    assert rules["lots"]["troubles_found"] > 1.3 * rules["blind lots"]["troubles_found"]
    assert rules["lots"]["coverage"] > 0.9


@pytest.mark.parametrize("rule", ["highest risk", "rotation"])
def test_a_list_of_risks_and_a_rotation_are_foreseen(figures: Mapping[str, Any], rule: str) -> None:
    assert figures["rules"][rule]["worst_lift_low"] > 2 * figures["factor"]
