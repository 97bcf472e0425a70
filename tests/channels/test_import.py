"""Files of complaints: every row is accepted, rejected with a reason, or known; none is lost."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
import xlsxwriter
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from psycopg import sql

from sujin.channels.csv import dates, deliver
from sujin.channels.csv.columns import How, read_header
from sujin.channels.csv.labels import Labels
from sujin.channels.csv.layouts import CFPB, CN
from sujin.channels.csv.look import look
from sujin.channels.csv.receive import AXES
from sujin.complaints.acts import receive
from sujin.complaints.models import Complaint, Contact
from sujin.complaints.rulebook import rulebook
from sujin.config.logs import AllowList
from tests.channels.importing import (
    FILES,
    HEADER,
    Written,
    case,
    imported,
    reasons,
    summary,
)

REAL = os.environ.get("SUJIN_REAL_DATA", "")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_the_official_export_is_read_with_all_it_says(bank: None) -> None:
    assert summary(imported(FILES / "cfpb_official.csv")) == (4, 4, 0, 0)
    closed = case("9000002")
    assert (closed.pack, closed.channel, closed.region) == ("cfpb", "csv", "TX")
    assert (closed.business, closed.cause) == ("account.savings", "account_opening")
    assert closed.outcome == "Closed with explanation"
    assert closed.closed_at is not None
    assert closed.closed_at.astimezone(SHANGHAI).date().isoformat() == "2021-03-20"
    contact = closed.contacts.get()
    assert (contact.source, contact.text) == ("cfpb", "")
    assert contact.attributes["company"] == "EXAMPLE BANK, N.A."
    assert contact.attributes["sub_issue"] == "Company closed your account"
    assert contact.attributes["submitted_via"] == "Phone"
    assert "id" not in contact.attributes


def test_a_day_of_the_archive_stays_the_same_day_in_beijing(bank: None) -> None:
    imported(FILES / "cfpb_before_2017.csv")
    received = case("8000002").received_at
    assert received.astimezone(SHANGHAI).date().isoformat() == "2014-12-31"
    assert received.astimezone(ZoneInfo("America/New_York")).date().isoformat() == "2014-12-31"


def test_what_is_in_progress_stays_open_and_what_came_too_late_is_closed(bank: None) -> None:
    imported(FILES / "cfpb_official.csv")
    assert case("9000001").closed_at is None
    assert case("9000003").outcome == "Untimely response"


def test_an_older_american_is_a_vulnerable_customer_and_a_servicemember_is_not(bank: None) -> None:
    imported(FILES / "cfpb_official.csv")
    assert case("9000002").vulnerable
    assert case("9000003").vulnerable
    assert not case("9000004").vulnerable


def test_a_product_nobody_knows_is_taken_in_and_reported(bank: None, capsys: Any) -> None:
    call_command("import_complaints", str(FILES / "cfpb_official.csv"))
    told = capsys.readouterr().out
    assert case("9000004").business == "other_service"
    assert case("9000004").contacts.get().attributes["product"] == "Moon loan"
    for label in ("Moon loan", "Crater loan", "Lost in orbit"):
        assert label in told
    assert "Mortgage" not in told


def test_the_layout_before_2017_has_an_index_that_means_nothing(bank: None) -> None:
    assert summary(imported(FILES / "cfpb_before_2017.csv")) == (2, 2, 0, 0)
    looked = look(FILES / "cfpb_before_2017.csv", layout="auto", mapping={})
    assert looked.columns.guesses[0].how is How.IGNORED
    assert case("8000001").contacts.get().attributes["response"] == "Closed with explanation"


def test_underscores_and_days_before_months_are_understood(bank: None) -> None:
    assert summary(imported(FILES / "cfpb_messy.csv")) == (2, 2, 0, 0)
    assert case("7000002").received_at.astimezone(SHANGHAI).date().isoformat() == "2022-04-03"


def test_a_chinese_ledger_below_its_title_is_read(bank: None, capsys: Any) -> None:
    call_command("import_complaints", str(FILES / "ledger.csv"), "--origin", "HO")
    told = capsys.readouterr().out
    first, second = case("甲-001"), case("甲-002")
    assert first.received_at == datetime(2024, 3, 5, 10, 20, tzinfo=SHANGHAI)
    assert (first.business, first.cause, first.amount) == ("wealth", "yield", Decimal("12300.50"))
    assert first.outcome == "已办结"
    assert (second.business, second.closed_at) == ("card.credit", None)
    assert case("甲-003").closed_at is None
    for label in ("某某分行", "约两百", "柜面服务"):
        assert label in told


def test_a_ledger_customer_is_sealed_and_never_an_attribute(bank: None) -> None:
    imported(FILES / "ledger.csv")
    first = case("甲-001")
    party = first.parties.get()
    assert (party.name, party.phone) == ("张小满", "138 0000 1234")
    assert first.customer_keys
    assert "1380000" not in json.dumps(first.contacts.get().attributes)
    remark = case("甲-002").contacts.get().attributes["备注"]
    assert "13900001111" not in remark
    assert remark.startswith("联系人电话")


def test_words_alone_are_enough_and_equal_rows_are_kept(bank: None) -> None:
    assert summary(imported(FILES / "words_only.csv")) == (3, 3, 0, 0)
    assert summary(imported(FILES / "words_only.csv")) == (3, 0, 0, 3)
    assert Contact.objects.filter(source="cn").count() == 3


def test_the_second_run_accepts_nothing(bank: None) -> None:
    imported(FILES / "cfpb_official.csv")
    before = Complaint.objects.count()
    assert summary(imported(FILES / "cfpb_official.csv", "--batch", "3")) == (4, 0, 0, 4)
    assert Complaint.objects.count() == before


def test_the_same_rows_in_another_order_of_columns_are_known(bank: None, written: Written) -> None:
    first = written("投诉内容,备注\n柜台不给换零钱,周一\n", "one.csv")
    again = written("备注;投诉内容\n周一;柜台不给换零钱\n", "two.csv")
    assert summary(imported(first)) == (1, 1, 0, 0)
    assert summary(imported(again)) == (1, 0, 0, 1)


def test_row_one_of_two_branches_ledgers_is_two_cases(bank: None, written: Written) -> None:
    north = written("编号,诉求内容\n1,北街网点排队两小时没有人管\n", "north.csv")
    south = written("编号,诉求内容\n1,南街网点的取款机吞了我的卡\n", "south.csv")
    assert summary(imported(north)) == (1, 1, 0, 0)
    assert summary(imported(south)) == (1, 1, 0, 0)


@pytest.mark.parametrize("dated", ["", "2026-11-30"])
def test_a_ledger_imported_again_on_another_day_is_known(
    bank: None, written: Written, monkeypatch: pytest.MonkeyPatch, dated: str
) -> None:
    first = datetime(2026, 11, 29, 23, 0, tzinfo=SHANGHAI)
    head, cell = (",受理日期", f",{dated}") if dated else ("", "")
    path = written(f"编号,诉求内容{head}\n1,网点提前关门没有公告{cell}\n")
    for at, counts in ((first, (1, 1, 0, 0)), (first + timedelta(days=3), (1, 0, 0, 1))):
        monkeypatch.setattr(timezone, "now", lambda at=at: at)
        assert summary(imported(path)) == counts


def test_an_id_that_comes_twice_in_one_file_is_one_case(bank: None, written: Written) -> None:
    rows = f"{HEADER}\n5,5/20/2020,Mortgage,,\n5,5/20/2020,Mortgage,,\n"
    assert summary(imported(written(rows), "--batch", "1")) == (2, 1, 0, 1)


@pytest.mark.parametrize(
    "header",
    [
        "Complaint_ID,Date Received,PRODUCT,Issue,Consumer complaint narrative",
        "complaint_id,date_received,product,issue,consumer_complaint_narrative",
        "complaint id,received date,Product name,Issue type,Narrative",
        "Complaint-ID,Date  recieved,Product,Issues,Consumer complaints narrative",
        "id,DATE_RECEIVED,product,issue,complaint_what_happened",
        "Complaint ID,when,Product,Issue,said by the customer",
    ],
)
def test_columns_are_recognised_under_other_names(
    bank: None, written: Written, header: str
) -> None:
    told = "The bank charged a fee that nobody had told me about when I opened it"
    path = written(f"{header}\n31,5/20/2020,Mortgage,Closing on a mortgage,{told}\n")
    assert summary(imported(path)) == (1, 1, 0, 0)
    found = case("31")
    assert (found.business, found.cause) == ("mortgage", "closing_mortgage")
    assert found.text == told
    assert found.received_at.astimezone(SHANGHAI).date().isoformat() == "2020-05-20"


def test_columns_that_are_missing_added_and_moved_do_no_harm(bank: None, written: Written) -> None:
    path = written("Product,zip,Mood,Complaint ID\nMortgage,10001,furious,77\n")
    assert summary(imported(path)) == (1, 1, 0, 0)
    assert case("77").contacts.get().attributes == {
        "product": "Mortgage",
        "zip": "10001",
        "Mood": "furious",
    }


def test_similar_words_about_something_else_are_not_taken_for_a_column() -> None:
    columns = read_header(
        ["诉求内容", "投诉内容分类", "联系电话归属地"],
        [["排队太久没有人管，请改进服务", "服务", "某省"]],
        CN,
        {},
    )
    assert columns.fields == {"text": 0}


def test_an_officers_mapping_outranks_every_guess(bank: None, written: Written) -> None:
    path = written("text,real words,no\nignore me,卡被吞了没有人来处理,8\n")
    mapping = written('text = "real words"\nid = "no"\n', "map.toml")
    assert summary(imported(path, "--format", "cn", "--mapping", str(mapping))) == (1, 1, 0, 0)
    assert case("8").text == "卡被吞了没有人来处理"
    as_json = written('{"text": "nowhere"}', "map.json")
    with pytest.raises(CommandError, match="real words"):
        imported(path, "--format", "cn", "--mapping", str(as_json))


def test_gb18030_is_the_same_file_as_utf8(bank: None, written: Written) -> None:
    words = (FILES / "ledger.csv").read_text(encoding="utf-8")
    assert imported(written(words, "gb.csv", "gb18030"))["accepted"] == 3
    assert case("甲-003").text == "柜台排队两小时，没有人解释。"
    assert summary(imported(FILES / "ledger.csv")) == (3, 0, 0, 3)
    assert summary(imported(written(words, "wide.csv", "utf-16"))) == (3, 0, 0, 3)


def test_a_western_spreadsheet_keeps_its_accents_and_dashes(bank: None, written: Written) -> None:
    words = "José said “no” – a £20 fee at the café"
    path = written(f"{HEADER}\n1,5/20/2020,Mortgage,,{words}\n", encoding="cp1252")
    assert summary(imported(path)) == (1, 1, 0, 0)
    assert case("1").text == words


def test_a_workbook_is_the_same_as_a_text_file(bank: None, tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("空")
        sheet = book.add_worksheet("登记簿")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(1, 0, ["编号", "受理日期", "投诉内容", "金额", "备注"])
        sheet.write_row(3, 0, [1001, "", "网点提前关门，没有公告", 20.5])
        sheet.write_datetime(3, 1, date(2024, 3, 5), day)
        sheet.write_row(4, 0, [1002, "2024-03-06", "", "", "没有内容"])
    assert summary(imported(path)) == (2, 1, 1, 0)
    found = case("1001")
    assert (found.amount, found.text) == (Decimal("20.50"), "网点提前关门，没有公告")
    assert found.received_at.astimezone(SHANGHAI).date().isoformat() == "2024-03-05"


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_any_common_delimiter_is_found(bank: None, written: Written, delimiter: str) -> None:
    rows = [["编号", "内容"], ["1", '他说"再等等，一周"；结果没有'], ["2", "卡, 被吞; 了\t没人管"]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    assert summary(imported(written(out.getvalue()))) == (2, 2, 0, 0)
    assert case("1").text == rows[1][1]


BAD_ROWS = {
    "too_few_cells": b"2,5/20/2020,Mortgage\n",
    "too_many_cells": b"2,5/20/2020,Mortgage,,,,,surplus\n",
    "empty": b"2,5/20/2020,,,\n",
    "text_too_long": b"2,5/20/2020,Mortgage,," + b"x" * 20001 + b"\n",
    "date_missing": b"2,,Mortgage,,\n",
    "date_unreadable": b"2,13/13/2020,Mortgage,,\n",
    "date_future": b"2,5/20/2090,Mortgage,,\n",
    "date_past": b"2,5/20/1989,Mortgage,,\n",
    "encoding": b"2,5/20/2020,Mortgage,,caf\xe9 \xff\n",
    "nul": b"2,5/20/2020,Mortgage,,a\0b\n",
    "quoting": b'2,5/20/2020,Mortgage,,"he said "no" to me"\n',
}


@pytest.mark.parametrize("reason", BAD_ROWS)
def test_one_bad_row_is_rejected_with_its_reason_and_costs_nobody_else(
    bank: None, tmp_path: Path, written: Written, reason: str
) -> None:
    good = b"%d,5/20/2020,Mortgage,Closing on a mortgage,\n"
    path = written(HEADER.encode() + b"\n" + good % 1 + BAD_ROWS[reason] + b"\n" + good % 3)
    rejects = tmp_path / "rejects.csv"
    assert summary(imported(path, "--rejects", str(rejects))) == (3, 2, 1, 0)
    assert reasons(rejects) == [reason]
    row = next(csv.DictReader(rejects.open(encoding="utf-8-sig", newline="")))
    assert (row["sujin_row"], row["sujin_line"], row["Complaint ID"]) == ("3", "3", "2")
    assert any("\u4e00" <= sign <= "\u9fff" for sign in row["sujin_message"])


def test_blank_lines_are_not_rows(bank: None, written: Written) -> None:
    rows = f"\n\n{HEADER}\n\n1,5/20/2020,Mortgage,,\n   \n\n2,5/20/2020,Mortgage,,\n\n"
    assert summary(imported(written(rows))) == (2, 2, 0, 0)


def test_an_open_quote_costs_its_own_row_and_not_the_rest_of_the_file(
    bank: None, tmp_path: Path, written: Written
) -> None:
    good = [f"{number},5/20/2020,Mortgage,," for number in range(300)]
    lines = [HEADER, *good[:10], '9999,5/20/2020,Mortgage,,"it never ends', *good[10:]]
    rejects = tmp_path / "rejects.csv"
    path = written("\n".join(lines) + "\n")
    assert summary(imported(path, "--rejects", str(rejects))) == (301, 300, 1, 0)
    assert reasons(rejects) == ["runaway_quote"]


def test_two_broken_rows_in_a_row_are_two_rejects(
    bank: None, tmp_path: Path, written: Written
) -> None:
    bad = '1,5/20/2020,Mortgage,,"no end\n2,5/20/2020\n3,5/20/2020,Mortgage,,"nor here\n'
    rejects = tmp_path / "rejects.csv"
    path = written(f"{HEADER}\n{bad}4,5/20/2020,Mortgage,,\n")
    assert summary(imported(path, "--rejects", str(rejects))) == (4, 1, 3, 0)
    assert reasons(rejects) == ["quoting", "too_few_cells", "quoting"]


def test_a_text_of_three_hundred_lines_is_one_reject(
    bank: None, tmp_path: Path, written: Written
) -> None:
    words = "\n".join(f"and then, on day {day}, nothing happened" for day in range(300))
    rejects = tmp_path / "rejects.csv"
    path = written(f'{HEADER}\n1,5/20/2020,Mortgage,,"{words}"\n2,5/20/2020,Mortgage,,\n')
    assert summary(imported(path, "--rejects", str(rejects))) == (2, 1, 1, 0)
    assert reasons(rejects) == ["runaway_quote"]


def test_words_over_several_lines_are_one_row(bank: None) -> None:
    imported(FILES / "cfpb_official.csv")
    assert case("9000003").text.count("\n") == 2
    assert '"proof"' in case("9000003").text


def test_a_corrected_rejects_file_is_imported_as_it_is(
    bank: None, tmp_path: Path, written: Written
) -> None:
    rejects, again = tmp_path / "rejects.csv", tmp_path / "again.csv"
    path = written(f"{HEADER}\n1,5/20/2090,Mortgage,,\n2,5/20/2020,,,\n3,5/20/2020,Mortgage,,\n")
    assert summary(imported(path, "--rejects", str(rejects))) == (3, 1, 2, 0)
    corrected = rejects.read_text(encoding="utf-8-sig").replace("2090,Mort", "2020,Mort")
    rejects.write_text(corrected, encoding="utf-8")
    assert summary(imported(rejects, "--rejects", str(again))) == (2, 1, 1, 0)
    assert "sujin_row" not in case("1").contacts.get().attributes
    assert again.read_text(encoding="utf-8-sig").splitlines()[0].count("sujin_row") == 1


FORMULAS = ["=1+1", "+86 10", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1", "''-1", "'quoted'"]


def test_no_cell_of_a_rejects_file_is_a_formula(
    bank: None, tmp_path: Path, written: Written
) -> None:
    out, rejects = io.StringIO(), tmp_path / "rejects.csv"
    lines = [[n, "5/20/2090", "Mortgage", "", words] for n, words in enumerate(FORMULAS)]
    csv.writer(out).writerows([[*HEADER.split(","), "=cmd()"], *([*row, row[-1]] for row in lines)])
    assert imported(written(out.getvalue()), "--rejects", str(rejects))["rejected"] == len(FORMULAS)
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert "'=1+1" in cells and "'quoted'" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]


def test_a_corrected_rejects_file_says_what_the_first_file_said(
    bank: None, tmp_path: Path, written: Written
) -> None:
    out, rejects = io.StringIO(), tmp_path / "rejects.csv"
    lines = [[n, "5/20/2090", "Mortgage", "", words] for n, words in enumerate(FORMULAS)]
    csv.writer(out).writerows([[*HEADER.split(","), "=cmd()"], *([*row, row[-1]] for row in lines)])
    imported(written(out.getvalue()), "--rejects", str(rejects))
    corrected = rejects.read_text(encoding="utf-8-sig").replace("2090", "2020")
    rejects.write_text(corrected, encoding="utf-8")
    assert imported(rejects)["accepted"] == len(FORMULAS)
    assert [case(str(n)).text for n in range(len(FORMULAS))] == [
        words.replace("\r", "\n").strip() for words in FORMULAS
    ]
    assert case("0").contacts.get().attributes["=cmd()"] == "=1+1"


def test_an_apostrophe_of_any_other_file_is_the_customers_own(bank: None, written: Written) -> None:
    imported(written(f"{HEADER}\n1,5/20/2020,Mortgage,,'=1+1 is what they wrote\n"))
    assert case("1").text == "'=1+1 is what they wrote"


def test_rejects_go_below_var_by_default_and_only_their_owner_reads_them(
    bank: None, written: Written, capsys: Any
) -> None:
    imported(written(f"{HEADER}\n1,5/20/2090,Mortgage,,\n", "april.csv"))
    told = capsys.readouterr().err
    path = next(Path(word) for word in told.split() if "april-" in word)
    assert path.parent == Path(settings.VAR) / "rejects"
    assert path.stat().st_mode & 0o077 == 0
    path.unlink()


def test_a_dry_run_counts_the_same_and_writes_nothing(bank: None, written: Written) -> None:
    path = written(f"{HEADER}\n1,5/20/2020,Mortgage,,\n1,5/20/2020,Mortgage,,\n2,,Mortgage,,\n")
    before = Complaint.objects.count(), set((Path(settings.VAR)).glob("rejects/*"))
    assert summary(imported(path, "--dry-run")) == (3, 1, 1, 1)
    assert (Complaint.objects.count(), set(Path(settings.VAR).glob("rejects/*"))) == before
    assert summary(imported(path)) == (3, 1, 1, 1)
    assert summary(imported(path, "--dry-run")) == (3, 0, 1, 2)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 this is no workbook", "workbook"),
        (b"apples,pears\n1,2\n", "apples, pears"),
        (b"text\0\nhello\n", "NUL"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    bank: None, written: Written, content: bytes, says: str
) -> None:
    before = Complaint.objects.count()
    with pytest.raises(CommandError, match=says) as refused:
        imported(written(content))
    assert refused.value.returncode == 2
    assert Complaint.objects.count() == before
    with pytest.raises(CommandError) as missing:
        imported(Path("nowhere.csv"))
    assert missing.value.returncode == 2


def test_an_unknown_door_is_refused_before_anything_is_written(bank: None) -> None:
    with pytest.raises(CommandError, match="no organisation"):
        imported(FILES / "ledger.csv", "--origin", "nowhere")


def test_a_row_the_house_refuses_does_not_sink_its_batch(
    bank: None,
    tmp_path: Path,
    written: Written,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # The handler is one for the whole process: whoever runs after us wants its own words back.
    monkeypatch.setattr(caplog.handler, "formatter", AllowList())
    receive_all = receive.receive_all

    def fails_on_dynamite(drafts: Sequence[Any], **who: Any) -> Any:
        if any("dynamite" in draft.text for draft in drafts):
            raise ValueError("bang 13800001234")
        return receive_all(drafts, **who)

    monkeypatch.setattr(deliver, "receive_all", fails_on_dynamite)
    rows = [f"{n},5/20/2020,Mortgage,,{'dynamite' if n in (7, 30) else ''}" for n in range(40)]
    rejects = tmp_path / "rejects.csv"
    path = written("\n".join([HEADER, *rows]))
    assert summary(imported(path, "--rejects", str(rejects))) == (40, 38, 2, 0)
    assert reasons(rejects) == ["failed", "failed"]
    told = rejects.read_text(encoding="utf-8-sig")
    assert "ValueError" in told and "系统管理员" in told
    assert "13800001234" not in told + caplog.text


def test_a_lost_database_is_no_rows_fault(
    bank: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def is_gone(drafts: Sequence[Any], **who: Any) -> Any:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(deliver, "receive_all", is_gone)
    rejects = tmp_path / "rejects.csv"
    with pytest.raises(CommandError, match="run it again"):
        imported(FILES / "cfpb_official.csv", "--rejects", str(rejects))
    assert not rejects.exists()


CELLS = st.lists(
    st.sampled_from(["1", "2", "", "5/20/2020", "13/5/2020", "Mortgage", '"', '"a\nb"', "x" * 9])
    | st.text(max_size=6),
    max_size=7,
)


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(CELLS, max_size=12), noise=st.binary(max_size=30))
def test_every_row_is_accounted_for_whatever_the_file_holds(
    bank: None, tmp_path: Path, rows: list[list[str]], noise: bytes
) -> None:
    body = "\n".join(",".join(cells) for cells in rows).encode("utf-8", "replace")
    path = tmp_path / "noise.csv"
    path.write_bytes(HEADER.encode() + b"\n" + body + b"\n" + noise)
    rejects = tmp_path / "rejects.csv"
    rejects.unlink(missing_ok=True)
    before = Contact.objects.count()
    first = imported(path, "--batch", "5", "--rejects", str(rejects))
    assert Contact.objects.count() - before == first["accepted"]
    assert (len(reasons(rejects)) if rejects.exists() else 0) == first["rejected"]
    again = imported(path, "--batch", "7", "--rejects", str(tmp_path / "again.csv"))
    assert (again["read"], again["accepted"]) == (first["read"], 0)
    assert again["rejected"] == first["rejected"]


@pytest.mark.parametrize(
    ("written_as", "first", "second"),
    [
        (["5/2/2019", "4/30/2019"], "2019-05-02", "2019-04-30"),
        (["03-04-2023", "27-04-2023"], "2023-04-03", "2023-04-27"),
        (["03/04/2023", "27/04/2023"], "2023-04-03", "2023-04-27"),
        (["2024-3-5", "2024/03/06 08:30"], "2024-03-05", "2024-03-06"),
        (["2024年3月5日", "2024年3月6日 9时5分"], "2024-03-05", "2024-03-06"),
        (["20240305", "2024-03-06T08:30:00Z"], "2024-03-05", "2024-03-06"),
        (["3/4/19 3:30 PM", "3/14/19"], "2019-03-04", "2019-03-14"),
        (["Jan 02, 2019", "2 January 2019"], "2019-01-02", "2019-01-02"),
        (["Sept. 3rd, 2019 3:30 PM", "03-Sep-19"], "2019-09-03", "2019-09-03"),
        (["Jan 2, 2019, 3:30:00 PM", "1/14/2019, 3:30 PM"], "2019-01-02", "2019-01-14"),
        (["Thursday, 2 May 2019", "May-02-2019"], "2019-05-02", "2019-05-02"),
        (["02MAY2019", "2019-May-02 08:30"], "2019-05-02", "2019-05-02"),
    ],
)
def test_the_file_itself_says_how_it_writes_dates(
    written_as: list[str], first: str, second: str
) -> None:
    found = [dates.detect(written_as).read(words) for words in written_as]
    assert [str(moment.date()) for moment in found if moment] == [first, second]


@pytest.mark.parametrize(
    "words", ["Foo 02, 2019", "31 June 2019", "May 2019", "maybe 2, 2019", "May"]
)
def test_what_only_begins_like_a_month_is_no_date(words: str) -> None:
    assert dates.detect([words]).read(words) is None


def test_a_file_says_that_it_writes_months_as_words() -> None:
    assert dates.detect(["Jan 02, 2019"]).about == "mmm d yyyy"
    assert dates.is_date("Jan 02, 2019")


def test_where_the_evidence_contradicts_itself_each_date_decides_for_itself() -> None:
    mixed = dates.detect(["27/04/2023", "04/27/2023", "28/04/2023", "03/04/2023"])
    assert str(mixed.read("27/04/2023"))[:10] == "2023-04-27"
    assert str(mixed.read("04/27/2023"))[:10] == "2023-04-27"
    assert str(mixed.read("03/04/2023"))[:10] == "2023-04-03"
    assert mixed.read("31/31/2023") is None
    settled = dates.detect(["4/27/2023"])
    assert settled.read("27/4/2023") is None


def test_a_class_that_two_products_share_is_named_by_what_they_share() -> None:
    labels = Labels("cn_bank", AXES)
    assert labels.code("product", "盗刷") == "card"
    assert labels.code("product", "信用卡/盗刷") == "card.credit.fraud"
    assert labels.code("product", "账户管理") == ""
    assert labels.unknown == {("product", "账户管理"): 1}


def test_every_label_of_the_pack_finds_its_code() -> None:
    labels = Labels(CFPB.pack, AXES)
    assert labels.code("sub_product", "CHECKING  account", "Checking or savings account")
    assert not labels.code("product", "Debt collection of the moon")


def service_url(database: str) -> str:
    """An address of ``database`` on the server the tests use."""
    place = connection.settings_dict
    return (
        f"postgresql://{place['USER']}:{place['PASSWORD']}@/{database}"
        f"?host={place['HOST'] or '/tmp'}" + (f"&port={place['PORT']}" if place["PORT"] else "")
    )


@pytest.fixture
def house_of_its_own(bank: None) -> Iterator[dict[str, str]]:
    """The environment of a fresh, migrated, empty database beside the tests' own."""
    name = f"import_{os.getpid()}"
    with psycopg.connect(service_url("postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        env = os.environ | {"DATABASE_URL": service_url(name), "SUJIN_VAR": str(settings.VAR)}
        sujin(env, "migrate", "--verbosity", "0").wait()
        yield env
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def sujin(env: dict[str, str], *words: str) -> subprocess.Popen[str]:
    code = "from sujin.config.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def counted(process: subprocess.Popen[str]) -> tuple[int, int, int, int]:
    out, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return summary(json.loads(out.splitlines()[-1]))


def cases_in(env: dict[str, str]) -> int:
    with psycopg.connect(env["DATABASE_URL"]) as database:
        found = database.execute("SELECT count(*) FROM complaints_complaint").fetchone()
    return int(found[0]) if found else 0


def test_an_import_killed_in_the_middle_is_finished_by_the_next_one(
    house_of_its_own: dict[str, str], written: Written
) -> None:
    rows = [f"{number},5/20/2020,Mortgage,Closing on a mortgage," for number in range(1500)]
    command = ("import", str(written("\n".join([HEADER, *rows]))), "--json", "--batch", "100")
    running = sujin(house_of_its_own, *command)
    while running.poll() is None and cases_in(house_of_its_own) < 200:
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    survived = cases_in(house_of_its_own)
    assert 200 <= survived < 1500
    assert survived % 100 == 0
    read, accepted, rejected, known = counted(sujin(house_of_its_own, *command))
    assert (read, accepted, rejected, known) == (1500, 1500 - survived, 0, survived)
    assert cases_in(house_of_its_own) == 1500


REAL_FILES = {
    "cfpb_2019_04.csv": 9999,
    "cfpb_2015_q1.csv": 28156,
    "cfpb_2023_messy.csv": 3999,
    "zh_complaints_dev.csv": 4606,
}


@pytest.mark.real_data
@pytest.mark.skipif(not REAL, reason="SUJIN_REAL_DATA does not point to the folder")
@pytest.mark.parametrize("name", REAL_FILES)
def test_real_files_are_accepted_to_the_last_row(bank: None, name: str, noon: datetime) -> None:
    assert rulebook().text_max == 20000
    assert summary(imported(Path(REAL) / name, "--dry-run")) == (REAL_FILES[name],) * 2 + (0, 0)
