"""The questions with which search and the self-service assistant are examined are fair ones.

``expected/retrieval.csv`` says which item somebody means, ``expected/assistant.csv`` what the
assistant does with a customer's words. ``search_faults`` and ``assistant_faults`` find rows that
would make the examination too easy or its answer wrong, ``shortage`` whether there are too few;
a planted example of each turns the same function red.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import pytest

from sujin import packs
from sujin.knowledge.wording import Wording, starter

Row = Mapping[str, str]

ITEMS = {item.code: item for item in starter()}
KNOWN_WORDS = {said for item in ITEMS.values() for said in (item.title, *item.asks)}
QUERIES = packs.rows("cn_bank", "expected/retrieval")
TALK = packs.rows("cn_bank", "expected/assistant")

# How many there are at least of each kind: fewer, and one row decides a percentage point or more.
STYLES = {"paraphrase": 110, "typo": 50, "dialect": 40, "code": 30, "short": 40, "symptom": 60}
ANSWERS = {"answer": 120, "decline": 60, "hand_over": 90}
QUERIES_MIN, TALK_MIN, GOLDS_MIN = 340, 280, 120

IN_OTHER_WORDS = {"paraphrase", "dialect", "symptom"}  # may not copy a run of four characters
COPIED = 4
HURRIED = range(2, 5)  # characters of a short query
GOLDS_MAX = 3  # more would let a search be right by accident

CHINESE = re.compile(r"[\u4e00-\u9fff]+")
WHY = re.compile(r"[\u4e00-\u9fff]{2,8}")


def grams(text: str) -> set[str]:
    """All runs of four Chinese characters."""
    runs = CHINESE.findall(text)
    return {run[at : at + COPIED] for run in runs for at in range(len(run) - COPIED + 1)}


def golds(row: Row) -> list[str]:
    return [code for code in row["gold"].split("|") if code]


def copied(query: str, item: Wording) -> set[str]:
    """The runs that a query has taken over from an item's title or asks."""
    return {run for said in (item.title, *item.asks) for run in grams(said) & grams(query)}


def common_faults(rows: Sequence[Row], column: str) -> Iterator[str]:
    """What is wrong with the words or the gold, whichever table they stand in."""
    for words, times in Counter(row[column].strip().lower() for row in rows).items():
        if times > 1:
            yield f"{words}: there twice"
    for row in rows:
        if row[column] in KNOWN_WORDS:
            yield f"{row[column]}: an item says the very same"
        yield from (f"{row[column]}: no item {one}" for one in golds(row) if one not in ITEMS)
        if len(set(golds(row))) != len(golds(row)) or len(golds(row)) > GOLDS_MAX:
            yield f"{row[column]}: gold is one to {GOLDS_MAX} different items"


def search_faults(rows: Sequence[Row]) -> list[str]:
    """What is wrong with questions for the search; empty when all are fair."""
    found = list(common_faults(rows, "query"))
    for row in rows:
        query, style = row["query"], row["style"]
        found += [] if golds(row) else [f"{query}: no gold"]
        found += [] if style in STYLES else [f"{query}: unknown style {style}"]
        if style == "short" and len(query) not in HURRIED:
            found.append(f"{query}: not short")
        if style in IN_OTHER_WORDS:
            taken = {run for one in golds(row) if one in ITEMS for run in copied(query, ITEMS[one])}
            found += [f"{query}: copies {run}" for run in sorted(taken)]
    return found


def assistant_faults(rows: Sequence[Row]) -> list[str]:
    """What is wrong with words for the assistant; empty when all are fair."""
    found = list(common_faults(rows, "words"))
    for row in rows:
        words, expect = row["words"], row["expect"]
        found += [] if expect in ANSWERS else [f"{words}: expects {expect}"]
        found += [] if WHY.fullmatch(row["why"]) else [f"{words}: why is one Chinese word group"]
        if bool(golds(row)) != (expect == "answer"):
            found.append(f"{words}: gold goes with an answer and only with one")
        items = [ITEMS[one] for one in golds(row) if one in ITEMS]
        hidden = [item.code for item in items if "public" not in item.scope["surfaces"]]
        found += [f"{words}: {code} is not public" for code in hidden]
    return found


def shortage(rows: Sequence[Row], column: str, least: Mapping[str, int]) -> list[str]:
    """The kinds of which there are fewer than promised."""
    have = Counter(row[column] for row in rows)
    return [f"{kind}: {have[kind]} of {n}" for kind, n in least.items() if have[kind] < n]


def test_a_search_is_examined_in_other_peoples_words() -> None:
    assert search_faults(QUERIES) == []


def test_the_assistant_is_asked_what_public_items_answer_and_what_they_do_not() -> None:
    assert assistant_faults(TALK) == []


def test_there_are_enough_questions_of_every_kind_over_enough_items() -> None:
    assert len(QUERIES) >= QUERIES_MIN
    assert len(TALK) >= TALK_MIN
    assert shortage(QUERIES, "style", STYLES) == []
    assert shortage(TALK, "expect", ANSWERS) == []
    asked_for = {code for row in QUERIES for code in golds(row)}
    assert len(asked_for) >= GOLDS_MIN
    assert {ITEMS[code].form for code in asked_for} == {item.form for item in ITEMS.values()}


def test_no_question_is_put_to_both() -> None:
    assert {row["query"] for row in QUERIES} & {row["words"] for row in TALK} == set()


FAIR = {"query": "钞票被火燎了一个角，还收不收", "gold": "damaged-note", "style": "paraphrase"}
TITLE = ITEMS["damaged-note"].title


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"gold": "damaged-nought"}, "no item"),
        ({"gold": ""}, "no gold"),
        ({"gold": "r0101|r0102|r0103|r0104"}, "gold is one to"),
        ({"style": "poem"}, "unknown style"),
        ({"style": "short"}, "not short"),
        ({"query": TITLE}, "the very same"),
        ({"query": f"请问{TITLE[:COPIED]}找谁"}, "copies"),
    ],
)
def test_an_unfair_question_for_the_search_is_noticed(change: Row, fault: str) -> None:
    assert search_faults([FAIR]) == []
    assert any(fault in one for one in search_faults([{**FAIR, **change}]))


ASKED = {"words": "撕破的钞票收吗", "expect": "answer", "gold": "damaged-note", "why": "办理条件"}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"gold": "cctv-request"}, "not public"),
        ({"gold": ""}, "gold goes with"),
        ({"expect": "decline"}, "gold goes with"),
        ({"expect": "perhaps"}, "expects perhaps"),
        ({"why": "because"}, "why is"),
        ({"words": TITLE}, "the very same"),
    ],
)
def test_unfair_words_for_the_assistant_are_noticed(change: Row, fault: str) -> None:
    assert assistant_faults([ASKED]) == []
    assert any(fault in one for one in assistant_faults([{**ASKED, **change}]))


def test_a_double_and_a_lack_are_noticed() -> None:
    assert any("there twice" in one for one in search_faults([FAIR, FAIR]))
    assert any("there twice" in one for one in assistant_faults([ASKED, ASKED]))
    assert shortage([FAIR], "style", {"paraphrase": 2}) == ["paraphrase: 1 of 2"]
