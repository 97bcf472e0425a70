"""What a pack promises about letters: which text is plainer, how much may be granted."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from sujin import packs
from sujin.engine import plain, remedy
from tests.packs.test_expected import Row, cases, facts_of, yes


def plainer(pack: str, row: Row) -> None:
    rules = plain.read_rules(packs.rows(pack, "plain_measures"), packs.rows(pack, "plain_words"))
    better, worse = (
        plain.judge(row[side], rules[row["language"]]).score for side in ("plainer", "heavier")
    )
    assert better > worse


@cases("plain")
def test_the_plainer_of_two_texts_scores_higher(pack: str, row: Row) -> None:
    plainer(pack, row)


@cases("plain")
def test_a_pair_the_wrong_way_round_is_noticed(pack: str, row: Row) -> None:
    with pytest.raises(AssertionError):
        plainer(pack, {**row, "plainer": row["heavier"], "heavier": row["plainer"]})


REMEDY_FACTS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("business", "cause", "demand", "tier", "finding"), str),
    "vulnerable": yes,
    "amount": Decimal,
}


@cases("standards")
def test_two_handlers_get_the_range_their_pack_promises(pack: str, row: Row) -> None:
    table = remedy.read_rows(packs.rows(pack, "standards"))
    found = remedy.permitted(remedy.RemedyFacts(**facts_of(row, REMEDY_FACTS)), table)
    expected_range = (row["expect_least"], row["expect_most"], row["expect_row"])
    assert (str(found.least), str(found.most), found.row) == expected_range


@cases("standards")
def test_a_fen_too_much_is_noticed(pack: str, row: Row) -> None:
    wrong = {**row, "expect_most": str(Decimal(row["expect_most"]) + Decimal("0.01"))}
    with pytest.raises(AssertionError):
        test_two_handlers_get_the_range_their_pack_promises(pack, wrong)


def test_every_standard_is_expected_at_least_once() -> None:
    used = {row["expect_row"] for row in packs.rows("cn_bank", "expected/standards")}
    assert {row["row"] for row in packs.rows("cn_bank", "standards")} == used
