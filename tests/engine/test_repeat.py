"""Whether a matter was brought before: the table of repeats, and the signatures of texts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sujin.engine import identity, repeat
from sujin.engine.identity import Customer
from sujin.engine.repeat import (
    Action,
    Matter,
    RepeatRow,
    RepeatVerdict,
    Signature,
    lint,
    read_rows,
    sign,
)
from sujin.engine.tables import BadTable

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
LETTER = "我的房贷提前还款申请已经提交了两个月，网点一直说在排队，请给我一个明确的办理日期。"
OTHER_LETTER = "信用卡年费没有事先告知就直接扣了，客服说不能退，我要求全额退还并书面说明理由。"
WORDS = {"because_zh": "理由", "because_en": "the reason"}


def row(row_id: str, action: str, **cells: str) -> dict[str, str]:
    blank = dict.fromkeys(("same_customer", "open", "within_hours", "same_matter"), "")
    return {"row": row_id, **blank, "likeness_min": "", **cells, "action": action, **WORDS}


SAME = {"same_customer": "yes", "same_matter": "yes", "likeness_min": "0.5"}
ROWS = [
    row("j1", "join", open="yes", within_hours="24", **SAME),
    row("l1", "link", within_hours="2160", **SAME),
    row("g1", "group", same_customer="no", within_hours="720", likeness_min="0.8"),
    row("n1", "none"),
]
TABLE = read_rows(ROWS)
LIU = Customer(frozenset({"phone:liu", "id:liu"}))
LETTERS, OTHER_LETTERS = sign([LETTER, OTHER_LETTER])
LIUS_CALL = Matter(
    key=1,
    customer=LIU,
    business="loan.mortgage",
    received_at=NOON,
    is_open=True,
    level=0,
    signature=LETTERS,
    channel="hotline",
)


# Whoever shares a key is the same customer here; who is who has its own tests.
ANY_KEY = identity.read_rows(
    [
        {"row": "s1", "agree": "", "differ": "", "same": "yes", **WORDS},
    ]
)


def judge(new: Matter, earlier: Sequence[Matter], table: Sequence[RepeatRow]) -> RepeatVerdict:
    return repeat.judge(new, earlier, table, ANY_KEY)


def again(key: int = 9, *, days: float = 0.0, **changes: Any) -> Matter:
    later = NOON + timedelta(days=days)
    return replace(LIUS_CALL, key=key, received_at=later, **changes)


def test_a_second_call_the_same_day_joins_the_open_case() -> None:
    verdict = judge(again(days=1), [LIUS_CALL], TABLE)
    assert (verdict.action, verdict.of, verdict.row) == (Action.JOIN, 1, "j1")
    assert verdict.because == {"zh": "理由", "en": "the reason"}
    assert verdict.likeness == 1.0


def test_a_second_call_next_week_is_linked() -> None:
    assert judge(again(days=7), [LIUS_CALL], TABLE).action is Action.LINK
    assert judge(again(days=1.001), [LIUS_CALL], TABLE).action is Action.LINK


def test_a_call_about_a_closed_case_is_linked_even_the_same_day() -> None:
    closed = replace(LIUS_CALL, is_open=False)
    assert judge(again(days=0.5), [closed], TABLE).action is Action.LINK


def test_after_ninety_days_the_matter_is_new() -> None:
    assert judge(again(days=90), [LIUS_CALL], TABLE).action is Action.LINK
    verdict = judge(again(days=90.01), [LIUS_CALL], TABLE)
    assert (verdict.action, verdict.of, verdict.row) == (Action.NONE, None, "n1")


def test_one_shared_key_makes_the_same_customer() -> None:
    by_phone = again(days=7, customer=Customer(frozenset({"phone:liu", "card:new"})))
    assert judge(by_phone, [LIUS_CALL], TABLE).action is Action.LINK
    assert judge(replace(by_phone, customer=Customer(frozenset())), [LIUS_CALL], TABLE).of == 1
    nobody = replace(LIUS_CALL, customer=Customer(frozenset()))
    same_nobody = replace(by_phone, customer=Customer(frozenset()))
    assert judge(same_nobody, [nobody], TABLE).action is Action.GROUP


@pytest.mark.parametrize(
    ("business", "same"),
    [
        ("loan.mortgage", True),
        ("loan.mortgage.rate", True),
        ("loan", True),
        ("loan.other", True),
        ("loan.consumer", False),
        ("card.mortgage", False),
        ("loaned", False),
        ("", False),
    ],
)
def test_the_same_matter_is_the_same_business_unless_the_second_level_contradicts(
    business: str, same: bool
) -> None:
    call = again(days=7, business=business, signature=OTHER_LETTERS)
    expected = Action.LINK if same else Action.NONE
    assert judge(call, [LIUS_CALL], TABLE).action is expected


def test_nearly_the_same_words_are_the_same_matter_whatever_the_code_says() -> None:
    call = again(days=7, business="card.credit")
    assert judge(call, [LIUS_CALL], TABLE).action is Action.LINK


def test_a_row_without_likeness_looks_at_the_business_only() -> None:
    table = read_rows([row("l1", "link", same_customer="yes", same_matter="yes"), row("n", "none")])
    assert judge(again(days=7, business="card"), [LIUS_CALL], table).action is Action.NONE
    assert judge(again(days=7), [LIUS_CALL], table).action is Action.LINK


def test_other_customers_with_the_same_letter_are_grouped_and_all_named() -> None:
    earlier = [again(key, days=-key, customer=Customer(frozenset({str(key)}))) for key in (2, 3, 4)]
    far = again(5, days=-31, customer=Customer(frozenset({"5"})))
    verdict = judge(again(customer=Customer(frozenset({"new"}))), [*earlier, far], TABLE)
    assert (verdict.action, verdict.of, verdict.others) == (Action.GROUP, 2, (3, 4))


def test_the_most_recent_matter_is_meant_and_the_order_given_does_not_matter() -> None:
    earlier = [again(key, days=-key, is_open=False) for key in (3, 2, 5)]
    for order in (earlier, earlier[::-1]):
        verdict = judge(again(), order, TABLE)
        assert (verdict.of, verdict.others) == (2, (3, 5))


def test_a_row_that_stands_first_wins_over_a_more_recent_matter_of_a_later_row() -> None:
    stranger = again(2, days=0.9, customer=Customer(frozenset({"stranger"})))
    verdict = judge(again(days=0.95), [stranger, LIUS_CALL], TABLE)
    assert (verdict.row, verdict.of) == ("j1", 1)


def test_the_matter_itself_and_what_came_later_are_not_earlier_matters() -> None:
    later = again(2, days=1.01)
    assert judge(LIUS_CALL, [LIUS_CALL, later], TABLE).action is Action.NONE


def test_a_table_without_a_default_refuses_to_judge_what_it_does_not_cover() -> None:
    with pytest.raises(BadTable, match="the last row must be none for any"):
        judge(LIUS_CALL, [], TABLE[:-1])


@pytest.mark.parametrize(
    "condition",
    [
        {"same_customer": "no"},
        {"open": "yes"},
        {"within_hours": "24"},
        {"same_matter": "yes"},
        {"likeness_min": "1"},
    ],
)
def test_a_row_that_asks_for_anything_is_an_exception_and_not_the_default(
    condition: dict[str, str],
) -> None:
    table = read_rows([row("n1", "none", **condition)])
    assert not table[0].is_default
    assert "no row is the default" in lint(table)[0]
    with pytest.raises(BadTable):
        judge(LIUS_CALL, [], table)


def test_lint_is_silent_on_a_sound_table() -> None:
    assert lint(TABLE) == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([], "no row is the default"),
        (ROWS[:-1], "no row is the default"),
        ([*ROWS[:2], {**ROWS[0], "row": "j2"}, *ROWS[2:]], "row j2 is never reached; row j1"),
        ([*ROWS[:3], row("x", "group", same_customer="no", likeness_min="0.9", within_hours="1"),
          ROWS[3]], "row x is never reached; row g1"),
        ([ROWS[3], *ROWS], "row j1 is never reached; row n1"),
        ([row("g2", "group", same_customer="no"), ROWS[3]], "row g2 takes anybody's matter"),
    ],
)  # fmt: skip
def test_lint_finds_missing_defaults_hidden_rows_and_rows_that_take_everybody(
    rows: Sequence[dict[str, str]], told: str
) -> None:
    unique = [{**cells, "row": f"{cells['row']}{'b' * (n > 3)}"} for n, cells in enumerate(rows)]
    assert any(told in one for one in lint(read_rows(unique))), lint(read_rows(unique))


loose_rows = st.builds(
    row,
    st.just("r"),
    st.sampled_from(["join", "none"]),
    same_customer=st.sampled_from(["", "yes", "no"]),
    open=st.sampled_from(["", "yes", "no"]),
    within_hours=st.sampled_from(["", "10", "50"]),
    same_matter=st.sampled_from(["yes", "any"]),
    likeness_min=st.sampled_from(["", "0.3", "0.6"]),
)


@settings(max_examples=100, deadline=None)
@given(loose_rows, loose_rows)
def test_lint_calls_a_row_hidden_exactly_when_the_one_before_takes_all_its_matters(
    first: dict[str, str], second: dict[str, str]
) -> None:
    table = read_rows([{**first, "row": "a"}, {**second, "row": "b"}])
    hidden = any("row b is never reached" in one for one in lint(table))
    default = read_rows([row("z", "none")])
    cases = [
        (again(days=hours / 24), replace(LIUS_CALL, **changes))
        for hours in (5, 20, 60)
        for changes in everything_the_rows_tell_apart()
    ]
    takes = [
        [judge(new, [old], (one, *default)).row == one.row for new, old in cases] for one in table
    ]
    is_covered = all(a or not b for a, b in zip(*takes, strict=True))
    assert hidden == (table[0].is_default or is_covered)


def everything_the_rows_tell_apart() -> list[dict[str, Any]]:
    assert LETTERS is not None
    alike = [_sharing(LETTERS, equal) for equal in (0, 32, 64)]
    return [
        {"customer": who, "is_open": is_open, "business": business, "signature": signature}
        for who, is_open, business, signature in product(
            (LIU, Customer(frozenset({"else"}))), (True, False), ("loan.mortgage", "card"), alike
        )
    ]


def _sharing(signature: Signature, equal: int) -> Signature:
    changed = signature.minhash.copy()
    changed[equal:] ^= np.uint32(1)
    return Signature(changed, (), signature.shingles)


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("same_customer", "1", "'1' is neither yes nor no"),
        ("open", "closed", "unknown code 'closed'. Have: any, no, yes"),
        ("within_hours", "1 day", "'1 day' is not a whole number"),
        ("same_matter", "no", "unknown code 'no'. Have: any, exact, yes"),
        ("likeness_min", "80%", "'80%' is not a number"),
        ("likeness_min", "80", "80 is above 1"),
        ("likeness_min", "1.01", "1.01 is above 1"),
        ("action", "merge", "unknown code 'merge'. Have: group, join, link, none"),
        ("because_zh", "", "the sentence is missing"),
    ],
)
def test_a_wrong_cell_is_named_by_table_row_and_column(column: str, cell: str, why: str) -> None:
    with pytest.raises(BadTable) as told:
        read_rows([{**ROWS[0], column: cell}])
    assert str(told.value).startswith(f"repeats: row j1, column {column}: {why}")


def test_a_row_reads_back_what_the_officer_wrote() -> None:
    assert TABLE[0] == RepeatRow(
        row="j1",
        same_customer=True,
        open="yes",
        within_hours=24,
        same_matter="yes",
        likeness_min=0.5,
        action=Action.JOIN,
        because={"zh": "理由", "en": "the reason"},
    )
