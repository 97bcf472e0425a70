"""The pages of 优化建议: who opens which, a fixed number of queries, and figures that open rows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sujin import supervision
from sujin.complaints.acts.receive import receive
from sujin.complaints.draft import Draft as Told
from sujin.complaints.models import Complaint
from sujin.lab.cast import OUTLET_A
from sujin.supervision.acts.assess_proposal import assess_proposal
from sujin.supervision.acts.submit_proposal import join_proposal
from sujin.supervision.kinds import proposal as kinds
from sujin.supervision.models import Proposal
from sujin.supervision.voicebook import criteria
from tests.supervision.proposal_pairs import ALIKE, UNLIKE
from tests.supervision.test_proposals import (
    CARD,
    HIGH,
    SEEN,
    adopted,
    assessed,
    carried,
    heard,
    submitted,
)

SignedIn = Callable[[Any], Client]
pytestmark = pytest.mark.django_db
LIST, NEW = reverse("supervision:proposals"), reverse("supervision:proposal_new")


def filled(text: str, **changes: str) -> dict[str, str]:
    told = {"name": text[:60], "words": text, "hurts": "客户多跑一趟", "expected": "这类投诉变少"}
    return {**told, "business": CARD, "cause": "", "about": "", "differs": "", **changes}


def test_a_teller_is_shown_what_is_like_it_before_it_is_submitted(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    name, again = ALIKE[2]
    known = submitted(cast, noon, name=name, words=name)
    browser = signed_in(cast.chen_li)
    assert browser.get(NEW).status_code == 200
    shown = browser.post(NEW, filled(again))
    assert shown.status_code == 422
    assert name in shown.content.decode()
    assert reverse("supervision:proposal_join", args=[known.pk]) in shown.content.decode()
    assert Proposal.objects.count() == 1
    done = browser.post(NEW, filled(again, differs="我说的是分期手续费，不是年费"))
    assert done.status_code == 302
    assert Proposal.objects.get(submitted_by=cast.chen_li).likes == [known.pk]


def test_joining_puts_both_names_on_it(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    name, again = ALIKE[2]
    known = submitted(cast, noon, name=name, words=name)
    browser = signed_in(cast.ma_jun)
    address = reverse("supervision:proposal_join", args=[known.pk])
    assert browser.get(known.get_absolute_url()).status_code == 404
    refused = browser.post(address, {"name": "食堂", "words": "食堂增加素菜窗口"}, follow=True)
    assert "不相近" in refused.content.decode()
    joined = browser.post(address, {"name": again, "words": again}, follow=True)
    assert cast.wang_xiuying.name in joined.content.decode()
    assert cast.ma_jun.name in joined.content.decode()
    assert browser.post(reverse("supervision:proposal_join", args=[0]), {}).status_code == 404


def test_joining_with_what_no_text_holds_is_refused_in_words(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    name, again = ALIKE[2]
    known = submitted(cast, noon, name=name, words=name)
    browser = signed_in(cast.ma_jun)
    address = reverse("supervision:proposal_join", args=[known.pk])
    for words in (f"{again}\x00", again * 30, ""):
        told = browser.post(address, {"words": words}, follow=True)
        assert told.status_code == 200
        assert "message-error" in told.content.decode()
        assert "已登记" not in told.content.decode()
    known.refresh_from_db()
    assert known.writers == [cast.wang_xiuying.pk]


def test_what_was_assessed_is_shown_and_not_offered_to_join(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    name, again = ALIKE[2]
    known = submitted(cast, noon, name=name, words=name)
    assess_proposal(known, points=HIGH, because=SEEN, by=cast.liu_yang, at=noon)
    shown = signed_in(cast.chen_li).post(NEW, filled(again)).content.decode()
    assert name in shown
    assert reverse("supervision:proposal_join", args=[known.pk]) not in shown


def test_the_days_to_an_answer_say_of_how_many_and_open_exactly_those(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    held = adopted(cast, noon)
    Proposal.objects.filter(pk=held.pk).update(decided_at=noon + timedelta(days=4))
    name = UNLIKE[1][1]
    submitted(cast, noon, name=name, words=name, differs="不是同一件事", by=cast.ma_jun)
    browser = signed_in(cast.lin_lan)
    shown = browser.get(reverse("supervision:proposal_board")).context["tiles"]
    (tile,) = [one for one in shown if "which=answered" in one.url]
    assert tile.said == "4 天，共 1 条"
    assert list(browser.get(tile.url).context["listing"].rows) == [held]


def test_names_are_joined_as_the_readers_language_does(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    held = submitted(cast, noon)
    again = "信用卡收年费前提前一个月短信告诉客户还差几笔免年费"
    join_proposal(held, words=again, by=cast.ma_jun, at=noon)
    browser, both = signed_in(cast.lin_lan), (cast.wang_xiuying, cast.ma_jun)
    shown = browser.get(held.get_absolute_url()).content.decode()
    assert "、".join(one.name for one in both) in shown
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    shown = browser.get(held.get_absolute_url()).content.decode()
    assert ", ".join(one.name_en for one in both) in shown


@pytest.mark.parametrize("page", ["proposal", "proposal_new", "training", "outreach", "survey"])
def test_no_page_joins_names_with_a_comma_of_one_language(page: str) -> None:
    folder = Path(supervision.__file__).parent / "templates/supervision"
    text = (folder / f"{page}.html").read_text(encoding="utf-8")
    assert 'join:"、"' not in text
    assert "%}、{%" not in text


def test_assessing_and_answering_on_the_page(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    held = submitted(cast, noon)
    address = reverse("supervision:proposal_verb", args=[held.pk, "assessment"])
    points = {code: str(HIGH[code]) for code in criteria()}
    owner = signed_in(cast.liu_yang)
    assert owner.post(address, {**points, "because": ""}).status_code == 422
    assert owner.post(address, {**points, "because": SEEN}).status_code == 302
    assert owner.post(address, {**points, "because": SEEN}).status_code == 422
    assert signed_in(cast.lin_lan).post(address, {**points, "because": SEEN}).status_code == 302
    answer = reverse("supervision:proposal_verb", args=[held.pk, "adoption"])
    assert owner.post(answer, {"because": SEEN}).status_code == 302
    held.refresh_from_db()
    assert held.state == kinds.ADOPTED
    own = signed_in(cast.wang_xiuying).get(held.get_absolute_url()).content.decode()
    assert SEEN in own
    assert "登记落实" not in own


@pytest.mark.parametrize("person", ["wang_xiuying", "zhou_tao", "sun_qian", "lin_lan", "qian_wei"])
def test_everybody_opens_the_list_and_nobody_what_is_out_of_reach(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn, person: str
) -> None:
    held = submitted(cast, noon, about=None)
    browser = signed_in(getattr(cast, person))
    for name in ("proposals", "proposal_board", "proposal_new"):
        assert browser.get(reverse(f"supervision:{name}")).status_code == 200
    expected = 404 if person == "sun_qian" else 200
    assert browser.get(held.get_absolute_url()).status_code == expected
    verb = reverse("supervision:proposal_verb", args=[held.pk, "adoption"])
    assert browser.post(verb, {"because": SEEN}).status_code in {404, 422}
    assert browser.post(verb.replace("adoption", "nothing"), {}).status_code == 404
    held.refresh_from_db()
    assert held.state == kinds.SUBMITTED


def test_the_list_costs_the_same_however_long(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.lin_lan)
    submitted(cast, noon)
    costs = []
    for nth in range(2):
        browser.get(LIST)
        with CaptureQueriesContext(connection) as counted:
            browser.get(LIST)
        costs.append(len(counted))
        for more in range(4):
            name = UNLIKE[4 * nth + more][1]
            submitted(cast, noon, name=name, words=name, differs="不是同一件事", by=cast.ma_jun)
    assert costs[0] == costs[1]


def test_filters_narrow_and_figures_open_exactly_their_rows(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    held, _measure = carried(cast, noon, fall=0.5)
    heard(held, noon)
    name = UNLIKE[1][1]
    submitted(cast, noon, name=name, words=name, differs="不是同一件事", by=cast.ma_jun)
    browser = signed_in(cast.lin_lan)
    board = browser.get(reverse("supervision:proposal_board")).content.decode()
    for which, shown in (("worked", 1), ("adopted", 1), ("awarded", 0), ("unclear", 0)):
        assert f"which={which}" in board
        page = browser.get(LIST, {"which": which})
        assert page.context["listing"].count == shown, which
    for asked, shown in (
        ({"state": kinds.MEASURED}, 1), ({"line": "card"}, 2), ({"line": "personal"}, 0),
        ({"origin": "customer"}, 0), ({"month": "2026-03"}, 1),
    ):  # fmt: skip
        assert browser.get(LIST, asked).context["listing"].count == shown, asked
    shown_now = browser.get(held.get_absolute_url()).content.decode()
    assert "措施有效" in shown_now
    assert "区间" in shown_now


def test_a_customers_suggestion_is_taken_up_with_one_click(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    told = Told("counter", "建议在门口加装坡道，轮椅进不来", noon, OUTLET_A)
    case = receive(told, by=cast.wang_xiuying, at=noon).complaint
    Complaint.objects.filter(pk=case.pk).update(kind="suggestion")
    browser = signed_in(cast.chen_li)
    waiting = browser.get(reverse("supervision:suggestions"))
    assert case.number in waiting.content.decode()
    form = browser.get(NEW, {"case": case.number}).content.decode()
    assert "轮椅进不来" in form
    done = browser.post(f"{NEW}?case={case.number}", filled("门口加装无障碍坡道和扶手"))
    assert done.status_code == 302
    assert Proposal.objects.get().case_id == case.pk
    assert case.number not in browser.get(reverse("supervision:suggestions")).content.decode()
    foreign = signed_in(cast.sun_qian)
    assert foreign.get(NEW, {"case": case.number}).status_code == 404
    assert signed_in(cast.kong_mingyu).get(reverse("supervision:suggestions")).status_code == 403


def test_the_ledger_and_the_award_are_reached_from_the_page(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    held = adopted(cast, noon)
    browser = signed_in(cast.liu_yang)
    due = (timezone.localdate() + timedelta(days=60)).isoformat()
    enter = reverse("supervision:proposal_verb", args=[held.pk, "entering"])
    assert browser.post(enter, {"due_on": "2020-01-01"}).status_code == 422
    assert browser.post(enter, {"due_on": due}).status_code == 302
    held.refresh_from_db()
    assert held.problem is not None
    assert browser.post(enter, {"due_on": due}).status_code == 422
    page = browser.get(held.get_absolute_url()).content.decode()
    assert held.problem.get_absolute_url() in page


def test_the_award_is_given_on_the_page(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    held, _measure = carried(cast, noon, fall=0.0)
    browser = signed_in(cast.lin_lan)
    award = reverse("supervision:proposal_verb", args=[held.pk, "award"])
    assert browser.post(award, {"level": "first", "because": SEEN}).status_code == 422
    assert browser.post(award, {"level": "third", "because": SEEN}).status_code == 302
    held.refresh_from_db()
    assert (held.level, held.yuan) == ("third", 500)


def test_a_detail_page_costs_a_fixed_number_of_queries(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    held = assessed(cast, submitted(cast, noon), noon)
    browser = signed_in(cast.qian_wei)
    browser.get(held.get_absolute_url())
    with CaptureQueriesContext(connection) as first:
        browser.get(held.get_absolute_url())
    for nth in range(3):
        name = UNLIKE[nth][1]
        more = submitted(cast, noon, name=name, words=name, differs="不是同一件事", by=cast.ma_jun)
        assessed(cast, more, noon)
    with CaptureQueriesContext(connection) as second:
        browser.get(held.get_absolute_url())
    assert len(first) == len(second)
