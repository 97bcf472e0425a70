"""The exam of organised agents, small: found when planted, silent when not, innocents spared."""

from dataclasses import replace

import pytest

from sujin.lab.exams import agents
from sujin.lab.exams.filings import Told, rules_of, tell_year
from sujin.lab.lookalikes import hard


@pytest.fixture(scope="module")
def told() -> Told:
    return tell_year(7, 1600, innocents=True)


def test_planted_groups_are_found_and_only_the_hard_innocent_is_named(told: Told) -> None:
    found = agents.found_by_graph(rules_of())(told.filings)
    codes = [{told.truths[k].group or told.truths[k].lookalike for k in one} for one in found]
    assert {"A1", "A2", "A3", "P1"} <= set().union(*codes)
    assert all(len(code) == 1 for code in codes)
    assert set().union(*codes) <= {"A1", "A2", "A3", "P1"} | hard()


def test_families_and_residents_would_be_named_without_the_word_on_households(told: Told) -> None:
    """The control: they are planted large enough to be taken for a group."""
    rules = rules_of()
    rows = {name: replace(row, founds="yes") for name, row in rules.rows.items()}
    found = agents.found_by_graph(replace(rules, rows=rows))(told.filings)
    named = {told.truths[key].lookalike for one in found for key in one}
    assert {"L11", "L12", "L13", "L14", "L15"} <= named


def test_nothing_is_found_where_nothing_is_planted(told: Told) -> None:
    plain = [one for one in told.without_groups().filings if not told.truths[one.key].lookalike]
    assert len(plain) > 1300
    assert agents.found_by_graph(rules_of())(plain) == []


def test_the_plain_rules_take_innocents_for_groups(told: Told) -> None:
    """The control: the same innocents do turn a weaker rule red."""
    rest = told.without_groups().filings
    assert len(agents.found_by_text(10, 0.55)(rest)) >= 2
    assert len(agents.found_by_phone(10)(rest)) >= 2


def test_hidden_traces_cost_recall_and_the_exam_says_so(told: Told) -> None:
    find = agents.found_by_graph(rules_of())
    shares = [len(frozenset().union(*find(told.disguised(1, loss).filings))) for loss in (0.2, 0.9)]
    assert shares[0] > shares[1]


def test_the_exam_prints_what_it_counts() -> None:
    figures = agents.run({"seed": 7, "seeds": 1, "size": 300})
    assert figures["finders"]["graph"]["false_per_year"] == 0
    lines = list(agents.EXAM.told(figures))
    assert any(line.startswith("graph") for line in lines)
