"""An archive of another house is never as it should be: all that is wrong is counted and listed."""

from pathlib import Path

import pytest

from tests.archive.archives import HEADER, SINCE_THE_WAVE, TODAY, changed, rows, text, written
from tests.archive.conftest import Scan


def test_the_good_archive_loses_no_row_and_rejects_none(scan: Scan, tmp_path: Path) -> None:
    made = rows()
    scanned = scan(written(tmp_path, made))
    assert f"{len(made)} rows = {len(made)} used + 0 rejected" in scanned.said
    assert not (scanned.out / "rejects.csv").exists()


def test_an_officer_without_a_date_column_is_told_which_columns_there_are(
    scan: Scan, tmp_path: Path
) -> None:
    bare = [[row[0], *row[2:]] for row in rows()]
    scanned = scan(written(tmp_path, bare, [HEADER[0], *HEADER[2:]]))
    assert "--date-col" in scanned.refused
    assert "Sub-product" in scanned.refused
    assert not scanned.out.exists()


@pytest.mark.parametrize(
    ("options", "missing"),
    [(("--date-col", "Opened"), "Opened"), (("--dims", "Product,Region"), "Region")],
)
def test_a_column_that_was_named_and_is_missing_is_named_again(
    scan: Scan, tmp_path: Path, options: tuple[str, ...], missing: str
) -> None:
    scanned = scan(written(tmp_path, rows()), *options)
    assert missing in scanned.refused
    assert "Date received" in scanned.refused


def test_a_column_may_be_named_with_blanks_for_underscores(scan: Scan, tmp_path: Path) -> None:
    assert not scan(written(tmp_path, rows()), "--date-col", "date_received").refused


def test_two_ways_of_writing_a_date_are_both_read_and_said(scan: Scan, tmp_path: Path) -> None:
    made = changed(rows(), "Date received", lambda day: f"{day[5:7]}/{day[8:]}/{day[:4]}", every=3)
    scanned = scan(written(tmp_path, made))
    assert "more than one way" in scanned.said
    assert not scanned.rejects


def test_days_first_and_months_first_in_one_column_are_refused(scan: Scan, tmp_path: Path) -> None:
    made = rows(form="%m/%d/%Y")
    mixed = changed(made, "Date received", lambda day: f"{day[3:5]}/{day[:2]}/{day[6:]}", every=3)
    scanned = scan(written(tmp_path, mixed))
    assert "--date-format" in scanned.refused
    assert not scan(written(tmp_path, made)).refused


def test_the_day_first_is_seen_from_the_whole_column(scan: Scan, tmp_path: Path) -> None:
    since = ("--since", SINCE_THE_WAVE)
    right = scan(written(tmp_path, rows(form="%Y-%m-%d")), *since).warnings
    turned = scan(written(tmp_path, rows(form="%d-%m-%Y")), *since)
    assert "dd-mm-yyyy" in turned.said
    assert turned.warnings == right != []


def test_dates_that_could_be_either_are_refused_until_somebody_says(
    scan: Scan, tmp_path: Path
) -> None:
    made = [row for row in rows(form="%m/%d/%Y") if int(row[1][3:5]) <= 12]
    source = written(tmp_path, made)
    assert "--date-format m/d/yyyy" in scan(source).refused
    assert not scan(source, "--date-format", "m/d/yyyy", "--grain", "day").refused


def test_a_day_after_today_is_rejected_with_its_place(scan: Scan, tmp_path: Path) -> None:
    made = rows()
    made[7][1] = "2031-01-05"
    scanned = scan(written(tmp_path, made))
    assert scanned.reasons == {"future": 1}
    assert scanned.rejects[0]["row"] == "9"
    assert scanned.rejects[0]["date_cell"] == "2031-01-05"
    later = scan(written(tmp_path, made), today=TODAY.replace(year=2032))
    assert not later.rejects


def test_copies_are_counted_and_kept_until_somebody_drops_them(scan: Scan, tmp_path: Path) -> None:
    made = rows()
    source = written(tmp_path, [*made, *made[:25]])
    kept = scan(source)
    assert "25 rows are copies" in kept.said
    assert f"{len(made) + 25} used" in kept.said
    dropped = scan(source, "--drop-duplicates")
    assert dropped.reasons == {"duplicate": 25}
    assert {int(row["row"]) for row in dropped.rejects} == {len(made) + 2 + at for at in range(25)}


def test_a_number_that_two_complaints_share_is_said_and_dropped_never(
    scan: Scan, tmp_path: Path
) -> None:
    made = rows()
    made[3][0] = made[900][0]
    scanned = scan(written(tmp_path, made), "--drop-duplicates")
    assert "1 rows share a number" in scanned.said
    assert not scanned.rejects


