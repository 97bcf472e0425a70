"""The table of traces gives the links its expected rows promise."""

import pytest

from sujin import packs
from sujin.engine.agent_rules import FAMILIES
from sujin.lab.exams.filings import rules_of

ROWS = packs.rows("cn_bank", "expected/agent_links")


@pytest.mark.parametrize("row", ROWS, ids=[row["case"] for row in ROWS])
def test_two_complaints_are_linked_as_the_pack_promises(row: dict[str, str]) -> None:
    rules = rules_of()
    sums = dict.fromkeys(FAMILIES, 0.0)
    for trace in row["shared"].split():
        one = rules.rows[trace]
        sums[one.family] += one.bits(int(row["outside"]), int(row["of"]))
    assert rules.ties(sums) == (row["expect_linked"] == "yes")


def test_every_trace_says_in_both_languages_what_else_could_explain_it() -> None:
    for one in rules_of().rows.values():
        assert set(one.title) == set(one.because) == {"zh", "en"}
