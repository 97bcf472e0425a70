"""Signs of a scam: one heavy sign asks for more questions, two heavy ones stop the money."""

import pytest

from sujin import packs
from sujin.engine.scam import judge, read_rows
from sujin.engine.tables import BadTable

ROWS = read_rows(packs.rows("cn_bank", "knowledge/scam_calls"))


@pytest.mark.parametrize("row", packs.rows("cn_bank", "expected/scam_calls"))
def test_what_is_ticked_gives_the_call_of_the_table(row: dict[str, str]) -> None:
    weights = [int(weight) for weight in row["weights"].split("|") if weight]
    call = judge(weights, ROWS)
    assert (call.level, call.signs) == (row["expect_level"], len(weights)), row["case"]
    assert call.points == sum(weights) and call.row and call.do["zh"] and call.do["en"]


def test_more_signs_never_make_it_safer() -> None:
    order = ["low", "medium", "high"]
    for heaviest in range(1, 6):
        levels = [order.index(judge([heaviest] * n, ROWS).level) for n in range(8)]
        assert levels == sorted(levels)


def test_a_table_without_a_last_resort_is_refused() -> None:
    rows = [
        {"row": "r1", "level": "high", "points": "8", "signs": "2", "do_zh": "停", "do_en": "x"}
    ]
    with pytest.raises(BadTable, match="ask for nothing"):
        read_rows(rows)
    with pytest.raises(BadTable, match="level"):
        read_rows([{**rows[0], "level": "grave"}])
