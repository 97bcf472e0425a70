"""Three modes of work as a table: each tier has its own steps; the dossier says which is next."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from sujin import packs
from sujin.complaints import kinds, progress
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.confer import agree_plan, form_task_force
from sujin.complaints.acts.respond import respond
from sujin.complaints.models import Complaint
from sujin.complaints.pages.actions import BY_NAME
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.platform.models import Org, Person
from tests.complaints.conftest import Told
from tests.complaints.test_reactions import COMPLEX

URGENT = "信用卡年费的事你们再不解决，我就从你们楼上跳下去。"


def next_of(case: Complaint) -> str:
    case.refresh_from_db()
    stages = progress.stages(case, progress.done(case))
    return next(stage.step.done for stage in stages if stage.is_next)


def test_every_row_names_an_action_and_a_fact_there_are(told: Told) -> None:
    facts = progress.done(told())
    for step in progress.steps():
        assert step.action in BY_NAME, step.row
        assert step.done in facts, step.row
    for row in packs.rows(HOUSE_PACK, "closing"):
        assert row["requires"] in facts, row["row"]


@pytest.mark.parametrize("tier", ["ordinary", "complex", "urgent"])
def test_what_closing_asks_of_a_tier_is_a_step_of_it(tier: str) -> None:
    """Nobody is surprised at the end by something that no step had announced."""
    shown = {step.done for step in progress.steps() if step.tiers & {tier}}
    rows = [row for row in packs.rows(HOUSE_PACK, "closing") if "complaint" in row["kinds"]]
    asked = {row["requires"] for row in rows if not row["tiers"] or tier in row["tiers"].split("|")}
    # These come up only when something was asked, promised, booked or extended, and say so.
    occasional = {"coded", "told", "nothing_asked", "nothing_promised", "reviewed", "met"}
    occasional |= {"tiered"}
    assert asked - occasional <= shown
    assert [step.done for step in progress.steps() if step.tiers & {tier}][-1] == "closed"


def test_the_three_tiers_go_three_ways(cast: SimpleNamespace, told: Told, noon: datetime) -> None:
    ordinary, complex_, urgent = told(), told(COMPLEX, phone="13900000001"), told(URGENT)
    # The teller who heard it has it already.
    assert next_of(ordinary) == "responded"
    assert (next_of(complex_), next_of(urgent)) == ("claimed", "task_force")
    claim(complex_, by=cast.chen_li, at=noon)
    respond(complex_, way="phone", note="已联系", by=cast.chen_li, at=noon)
    assert next_of(complex_) == "asked"
    agree_plan(complex_, plan="先道歉", coaches=True, by=cast.chen_li, at=noon)
    assert next_of(complex_) == "coached"
    form_task_force(urgent, head=cast.zhou_tao, members=[], plan="上门", by=cast.zhou_tao, at=noon)
    assert next_of(urgent) == "responded"


def test_the_dossier_shows_only_what_the_tier_knows_and_what_is_next_first(
    cast: SimpleNamespace, told: Told, signed_in: Callable[[Person], Client]
) -> None:
    now = timezone.now()
    ordinary, complex_ = told(at=now), told(COMPLEX, phone="13900000001", at=now)
    desk = signed_in(cast.chen_li)
    page = desk.get(ordinary.get_absolute_url()).content.decode()
    assert 'id="action-opinions"' not in page
    claim(complex_, by=cast.chen_li, at=now)
    page = desk.get(complex_.get_absolute_url()).content.decode()
    assert 'id="action-opinions"' in page
    assert page.index("联系客户") < page.index("action-next")
    assert page.index('id="action-response"') < page.index('id="action-opinions"')
    assert 'aria-current="step"' in page


def test_an_action_of_another_tier_is_refused_at_the_address_too(
    cast: SimpleNamespace, told: Told, signed_in: Callable[[Person], Client]
) -> None:
    now = timezone.now()
    ordinary, complex_ = told(at=now), told(COMPLEX, phone="13900000001", at=now)
    asked = {
        "opinions-desks": [str(Org.objects.get(code="HO-PERSONAL").pk)],
        "opinions-question": "能退吗？",
    }
    desk = signed_in(cast.chen_li)
    page = desk.post(f"{ordinary.get_absolute_url()}/opinions", asked)
    assert page.status_code == 422
    assert "这一级投诉不走这一步" in page.content.decode()
    assert not ordinary.assignments.exists()
    assert desk.post(f"{complex_.get_absolute_url()}/opinions", asked).status_code == 302


def test_the_five_letters_stand_in_the_order_of_the_conversation(noon: datetime) -> None:
    """The database keeps an object's keys in an order of its own."""
    mark = {"state": "seen", "start": 0, "end": 1}
    said = kinds.Responded("phone", "好", noon, marks=dict.fromkeys("AELNR", mark))
    assert [letter for letter, _state, _words in said.letters] == list("LEARN")
