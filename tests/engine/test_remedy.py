"""Two handlers with the same facts get the same permitted range, and nothing else counts."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sujin import packs
from sujin.engine import remedy
from sujin.engine.remedy import RemedyFacts
from sujin.engine.tables import BadTable

RAW = packs.rows("cn_bank", "standards")
ROWS = remedy.read_rows(RAW)
TAXONOMY = packs.rows("cn_bank", "taxonomy")


def known(axis: str) -> frozenset[str]:
    return frozenset(row["code"] for row in TAXONOMY if row["axis"] == axis)


KNOWN = {axis: known(axis) for axis in ("business", "cause", "demand", "finding")} | {
    "tier": frozenset({"ordinary", "complex", "urgent"})
}
AMOUNTS = st.none() | st.decimals(0, 10**7, places=2)
FACTS = st.builds(
    RemedyFacts,
    business=st.sampled_from(sorted(KNOWN["business"])),
    cause=st.sampled_from(sorted(KNOWN["cause"])),
    demand=st.sampled_from(sorted(KNOWN["demand"])),
    tier=st.sampled_from(sorted(KNOWN["tier"])),
    vulnerable=st.booleans(),
    finding=st.sampled_from(sorted(KNOWN["finding"])),
    amount=AMOUNTS,
)


@given(FACTS, st.randoms(use_true_random=False))
def test_the_range_depends_on_nothing_but_the_facts(facts: RemedyFacts, chance: object) -> None:
    first = remedy.permitted(facts, ROWS)
    assert remedy.permitted(replace(facts), remedy.read_rows(RAW)) == first
    assert 0 <= first.least <= first.most
    assert first.because.keys() == {"zh", "en"} and first.article


@given(FACTS)
def test_more_at_stake_never_permits_less_within_a_row(facts: RemedyFacts) -> None:
    smaller = remedy.permitted(facts, ROWS)
    larger = remedy.permitted(replace(facts, amount=(facts.amount or Decimal(0)) + 100), ROWS)
    if smaller.row == larger.row:
        assert larger.most >= smaller.most and larger.least >= smaller.least


@given(FACTS)
def test_nothing_is_paid_for_what_is_not_upheld(facts: RemedyFacts) -> None:
    assert remedy.permitted(replace(facts, finding="not_upheld"), ROWS).most == 0


def test_a_share_of_an_unknown_amount_permits_nothing_and_says_why() -> None:
    facts = RemedyFacts(cause="pricing", finding="upheld")
    found = remedy.permitted(facts, ROWS)
    assert found.most == 0 and found.lacks_amount
    known_amount = remedy.permitted(replace(facts, amount=Decimal(300)), ROWS)
    assert known_amount.least == 300 and known_amount.most == 600
    assert not known_amount.lacks_amount
    assert known_amount.holds(Decimal(600)) and not known_amount.holds(Decimal("600.01"))
    assert not known_amount.holds(Decimal("299.99"))


def test_every_row_of_the_starter_table_waits_for_review() -> None:
    assert all(row.signoff and row.article == "本行规定" for row in ROWS)


def test_lint_finds_nothing_in_the_shipped_table() -> None:
    assert remedy.lint(ROWS, KNOWN) == []


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("business", "loans", "unknown code 'loans'"),
        ("finding", "won", "unknown code 'won'"),
    ],
)
def test_lint_names_an_unknown_code(column: str, cell: str, said: str) -> None:
    rows = [{**RAW[0], column: cell}, *RAW[1:]]
    assert any(said in line for line in remedy.lint(remedy.read_rows(rows), KNOWN))


def test_lint_names_a_row_that_is_never_reached_and_a_missing_default() -> None:
    hidden = [RAW[0], {**RAW[0], "row": "z9", "cause": "pricing"}, *RAW[1:]]
    assert "row z9 is never reached; row n1" in remedy.lint(remedy.read_rows(hidden), KNOWN)[0]
    narrower = {**RAW[15], "row": "z8", "amount_min": "600", "amount_below": "700"}
    assert remedy.lint(remedy.read_rows([*RAW[:16], narrower, *RAW[16:]]), KNOWN)
    assert "no row is the default" in remedy.lint(ROWS[:-1], KNOWN)[0]
    with pytest.raises(BadTable, match="no condition"):
        remedy.permitted(RemedyFacts(), ROWS[:-1])


@pytest.mark.parametrize(
    "wrong", [{"least": "2", "most": "1"}, {"most": ""}, {"unit": "pounds"}, {"amount_below": "0"}]
)
def test_a_cell_that_cannot_be_obeyed_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(BadTable, match="standards: row p2"):
        remedy.read_rows([{**RAW[15], **wrong}])
