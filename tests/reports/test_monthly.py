"""The month's bulletin: every count opens exactly its cases, nothing beyond the reader's reach."""

import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document

from sujin.complaints.models import Complaint
from sujin.lab.cast import BRANCH_A, OUTLET_A
from sujin.platform import reach
from sujin.platform.models import Org
from sujin.reports.monthly.figures import Month, monthly
from sujin.reports.monthly.words import report
from tests.governance.wave_town import NEW, tell
from tests.reports.return_town import settle
from tests.reports.told import plain

SignedIn = Callable[[Any], Client]
PAGE = "reports:monthly"
DAY = timedelta(days=1)


@pytest.fixture
def town(cast: SimpleNamespace) -> SimpleNamespace:
    """Five months up to now."""
    card = (OUTLET_A, "card.credit.billing", NEW, 5)
    tell(timezone.now(), days=150, planted=dict.fromkeys(range(3, 60), card))
    return cast


def last_month() -> Month:
    return Month.of(timezone.localdate(timezone.now())).before


def test_every_count_of_the_page_opens_exactly_its_cases(
    town: SimpleNamespace, signed_in: SignedIn
) -> None:
    for person, code in ((town.lin_lan, ""), (town.zhou_tao, BRANCH_A)):
        client = signed_in(person)
        page = client.get(reverse(PAGE), {"org": code} if code else {})
        tables = [table for part in page.context["report"].parts for table in part.tables]
        checked = 0
        for table in tables:
            for link, row in table.labelled:
                if link:
                    opened = client.get(link).context
                    shown = opened["n"] if "/metrics/" in link else opened["listing"].count
                    assert f"{shown:,}" == row[1][1], (table.title, row)
                    checked += shown > 0
        assert checked >= 6


def test_the_counts_are_those_of_the_cases_themselves(town: SimpleNamespace) -> None:
    root = Org.objects.get(parent__isnull=True)
    month = last_month()
    found = monthly(month, root)
    rows = Complaint.objects.filter(kind="complaint", counted=True)
    inside = rows.filter(received_at__date__range=(month.first, month.last))
    assert found.total.now == inside.count() > 0
    by_cause = dict(inside.values_list("cause").annotate(n=Count("pk")))
    assert {row.code: row.now for row in found.tables["cause"] if row.now} == by_cause
    for rows_ in found.tables.values():
        assert sum(row.now for row in rows_) == found.total.now
        assert [row.now for row in rows_] == sorted((row.now for row in rows_), reverse=True)
    before = month.before
    earlier = rows.filter(received_at__date__range=(before.first, before.last)).count()
    assert found.total.before == earlier


def test_months_follow_one_another() -> None:
    leap = Month.of(date(2024, 2, 29))
    assert (leap.first, leap.last) == (date(2024, 2, 1), date(2024, 2, 29))
    assert str(leap.before) == "2024-01"
    assert leap.year_ago.last == date(2023, 2, 28)
    assert str(Month.of(date(2025, 1, 5)).before) == "2024-12"


def test_a_branch_reads_its_own_and_nobody_elses(
    town: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(town.zhou_tao)
    own = client.get(reverse(PAGE))
    assert own.context["org"].code == BRANCH_A
    assert client.get(reverse(PAGE), {"org": "BC"}).status_code == 404
    assert client.get(reverse(PAGE), {"month": "2026-13"}).status_code == 404
    assert client.get(reverse(PAGE), {"month": "2099-01"}).status_code == 404
    assert signed_in(town.wang_xiuying).get(reverse(PAGE)).status_code == 403


def test_the_current_month_says_that_it_is_not_over(
    town: SimpleNamespace, signed_in: SignedIn
) -> None:
    now = Month.of(timezone.localdate(timezone.now()))
    page = signed_in(town.lin_lan).get(reverse(PAGE), {"month": str(now)})
    assert "还没有结束" in page.content.decode()


def test_its_files_say_the_same_and_are_on_the_record(
    town: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(town.lin_lan)
    report = client.get(reverse(PAGE)).context["report"]
    word = client.get(reverse("reports:monthly_paper", args=["docx"]))
    text = "\n".join(one.text for one in Document(BytesIO(word.content)).paragraphs)
    assert report.parts[0].said[0] in text
    for form, begins in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        made = client.get(reverse("reports:monthly_paper", args=[form]))
        assert made.content.startswith(begins)
    assert client.get(reverse("reports:monthly_paper", args=["exe"])).status_code == 404


def test_a_month_says_what_its_golden_file_says(cast: SimpleNamespace, noon: datetime) -> None:
    """Everything but warnings and the ledger, which this town has none of."""
    settle()
    root = Org.objects.get(parent__isnull=True)
    found = monthly(Month(date(2025, 6, 1)), root)
    told = plain(report(found, root, reach.of(cast.lin_lan, noon), noon))
    file = Path(__file__).parent / "golden" / "monthly_2025-06.txt"
    if os.environ.get("GOLDEN") == "write":
        file.write_text(told, encoding="utf-8")
    assert told == file.read_text(encoding="utf-8")


def test_an_empty_month_is_a_bulletin_too(
    cast: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    page = signed_in(cast.lin_lan).get(reverse(PAGE), {"month": "2020-05"})
    assert "受理投诉 0 件" in page.content.decode()
    assert "没有件" in page.content.decode()
