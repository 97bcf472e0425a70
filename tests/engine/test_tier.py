"""The tier of a matter: first row that holds, why, and what would have to be different."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sujin.engine.tables import BadTable
from sujin.engine.tier import (
    FLAGS,
    Flip,
    Tier,
    TierFacts,
    TierRow,
    flips,
    judge,
    lint,
    read_rows,
)

WORDS = {"because_zh": "理由", "because_en": "the reason"}


def row(row_id: str, tier: str, **cells: str) -> dict[str, str]:
    blank = dict.fromkeys(("amount_min", "people_min", "repeats_min", "requires"), "")
    return {"row": row_id, "tier": tier, **blank, **cells, **WORDS}


ROWS = [
    row("u1", "urgent", requires="safety"),
    row("u2", "urgent", people_min="20"),
    row("u3", "urgent", requires="regulator+escalation"),
    row("c1", "complex", requires="regulator"),
    row("c2", "complex", repeats_min="1"),
    row("c3", "complex", amount_min="50000"),
    row("o1", "ordinary"),
]
TABLE = read_rows(ROWS)


def test_a_small_matter_without_any_sign_is_ordinary() -> None:
    verdict = judge(TierFacts(amount=Decimal(200)), TABLE)
    assert (verdict.tier, verdict.row) == (Tier.ORDINARY, "o1")
    assert verdict.because == {"zh": "理由", "en": "the reason"}


@pytest.mark.parametrize(
    ("facts", "tier", "by"),
    [
        (TierFacts(amount=Decimal(50000)), Tier.COMPLEX, "c3"),
        (TierFacts(amount=Decimal("49999.99")), Tier.ORDINARY, "o1"),
        (TierFacts(people=19), Tier.ORDINARY, "o1"),
        (TierFacts(people=20), Tier.URGENT, "u2"),
        (TierFacts(regulator=True), Tier.COMPLEX, "c1"),
        (TierFacts(regulator=True, escalation=True), Tier.URGENT, "u3"),
        (TierFacts(repeats=1, amount=Decimal(90000)), Tier.COMPLEX, "c2"),
        (TierFacts(safety=True, people=30), Tier.URGENT, "u1"),
    ],
)
def test_at_least_includes_the_number_itself_and_the_first_row_wins(
    facts: TierFacts, tier: Tier, by: str
) -> None:
    verdict = judge(facts, TABLE)
    assert (verdict.tier, verdict.row) == (tier, by)


def test_an_amount_nobody_stated_meets_no_threshold_not_even_zero() -> None:
    table = read_rows([row("c1", "complex", amount_min="0"), row("o1", "ordinary")])
    assert judge(TierFacts(), table).row == "o1"
    assert judge(TierFacts(amount=Decimal(0)), table).row == "c1"


def test_a_table_without_a_default_refuses_to_judge_what_it_does_not_cover() -> None:
    with pytest.raises(BadTable, match="last row must have no condition"):
        judge(TierFacts(), TABLE[:-1])


def test_an_officer_sees_the_one_fact_that_would_make_an_ordinary_matter_complex() -> None:
    assert flips(TierFacts(), TABLE) == (
        Flip(Tier.COMPLEX, ("amount>=50000",), "c3"),
        Flip(Tier.URGENT, ("people>=20",), "u2"),
    )


def test_an_officer_sees_what_would_have_to_fall_away_for_an_urgent_matter() -> None:
    facts = TierFacts(regulator=True, escalation=True, amount=Decimal(80000))
    assert flips(facts, TABLE) == (
        Flip(Tier.ORDINARY, ("amount<50000", "regulator=no"), "o1"),
        Flip(Tier.COMPLEX, ("regulator=no",), "c3"),
    )


def test_a_tier_more_than_three_facts_away_is_not_promised() -> None:
    facts = TierFacts(safety=True, people=20, regulator=True, repeats=1, amount=Decimal(50000))
    assert [flip.tier for flip in flips(facts, TABLE)] == [Tier.COMPLEX]


def test_the_nearest_threshold_is_named() -> None:
    rows = [
        row("u1", "urgent", amount_min="10000"),
        row("u2", "urgent", amount_min="5000", requires="safety"),
        row("c1", "complex", requires="regulator"),
        row("u3", "urgent", people_min="2"),
        row("u4", "urgent", repeats_min="1"),
        row("o1", "ordinary"),
    ]
    table = read_rows(rows)
    regulator = TierFacts(amount=Decimal(20000), regulator=True)
    assert flips(regulator, table)[1] == Flip(Tier.COMPLEX, ("amount<10000",), "c1")
    assert flips(TierFacts(people=2), table)[0] == Flip(Tier.ORDINARY, ("people<2",), "o1")
    assert flips(TierFacts(repeats=1), table)[0] == Flip(Tier.ORDINARY, ("repeats<1",), "o1")


def test_nothing_is_assumed_of_a_matter_nobody_described() -> None:
    assert not any(getattr(TierFacts(), flag) for flag in FLAGS)
    assert (TierFacts().amount, TierFacts().people, TierFacts().repeats) == (None, 1, 0)


thresholds = st.sampled_from(["", "1", "2"])
rows_of_anybody = st.lists(
    st.builds(
        row,
        st.uuids().map(lambda key: f"r{key.hex[:12]}"),
        st.sampled_from([str(tier) for tier in Tier]),
        amount_min=st.sampled_from(["", "100", "5000"]),
        people_min=thresholds,
        repeats_min=thresholds,
        requires=st.sets(st.sampled_from(FLAGS[:4]), max_size=3).map("+".join),
    ),
    max_size=6,
    unique_by=lambda cells: cells["row"],
).map(lambda rows: read_rows([*rows, row("last", "ordinary")]))
facts_of_anybody = st.builds(
    TierFacts,
    amount=st.sampled_from([None, Decimal(99), Decimal(100), Decimal(6000)]),
    people=st.integers(1, 3),
    repeats=st.integers(0, 3),
    **{flag: st.booleans() for flag in FLAGS[:4]},
)


def nearby(facts: TierFacts, table: tuple[TierRow, ...], upward: bool) -> Iterator[TierFacts]:
    """Every matter that differs in one direction only, over all values the tables above tell
    apart: the naive oracle."""
    amounts = [None, Decimal(1), Decimal(100), Decimal(5000)]
    marks = product([False, True], repeat=4)
    for amount, people, repeats, marked in product(
        [facts.amount, *amounts], range(1, 4), range(4), marks
    ):
        flags: dict[str, Any] = dict(zip(FLAGS[:4], marked, strict=True))
        other = replace(facts, amount=amount, people=people, repeats=repeats, **flags)
        pairs = [
            (facts.amount or Decimal(-1), other.amount or Decimal(-1)),
            (facts.people, other.people),
            (facts.repeats, other.repeats),
            *((getattr(facts, flag), getattr(other, flag)) for flag in FLAGS[:4]),
        ]
        if all(after >= before if upward else after <= before for before, after in pairs):
            yield other


def distance(one: TierFacts, other: TierFacts) -> int:
    names = ("amount", "people", "repeats", *FLAGS)
    return sum(getattr(one, name) != getattr(other, name) for name in names)


@settings(max_examples=60, deadline=None)
@given(rows_of_anybody, facts_of_anybody)
def test_no_shorter_list_of_changes_exists_and_every_list_is_true(
    table: tuple[TierRow, ...], facts: TierFacts
) -> None:
    told = {flip.tier: len(flip.changes) for flip in flips(facts, table)}
    now = judge(facts, table).tier
    for tier in set(Tier) - {now}:
        upward = list(Tier).index(tier) > list(Tier).index(now)
        reached = [
            distance(facts, other)
            for other in nearby(facts, table, upward)
            if judge(other, table).tier is tier
        ]
        shortest = min(reached, default=99)
        assert told.get(tier, 99) == (shortest if shortest <= 3 else 99)


@settings(max_examples=60, deadline=None)
@given(rows_of_anybody, facts_of_anybody)
def test_the_same_matter_gets_the_same_tier_twice(
    table: tuple[TierRow, ...], facts: TierFacts
) -> None:
    assert judge(facts, table) == judge(facts, table)
    assert flips(facts, table) == flips(facts, table)


def test_lint_is_silent_on_a_sound_table() -> None:
    assert lint(TABLE) == []


def test_lint_finds_a_row_that_a_looser_row_hides() -> None:
    hidden = row("c9", "complex", requires="regulator+legal", amount_min="10")
    found = lint(read_rows([*ROWS[:-1], hidden, ROWS[-1]]))
    assert found == ["tiers: row c9 is never reached; row c1 stands before it"]


def test_lint_finds_two_rows_with_the_same_conditions() -> None:
    again = row("c9", "ordinary", requires="regulator")
    found = lint(read_rows([*ROWS[:-1], again, ROWS[-1]]))
    assert found == ["tiers: row c9 has the same conditions as row c1"]


def test_lint_finds_a_missing_default() -> None:
    assert "no row is the default" in lint(TABLE[:-1])[0]
    assert "no row is the default" in lint([])[0]


def test_lint_finds_an_unknown_fact_in_a_row_made_elsewhere() -> None:
    odd = replace(TABLE[0], row="x1", required=frozenset({"weather"}))
    assert "requires the unknown fact 'weather'" in lint((odd, *TABLE))[0]


@settings(max_examples=60, deadline=None)
@given(rows_of_anybody)
def test_lint_names_exactly_the_rows_that_no_matter_reaches(table: tuple[TierRow, ...]) -> None:
    all_facts = (
        TierFacts(amount, flags[0], flags[1], flags[2], people, repeats, flags[3])
        for amount in (None, Decimal(100), Decimal(5000))
        for people in (1, 2)
        for repeats in (0, 1, 2)
        for flags in product([False, True], repeat=4)
    )
    reached = {judge(facts, table).row for facts in all_facts}
    named = {one.split()[2] for one in lint(table)}
    assert named == {one.row for one in table} - reached


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("tier", "high", "unknown code 'high'. Have: complex, ordinary, urgent"),
        ("tier", "", "unknown code ''"),
        ("amount_min", "5万", "'5万' is not a number"),
        ("amount_min", "-1", "-1 is not a number from 0 up"),
        ("amount_min", "NaN", "NaN is not a number from 0 up"),
        ("people_min", "2.5", "'2.5' is not a whole number"),
        ("repeats_min", "²", "'²' is not a whole number"),
        ("requires", "regulator+wether", "unknown code 'wether'. Have: escalation"),
        ("because_en", " ", "the sentence is missing"),
    ],
)
def test_a_wrong_cell_is_named_by_table_row_and_column(column: str, cell: str, why: str) -> None:
    with pytest.raises(BadTable) as told:
        read_rows([{**ROWS[0], column: cell}])
    assert str(told.value).startswith(f"tiers: row u1, column {column}: {why}")
    assert (told.value.table, told.value.row, told.value.column) == ("tiers", "u1", column)


def test_wrong_columns_and_wrong_row_ids_are_named() -> None:
    with pytest.raises(BadTable, match=r"row u1, column requires: the column is missing"):
        read_rows([{name: cell for name, cell in ROWS[0].items() if name != "requires"}])
    with pytest.raises(BadTable, match=r"row u1, column amount: this table has no such column"):
        read_rows([{**ROWS[0], "amount": "1"}])
    with pytest.raises(BadTable, match=r"row u1, column row: two rows have this id"):
        read_rows([ROWS[0], ROWS[0]])
    with pytest.raises(BadTable, match=r"row line 1, column row: 'U 1' is not an id"):
        read_rows([{**ROWS[0], "row": "U 1"}])
    with pytest.raises(BadTable, match=r"column because_zh: the column is missing"):
        read_rows([{name: cell for name, cell in ROWS[0].items() if name not in WORDS}])
