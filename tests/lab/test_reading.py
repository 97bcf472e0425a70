"""The demonstration's issues are believable: in force when signed, read by many, not by all."""

import time
from datetime import datetime

from sujin.knowledge.frozen import items_of
from sujin.knowledge.models import Acknowledgement, Distribution, Issue, Measure, Revision
from sujin.lab.cast import BRANCH_A
from sujin.lab.library import stock
from sujin.lab.reading import read_along


def test_ten_months_of_issues_the_last_two_read_by_many_and_not_by_all(
    bank: None, noon: datetime
) -> None:
    stock(now=noon)
    begun = time.perf_counter()
    read_along(seed=7, now=noon)
    read_along(seed=7, now=noon)
    took = time.perf_counter() - begun
    issues = list(Issue.objects.order_by("signed_at"))
    assert [one.series for one in issues] == [
        "compilation", "special", "handbook", "compilation", "special",
    ]  # fmt: skip
    assert all(one.is_signed and one.frozen for one in issues)
    later = issues[3].frozen
    assert later is not None and later["changes"]["changed"] and later["changes"]["new"]
    assert all(list(items_of(one.frozen)) for one in issues if one.frozen)
    assert Distribution.objects.count() == 2
    rows = Acknowledgement.objects.all()
    assert 0 < rows.filter(understood_at__isnull=False).count() < rows.count()
    assert Revision.objects.unanswered().exists()
    assert set(Measure.objects.values_list("unit__code", flat=True)) <= {"JN-01-01-01"}
    assert BRANCH_A in Distribution.objects.latest("pk").readings.values_list(
        "unit__code", flat=True
    )
    assert took < 20, took
