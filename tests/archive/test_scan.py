"""One scan, from whatever the archive is kept in, gives one report."""

import csv
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection
from psycopg import sql

from sujin.archive import land, watching
from sujin.archive import scan as story
from sujin.archive.judged import Judged
from sujin.archive.land import Landed
from tests.archive.archives import (
    HEADER,
    SECRET,
    SINCE_THE_WAVE,
    WAVE_FROM,
    Row,
    rows,
    text,
    written,
)  # fmt: skip
from tests.archive.conftest import Scan

WAVE = ("--since", SINCE_THE_WAVE)
NODE = {"Product": "Card", "Branch": "South"}


def parquet(folder: Path, made: Sequence[Row], name: str = "archive.parquet") -> Path:
    """The rows as Parquet, the day as a date."""
    columns = {title: [row[at] for row in made] for at, title in enumerate(HEADER)}
    table = pa.table(columns)
    days = table.column("Date received").cast(pa.date32())
    path = folder / name
    pq.write_table(table.set_column(1, "Date received", days), path)
    return path


def test_the_planted_wave_is_named_and_its_days_are_right(scan: Scan, tmp_path: Path) -> None:
    first = scan(written(tmp_path, rows()), *WAVE).warnings[0]
    assert first["node"] == NODE
    assert 0 <= _days_late(first["first_alarm"]) <= 3
    assert first["observed"] > first["interval"][1] >= first["expected"] >= first["interval"][0]


def _days_late(day: str) -> int:
    return (date.fromisoformat(day) - WAVE_FROM).days


def test_the_same_archive_without_its_wave_warns_of_no_such_node(
    scan: Scan, tmp_path: Path
) -> None:
    found = scan(written(tmp_path, rows(wave=False)), *WAVE).warnings
    assert NODE not in [one["node"] for one in found]


def test_a_file_a_folder_and_another_format_say_the_same(scan: Scan, tmp_path: Path) -> None:
    made, folder = rows(), tmp_path / "mixed"
    folder.mkdir()
    (folder / "2025.csv").write_text(text(made[:900]), encoding="utf-8-sig")
    underscored = [name.replace(" ", "_") for name in HEADER]
    (folder / "2025b.csv").write_text(text(made[900:1400], underscored), encoding="utf-8")
    parquet(folder, made[1400:], "2026.parquet")
    (folder / "notes.docx").write_bytes(b"PK\x03\x04")
    alone = scan(written(tmp_path, made), *WAVE)
    together = scan(folder, *WAVE)
    assert together.warnings == alone.warnings != []
    assert "notes.docx" in together.said
    assert scan(parquet(tmp_path, made), *WAVE).warnings == alone.warnings


def test_a_folder_with_one_file_that_lacks_the_column_is_refused_by_its_name(
    scan: Scan, tmp_path: Path
) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "a.csv").write_text(text(rows()))
    (folder / "odd.csv").write_text("x,y\n1,2\n")
    scanned = scan(folder, "--date-col", "Date received")
    assert "odd.csv" in scanned.refused
    assert "Date received" in scanned.refused


@pytest.mark.django_db
def test_a_table_of_a_database_says_the_same(scan: Scan, tmp_path: Path) -> None:
    made = rows()
    settings = connection.get_connection_params()
    address = psycopg.conninfo.make_conninfo(
        host=settings["host"], dbname=settings["dbname"], user=settings.get("user")
    )
    names = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL("date" if at == 1 else "text"))
        for at, name in enumerate(HEADER)
    )
    with psycopg.connect(address, autocommit=True) as database:
        database.execute(sql.SQL("CREATE TABLE foreign_archive ({})").format(names))
        try:
            with database.cursor() as cursor, cursor.copy("COPY foreign_archive FROM STDIN") as to:
                for row in made:
                    to.write_row(row)
            scanned = scan(
                f"postgresql:///{settings['dbname']}?host={settings['host']}"
                f"&user={settings.get('user') or ''}&table=public.foreign_archive", *WAVE
            )  # fmt: skip
        finally:
            database.execute("DROP TABLE foreign_archive")
    assert not scanned.refused
    assert scanned.warnings == scan(written(tmp_path, made), *WAVE).warnings != []
    assert str(settings["host"]) not in scanned.report


def test_a_database_that_cannot_be_reached_is_refused_without_its_password(scan: Scan) -> None:
    scanned = scan("postgres://somebody:s3cret@127.0.0.1:1/none?table=public.t")
    assert scanned.refused
    assert "s3cret" not in scanned.refused


