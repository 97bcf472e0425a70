"""Staff see how the assistant did; those who have nothing to do with it do not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sujin.engine.converse import Candidate
from sujin.knowledge.acts import converse
from sujin.knowledge.acts.ask import masked, note_question
from sujin.knowledge.acts.converse import CannotConverse
from sujin.knowledge.acts.forget_words import forget_words
from sujin.knowledge.conversations import picture
from sujin.knowledge.learnt import SINCE
from sujin.knowledge.models import Conversation, Question, Version
from sujin.platform.models import Person
from tests.knowledge.conftest import Write

PAGE = "/knowledge/assistant"
SignIn = Callable[[Person], Client]


@pytest.fixture
def public(released: Write) -> Version:
    """What may be quoted: the annual fee."""
    return released("fee", scope={"surfaces": ("staff", "public")})


@pytest.fixture(autouse=True)
def clock(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)


def talked(words: str, found: Version | None, *, at: datetime) -> Conversation:
    held = converse.begin("web", at=at)
    converse.hear(held, words, [Candidate(found.pk, 0.9)] if found else [], at=at)
    held.refresh_from_db()
    return held


def test_the_figures_add_up_week_by_week(public: Version, noon: datetime) -> None:
    now = noon + timedelta(weeks=1)
    answered = talked("年费怎么收", public, at=now)
    converse.judge(answered, helped=True, at=now)
    talked("月亮有多远", None, at=now)
    talked("转人工", None, at=now)
    talked("年费怎么收", public, at=noon)
    shown = picture(now)
    this, last = shown.weeks
    assert (this.begun, this.answered, this.handed, this.helped) == (3, 1, 1, 1)
    assert (last.begun, last.answered) == (1, 1)
    assert (this.coverage, this.deflection) == ("33%", "33%")
    assert (shown.whole.begun, shown.whole.answered) == (4, 2)
    assert shown.reasons == [("a3", 1)]
    assert [turn.words for turn in shown.unanswered] == ["月亮有多远"]


def test_the_authors_hear_what_was_not_found_and_not_who_complained(
    public: Version, noon: datetime
) -> None:
    talked("月亮有多远", None, at=noon)
    talked("我要投诉", None, at=noon)
    talked("年费怎么收", public, at=noon)
    asked = Question.objects.filter(surface="public").order_by("pk")
    assert [(one.words, one.chosen) for one in asked] == [
        ("月亮有多远", None),
        ("年费怎么收", public),
    ]


def test_an_analyst_sees_the_figures_and_a_teller_does_not(
    public: Version, cast: SimpleNamespace, noon: datetime, signed_in: SignIn
) -> None:
    talked("转人工", None, at=noon)
    told = signed_in(cast.lin_lan).get(PAGE)
    assert told.status_code == 200
    assert "客户要求人工" in told.content.decode()
    assert signed_in(cast.wang_xiuying).get(PAGE).status_code == 403


def test_the_page_asks_a_fixed_number_of_questions(public: Version, noon: datetime) -> None:
    with CaptureQueriesContext(connection) as few:
        picture(noon)
    for days in range(20):
        talked("年费怎么收", public, at=noon - timedelta(days=days))
    with CaptureQueriesContext(connection) as many:
        picture(noon)
    assert len(few) == len(many)


def test_what_is_for_staff_only_is_never_taken_whoever_found_it(
    released: Write, noon: datetime
) -> None:
    inside = released("inside", scope={"surfaces": ("staff",)})
    assert talked("年费怎么收", inside, at=noon).turns.get().version is None


def test_a_conversation_that_became_a_case_goes_on_no_more(public: Version, noon: datetime) -> None:
    held = talked("转人工", None, at=noon)
    converse.settle(held, 7, at=noon)
    with pytest.raises(CannotConverse):
        converse.hear(held, "年费", [], at=noon)


def test_after_thirty_turns_it_asks_for_a_person(public: Version, noon: datetime) -> None:
    held = converse.begin("web", at=noon)
    found: list[Any] = [Candidate(public.pk, 0.9)]
    for _n in range(converse.TURNS_MAX):
        converse.hear(held, "年费怎么收", found, at=noon)
    with pytest.raises(CannotConverse):
        converse.hear(held, "年费怎么收", found, at=noon)
    with pytest.raises(CannotConverse):
        converse.choose(held, None, at=noon)
    with pytest.raises(CannotConverse):
        converse.judge(held, helped=False, at=noon)
    converse.ask_for_a_person(held, at=noon)
    held.refresh_from_db()
    assert held.handed_because == "button"


def test_what_staff_searched_for_is_forgotten_when_it_teaches_no_more(
    cast: SimpleNamespace, noon: datetime
) -> None:
    for surface in ("staff", "assist"):
        note_question(
            "年费怎么收", surface=surface, found=0, confidence=0.0, best=None,
            by=cast.wang_xiuying, at=noon,
        )  # fmt: skip
    forget_words(at=noon + SINCE + timedelta(days=1))
    assert Question.objects.count() == 2
    forget_words(at=noon + timedelta(days=401))
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("卡6222021234567890123用不了", "卡****0123用不了"),
        ("卡6222 0212 3456 7890 123用不了", "卡****0123用不了"),
        ("流水123456789012查不到", "流水****9012查不到"),
        ("20260101到20260201的利息", "20260101到20260201的利息"),
        ("2026-01-01 2026-02-01 的利息 50000 元", "2026-01-01 2026-02-01 的利息 50000 元"),
    ],
)
def test_staff_and_customers_leave_no_long_number_behind(
    words: str, kept: str, cast: SimpleNamespace, noon: datetime
) -> None:
    assert masked(words) == kept
    asked = note_question(
        words, surface="staff", found=0, confidence=0.0, best=None, by=cast.chen_li, at=noon
    )
    assert asked.words == kept
