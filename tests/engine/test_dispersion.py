"""Same facts, same remedy: inconsistent branches are found, consistent ones are left alone."""

from dataclasses import replace

import pytest

from sujin.engine.dispersion import Decision, Departure, Way, audit, points
from sujin.lab.exams import dispersion as exam

SEEDS = range(60)


def found(rows: list[Decision]) -> set[tuple[str, str]]:
    return {(one.unit, one.way.value) for one in audit(rows) if one.found}


def test_few_consistent_banks_have_an_alarm() -> None:
    alarms = sum(bool(found(exam.decisions(seed))) for seed in SEEDS) / len(SEEDS)
    assert alarms <= 0.10 + 2 * (0.1 * 0.9 / len(SEEDS)) ** 0.5


def test_the_rule_without_strata_fails_the_same_exam() -> None:
    alarms = sum(bool(exam.by_three_sigma(exam.decisions(seed))) for seed in SEEDS) / len(SEEDS)
    assert alarms > 0.5


def test_a_mean_a_generous_and_an_erratic_branch_are_found() -> None:
    hits = sum(len(found(exam.decisions(s, exam.planted(s))) & set(exam.planted(s))) for s in SEEDS)
    assert hits >= 0.9 * 3 * len(SEEDS)


def test_the_effect_is_told_as_a_factor_in_yuan_and_by_its_cases() -> None:
    hidden = exam.planted(4)
    rows = exam.decisions(4, hidden)
    mean, generous, erratic = hidden
    told = {(one.unit, one.way.value): one for one in audit(rows)}
    assert told[mean].low < exam.MEAN < told[mean].high
    assert told[mean].yuan < 0 < told[generous].yuan
    assert told[generous].effect > 1.15
    assert told[erratic].effect > 1.5
    loud = {row.key: row for row in rows}[told[generous].telling[0]]
    assert loud.unit == generous[0]
    assert len(points(rows)) == len(rows)


def test_the_same_decisions_give_the_same_audit() -> None:
    rows = exam.decisions(9, exam.planted(9))
    assert audit(rows) == audit(list(rows))


def test_too_few_to_say_and_nothing_to_compare() -> None:
    assert audit([]) == [] == points([])
    alone = [Decision(n, "A", ("s",), 100.0, 50.0) for n in range(30)]
    assert audit(alone) == []
    small = [*alone, *(Decision(n, "B", ("s",), 100.0, 5.0 + n) for n in range(30, 36))]
    of_b = [one for one in audit(small) if one.unit == "B"]
    assert all(isinstance(one, Departure) and one.too_few and not one.found for one in of_b)


def test_a_thin_stratum_is_compared_within_the_class_above() -> None:
    thin = [Decision(n, "AB"[n % 2], (f"s{n}", "wide"), 100.0, 40.0 + n) for n in range(40)]
    assert {one.n for one in audit(thin) if one.way is Way.LEVEL} == {20}
    assert len(points(thin)) == 40


@pytest.mark.parametrize(("amount", "granted"), [(0.0, 5.0), (5.0, 0.0)])
def test_nothing_at_stake_or_nothing_granted_is_no_matter_of_degree(
    amount: float, granted: float
) -> None:
    rows = exam.decisions(2)
    odd = replace(rows[0], key=-1, amount=amount, granted=granted)
    assert audit([*rows, odd]) == audit(rows)
