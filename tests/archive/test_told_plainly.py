"""What a scan would rather not do is refused by name or said first, not hidden in a report."""

from pathlib import Path

import pytest

from tests.archive.archives import HEADER, rows, written
from tests.archive.conftest import Scan

WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"


def _identity(number: int) -> str:
    body = f"11010119900307{number:03}"
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
    return body + CHECKS[total % 11]


def _holding(tmp_path: Path, name: str, values: list[str]) -> Path:
    made = [[*row, values[at % len(values)]] for at, row in enumerate(rows())]
    return written(tmp_path, made, [*HEADER, name])


@pytest.mark.parametrize(
    "values",
    [
        [_identity(at) for at in range(30)],
        [f"1390000{at:04}" for at in range(30)],
        [_identity(1), *[f"class {at}" for at in range(9)], _identity(2)],
        [_identity(5)],
    ],
)
def test_a_column_of_personal_numbers_is_no_dimension_whoever_names_it(
    scan: Scan, tmp_path: Path, values: list[str]
) -> None:
    scanned = scan(_holding(tmp_path, "证件", values), "--dims", "Product,证件")
    assert "证件" in scanned.refused
    assert "out of --dims" in scanned.refused
    assert not any(value in scanned.refused for value in values)
    assert not scanned.out.exists()


def test_codes_of_branches_stay_a_dimension(scan: Scan, tmp_path: Path) -> None:
    source = _holding(tmp_path, "证件", [f"1101{at:04}" for at in range(30)])
    assert not scan(source, "--dims", "Product,证件").refused


def test_personal_numbers_that_nobody_named_are_passed_over(scan: Scan, tmp_path: Path) -> None:
    values = [_identity(at) for at in range(30)]
    scanned = scan(_holding(tmp_path, "Branch holder", values))
    assert "personal numbers, not watched: Branch holder" in scanned.said
    assert not any(value in scanned.report for value in values)


def test_the_one_file_of_a_folder_that_is_of_another_kind_is_named(
    scan: Scan, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("b.csv", "c.csv"):
        written(folder, rows()).rename(folder / name)
    (folder / "a-wages.csv").write_text("who,wage\nsomebody,3\n")
    refused = scan(folder).refused
    assert "a-wages.csv" in refused
    assert "b.csv" not in refused
    (folder / "a-wages.csv").unlink()
    assert not scan(folder).refused


def test_a_link_out_of_the_folder_is_passed_over_and_said(scan: Scan, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    written(folder, rows())
    elsewhere = tmp_path / "wages.csv"
    elsewhere.write_text("who,wage\nsomebody,3\n")
    (folder / "link.csv").symlink_to(elsewhere)
    (folder / "within.csv").symlink_to(folder / "archive.csv")
    scanned = scan(folder)
    assert "1 links lead out of the folder and are not read: link.csv" in scanned.said
    assert f"{2 * len(rows())} rows" in scanned.said


def test_the_newest_days_that_no_week_holds_are_said_first(scan: Scan, tmp_path: Path) -> None:
    made = [row for row in rows() if row[1] <= "2026-02-25"]
    late = sum(row[1] >= "2026-02-23" for row in made)
    source = written(tmp_path, made)
    weekly = scan(source, "--grain", "week")
    said = f"the newest 3 days (2026-02-23 to 2026-02-25, {late} rows) are not judged"
    assert said in weekly.said
    assert "WARNING" in weekly.said
    assert said in weekly.report.split("<h2>")[0]
    assert "--grain day" in weekly.report.split("<h2>")[0]
    daily = scan(source, "--grain", "day")
    assert "not judged" not in daily.report
    whole = written(tmp_path, [row for row in made if row[1] <= "2026-02-22"])
    assert "WARNING" not in scan(whole, "--grain", "week").said
