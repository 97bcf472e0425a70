"""Many words looked for at once find what looking for each of them would."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sujin.engine.terms import TermIndex

PATIENT = settings(deadline=None)  # the first call of all compiles

word = st.text(alphabet="卡信用a1", min_size=1, max_size=4)


def naive_hits(words: dict[str, set[str]], text: str) -> set[tuple[int, str, str]]:
    """(start, word, group), each word of each group looked for by itself."""
    spans = [
        (found.start(), found.start() + len(term), term, group)
        for group, terms in words.items()
        for term in terms
        for found in re.finditer(f"(?={re.escape(term)})", text)
        if _alone(text, found.start(), found.start() + len(term))
    ]
    return {
        (start, term, group)
        for start, end, term, group in spans
        if not any(
            group == other and a <= start and end <= b and b - a > end - start
            for a, b, _, other in spans
        )
    }


def _alone(text: str, start: int, end: int) -> bool:
    def kind(char: str) -> str:
        return "d" if char in "1" and char else "l" if char in "a" and char else ""

    left, right = text[start - 1 : start] if start else "", text[end : end + 1]
    return not (kind(text[start]) and kind(text[start]) == kind(left)) and not (
        kind(text[end - 1]) and kind(text[end - 1]) == kind(right)
    )


@PATIENT
@given(
    st.dictionaries(st.sampled_from("xyz"), st.sets(word, max_size=6)),
    st.text("卡信用a1", max_size=25),
)
def test_one_pass_finds_what_many_would(words: dict[str, set[str]], text: str) -> None:
    index = TermIndex((group, term, 0) for group, terms in words.items() for term in terms)
    found = [(start, term, group) for start, term, group, _ in index.hits(text)]
    assert set(found) == naive_hits(words, text)
    assert len(found) == len(set(found))
    assert [start for start, _, _ in found] == sorted(start for start, _, _ in found)


def test_a_word_may_have_several_meanings_in_several_groups() -> None:
    index = TermIndex([("业务", "信用卡", 1), ("业务", "信用卡", 2), ("原因", "信用卡", 3)])
    assert index.hits("办信用卡") == [(1, "信用卡", "业务", (1, 2)), (1, "信用卡", "原因", (3,))]


def test_a_latin_word_counts_only_alone() -> None:
    index = TermIndex([("g", "app", 0), ("g", "12378", 0)])
    assert [hit[0] for hit in index.hits("apply 手机app闪退 打12378 打9123785")] == [8, 15]


def test_terms_are_folded_as_texts_are() -> None:
    assert [hit[1] for hit in TermIndex([("g", "信用卡ＡＰＰ", 0)]).hits("信用卡app")] == [
        "信用卡app"
    ]


def test_an_empty_list_finds_nothing() -> None:
    assert TermIndex([("g", " ", 0)]).hits("任何文字") == []
    assert TermIndex([("g", "卡", 0)]).hits("") == []


def test_too_many_groups_are_refused() -> None:
    with pytest.raises(ValueError, match="63 groups"):
        TermIndex((f"g{i}", f"词{i}", 0) for i in range(63))
