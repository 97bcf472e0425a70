"""The tables of sittings and reviews give what their pack promises."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sujin import packs
from sujin.complaints import tables
from sujin.complaints.models.session import NO_RISK

ZONE = ZoneInfo("Asia/Shanghai")
ROWS = packs.rows("cn_bank", "expected/sessions")


def check_due(row: dict[str, str]) -> str:
    held_at = datetime.fromisoformat(row["held"]).replace(tzinfo=ZONE)
    due = tables.check_due(row["risk"], row["outcome"], held_at)
    return f"{due:%Y-%m-%dT%H:%M}" if due else ""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["case"])
def test_a_claim_can_be_checked_when_the_pack_says(row: dict[str, str]) -> None:
    assert check_due(row) == row["expect_check"]


def test_a_wrong_promise_is_noticed() -> None:
    """The known-bad control: one day off in the table is red."""
    wrong = {**ROWS[0], "expect_check": "2026-04-02T15:00"}
    assert check_due(wrong) != wrong["expect_check"]


def test_every_row_is_expected_and_every_table_says_whose_rule_it_is() -> None:
    assert {row["risk"] for row in ROWS} == set(tables.risks())
    assert {row["outcome"] for row in ROWS} == set(tables.outcomes())
    assert NO_RISK in tables.risks()
    for table in (tables.risks(), tables.outcomes(), tables.verdicts()):
        assert {row["article"] for row in table.values()} == {"本行规定"}
        assert all(row["title_zh"] and row["title_en"] for row in table.values())


def test_only_what_upholds_a_decision_leaves_it_closed() -> None:
    stays = [code for code, row in tables.verdicts().items() if row["reopens"] == "no"]
    assert stays == ["upheld_decision"]
