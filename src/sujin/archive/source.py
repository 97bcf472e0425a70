"""What there is to read: one file, a folder of files, or a table; told by content, not by name."""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from sujin.archive.said import Refused, Said

PARQUET_MAGIC = b"PAR1"
# A zip archive (xlsx, ods) and the older binary workbook (xls).
BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz")
PARQUET_ENDINGS = (".parquet", ".pq")
SCHEMES = ("postgres://", "postgresql://")


class Form(StrEnum):
    """How a part of the source is kept."""

    TEXT = "text"
    PARQUET = "parquet"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Part:
    """One file or table; ``name`` is what messages and ``rejects.csv`` call it."""

    name: str
    form: Form
    path: Path = Path()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The parts in the order of their names, and remarks about what was passed over."""

    parts: tuple[Part, ...]
    remarks: tuple[Said, ...] = ()


def find(source: str, table: str) -> Found:
    """The parts of ``source``. Raises Refused."""
    if source.startswith(SCHEMES):
        return Found((_table(source, table),))
    path = Path(source)
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise Refused(f"{source}：没有这个文件或文件夹", f"{source}: no such file or folder")
    if path.stat().st_size == 0:
        raise Refused(f"{source}：文件是空的", f"{source}: the file is empty")
    return Found((Part(path.name, _form(path), path),))


def _table(source: str, table: str) -> Part:
    """The address without our own ``table=``; what is left is PostgreSQL's."""
    address, _, query = source.partition("?")
    pairs = parse_qsl(query)
    name = table or dict(pairs).get("table", "")
    if not name:
        raise Refused(
            "没有写明哪张表：请加 --table schema.table，或在地址后写 ?table=schema.table",
            "which table? Add --table schema.table, or ?table=schema.table to the address",
        )
    left = urlencode([(key, value) for key, value in pairs if key != "table"])
    return Part(name, Form.TABLE, url=f"{address}?{left}" if left else address)


def _folder(folder: Path) -> Found:
    parts, empty, passed, links = [], [], [], []
    for path in sorted(folder.rglob("*"), key=lambda one: one.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or any(piece.startswith((".", "_")) for piece in name.split("/")):
            continue
        if not path.resolve().is_relative_to(folder.resolve()):
            links.append(name)
        elif not name.lower().endswith(TEXT_ENDINGS + PARQUET_ENDINGS):
            passed.append(name)
        elif path.stat().st_size == 0:
            empty.append(name)
        else:
            parts.append(Part(name, _form(path), path))
    if not parts:
        have = ", ".join(passed + empty + links) or "-"
        raise Refused(
            f"{folder}：没有可读的 CSV 或 Parquet 文件",
            f"{folder}: no CSV or Parquet file to read; have: {have}",
        )
    return Found(tuple(parts), (*_remarks(empty, passed), *_linked(links)))


def _linked(links: list[str]) -> tuple[Said, ...]:
    if not links:
        return ()
    listed = ", ".join(links[:20])
    return (
        Said(
            f"指向文件夹外的链接 {len(links)} 个，没有读：{listed}",
            f"{len(links)} links lead out of the folder and are not read: {listed}",
        ),
    )


def _remarks(empty: list[str], passed: list[str]) -> list[Said]:
    remarks = []
    if empty:
        remarks.append(Said(f"空文件：{'、'.join(empty)}", f"empty files: {', '.join(empty)}"))
    if passed:
        listed = ", ".join(passed[:20])
        remarks.append(
            Said(
                f"没有读的文件 {len(passed)} 个：{listed}",
                f"{len(passed)} files not read: {listed}",
            )
        )
    return remarks


def _form(path: Path) -> Form:
    """Told by the first bytes. Raises Refused for workbooks and broken Parquet."""
    try:
        with path.open("rb") as file:
            head = file.read(4)
            file.seek(-min(4, path.stat().st_size), os.SEEK_END)
            tail = file.read(4)
    except OSError as error:
        reason = error.strerror
        raise Refused(f"{path}：读不了：{reason}", f"{path}: cannot be read: {reason}") from error
    if head.startswith(BOOKS):
        raise Refused(
            f"{path}：这是电子表格或压缩包，请另存为 CSV",
            f"{path}: a workbook or an archive: save it as CSV",
        )
    if head == PARQUET_MAGIC and tail == PARQUET_MAGIC:
        return Form.PARQUET
    if head == PARQUET_MAGIC or path.name.lower().endswith(PARQUET_ENDINGS):
        raise Refused(
            f"{path}：不是完整的 Parquet 文件", f"{path}: no whole Parquet file: copy it again"
        )
    return Form.TEXT
