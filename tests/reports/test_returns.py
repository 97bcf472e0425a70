"""Returns come out as their golden files say, add up, open their cases, remember what was sent."""

import csv
import io
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sujin import packs
from sujin.complaints.models import Complaint, Party
from sujin.governance.acts.submit_return import CannotSubmit, submit_return
from sujin.governance.models import Submission
from sujin.platform.models import Entry
from sujin.reports.pages import returns as pages
from sujin.reports.parts import workbook
from sujin.reports.returns import book as books
from sujin.reports.returns import words
from sujin.reports.returns.book import CELLS, BadReturn, returns
from sujin.reports.returns.compiled import behind, compiled
from sujin.reports.returns.periods import Length, NoPeriod, Period
from sujin.reports.returns.rows import filled, rows
from sujin.reports.returns.submitting import digest, submit
from tests.reports.return_town import settle
from tests.reports.told import plain

SignedIn = Callable[[Any], Client]
GOLDEN = Path(__file__).parent / "golden"
PERIODS = {"annual": "2025", "pboc": "2025Q2", "disp": "2025H1", "cfpb": "2025-03", "idr": "2025H2"}
NOW = datetime(2026, 1, 20, 4, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def town(cast: SimpleNamespace) -> SimpleNamespace:
    cast.cases = settle()
    return cast


def period(code: str) -> Period:
    return Period.named(returns()[code].length, PERIODS[code])


def told(code: str) -> str:
    """Everything a return says, and of one of rows every row."""
    asked = returns()[code]
    said = plain(words.report(words.made(asked, period(code), TODAY)))
    if asked.form != CELLS:
        said += "\n".join(" | ".join(row) for row in rows(asked, period(code), TODAY)) + "\n"
    return said


@pytest.mark.parametrize("code", PERIODS)
def test_a_return_says_what_its_golden_file_says(town: SimpleNamespace, code: str) -> None:
    """``GOLDEN=write pytest …`` writes them anew: read the difference before keeping it."""
    file = GOLDEN / f"return_{code}.txt"
    if os.environ.get("GOLDEN") == "write":
        file.write_text(told(code), encoding="utf-8")
    assert told(code) == file.read_text(encoding="utf-8")


def test_there_is_a_golden_file_for_every_return_of_the_pack() -> None:
    assert set(PERIODS) == set(returns())


def test_every_cell_equals_plain_sql_and_its_own_cases(town: SimpleNamespace) -> None:
    base = "SELECT {} FROM complaints_complaint c WHERE kind = 'complaint' AND {} AND {}"
    bases = {"annual": "counted", "disp": "merged_into_id IS NULL"}
    got, shut = "received_at >= %(a)s AND received_at < %(b)s", (
        "closed_at >= %(a)s AND closed_at < %(b)s")  # fmt: skip
    days = (
        "((closed_at AT TIME ZONE 'Asia/Shanghai')::date "
        "- (received_at AT TIME ZONE 'Asia/Shanghai')::date)"
    )
    statements = {
        "received": ("count(*)", got), "opened": ("count(*)", got), "closed": ("count(*)", shut),
        "transferred": ("count(*)", f"{got} AND lane = 'regulator'"),
        "upheld": ("count(*)", f"{shut} AND finding IN ('upheld', 'partly')"),
        "closed_4w": ("count(*)", f"{shut} AND {days} <= 28"),
        "closed_8w": ("count(*)", f"{shut} AND {days} > 28 "
                                  f"AND {days} <= 56"),
        "closed_late": ("count(*)", f"{shut} AND {days} > 56"),
        "redress": ("coalesce(sum(remedy), 0)", shut),
        "vulnerable": ("count(*)", f"{shut} AND vulnerable"),
        "open_start": ("count(*)", "received_at < %(a)s AND (closed_at IS NULL "
                                   "OR closed_at >= %(a)s)"),
        "open_end": ("count(*)", "received_at < %(b)s AND (closed_at IS NULL "
                                 "OR closed_at >= %(b)s)"),
    }  # fmt: skip
    checked = set()
    for code in ("annual", "disp"):
        made = compiled(returns()[code], period(code))
        window = period(code).window
        for line in made.lines:
            mine = behind(made.asked, line.cell, line.key, made.period)
            money = line.cell.count == "redress"
            own = sum(one.remedy or 0 for one in mine) if money else mine.count()
            assert own == line.value, (code, line.code)
            if not line.cell.split:
                what, where = statements[line.cell.code]
                with connection.cursor() as cursor:
                    cursor.execute(
                        base.format(what, bases[code], where),
                        {"a": window.since, "b": window.until},
                    )
                    assert line.value == cursor.fetchone()[0], (code, line.code)
                checked.add(line.cell.code)
    assert checked == set(statements)


def test_everything_adds_up_and_what_does_not_is_said(town: SimpleNamespace) -> None:
    for code in ("annual", "disp"):
        made = compiled(returns()[code], period(code))
        assert made.checks
        assert all(one.holds for one in made.checks), [one for one in made.checks if not one.holds]
        wrong = replace(made.checks[0], left=made.checks[0].left + 1)
        bad = replace(made, checks=(wrong, *made.checks[1:]))
        told = words.Made(made.asked, made.period, bad, None, None)
        assert "勾稽关系有 1 项不成立" in plain(words.report(told))


def test_a_blank_that_must_not_be_is_counted(town: SimpleNamespace) -> None:
    asked = returns()["pboc"]
    found = filled(asked, period("pboc"), TODAY)
    mine = [
        one
        for one in town.cases
        if not one.merged_into_id
        and period("pboc").window.since <= one.received_at < period("pboc").window.until
    ]
    assert found.n == len(mine) > 5
    assert found.blanks["ComplaintChannel"] == sum(not one.touchpoint for one in mine) > 0
    assert 0.9 < found.full < 1


def sent(client: Client, code: str, span: str, **told: str) -> int:
    """The form of the page, filled in and sent as a person does."""
    page = client.get(reverse("reports:return", args=[code]), {"period": span})
    form = {"sure": "on", "seen": page.context["seen"], **told}
    address = reverse("reports:return_submission", args=[code])
    return client.post(f"{address}?period={span}", form).status_code


def test_a_submission_is_kept_and_an_amendment_says_why(
    town: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(town.lin_lan)
    page = reverse("reports:return", args=["disp"])
    assert sent(client, "disp", "2025H1") == 302
    first = Submission.objects.get(report="disp", period="2025H1")
    assert (first.version, first.note) == (1, "")
    assert Entry.objects.filter(subject="submission", kind="return.submitted").count() == 1
    shown = client.get(page, {"period": "2025H1"})
    assert shown.context["made"].is_as_submitted
    assert sent(client, "disp", "2025H1", note="没有什么不同，只是再报一次") == 422
    late = town.cases[5]
    Complaint.objects.filter(pk=late.pk).update(remedy=Decimal("999.00"))
    shown = client.get(page, {"period": "2025H1"})
    changes = {one.code: one.change for one in shown.context["made"].differences}
    assert changes["redress"] == "+878.5", changes
    assert "redress_by_product" in " ".join(changes)
    assert sent(client, "disp", "2025H1", note="补") == 422
    assert Submission.objects.count() == 1, "nothing was kept of what was refused"
    assert sent(client, "disp", "2025H1", note="一件赔付漏记，已补登并复核") == 302
    second = Submission.objects.get(version=2)
    assert second.values["redress"] != first.values["redress"]
    assert "更正说明：一件赔付漏记" in client.get(page, {"period": "2025H1"}).content.decode()
    later = client.get(page, {"period": "2025H2"}).content.decode()
    assert "与上期报送的期末 5 相同" in later or "相同" in later


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sure": ""}, "请先核对并勾选"),
        ({"seen": "0" * 24}, "数已经变了"),
        ({"note": "一" * 1200}, "请先核对并勾选"),
        ({"note": "坏\x00字符"}, "请先核对并勾选"),
    ],
)
def test_what_was_not_looked_at_is_not_submitted(
    town: SimpleNamespace, signed_in: SignedIn, changes: dict[str, str], said: str
) -> None:
    client = signed_in(town.lin_lan)
    page = client.get(reverse("reports:return", args=["annual"]), {"period": "2025"})
    form = {"sure": "on", "seen": page.context["seen"], **changes}
    address = reverse("reports:return_submission", args=["annual"]) + "?period=2025"
    answer = client.post(address, form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Submission.objects.exists()


def test_a_period_that_is_not_over_or_does_not_add_up_is_not_submitted(
    town: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(town.lin_lan)
    running = str(Period.of(Length.YEAR, timezone.localdate()))
    assert sent(client, "annual", running) == 422
    made = compiled(returns()["disp"], period("disp"))
    wrong = replace(made.checks[0], left=made.checks[0].left + 1)
    bad = words.Made(made.asked, made.period, replace(made, checks=(wrong,)), None, None)
    with pytest.raises(CannotSubmit, match="勾稽"):
        submit(bad, seen=digest(bad), is_sure=True, note="", by=town.lin_lan, at=NOW)
    assert not Submission.objects.exists()


def test_a_period_begins_where_the_one_before_was_said_to_end(town: SimpleNamespace) -> None:
    first, second = (Period.named(Length.HALF, name) for name in ("2025H1", "2025H2"))
    asked = returns()["disp"]
    made = words.made(asked, first, TODAY)
    submit_return("disp", "2025H1", made.values, {}, note="", by=town.lin_lan, at=NOW)
    assert "的期末" in plain(words.report(words.made(asked, second, TODAY)))
    assert "相同" in plain(words.report(words.made(asked, second, TODAY)))
    still = Complaint.objects.filter(received_at__lt=second.window.since, closed_at=None).first()
    assert still is not None
    Complaint.objects.filter(pk=still.pk).update(closed_at=second.window.since - timedelta(days=9))
    assert "不同：上期须更正" in plain(words.report(words.made(asked, second, TODAY)))


def test_a_repeat_is_a_complaint_of_its_own_for_whoever_asks_for_each(
    town: SimpleNamespace,
) -> None:
    again = town.cases[20]
    Complaint.objects.filter(pk=again.pk).update(repeat_of=town.cases[3], counted=False)
    span = Period.of(Length.QUARTER, again.received_at.date())
    told = [row for row in rows(returns()["pboc"], span, TODAY) if again.number in row]
    assert len(told) == 1 and "是" in told[0]
    annual = compiled(returns()["annual"], period("annual"))
    before = next(line.value for line in annual.lines if line.code == "received")
    Complaint.objects.filter(pk=again.pk).update(repeat_of=None, counted=True)
    annual = compiled(returns()["annual"], period("annual"))
    after = next(line.value for line in annual.lines if line.code == "received")
    assert after == before + 1, "of the annual disclosure each matter counts once"


def test_how_a_case_ended_is_told_as_it_ended(town: SimpleNamespace) -> None:
    asked, span = returns()["idr"], period("idr")
    mine = [one for one in town.cases if one.closed_at and span.first <= one.closed_at.date()][:4]
    withdrawn, paid, unknown, open_ = (one.number for one in mine)
    Complaint.objects.filter(number=withdrawn).update(outcome="withdrawn", finding="")
    Complaint.objects.filter(number=paid).update(remedy=Decimal("5.00"), finding="upheld")
    Complaint.objects.filter(number=unknown).update(finding="", outcome="", remedy=None)
    Complaint.objects.filter(number=open_).update(
        closed_at=None, accountable=town.lin_lan, finding=""
    )
    at = next(place for place, one in enumerate(asked.columns) if one.name == "Outcome")
    told = {row[0]: row[at] for row in rows(asked, span, TODAY)}
    assert [told[one] for one in (withdrawn, paid, unknown, open_)] == [
        "Withdrawn", "Monetary remedy", "", "Not closed",
    ]  # fmt: skip
    assert filled(asked, span, TODAY).blanks["Outcome"] == 1, "what nobody said is a fault"


def test_timely_is_fifteen_days_by_the_calendar(town: SimpleNamespace) -> None:
    asked = returns()["cfpb"]
    case = next(one for one in town.cases if one.received_at.month == 3)
    at = next(place for place, one in enumerate(asked.columns) if one.name == "Timely response?")
    for days, said in ((3, "Yes"), (15, "Yes"), (16, "No")):
        Complaint.objects.filter(pk=case.pk).update(
            answered_at=case.received_at + timedelta(days=days)
        )
        told = {row[-1]: row[at] for row in rows(asked, period("cfpb"), TODAY)}
        assert told[case.number] == said, days


def test_rows_that_came_went_and_changed_are_named(town: SimpleNamespace) -> None:
    asked, span = returns()["pboc"], period("pboc")
    made = words.made(asked, span, TODAY)
    submit_return("pboc", str(span), made.values, made.prints, note="", by=town.lin_lan, at=NOW)
    numbers = sorted(made.prints)
    Complaint.objects.filter(number=numbers[0]).update(cause="pricing", business="fx")
    Complaint.objects.filter(number=numbers[1]).update(kind="consultation")
    now = words.made(asked, span, TODAY)
    assert now.rows is not None
    assert (now.rows.changed, now.rows.gone, now.rows.added) == ((numbers[0],), (numbers[1],), ())
    assert now.differences[0].change == "-1"


def test_only_the_head_office_submits(town: SimpleNamespace, signed_in: SignedIn) -> None:
    for person in (town.zhou_tao, town.he_jing, town.wang_xiuying):
        with pytest.raises(CannotSubmit):
            submit_return("disp", "2025H1", {"a": "1"}, {}, note="", by=person, at=NOW)
        assert signed_in(person).get(reverse("reports:returns")).status_code == 403


def test_every_line_of_the_page_opens_exactly_its_cases(
    town: SimpleNamespace, signed_in: SignedIn
) -> None:
    client, opened = signed_in(town.lin_lan), 0
    for code in ("annual", "disp"):
        page = client.get(reverse("reports:return", args=[code]), {"period": PERIODS[code]})
        for part in page.context["report"].parts:
            for table in part.tables:
                for link, row in table.labelled:
                    if link and "redress" not in link:
                        shown = client.get(link).context["listing"].count
                        assert f"{shown:,}" == row[1][1], (link, row)
                        opened += 1
    assert opened > 20


def test_files_of_each_form_say_the_same(town: SimpleNamespace, signed_in: SignedIn) -> None:
    client = signed_in(town.lin_lan)
    for code, span in PERIODS.items():
        for form in ("pdf", "docx", "xlsx"):
            address = reverse("reports:return_paper", args=[code, form])
            answer = client.get(address, {"period": span})
            assert answer.status_code == 200 and len(answer.getvalue()) > 3000, (code, form)
    answer = client.get(reverse("reports:return_paper", args=["idr", "csv"]), {"period": "2025H2"})
    table = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert table[0] == [column.name for column in returns()["idr"].columns]
    assert table[1:] == list(rows(returns()["idr"], period("idr"), timezone.localdate()))
    assert client.get(
        reverse("reports:return_paper", args=["disp", "csv"]), {"period": "2025H1"}
    ).status_code == 404  # fmt: skip
    assert workbook(words.report(words.made(returns()["disp"], period("disp"), TODAY)))[:2] == b"PK"


@pytest.mark.parametrize(
    ("length", "name"),
    [("year", "2025Q1"), ("month", "2025-13"), ("half", "2025H3"), ("quarter", "25Q1"),
     ("month", "2025"), ("half", "2025-01")],
)  # fmt: skip
def test_a_period_of_another_kind_is_refused(length: str, name: str) -> None:
    with pytest.raises(NoPeriod):
        Period.named(Length(length), name)


def test_periods_follow_each_other_and_know_their_days() -> None:
    for length in Length:
        one = Period.of(length, date(2025, 5, 17))
        assert one.first <= date(2025, 5, 17) <= one.last
        assert one.after.before == one
        assert Period.named(length, str(one)) == one
        assert one.after.first - one.last == timedelta(days=1)


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("return_cells", "count", "luck", "count 'luck': write one of received"),
        ("return_cells", "where", "moon", "where 'moon': write one of"),
        ("return_cells", "split", "sky", "split 'sky': write one of"),
        ("return_fields", "source", "name", "source 'name': write one of number"),
        ("return_fields", "need", "maybe", "need 'maybe': write one of must"),
        ("return_checks", "left", "a * b", "write a + b - c"),
        ("return_checks", "right", "nothing", "no cell nothing"),
    ],
)
def test_an_officer_who_mistypes_a_cell_is_told_where(
    monkeypatch: pytest.MonkeyPatch, table: str, column: str, value: str, said: str
) -> None:
    real = packs.rows

    def spoilt(pack: str, name: str) -> list[dict[str, str]]:
        found = real(pack, name)
        if name == table:
            found[0] = {**found[0], column: value}
        return found

    monkeypatch.setattr(packs, "rows", spoilt)
    books.returns.cache_clear()
    try:
        with pytest.raises(BadReturn, match=table) as refusal:
            returns()
    finally:
        books.returns.cache_clear()
    assert said in str(refusal.value)


def test_no_row_says_who_the_customer_is(town: SimpleNamespace) -> None:
    case = next(one for one in town.cases if one.received_at.month == 3)
    Party.objects.create(
        complaint=case, role="complainant", name="鸑鷟", phone="13700000000", id_number="11010119"
    )
    Complaint.objects.filter(pk=case.pk).update(text="鸑鷟鵷鶵")
    for code in ("pboc", "cfpb", "idr"):
        asked = returns()[code]
        span = Period.of(asked.length, case.received_at.date())
        told = "".join(cell for row in rows(asked, span, TODAY) for cell in row)
        assert case.number in told
        assert not any(secret in told for secret in ("鸑鷟", "13700000000", "11010119"))


def test_a_long_return_is_read_through_only_when_asked(
    town: SimpleNamespace, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "READ_AT_ONCE", 3)
    client, address = signed_in(town.lin_lan), reverse("reports:return", args=["pboc"])
    short = client.get(address, {"period": "2025Q2"})
    assert "还没有逐行核对" in short.content.decode()
    assert "记为已报送" not in short.content.decode()
    full = client.get(address, {"period": "2025Q2", "check": "1"})
    assert "必填项填写率" in full.content.decode()
