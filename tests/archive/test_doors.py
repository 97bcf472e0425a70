"""Whatever somebody hands to a scan or asks it to write over: it is told at the door."""

from pathlib import Path

import pytest

from tests.archive.archives import rows, written
from tests.archive.conftest import Scan


@pytest.mark.parametrize("name", ["notes.txt", "cells.csv", "warnings.json"])
def test_an_officer_who_points_out_at_her_own_folder_loses_nothing(
    scan: Scan, tmp_path: Path, name: str
) -> None:
    own = tmp_path / "out" / name
    own.parent.mkdir()
    own.write_text("mine")
    scanned = scan(written(tmp_path, rows()))
    assert name in scanned.refused
    assert "name a new folder" in scanned.refused
    assert [one.name for one in own.parent.iterdir()] == [name]
    assert own.read_text() == "mine"


def test_a_former_report_is_written_over(scan: Scan, tmp_path: Path) -> None:
    made = rows()
    made[7][1] = "soon"
    source = written(tmp_path, made)
    assert scan(source).rejects
    again = scan(written(tmp_path, rows()))
    assert not again.refused
    assert not again.rejects


def test_a_report_of_nothing_but_rejects_is_written_over(scan: Scan, tmp_path: Path) -> None:
    spoilt = [[row[0], "soon", *row[2:]] for row in rows()]
    source = written(tmp_path, spoilt)
    assert "--date-col" in scan(source).refused
    assert "not one of" in scan(source, "--date-col", "Date received").refused
    assert not scan(written(tmp_path, rows())).refused


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_file_for_a_folder_is_refused_before_anything_is_read(
    scan: Scan, tmp_path: Path, below: str
) -> None:
    afile = tmp_path / "out"
    afile.write_text("mine")
    scanned = scan(tmp_path / "nowhere.csv", "--out", str(afile / below))
    assert "is a file" in scanned.refused
    assert afile.read_text() == "mine"
