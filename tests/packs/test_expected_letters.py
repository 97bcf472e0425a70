"""What a pack promises about letters: which of two texts speaks more plainly."""

import pytest

from sujin import packs
from sujin.engine import plain
from tests.packs.test_expected import Row, cases


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
