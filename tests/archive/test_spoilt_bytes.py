"""Bytes that are no text cost their own rows, and a file that is broken is named."""

import gzip
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.archive.archives import rows, text, written
from tests.archive.conftest import Scan

HIGH = (*range(0x80, 0x100),)
CONTROL = (*range(0x01, 0x09), *range(0x0E, 0x20), 0x7F)
NUL_TOO = (0x00, *CONTROL, *HIGH)
CHINESE = ["工单号", "受理日期", "产品", "产品小类", "分行", "内容"]


def _spoilt(lines: list[bytes], garbage: Sequence[int]) -> set[int]:
    """Eight bytes of garbage in one row of a hundred: the numbers of these lines, from 1."""
    chance = np.random.default_rng(7)
    hit = {100 * at + 50 for at in range(len(lines) // 100)}
    for at in hit:
        line = bytearray(lines[at])
        for place in chance.choice(len(line), 8, replace=False):
            line[place] = int(chance.choice(garbage))
        lines[at] = bytes(line)
    return {at + 1 for at in hit}


@pytest.mark.parametrize("garbage", [HIGH, CONTROL, NUL_TOO])
@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_garbage_bytes_in_one_row_of_a_hundred_are_listed_and_the_rest_is_used(
    scan: Scan, tmp_path: Path, garbage: Sequence[int], encoding: str
) -> None:
    made = rows()
    header = CHINESE if encoding == "utf-8" else None
    whole = text(made, header) if header else text(made)
    if header:
        whole = whole.replace("Card", "信用卡").replace("South", "南京分行")
    lines = whole.encode(encoding).split(b"\n")
    hit = _spoilt(lines, garbage)
    path = tmp_path / "archive.csv"
    path.write_bytes(b"\n".join(lines))
    scanned = scan(path)
    assert {int(row["row"]) for row in scanned.rejects} == hit
    assert scanned.reasons == {"bytes": len(hit)}
    assert f"{len(made)} rows = {len(made) - len(hit)} used + {len(hit)} rejected" in scanned.said
    assert "is written in UTF-8; 0.99%" in scanned.said


def test_garbage_in_a_file_of_gb18030_does_not_make_it_another(scan: Scan, tmp_path: Path) -> None:
    whole = text(rows(), CHINESE).replace("Card", "信用卡")
    lines = whole.encode("gb18030").split(b"\n")
    hit = _spoilt(lines, CONTROL)
    path = tmp_path / "archive.csv"
    path.write_bytes(b"\n".join(lines))
    scanned = scan(path)
    assert "is written in GB18030" in scanned.said
    assert scanned.reasons == {"bytes": len(hit)}


@pytest.mark.parametrize("every", [1, 25])
def test_chinese_in_a_few_rows_of_gb18030_is_no_garbage(
    scan: Scan, tmp_path: Path, every: int
) -> None:
    lines = text(rows()).encode().split(b"\n")
    for at in range(every, len(lines) - 1, every):
        lines[at] = lines[at].replace(b"my card", "我的信用卡被盗刷".encode("gb18030"))
    path = tmp_path / "archive.csv"
    path.write_bytes(b"\n".join(lines))
    scanned = scan(path)
    assert "is written in GB18030" in scanned.said
    assert not scanned.rejects


@pytest.mark.parametrize("options", [(), ("--encoding", "utf-8")])
def test_one_nul_costs_its_own_row(scan: Scan, tmp_path: Path, options: tuple[str, ...]) -> None:
    lines = text(rows()).encode().split(b"\n")
    lines[20] = lines[20].replace(b"card", b"c\x00rd")
    path = tmp_path / "archive.csv"
    path.write_bytes(b"\n".join(lines))
    assert [(row["row"], row["reason"]) for row in scan(path, *options).rejects] == [
        ("21", "bytes")
    ]


def test_a_file_that_is_mostly_nuls_is_no_text(scan: Scan, tmp_path: Path) -> None:
    path = tmp_path / "archive.csv"
    path.write_bytes(text(rows()).encode().replace(b",", b"\x00"))
    assert "no text file" in scan(path).refused


@pytest.mark.parametrize("broken", ["no gzip", "cut short", "changed within"])
def test_a_broken_gzip_file_in_a_folder_is_named(scan: Scan, tmp_path: Path, broken: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    written(folder, rows())
    packed = bytearray(gzip.compress(text(rows()).encode()))
    (folder / "b.csv.gz").write_bytes(packed)
    assert not scan(folder).refused
    if broken == "changed within":
        packed[len(packed) // 2 : len(packed) // 2 + 8] = b"\xff" * 8
    (folder / "b.csv.gz").write_bytes(
        b"x" if broken == "no gzip" else packed[: len(packed) // 2] if "cut" in broken else packed
    )
    refused = scan(folder).refused
    assert "b.csv.gz" in refused
    assert "gzip" in refused
