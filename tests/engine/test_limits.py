"""The table of clocks: what lint finds in it and which cell is wrong."""

import pytest

from sujin.engine.limits import lint, read_limits
from sujin.engine.tables import BadTable
from tests.engine.clock_story import (
    DECISION,
    HAND_OVER,
    POSTS,
    RESPONSE,
    law,
    row,
)


def test_lint_is_silent_on_a_sound_table() -> None:
    assert lint(read_limits([*DECISION, *RESPONSE, HAND_OVER, *POSTS])) == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([*DECISION, law("d16", 16, "1")], "row d16 is never reached"),
        ([*RESPONSE, row("r9", "response", 9, "hour", tiers="complex")], "row r9 is never reached"),
        ([law("d15", 15, "1"), law("d9", 9, "2")], "row d9 is not longer than row d15"),
        ([law("d15", 15, "1"), law("also", 15, "2")], "row also is not longer than row d15"),
        ([{**DECISION[0], "tiers": "urgent"}, DECISION[1]], "leaves out complex, ordinary"),
        ([*DECISION, row("d90", "decision", 90, "hour", stage="4")], "row d90 is not longer"),
        ([DECISION[0], {**DECISION[1], "stops": "closed"}], "row d30 starts or stops unlike"),
        ([{**one, "tiers": "urgent|complex"} for one in DECISION], "leaves out ordinary, regul"),
        (DECISION[1:], "decision has no stage 1 for urgent, regulator"),
    ],
)
def test_lint_finds_what_would_leave_a_case_without_its_clock(
    rows: list[dict[str, str]], told: str
) -> None:
    assert any(told in one for one in lint(read_limits(rows))), lint(read_limits(rows))


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("unit", "day", "unknown code 'day'. Have: hour, natural_day, working_day"),
        ("amount", "", "the cell must not be blank"),
        ("amount", "0", "0 is below 1"),
        ("clock", "", "the cell must not be blank"),
        ("stage", "two", "'two' is not a whole number"),
        ("starts", "recieved", "unknown code 'recieved'"),
        ("stops", "answered|done", "unknown code 'done'"),
        ("stops", "", "a clock that nothing stops can never be met"),
        ("tiers", "high", "unknown code 'high'"),
        ("lanes", "fast", "unknown code 'fast'"),
        ("basis", "", "unknown code ''. Have: institution, law"),
        ("article", "", "a limit of the law must name its article"),
        ("signoff", "maybe", "'maybe' is neither yes nor no"),
        ("post", "manager", "unknown code 'manager'"),
        ("title_zh", "", "the sentence is missing"),
    ],
)
def test_a_wrong_cell_is_named_by_table_row_and_column(column: str, cell: str, why: str) -> None:
    with pytest.raises(BadTable) as told:
        read_limits([{**DECISION[0], column: cell}])
    assert str(told.value).startswith(f"clocks: row d15, column {column}: {why}")


def test_hours_cannot_roll_or_count_the_day_of_the_start() -> None:
    for switch in ("count_start_day", "roll_to_workday"):
        with pytest.raises(BadTable, match=f"row r24, column {switch}: hours are counted"):
            read_limits([{**RESPONSE[1], switch: "yes"}])