def test_the_report_needs_no_network_and_holds_no_words_of_a_customer(
    scan: Scan, tmp_path: Path
) -> None:
    made = rows()
    made[4][1] = SECRET
    scanned = scan(written(tmp_path, made), *WAVE)
    assert not re.search(r"(?:src|href)=|url\(|@import|https?://|<script", scanned.report)
    assert "投诉档案扫描报告" in scanned.report
    assert "Complaint archive: scan report" in scanned.report
    everything = "".join(path.read_text(encoding="utf-8") for path in sorted(scanned.out.iterdir()))
    assert scanned.reasons == {"unreadable_date": 1}
    assert "6222021234567890123" not in everything
    assert "charged twice" not in everything


def test_a_column_of_too_many_values_is_refused_unless_it_is_asked_for(
    scan: Scan, tmp_path: Path
) -> None:
    source = written(tmp_path, rows())
    scanned = scan(source, "--dims", "Complaint ID")
    assert "--max-values" in scanned.refused
    assert not scan(source, "--dims", "Branch").refused


def test_columns_that_are_asked_for_are_watched_and_no_others(scan: Scan, tmp_path: Path) -> None:
    scanned = scan(written(tmp_path, rows()), *WAVE, "--dims", "Product>Sub-product")
    assert {name for one in scanned.warnings for name in one["node"]} <= {"Product", "Sub-product"}
    with (scanned.out / "cells.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = list(csv.DictReader(file))
    assert sum(int(cell["count"]) for cell in cells) == len(rows())
    assert {"Card › Credit", "Loan › Home"} <= {cell["Product › Sub-product"] for cell in cells}


def test_a_cell_that_begins_like_a_formula_stays_words(scan: Scan, tmp_path: Path) -> None:
    made = [[*row[:4], f"={row[4]}", row[5]] for row in rows()]
    scanned = scan(written(tmp_path, made), *WAVE)
    cells = (scanned.out / "cells.csv").read_text(encoding="utf-8-sig")
    assert '"\'=South"' in cells
    assert scanned.warnings[0]["node"]["Branch"] == "=South"


def test_an_archive_too_short_to_judge_says_so_and_counts(scan: Scan, tmp_path: Path) -> None:
    scanned = scan(written(tmp_path, rows()[:250]))
    assert scanned.warnings == []
    assert "are needed to judge" in scanned.said


def test_a_scan_that_fails_leaves_the_last_report_as_it_was(
    scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = written(tmp_path, rows())
    before = scan(source).report

    def fails(*args: object) -> Judged:
        raise RuntimeError("the power went")

    monkeypatch.setattr(watching, "judge", fails)
    with pytest.raises(RuntimeError, match="power"):
        scan(source, "--dims", "Branch")
    assert (tmp_path / "out" / "report.html").read_text(encoding="utf-8") == before
    assert not list(tmp_path.glob(".sujin-scan-*"))


def test_a_row_that_gets_lost_on_the_way_stops_everything(
    scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = land.land

    def loses_one(*args: Any, **options: Any) -> Landed:
        landed = honest(*args, **options)
        return Landed(landed.path, landed.dated, landed.rows + 1, landed.blank)

    monkeypatch.setattr(land, "land", loses_one)
    with pytest.raises(story.DoesNotAddUp):
        scan(written(tmp_path, rows()))


@pytest.mark.skipif(
    "SUJIN_SPARK" not in os.environ,
    reason="Spark takes minutes: SUJIN_SPARK=1 runs it, with the extra spark",
)
def test_spark_says_the_same_to_the_last_number(scan: Scan, tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="needs the extra: pip install 'sujin[spark]'")
    made = rows()
    made[3][1] = "2031-01-01"
    source = written(tmp_path, [*made, made[5]])
    options = (*WAVE, "--drop-duplicates")
    duckdb = scan(source, *options)
    listed = (duckdb.out / "warnings.json").read_bytes(), duckdb.rejects, duckdb.report
    spark = scan(source, *options, "--engine", "spark", "--master", "local[2]")
    assert (spark.out / "warnings.json").read_bytes() == listed[0]
    assert spark.rejects == listed[1] != []
    assert spark.report.replace("spark local[2]", "duckdb") == listed[2]


def test_a_scan_starts_no_database_and_ends_with_code_2_when_refused(tmp_path: Path) -> None:
    var = tmp_path / "var"
    ran = subprocess.run(
        [sys.executable, "-m", "sujin", "scan", str(tmp_path / "none.csv")],
        env={**os.environ, "SUJIN_VAR": str(var), "DATABASE_URL": "embedded:"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert "none.csv" in ran.stderr
    assert not (var / "pg").exists()