def test_one_row_of_garbage_in_a_hundred_is_listed_row_by_row(scan: Scan, tmp_path: Path) -> None:
    made, lines = rows(), text(rows()).split("\n")
    spoilt = {100 * at + 50: '%$;"x,,' if at % 2 else "§§" for at in range(len(made) // 100)}
    for at, junk in spoilt.items():
        lines[at] = junk
    path = tmp_path / "archive.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    scanned = scan(path)
    assert {int(row["row"]) for row in scanned.rejects} == {at + 1 for at in spoilt}
    assert f"{len(made)} rows = {len(made) - len(spoilt)} used + {len(spoilt)}" in scanned.said


def test_a_quote_that_never_closes_costs_its_own_row_alone(scan: Scan, tmp_path: Path) -> None:
    lines = text(rows()).split("\n")
    lines[10] = (
        lines[10]
        .replace(",Card", ',"Card', 1)
        .replace(",Loan", ',"Loan', 1)
        .replace(",Deposit", ',"Deposit', 1)
    )
    path = tmp_path / "archive.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [(row["row"], row["reason"]) for row in scan(path).rejects] == [("11", "quotes")]


def test_a_narrative_of_many_lines_is_one_row(scan: Scan, tmp_path: Path) -> None:
    made = changed(rows(), "Narrative", lambda _: 'first line\nsecond, "quoted"\n\nlast', every=2)
    scanned = scan(written(tmp_path, made))
    assert f"{len(made)} rows = {len(made)} used" in scanned.said


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "no_date"), ("soon", "unreadable_date"), ("2026-02-30", "impossible_date"),
        ("3/4/26", "two_digit_year"), ("1900-01-01", "long_past"),
    ],
)  # fmt: skip
def test_a_date_that_is_none_is_rejected_for_what_it_is(
    scan: Scan, tmp_path: Path, cell: str, reason: str
) -> None:
    made = changed(rows(), "Date received", lambda _: cell, every=200)
    scanned = scan(written(tmp_path, made))
    assert [*scanned.reasons] == [reason]
    assert scanned.reasons[reason] == len(range(0, len(made), 200))


@pytest.mark.parametrize("content", ["", "\n\n", ",".join(HEADER) + "\n"])
def test_an_empty_archive_is_refused_in_a_sentence(
    scan: Scan, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "archive.csv"
    path.write_text(content)
    scanned = scan(path)
    assert scanned.refused
    assert not scanned.out.exists()


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.csv", bytes(range(256)) * 40, "no text file"),
        ("a.csv", b"PK\x03\x04" + b"\x00" * 50, "workbook"),
        ("a.parquet", b"PAR1" + b"\x00" * 50, "Parquet"),
        ("a.csv", "naïve café,Ünïcode\n".encode("cp1252") * 50, "--encoding"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    scan: Scan, tmp_path: Path, name: str, content: bytes, word: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert word in scan(path).refused


def test_a_file_in_gb18030_is_read_as_what_it_is(scan: Scan, tmp_path: Path) -> None:
    header = ["工单号", "受理日期", "产品", "产品小类", "分行", "内容"]
    words = {"Card": "信用卡", "Loan": "贷款", "Deposit": "存款"}
    made = [[*row[:2], words[row[2]], *row[3:]] for row in rows(form="%Y年%m月%d日")]
    path = tmp_path / "archive.csv"
    path.write_bytes(text(made, header).encode("gb18030"))
    scanned = scan(path, "--since", SINCE_THE_WAVE)
    assert "GB18030" in scanned.said
    assert scanned.warnings[0]["node"]["产品"] == "信用卡"


def test_a_byte_that_is_no_letter_costs_its_own_row(scan: Scan, tmp_path: Path) -> None:
    lines = text(rows()).encode().split(b"\n")
    lines[20] = lines[20].replace(b"card", b"c\xffrd")
    path = tmp_path / "archive.csv"
    path.write_bytes(b"\n".join(lines))
    assert [(row["row"], row["reason"]) for row in scan(path).rejects] == [("21", "bytes")]


def test_an_archive_of_nothing_but_faults_is_refused_and_still_listed(
    scan: Scan, tmp_path: Path
) -> None:
    made = changed(rows()[:40], "Date received", lambda _: "2031-01-01", every=1)
    scanned = scan(written(tmp_path, made))
    assert "not one of 40 rows" in scanned.refused
    assert scanned.reasons == {"future": 40}
