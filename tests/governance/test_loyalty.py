"""Customers whose complaints were handled well are compared with their equals alone."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sujin.complaints.figures.selection import Window
from sujin.complaints.models import Complaint, Course
from sujin.engine.text import search_tokens
from sujin.governance.loyalty import loyalty
from sujin.lab.cast import OUTLET_A, OUTLET_B
from sujin.platform.models import Org

SignedIn = Callable[[Any], Client]
DAY = timedelta(days=1)
TEXT = "年费收取前没有通知"


@pytest.fixture
def followed(cast: SimpleNamespace) -> SimpleNamespace:
    """Three hundred customers of a year ago. In branch B everything comes again more often, and
    fewer are content; among equals the content come again half as often."""
    rng, now = np.random.default_rng(6), timezone.now()
    outlets = [Org.objects.get(code=code) for code in (OUTLET_A, OUTLET_B)]
    rows, again = [], []
    for number in range(600):
        where = number % 2
        content = rng.random() < (0.8, 0.3)[where]
        risk = (0.2, 0.6)[where] * (0.5 if content else 1.0)
        closed = now - DAY * float(rng.uniform(220, 400))
        rows.append(_case(f"2007-{number:07}", outlets[where], closed, f"k{number}", content))
        if rng.random() < risk:
            later = closed + DAY * float(rng.uniform(2, 170))
            again.append(_case(f"2008-{number:07}", outlets[where], later, f"k{number}", None))
    made = Complaint.objects.bulk_create(rows)
    Course.objects.bulk_create([Course(complaint=one, entry=1) for one in made])
    Complaint.objects.bulk_create(again)
    return cast


def _case(number: str, org: Org, closed: Any, key: str, content: bool | None) -> Complaint:
    said = {True: "yes", False: "no", None: ""}[content]
    return Complaint(
        number=number, kind="complaint", lane="ordinary", channel="counter", text=TEXT,
        tokens=search_tokens(TEXT), received_at=closed - 5 * DAY if content is not None else closed,
        closed_at=closed, origin=org, business="card.credit.billing", cause="pricing",
        customer_keys=[key], satisfied=said, tier="ordinary",
    )  # fmt: skip


def test_the_content_come_again_half_as_often_among_their_equals(
    followed: SimpleNamespace,
) -> None:
    today = timezone.localdate(timezone.now())
    found = loyalty("", Window(today - 500 * DAY, today - 190 * DAY))
    satisfied, in_limit = found
    one = satisfied.matched
    assert one.value is not None and one.low is not None and one.high is not None
    assert one.low < 0.5 < one.high and one.tells
    crude = satisfied.crude.value
    assert crude is not None and crude < one.value, "without equals the effect looks larger"
    assert in_limit.matched.value is None, "nobody was answered: nothing is said"


def test_the_page_says_it_and_keeps_to_the_reach(
    followed: SimpleNamespace, signed_in: SignedIn
) -> None:
    address = reverse("governance:loyalty")
    page = signed_in(followed.lin_lan).get(address)
    assert page.status_code == 200
    assert "变诉为金" in page.content.decode() and "不是因果" in page.content.decode()
    assert page.context["rows"][0].matched.n > 50
    branch = signed_in(followed.zhou_tao)
    mine = branch.get(address)
    assert 0 < mine.context["rows"][0].crude.n < page.context["rows"][0].crude.n
    assert branch.get(address, {"org": "HO"}).status_code == 404
    assert signed_in(followed.he_jing).get(address).status_code == 302
    assert signed_in(followed.wang_xiuying).get(address).status_code == 403


def test_an_empty_bank_says_that_there_is_nobody_to_compare(
    cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    page = signed_in(cast.lin_lan).get(reverse("governance:loyalty"))
    assert page.content.decode().count("没有足够的同类客户可比") == 2
