"""Groups beside their equals: planted differences are found, small groups are not judged."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sujin.complaints.models import Complaint, Course, Party
from sujin.platform.bulk import insert
from sujin.platform.models import Org, Person
from sujin.supervision import fairness
from sujin.supervision.fairness import Line, lines, segments, window

DAY = timedelta(days=1)
Plant = Callable[..., None]


@pytest.fixture
def planted(bank: None, noon: datetime) -> Plant:
    """So many customers of an outlet, of a group or of none; ``bad`` of each ten fare worse."""
    serial = iter(range(9_500_000, 9_900_000))

    def plant(org: str, number: int, *, bad: int, group: str = "", business: str = "card") -> None:
        place, cases, told = Org.objects.get(code=org), [], []
        for at in range(number):
            key, worse = next(serial), at % 10 < bad
            received = noon - (40 + at % 200) * DAY
            cases.append(_case(place, key, received, business, worse=worse))
            told.append(received + (12 if worse else 2) * DAY)
        insert(cases)
        Course.objects.bulk_create(
            Course(complaint=case, answered_at=answered, entry=0)
            for case, answered in zip(cases, told, strict=True)
        )
        if group:
            Party.objects.bulk_create(
                Party(complaint=case, role="complainant", vulnerable=[group]) for case in cases
            )

    return plant


def _case(place: Org, key: int, at: datetime, business: str, *, worse: bool) -> Complaint:
    return Complaint(
        number=f"2025-{key}", kind="complaint", lane="ordinary", channel="counter", text="甲",
        received_at=at, origin=place, closed_at=at + 13 * DAY, seen_by=list(place.tokens),
        business=f"{business}.fee", tier="ordinary", finding="rejected" if worse else "upheld",
        satisfied="no" if worse else "yes", counted=True,
    )  # fmt: skip


def of(found: list[Line], segment: str, measure: str) -> Line:
    return next(one for one in found if (one.segment.code, one.measure) == (segment, measure))


def test_a_planted_difference_is_found_and_its_like_without_one_is_not(
    planted: Plant, noon: datetime
) -> None:
    planted("JN-01-01-01", 200, bad=2)
    planted("JN-01-01-01", 120, bad=6, group="elderly")
    planted("JN-01-01-01", 120, bad=2, group="disabled")
    found = lines("", window(noon))
    slow = of(found, "elderly", "slow")
    assert slow.differs and slow.ratio.value is not None and slow.ratio.value > 2
    assert (slow.hits, slow.n) == (72, 120)
    assert not of(found, "disabled", "slow").differs


def test_a_group_whose_business_is_slower_is_not_treated_worse(
    planted: Plant, noon: datetime
) -> None:
    """The known-bad: all customers in one heap, where the elderly look treated worse."""
    planted("JN-01-01-01", 300, bad=1, business="card")
    planted("JN-01-01-01", 100, bad=7, business="loan")
    planted("JN-01-01-01", 30, bad=1, group="elderly", business="card")
    planted("JN-01-01-01", 100, bad=7, group="elderly", business="loan")
    slow = of(lines("", window(noon)), "elderly", "slow")
    assert slow.share is not None and slow.other_share is not None
    assert slow.share > 2 * slow.other_share
    assert not slow.differs
    assert slow.ratio.value == pytest.approx(1.0, abs=0.15)


def test_of_a_small_group_nothing_is_said(planted: Plant, noon: datetime) -> None:
    planted("JN-01-01-01", 200, bad=1)
    planted("JN-01-01-01", 12, bad=10, group="elderly")
    slow = of(lines("", window(noon)), "elderly", "slow")
    assert slow.is_small and not slow.differs and slow.share == 1.0


def test_counties_are_places_and_a_branch_counts_its_own_alone(
    planted: Plant, noon: datetime
) -> None:
    planted("JN-02-01-01", 60, bad=6)
    planted("JN-01-01-01", 100, bad=2)
    planted("BC-01-01-01", 50, bad=9)
    whole, branch = lines("", window(noon)), Org.objects.get(code="JN")
    own = of(lines(branch.path, window(noon)), "county", "slow")
    assert (own.n, own.other_n) == (60, 100)
    assert own.differs
    assert of(whole, "county", "slow").other_n == 150


def test_every_figure_is_as_many_cases_as_it_opens(planted: Plant, noon: datetime) -> None:
    planted("JN-01-01-01", 90, bad=3)
    planted("JN-01-01-01", 60, bad=5, group="hardship")
    over = window(noon)
    for one in lines("", over):
        for member, hits, n in ((True, one.hits, one.n), (False, one.other_hits, one.other_n)):
            for bad, told in ((True, hits), (False, n)):
                keys = fairness.cases(
                    one.segment, one.measure, "", over, member=member, bad=bad
                )  # fmt: skip
                assert len(keys) == told, (one.segment.code, one.measure, member, bad)


def test_by_chance_alone_hardly_any_bank_is_told_of_a_difference(
    planted: Plant, noon: datetime
) -> None:
    for outlet in ("JN-01-01-01", "BC-01-01-01"):
        planted(outlet, 150, bad=3)
        for group in ("elderly", "disabled", "hardship"):
            planted(outlet, 60, bad=3, group=group)
    assert not [one for one in lines("", window(noon)) if one.differs]


def test_the_page_is_for_who_watches_and_costs_the_same_for_any_number(
    planted: Plant, cast: SimpleNamespace, signed_in: Callable[[Person], Client]
) -> None:
    client = signed_in(cast.lin_lan)
    counts = []
    for number in (20, 200):
        planted("JN-01-01-01", number, bad=4, group="elderly")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/fairness").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] < 30
    Complaint.objects.update(received_at=timezone.now() - 60 * DAY)
    opened = client.get("/fairness?segment=elderly&measure=slow&who=member&which=all")
    assert "2025-9500" in opened.content.decode()
    odd = client.get("/fairness?segment=x&measure=x&org=%20&who=1&which=2")
    assert odd.status_code == 200
    assert signed_in(cast.wang_xiuying).get("/fairness").status_code == 403
    other = signed_in(cast.sun_qian).get("/fairness?org=JN&segment=elderly&measure=slow&which=all")
    assert "2025-9500" not in other.content.decode()


def test_the_pack_names_groups_that_customers_or_places_have() -> None:
    assert {one.source for one in segments().values()} == {"party", "place"}
    assert all(one.codes for one in segments().values())
