"""没有变成投诉的不满: what an inspector reads, and what a unit reads of itself alone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from sujin.complaints import kinds
from sujin.complaints.models import Complaint
from sujin.engine.silent import Verdict
from sujin.lab.cast import BRANCH2_B
from sujin.platform import reach as reaches
from sujin.platform.acts.organise import system_person
from sujin.platform.bulk import insert
from sujin.platform.models import Entry, Org, Person
from sujin.supervision import silent
from tests.conftest import SHANGHAI

SignIn = Callable[[Person], Client]
SERIAL = count(7_000_000)


@pytest.fixture
def now() -> datetime:
    """A page reads the clock of the wall, so these months end today."""
    return timezone.now()


@pytest.fixture
def last(now: datetime) -> datetime:
    """The tenth of the last month that is over."""
    return months(now)[-1]


def asked(org: Org, who: str, at: datetime, *, kind: str = "consultation") -> Complaint:
    return Complaint(
        number=f"2026-{next(SERIAL)}", kind=kind, lane="ordinary", channel="counter", text="甲",
        received_at=at, origin=org, seen_by=list(org.tokens), customer_keys=[who],
        business="card.credit", closed_at=at + timedelta(days=3),
    )  # fmt: skip


def month(org: Org, at: datetime, *, both: int, complained: int, other: int) -> list[Complaint]:
    """Customers of one month: who did both, who only complained, who only asked twice."""
    name = f"{org.pk}-{at:%Y%m}"
    rows = []
    for place in range(both + complained):
        rows.append(asked(org, f"{name}-{place}", at, kind="complaint"))
    for place in [*range(both), *range(both + complained, both + complained + other)]:
        rows += [asked(org, f"{name}-{place}", at + timedelta(days=day)) for day in (1, 2)]
    return rows


def months(now: datetime) -> list[datetime]:
    starts = silent.months_over(now, 12)[:-1]
    return [datetime(day.year, day.month, 10, 9, 0, tzinfo=SHANGHAI) for day in starts]


@pytest.fixture
def branch(bank: None) -> Org:
    return Org.objects.filter(kind="branch1").order_by("pk")[0]


def year(org: Org, now: datetime, recent: dict[str, int]) -> None:
    """Nine months as ever, and three as ``recent``."""
    usual = {"both": 20, "complained": 40, "other": 30}
    rows = [
        row
        for place, at in enumerate(months(now))
        for row in month(org, at, **(usual if place < 9 else recent))
    ]
    insert(rows)


def test_when_complaints_fall_and_the_share_falls_the_page_warns(
    cast: SimpleNamespace, branch: Org, now: datetime, signed_in: SignIn
) -> None:
    year(branch, now, {"both": 6, "complained": 14, "other": 44})
    page = signed_in(cast.qian_wei).get("/silent")
    assert page.context["comparison"].verdict is Verdict.DETERRED
    assert "可能是投诉变难了" in page.content.decode()
    assert any(row.is_warned for row in page.context["rows"])


def test_when_both_fall_together_it_says_so_and_warns_nobody(
    cast: SimpleNamespace, branch: Org, now: datetime, signed_in: SignIn
) -> None:
    year(branch, now, {"both": 10, "complained": 20, "other": 15})
    page = signed_in(cast.qian_wei).get("/silent")
    assert page.context["comparison"].verdict is Verdict.EASED
    assert "可能是投诉变难了，" not in page.content.decode()


def test_the_sentence_says_how_many_complained_and_how_many_did_not(
    cast: SimpleNamespace, branch: Org, now: datetime, signed_in: SignIn
) -> None:
    year(branch, now, {"both": 20, "complained": 40, "other": 30})
    page = signed_in(cast.qian_wei).get("/silent")
    body = page.content.decode()
    assert "<strong>180</strong> 名客户投诉" in body
    assert "95% 区间" in body
    opened = signed_in(cast.qian_wei).get(f"/silent{page.context['now'].both.url.split('#')[0]}")
    assert opened.context["listing"].count == 3 * 20 * 3


def test_every_number_opens_its_cases_and_a_small_one_is_not_told(
    cast: SimpleNamespace, branch: Org, now: datetime, last: datetime, signed_in: SignIn
) -> None:
    insert(month(branch, last, both=3, complained=6, other=0))
    client = signed_in(cast.qian_wei)
    page = client.get("/silent")
    (row,) = [one for one in page.context["months"] if one.label == f"{last:%Y-%m}"]
    assert (row.complained.n, row.both.n) == (9, 3)
    assert "少于5" in page.content.decode()
    cases = client.get(f"/silent{row.complained.url.split('#')[0]}")
    # Nine complaints, and the two questions each of three of them.
    assert cases.context["listing"].count == 9 + 6
    hidden = client.get(f"/silent{row.both.url.split('#')[0]}")
    assert "listing" not in hidden.context


def test_a_complaint_made_a_question_moves_to_the_other_list(
    cast: SimpleNamespace, branch: Org, now: datetime, last: datetime
) -> None:
    one = asked(branch, "k", last)
    insert([one])
    reach = reaches.of(cast.qian_wei, now)
    assert silent.town(reach, now).found == ()
    what = kinds.Reclassified("complaint", "consultation", "客户只是询问")
    insert([
        Entry(subject="complaint", subject_id=one.pk, kind=what.code, by=system_person(),
              at=last, data=what.data())
    ])  # fmt: skip
    ((_cell, customer),) = silent.town(reach, now).found
    assert customer.stranded and not customer.complained


def test_who_asks_the_hotline_and_complains_at_a_branch_is_one_customer_of_the_branch(
    cast: SimpleNamespace, branch: Org, now: datetime, last: datetime
) -> None:
    centre = Org.objects.get(kind="centre")
    insert([asked(centre, "k", last), asked(centre, "k", last + timedelta(days=1)),
            asked(branch, "k", last + timedelta(days=2), kind="complaint")])  # fmt: skip
    ((cell, customer),) = silent.town(reaches.of(cast.qian_wei, now), now).found
    assert cell.unit == str(branch.pk)
    assert customer.complained and customer.is_otherwise


def test_a_unit_counts_its_own_customers_and_nobody_elses(
    cast: SimpleNamespace, now: datetime, last: datetime, signed_in: SignIn
) -> None:
    other = Org.objects.get(code=BRANCH2_B)
    insert(month(other, last, both=8, complained=8, other=8))
    outsider = reaches.of(cast.zhou_tao, now)
    assert not outsider.everything
    assert silent.town(outsider, now).found == ()
    assert len(silent.town(reaches.of(cast.qian_wei, now), now).found) == 24
    assert signed_in(cast.wang_xiuying).get("/silent").status_code == 403
