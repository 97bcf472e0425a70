"""From which confidence on an answer is given as the answer: worked out, not set by eye."""

import hashlib
from collections.abc import Sequence

import numpy as np
import pytest

from sujin import packs
from sujin.engine.retrieval import Doc, Index
from sujin.knowledge.catalogue import forms
from sujin.knowledge.index import weighed_fields
from sujin.knowledge.search import SURE
from sujin.knowledge.synonyms import synonyms
from sujin.knowledge.wording import starter

RIGHT = 0.8
Answer = tuple[float, bool]


@pytest.fixture(scope="module")
def halves() -> tuple[list[Answer], list[Answer]]:
    """How sure each first hit was and whether it was right: tuning half, held-out half."""
    items = starter()
    docs = [
        Doc(nth, one.title, weighed_fields(forms()[one.form], one.parts), tuple(one.asks))
        for nth, one in enumerate(items)
    ]
    index = Index.build(docs, synonyms=synonyms(), learned=[])
    everything = np.ones(len(docs), np.bool_)
    found: tuple[list[Answer], list[Answer]] = ([], [])
    for row in packs.rows("cn_bank", "expected/retrieval"):
        half = hashlib.sha256(row["query"].encode()).digest()[0] % 2
        hits = index.search(row["query"], k=1, allowed=everything)
        is_right = bool(hits) and items[hits[0].key].code in row["gold"].split("|")
        found[half].append((hits[0].confidence if hits else 0.0, is_right))
    return found


def right_from(least: float, answers: Sequence[Answer]) -> float:
    """The share of right ones among the first hits that are at least so sure."""
    told = [is_right for sure, is_right in answers if sure >= least]
    return sum(told) / len(told) if told else 1.0


def lowest(answers: Sequence[Answer]) -> float:
    return next(n / 100 for n in range(101) if right_from(n / 100, answers) >= RIGHT)


def test_sure_is_the_least_at_which_four_of_five_are_right(
    halves: tuple[list[Answer], list[Answer]],
) -> None:
    tuning, held_out = halves
    assert lowest(tuning) == SURE
    sure = sum(one >= SURE for one, _right in held_out)
    print(f"\nsure: {right_from(SURE, held_out):.1%} of {sure} right, held out")  # noqa: T201
    assert right_from(SURE, held_out) >= RIGHT


def test_who_answers_whatever_is_found_is_not_right_so_often(
    halves: tuple[list[Answer], list[Answer]],
) -> None:
    """The known-bad control."""
    assert right_from(0.0, halves[1]) < RIGHT
