"""The tables of trainings: every code is known, every bank holds more than one test asks."""

from collections.abc import Mapping
from typing import Any

import pytest

from sujin import packs
from sujin.engine.tables import BadTable
from sujin.knowledge.quiz import PART
from sujin.knowledge.wording import quizzes, starter
from sujin.platform.reach import roles
from sujin.supervision import trainingbook
from sujin.supervision.trainingbook import demands, own_questions, rule, trainings

Row = Mapping[str, str]
RULES = ("trained_percent", "untrained_percent", "effect_weeks", "controls_least", "theme_weeks",
         "theme_percent", "rates_days", "answers_least", "bank_percent",
         "attempt_minutes")  # fmt: skip


def banks() -> dict[str, int]:
    """By training, how many questions the starter items and the own table hold."""
    by_code = {one.code: len(quizzes(one.parts.get(PART, ""))) for one in starter()}
    return {
        code: sum(by_code[item] for item in one.items) + len(own_questions().get(code, ()))
        for code, one in trainings().items()
    }


def short(papers: float) -> set[str]:
    held = banks()
    return {code for code, one in trainings().items() if held[code] < papers * one.questions}


def test_every_bank_holds_two_papers_and_a_half() -> None:
    papers = rule("bank_percent") / 100
    assert papers >= 2.5, "or a second try asks what the first has asked"
    assert not short(papers), f"write more questions for {sorted(short(papers))}: {banks()}"


def test_a_training_whose_bank_is_too_small_would_be_seen() -> None:
    """The known-bad control: none of them holds five papers."""
    assert short(5) == set(trainings())


def test_the_matrix_asks_of_every_role_that_hears_customers_and_names_each_pair_once() -> None:
    rows = packs.rows("cn_bank", "training_matrix")
    pairs = [(row["role"], row["training"]) for row in rows]
    assert len(set(pairs)) == len(pairs)
    hears = {role.code for role in roles().values() if "receive" in role.may}
    assert hears <= {one.role for one in demands()}
    assert {row["training"] for row in rows} == set(trainings()), "every training is somebody's"


def test_questions_of_the_own_table_belong_to_a_training_and_have_wrong_answers() -> None:
    rows = packs.rows("cn_bank", "training_questions")
    assert {row["training"] for row in rows} <= set(trainings())
    assert all(len(one.answers) >= 3 for told in own_questions().values() for one in told)
    asks = [row["ask"] for row in rows]
    assert len(set(asks)) == len(asks)


def test_no_right_answer_is_given_away_by_its_length() -> None:
    """Somebody who always takes the longest answer must not pass, nor who takes the shortest, or
    the second."""
    for code, one in trainings().items():
        told = [quiz for item in starter() if item.code in one.items
                for quiz in quizzes(item.parts.get(PART, ""))]  # fmt: skip
        told += own_questions().get(code, ())
        for place in (-1, 0, 1):
            hits = sum(sorted(quiz.answers, key=len)[place] == quiz.answers[quiz.right]
                       for quiz in told)  # fmt: skip
            assert hits / len(told) * 100 < one.percent - 20, (code, place)


def test_all_numbers_are_there_and_a_missing_one_is_said_aloud() -> None:
    assert all(rule(name) > 0 for name in RULES)
    assert {row["rule"] for row in packs.rows("cn_bank", "training_rules")} == set(RULES)
    with pytest.raises(LookupError, match="nothing"):
        rule("nothing")


@pytest.mark.parametrize(
    ("table", "column", "value", "told"),
    [
        ("trainings", "business", "cards", "unknown code"),
        ("trainings", "cause", "prices", "unknown code"),
        ("trainings", "pass_percent", "101", "from 1 to 100"),
        ("trainings", "pass_percent", "", "from 1 to 100"),
        ("trainings", "tries", "0", "below"),
        ("trainings", "promised_percent", "100", "from 1 to 99"),
        ("training_matrix", "role", "clerk", "unknown code"),
        ("training_matrix", "training", "nothing", "unknown code"),
        ("training_matrix", "must", "maybe", "neither yes nor no"),
        ("training_matrix", "within_days", "soon", "whole number"),
    ],
)
def test_a_wrong_cell_is_named_by_table_row_and_column(
    monkeypatch: pytest.MonkeyPatch, table: str, column: str, value: str, told: str
) -> None:
    true = packs.rows

    def spoilt(pack: str, name: str) -> list[Any]:
        rows = true(pack, name)
        return [{**rows[0], column: value}, *rows[1:]] if name == table else rows

    monkeypatch.setattr(packs, "rows", spoilt)
    caches = (trainingbook.trainings, trainingbook.demands)
    for one in caches:
        one.cache_clear()
    try:
        with pytest.raises(BadTable, match=told) as refused:
            trainingbook.demands()
        assert (refused.value.table, refused.value.column) == (table, column)
    finally:
        for one in caches:
            one.cache_clear()
