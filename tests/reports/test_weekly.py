"""The week: new, late and solved problems of each department, each figure opening its own."""

import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sujin.complaints.figures.selection import midnight
from sujin.governance.acts.open_problem import open_problem
from sujin.governance.kinds import ledger as kinds
from sujin.governance.models import Problem
from sujin.lab.cast import BRANCH_A, BRANCH_B
from sujin.platform import reach
from sujin.platform.models import Org
from sujin.reports.weekly.figures import monday, weekly
from sujin.reports.weekly.words import report
from tests.reports.told import plain

SignedIn = Callable[[Any], Client]
DAY = timedelta(days=1)
GOLDEN = Path(__file__).parent / "golden" / "weekly.txt"


def planted(cast: SimpleNamespace, first: date) -> None:
    """In the week from ``first``: two new at branch A, one of them late at once by a short limit;
    one of three weeks ago solved at branch B, one there that stands in time."""
    told = (
        (BRANCH_A, "年费没有先告知", first + DAY, first + 60 * DAY, None),
        (BRANCH_A, "排队没有人管", first, first + DAY, None),
        (BRANCH_B, "还款日改了没有说", first - 21 * DAY, first + 30 * DAY, first + 2 * DAY),
        (BRANCH_B, "转账限额没有说", first - 21 * DAY, first + 30 * DAY, None),
    )
    for code, title, opened, due, closed in told:
        org = Org.objects.get(code=code)
        made = open_problem(
            (org.path, "card.credit", "", ""), "complaint", title=title, owner=org,
            by=cast.lin_lan, at=midnight(opened) + timedelta(hours=9), due_on=opened + 60 * DAY,
        )  # fmt: skip
        Problem.objects.filter(pk=made.pk).update(due_on=due)
        if closed is not None:
            Problem.objects.filter(pk=made.pk).update(
                root="process",
                why="逐件看过",
                state=kinds.SOLVED,
                closed_at=midnight(closed) + timedelta(hours=15),
            )


@pytest.fixture
def this_week(cast: SimpleNamespace) -> date:
    first = monday(timezone.localdate(timezone.now()))
    planted(cast, first)
    return first


def test_a_week_says_what_its_golden_file_says(cast: SimpleNamespace, noon: datetime) -> None:
    first = date(2026, 3, 2)
    planted(cast, first)
    found = weekly(first, reach.of(cast.lin_lan, noon), first + 6 * DAY)
    told = plain(report(found))
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(told, encoding="utf-8")
    assert told == GOLDEN.read_text(encoding="utf-8")
    counts = {one.org.code: (one.new, one.late, one.solved, one.standing) for one in found.owners}
    assert counts == {BRANCH_A: (2, 1, 0, 2), BRANCH_B: (0, 0, 1, 1)}


def test_every_figure_opens_its_problems(
    this_week: date, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(cast.lin_lan)
    page = client.get(reverse("reports:weekly"))
    opened = 0
    for table in page.context["report"].parts[0].tables:
        for link, row in table.labelled:
            if link:
                assert str(client.get(link).context["listing"].count) == row[1][1], row
                opened += 1
    assert opened >= 2
    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        made = client.get(reverse("reports:weekly_paper", args=[form]))
        assert made.content.startswith(begins)


def test_a_branch_reads_its_own_week(
    this_week: date, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    page = signed_in(cast.zhou_tao).get(reverse("reports:weekly")).content.decode()
    assert "年费没有先告知" in page and "转账限额没有说" not in page
    client = signed_in(cast.lin_lan)
    assert client.get(reverse("reports:weekly"), {"week": "2099-01-05"}).status_code == 404
    assert client.get(reverse("reports:weekly"), {"week": "never"}).status_code == 404
    assert signed_in(cast.wang_xiuying).get(reverse("reports:weekly")).status_code == 403


def test_a_week_costs_the_same_however_many_problems_it_has(
    cast: SimpleNamespace, noon: datetime,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    first = date(2026, 3, 2)
    mine = reach.of(cast.lin_lan, noon)
    for _again in range(2):
        planted(cast, first)
        with django_assert_max_num_queries(8):
            report(weekly(first, mine, first + 6 * DAY))
