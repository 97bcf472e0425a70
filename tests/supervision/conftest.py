"""A house with branches enough to compare, and a year of cases that need no act to be made."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest

from sujin.complaints import kinds
from sujin.complaints.models import Complaint
from sujin.platform.acts.organise import system_person
from sujin.platform.bulk import insert
from sujin.platform.journal import Kind
from sujin.platform.models import Entry, Org
from tests.conftest import SHANGHAI

# The last whole quarter before the tests' noon of 2 March 2026.
OCTOBER = datetime(2025, 10, 1, 9, 0, tzinfo=SHANGHAI)
Past = Callable[..., list[Complaint]]


@pytest.fixture
def branches(bank: None) -> list[Org]:
    """Ten first-level branches; the cast's first one is the first."""
    root = Org.objects.get(parent__isnull=True)
    found = list(Org.objects.filter(kind="branch1").order_by("pk"))
    for place in range(10 - len(found)):
        org = Org.objects.create(
            code=f"T{place}",
            parent=root,
            kind="branch1",
            name=f"试{place}分行",
            name_en=f"T{place}",
        )
        org.path = f"{root.path}{org.pk}/"
        org.save()
        found.append(org)
    return found


@pytest.fixture
def past(bank: None) -> Past:
    """So many old cases of a branch, one after another over the quarter, each with what happened:
    a list of (moment, kind) that ``told`` makes from the moment of receipt."""
    serial = count(9_000_000)

    def make(
        org: Org, number: int, told: Callable[[datetime, int], list[tuple[datetime, Kind]]]
    ) -> list[Complaint]:
        cases = [_case(org, next(serial), OCTOBER + place * timedelta(days=91) / number)
                 for place in range(number)]  # fmt: skip
        insert(cases)
        by = system_person()
        entries = [
            Entry(subject="complaint", subject_id=case.pk, kind=what.code, by=by, at=at,
                  data=what.data())
            for place, case in enumerate(cases)
            for at, what in told(case.received_at, place)
        ]  # fmt: skip
        insert(entries)
        return cases

    return make


def _case(org: Org, serial: int, at: datetime) -> Complaint:
    return Complaint(
        number=f"2025-{serial}", kind="complaint", lane="ordinary", channel="counter", text="甲",
        received_at=at, origin=org, closed_at=at + timedelta(days=9), seen_by=list(org.tokens),
    )  # fmt: skip


def retyped(at: datetime) -> tuple[datetime, Kind]:
    return at, kinds.Reclassified("complaint", "consultation", "客户只是询问")
