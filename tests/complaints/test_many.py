"""Several cases at once: each stands or falls alone, and what was done can be undone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from sujin.complaints.acts.annotate import annotate
from sujin.complaints.acts.claim import CannotClaim, claim, put_back
from sujin.complaints.acts.do_many import CannotDoMany, do_many, undo_many
from sujin.complaints.acts.hand_over import accept
from sujin.complaints.models import Batch, Complaint
from sujin.lab.cast import BRANCH_A, OUTLET_B
from sujin.platform.models import Org, Person
from tests.complaints.conftest import Told
from tests.complaints.test_reactions import COMPLEX

Three = list[Complaint]


@pytest.fixture
def three(told: Told) -> Three:
    """Three matters of three customers, waiting at Chen Li's desk."""
    return [told(COMPLEX, phone=f"1390000000{place}") for place in range(3)]


def rows(cases: Three) -> list[dict[str, object]]:
    """What the undo must restore, whole."""
    fields = ("accountable_id", "claimed_at", "desk_id", "offered_to_id", "due_at", "due_clock")
    found = Complaint.objects.filter(pk__in=[case.pk for case in cases]).order_by("pk")
    return [
        {field: getattr(case, field) for field in fields} | {"seen_by": sorted(case.seen_by)}
        for case in found
    ]


def test_three_claimed_at_once_are_put_back_as_they_were(
    cast: SimpleNamespace, three: Three, noon: datetime
) -> None:
    before = rows(three)
    batch = do_many("claim", three, given={}, by=cast.chen_li, at=noon)
    assert {row["accountable_id"] for row in rows(three)} == {cast.chen_li.pk}
    assert undo_many(batch, by=cast.chen_li, at=noon + timedelta(minutes=5)) == 3
    assert rows(three) == before


def test_what_somebody_else_has_is_refused_and_the_rest_goes_on(
    cast: SimpleNamespace, three: Three, noon: datetime
) -> None:
    claim(three[1], by=cast.shen_qiu, at=noon)
    batch = do_many("claim", three, given={}, by=cast.chen_li, at=noon)
    refused = {line.complaint: line.refused for line in batch.lines.all()}
    assert "沈秋" in refused[three[1]]
    assert [bool(refused[case]) for case in three] == [False, True, False]


def test_handed_over_at_once_and_taken_back_except_what_was_accepted(
    cast: SimpleNamespace, three: Three, noon: datetime
) -> None:
    do_many("claim", three, given={}, by=cast.chen_li, at=noon)
    before = rows(three)
    branch = Org.objects.get(code=BRANCH_A)
    given = {
        "to": branch,
        "because": "请分行牵头",
        "told": "已告诉客户由分行接着办",
        "promised_at": noon + timedelta(days=1),
    }
    batch = do_many("hand_over", three, given=given, by=cast.chen_li, at=noon)
    accept(three[0], by=cast.zhou_tao, at=noon)
    assert undo_many(batch, by=cast.chen_li, at=noon + timedelta(minutes=5)) == 2
    assert rows(three)[1:] == before[1:]
    assert "已经接收" in batch.lines.get(complaint=three[0]).kept


def test_an_undo_is_once_and_soon_and_ones_own(
    cast: SimpleNamespace, three: Three, noon: datetime
) -> None:
    batch = do_many("claim", three[:1], given={}, by=cast.chen_li, at=noon)
    for person, at in ((cast.shen_qiu, noon), (cast.chen_li, noon + timedelta(minutes=31))):
        with pytest.raises(CannotDoMany, match="只有本人"):
            undo_many(batch, by=person, at=at)
    undo_many(batch, by=cast.chen_li, at=noon)
    with pytest.raises(CannotDoMany, match="已经撤销过"):
        undo_many(batch, by=cast.chen_li, at=noon)
    nudges = do_many("urge", three[1:], given={"words": ""}, by=cast.zhou_tao, at=noon)
    with pytest.raises(CannotDoMany, match="不能撤销"):
        undo_many(nudges, by=cast.zhou_tao, at=noon)


def test_a_claim_that_was_worked_on_is_not_put_back(
    cast: SimpleNamespace, three: Three, noon: datetime
) -> None:
    claim(three[0], by=cast.chen_li, at=noon)
    annotate(three[0], note="已调资料", by=cast.chen_li, at=noon)
    with pytest.raises(CannotClaim, match="别的处理"):
        put_back(three[0], by=cast.chen_li, at=noon)


def test_the_list_does_it_and_the_page_undoes_it(
    cast: SimpleNamespace, told: Told, signed_in: Callable[[Person], Client]
) -> None:
    now = timezone.now()
    cases = [told(COMPLEX, phone=f"1390000000{place}", at=now) for place in range(2)]
    desk = signed_in(cast.chen_li)
    assert 'name="case"' in desk.get("/complaints").content.decode()
    given = {"verb": "claim", "case": [case.number for case in cases], "query": "tier=complex"}
    answer = desk.post("/batches", given)
    batch = Batch.objects.get()
    assert answer["Location"] == f"/batches/{batch.pk}"
    assert "撤销这一批" in desk.get(answer["Location"]).content.decode()
    # Nobody else looks at it or undoes it.
    assert signed_in(cast.shen_qiu).get(answer["Location"]).status_code == 404
    assert desk.post(f"/batches/{batch.pk}/undoing").status_code == 302
    assert not Complaint.objects.filter(claimed_at__isnull=False).exists()
    # What is out of reach is not touched, and is not spoken of.
    elsewhere = told(COMPLEX, origin=OUTLET_B, phone="13900000009", by=cast.ma_jun, at=now)
    answer = desk.post("/batches", {**given, "verb": "urge", "case": [elsewhere.number]})
    assert answer["Location"] == "/complaints?tier=complex"
    assert not elsewhere.entries.filter(kind="complaint.urged").exists()
