"""The desk a matter goes to: first row whose every cell fits, and the desk it might go to else."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sujin.engine.route import RouteFacts, RouteRow, choose, lint, read_rows
from sujin.engine.tables import BadTable

CONDITIONS = (
    *("kind", "lane", "pack", "channel", "origin", "business", "line", "tier", "repeats"),
    "company",
)
WORDS = {"because_zh": "理由", "because_en": "the reason"}


def row(row_id: str, desk: str, **cells: str) -> dict[str, str]:
    return {"row": row_id, **dict.fromkeys(CONDITIONS, ""), **cells, "desk": desk, **WORDS}


ROWS = [
    row("r1", "company", kind="consultation|suggestion", company="yes"),
    row("r2", "branch1", lane="regulator"),
    row("r3", "head", tier="urgent", repeats=">=2"),
    row("r4", "line_branch", business="card", origin="outlet|sub"),
    row("r9", "branch1"),
]
TABLE = read_rows(ROWS)
MATTER = RouteFacts(
    kind="complaint",
    lane="ordinary",
    business="loan.mortgage",
    line="credit",
    tier="ordinary",
    repeats=0,
    level=0,
    company=False,
    origin="outlet",
    channel="counter",
    pack="cn_bank",
)


def desk_of(**facts: Any) -> str:
    return choose(replace(MATTER, **facts), TABLE).desk


def test_a_question_about_the_subsidiarys_product_goes_to_the_subsidiary() -> None:
    assert desk_of(kind="consultation", company=True) == "company"
    assert desk_of(kind="complaint", company=True) == "branch1"


def test_a_business_code_also_stands_for_everything_below_it_and_nothing_beside_it() -> None:
    assert desk_of(business="card") == "line_branch"
    assert desk_of(business="card.credit.billing") == "line_branch"
    assert desk_of(business="cards") == "branch1"
    assert desk_of(business="") == "branch1"


def test_the_third_urgent_complaint_reaches_head_office() -> None:
    assert desk_of(tier="urgent", repeats=1) == "branch1"
    assert desk_of(tier="urgent", repeats=2) == "head"
    assert desk_of(tier="urgent", repeats=3) == "head"


def test_the_choice_says_which_row_why_and_which_other_desk_might_have_it() -> None:
    chosen = choose(replace(MATTER, business="card", lane="regulator"), TABLE)
    assert (chosen.row, chosen.desk, chosen.alternative) == ("r2", "branch1", "line_branch")
    assert chosen.because == {"zh": "理由", "en": "the reason"}
    assert choose(MATTER, TABLE).alternative == ""


@pytest.mark.parametrize(
    ("cell", "counts"),
    [
        (">=1", {1, 2, 3}),
        ("<=1", {0, 1}),
        (">1", {2, 3}),
        ("<1", {0}),
        ("=2", {2}),
        ("2", {2}),
        ("0|3", {0, 3}),
    ],
)
def test_counts_compare_as_written(cell: str, counts: set[int]) -> None:
    table = read_rows([row("r1", "head", repeats=cell), row("r9", "branch1")])
    told = {n for n in range(4) if choose(replace(MATTER, repeats=n), table).row == "r1"}
    assert told == counts


def test_a_table_may_also_ask_for_the_level_a_case_has_risen_to() -> None:
    table = read_rows([row("r1", "head", level=">=2"), row("r9", "branch1", level="")])
    assert choose(replace(MATTER, level=2), table).desk == "head"
    assert choose(replace(MATTER, level=1), table).desk == "branch1"


def test_a_table_without_a_default_refuses_to_choose_what_it_does_not_cover() -> None:
    with pytest.raises(BadTable, match="last row must have no condition"):
        choose(MATTER, TABLE[:-1])


def test_lint_is_silent_on_a_sound_table() -> None:
    codes = {"business": {"card", "loan"}, "line": {"card"}, "channel": {"web_form"}}
    assert lint(TABLE, codes) == []


def test_lint_finds_a_row_hidden_by_one_row() -> None:
    hidden = row("r5", "head", business="card.credit", origin="sub")
    found = lint(read_rows([*ROWS[:-1], hidden, ROWS[-1]]))
    assert found == ["routing: row r5 is never reached; rows before it take all of it"]


def test_lint_finds_a_row_that_several_rows_hide_together() -> None:
    rows = [
        row("r1", "company", company="yes"),
        row("r2", "line", company="no", repeats=">=2"),
        row("r3", "origin", repeats="<3"),
        row("r4", "head", tier="urgent"),
        row("r9", "branch1"),
    ]
    found = lint(read_rows(rows))
    assert found == ["routing: row r4 is never reached; rows before it take all of it"]
    assert lint(read_rows([rows[0], *rows[2:]])) == []


def test_lint_finds_a_missing_default() -> None:
    assert "no row is the default" in lint(TABLE[:-1])[0]
    assert "no row is the default" in lint([])[0]


def test_lint_finds_a_row_behind_the_default() -> None:
    found = lint(read_rows([ROWS[-1], ROWS[0]]))
    assert "no row is the default" in found[0]
    assert "row r1 is never reached" in found[1]
    twice = lint(read_rows([row("r8", "head"), *ROWS]))
    assert [one.split()[2] for one in twice] == ["r1", "r2", "r3", "r4"]


def test_lint_finds_a_count_that_nothing_can_have() -> None:
    found = lint(read_rows([row("r1", "head", repeats="<0"), ROWS[-1]]))
    assert found == ["routing: row r1 is never reached; rows before it take all of it"]


def test_lint_finds_codes_the_pack_does_not_know() -> None:
    table = read_rows([row("r1", "head", business="card|lone", line="crad"), row("r9", "branch1")])
    found = lint(table, {"business": {"card", "loan"}, "line": {"card"}})
    assert found == [
        "routing: row r1, column business: unknown code 'lone'. Have: card, loan",
        "routing: row r1, column line: unknown code 'crad'. Have: card",
    ]
    made_elsewhere = RouteRow("x1", {"kind": "praise", "repeats": "many"}, "nobody", {})
    assert [one.split(": ")[1] for one in lint([made_elsewhere])][:3] == [
        "row x1, column kind",
        "row x1, column repeats",
        "row x1, column desk",
    ]


cells = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["", "complaint", "bud", "complaint|consultation|suggestion"]),
        "company": st.sampled_from(["", "yes", "no"]),
        "business": st.sampled_from(["", "card", "card.credit", "loan|card.credit"]),
        "repeats": st.sampled_from(["", ">=1", "<2", "1", "0|2", ">1", "<=0", "<0", "3"]),
    }
)


@settings(max_examples=150, deadline=None)
@given(st.lists(cells, max_size=6))
def test_lint_names_exactly_the_rows_that_no_matter_reaches(tables: list[dict[str, str]]) -> None:
    rows = [row(f"r{n}", "head", **one) for n, one in enumerate(tables)]
    table = read_rows([*rows, row("last", "branch1")])
    kinds = ("complaint", "consultation", "suggestion", "bud")
    names = ("", "card", "card.debit", "card.credit", "card.credit.fees", "loan", "wealth")
    reached = {
        choose(replace(MATTER, kind=kind, company=company, business=name, repeats=count), table).row
        for kind, company, name, count in product(kinds, (True, False), names, range(6))
    }
    named = {one.split()[2] for one in lint(table)}
    assert named == {one.row for one in table[:-1]} - reached


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("kind", "complain", "unknown code 'complain'. Have: bud, complaint"),
        ("kind", "complaint|", "unknown code ''"),
        ("lane", "fast", "unknown code 'fast'"),
        ("origin", "bank", "unknown code 'bank'"),
        ("tier", "urgent|high", "unknown code 'high'"),
        ("company", "1", "unknown code '1'. Have: no, yes"),
        ("repeats", "=>1", "'=>1' is not a count like >=1"),
        ("desk", "boss", "unknown code 'boss'. Have: branch1"),
        ("because_zh", "", "the sentence is missing"),
    ],
)
def test_a_wrong_cell_is_named_by_table_row_and_column(column: str, cell: str, why: str) -> None:
    with pytest.raises(BadTable) as told:
        read_rows([{**ROWS[1], column: cell}])
    assert str(told.value).startswith(f"routing: row r2, column {column}: {why}")
