"""The next move of the assistant: quote, ask once, fetch a person, or say that it does not know."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sujin.engine import converse
from sujin.engine.converse import (
    Act,
    Candidate,
    Move,
    SignalRow,
    State,
    Thresholds,
    after,
    chosen,
    decide,
    failed,
    read_signals,
    read_thresholds,
)
from sujin.engine.proportion import exact_upper
from sujin.engine.tables import BadTable

LIMITS = Thresholds(
    answer_at=0.6, lead=0.2, ask_at=0.2, offer_at=0.05, short_under=6, offers=3, failures=2,
    harm_at=0.2, need_at=0.4, doubt_under=0.1, question_at=0.5, cover_at=0.5,
)  # fmt: skip
ROWS = (
    SignalRow("a1", "fraud", Act.HAND_OVER, "complaint", {"zh": "资金"}),
    SignalRow("a2", "own_data", Act.DECLINE, "consultation", {"zh": "账户"}),
)
SURE = [Candidate("fee", 0.9, 2.0), Candidate("card", 0.05, 0.5)]
FRESH = State()
NEAR = [Candidate("fee", 0.7, 2.0), Candidate("card", 0.2, 1.9), Candidate("sms", 0.01, 0.2)]


def move(
    candidates: list[Candidate],
    state: State = FRESH,
    *signals: str,
    words: str = "年费怎么免掉呢",
    question: float = 1.0,
) -> Move:
    return decide(
        words,
        candidates,
        state,
        signals=set(signals),
        thresholds=LIMITS,
        rows=ROWS,
        question=question,
    )


def test_what_is_sure_and_well_ahead_is_quoted() -> None:
    assert move(SURE) == Move(Act.ANSWER, converse.SURE, ("fee",))


def test_what_may_be_no_question_or_leaves_most_of_it_out_is_asked_about() -> None:
    assert move(SURE, question=0.4).act is Act.ASK
    assert move([replace(SURE[0], covers=0.3), SURE[1]]).act is Act.ASK


def test_two_that_are_near_are_asked_about_once_and_never_again() -> None:
    asked = move(NEAR)
    assert (asked.act, asked.because, asked.keys) == (Act.ASK, converse.NEAR, ("fee", "card"))
    state = after(asked, State())
    assert move(NEAR, state).act is Act.DECLINE


def test_few_words_are_too_few() -> None:
    assert move(NEAR, words="年费").because == converse.SHORT


def test_money_in_danger_goes_before_any_answer() -> None:
    assert move(SURE, State(), "fraud") == Move(Act.HAND_OVER, "a1", (), "complaint")


def test_the_second_failure_fetches_a_person_and_a_greeting_is_none() -> None:
    first = move([])
    assert (first.act, first.because) == (Act.DECLINE, converse.UNKNOWN)
    state = after(first, State())
    assert after(move([], state, "own_data"), state) == state
    assert move([], state) == Move(Act.HAND_OVER, converse.TWICE)
    assert failed(state, LIMITS, converse.UNHELPED).because == converse.UNHELPED


def test_only_what_was_offered_can_be_chosen() -> None:
    assert chosen("fee", {"fee"}, State(), LIMITS).keys == ("fee",)
    assert chosen("safe", {"fee"}, State(), LIMITS).act is Act.DECLINE


percent = st.integers(0, 100)
candidate = st.tuples(st.integers(1, 9), percent, percent).map(
    lambda told: Candidate(told[0], told[1] / 100, told[2] / 20)
)


@given(
    st.lists(candidate, max_size=6),
    st.booleans(),
    st.integers(0, 5),
    st.sets(st.sampled_from(["fraud", "own_data", "weather"])),
    st.text(max_size=20),
)
def test_whatever_is_said_it_names_only_what_it_was_given(
    candidates: list[Candidate], asked: bool, failures: int, signals: set[str], words: str
) -> None:
    found = move(candidates, State(asked, failures), *signals, words=words)
    assert set(found.keys) <= {one.key for one in candidates}
    assert (found.act is Act.ANSWER) <= (len(found.keys) == 1)
    assert bool(found.keys) == (found.act in (Act.ANSWER, Act.ASK))
    assert found.act is not Act.ASK or not asked
    assert "fraud" not in signals or found.act is Act.HAND_OVER


TABLE = [
    {"row": name, "value": "1", "because_zh": "因为", "because_en": "because"}
    for name in (field.name for field in fields(Thresholds))
]


def test_a_threshold_that_is_missing_unknown_or_no_number_is_named() -> None:
    assert read_thresholds(TABLE).offers == 1.0
    for broken, column in (
        (TABLE[1:], "row"),
        ([*TABLE, {**TABLE[0], "row": "mood"}], "value"),
        ([{**TABLE[0], "value": "high"}, *TABLE[1:]], "value"),
        ([{**TABLE[0], "because_en": ""}, *TABLE[1:]], "because_en"),
    ):
        with pytest.raises(BadTable) as refused:
            read_thresholds(broken)
        assert refused.value.column == column


@pytest.mark.parametrize(
    ("column", "value"), [("signal", "mood"), ("act", "answer"), ("kind", "x")]
)
def test_a_signal_without_words_an_act_or_a_kind_is_named(column: str, value: str) -> None:
    row = {"row": "a1", "signal": "fraud", "act": "hand_over", "kind": "complaint"}
    row |= {"because_zh": "资金", "because_en": "money"}
    assert read_signals([row], {"fraud"}, {"complaint"})[0].act is Act.HAND_OVER
    with pytest.raises(BadTable) as refused:
        read_signals([{**row, column: value}], {"fraud"}, {"complaint"})
    assert refused.value.column == column


@pytest.mark.parametrize(
    ("hits", "of", "upper"),
    [(0, 149, 0.0199), (0, 10, 0.2589), (1, 100, 0.0466), (3, 3, 1.0), (0, 0, 1.0)],
)
def test_the_exact_bound_is_that_of_the_tables(hits: int, of: int, upper: float) -> None:
    """One-sided 95 percent; none of n gives 1 - 0.05 ** (1 / n)."""
    assert exact_upper(hits, of) == pytest.approx(upper, abs=1e-4)
    if not hits and of:
        assert exact_upper(hits, of) == pytest.approx(1 - 0.05 ** (1 / of))


def test_more_hits_than_cases_are_no_proportion() -> None:
    with pytest.raises(ValueError, match="no proportion"):
        exact_upper(2, 1)
