"""Counts by day, week or month from a CSV file: a column of dates, and one for each series."""

import csv
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from math import isfinite
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sujin.archive.said import Refused, Said, named
from sujin.engine.verify.observed import MOST

Counts = npt.NDArray[np.float64]

_ENCODINGS = ("utf-8-sig", "gb18030")
_WEEK = 7
# So much of a cell stands in a message.
SHOWN = 40
_MONTH = (28, 31)


@dataclass(frozen=True, eq=False)
class SeriesFile:
    """``starts``: the first day of each period; ``series`` by name of column; ``remarks``: what was
    done to what stood there."""

    starts: tuple[date, ...]
    series: Mapping[str, Counts]
    remarks: tuple[Said, ...] = ()

    def of(self, name: str) -> Counts:
        """A series by name. Raises Refused for one that is not there."""
        if name not in self.series:
            raise Refused(
                f"没有“{name}”这一列。有：{named(list(self.series))}",
                f"There is no column {name}. There are: {named(list(self.series))}",
            )
        return self.series[name]


def read_series(path: Path) -> SeriesFile:
    """The file's series; days are added up to whole weeks, Monday to Sunday.

    Raises Refused, naming the row and column, for what is no date or no count, for periods that are
    missing, twice there or of unequal length.
    """
    rows = _rows(path)
    if len(rows) < 3:
        raise Refused("文件里没有两期以上的数据。", "The file holds fewer than two periods.")
    head = [name.strip() for name in rows[0]]
    if len(set(head)) < len(head):
        raise Refused("列名有重复。", "Two columns have the same name.")
    days = [_day(row[0] if row else "", at) for at, row in enumerate(rows[1:], start=2)]
    table = np.array([_row(row, head, at) for at, row in enumerate(rows[1:], start=2)])
    _in_order(days)
    series = dict(zip(head[1:], np.ascontiguousarray(table.T), strict=True))
    return _by_week(days, series) if _step(days) == 1 else SeriesFile(tuple(days), series)


def _rows(path: Path) -> list[list[str]]:
    """Rows that hold anything, the head first."""
    try:
        read = list(csv.reader(StringIO(_text(path), newline="")))
    except csv.Error as broken:
        raise Refused(
            f"{path.name} 不是能读的 CSV（{broken}）。请另存为逗号分隔、UTF-8。",
            f"{path.name} is no CSV that can be read ({broken}). Save it with commas, in UTF-8.",
        ) from broken
    rows = [row for row in read if any(cell.strip() for cell in row)]
    if rows and len(rows[0]) == 1 and any(sign in rows[0][0] for sign in ";\t"):
        raise Refused(
            "列之间要用逗号，不是分号或制表符。", "Columns are parted by commas, not by ; or tabs."
        )
    return rows


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as lost:
        raise Refused(
            f"读不到 {path.name or path}：{lost.strerror}。",
            f"Cannot read {path.name or path}: {lost.strerror}.",
        ) from lost
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("编码既不是 UTF-8 也不是 GB18030。", "The text is neither UTF-8 nor GB18030.")


def _day(cell: str, row: int) -> date:
    told = cell.strip()
    try:
        return date.fromisoformat(told if len(told) != len("2026-01") else f"{told}-01")
    except ValueError:
        raise Refused(
            f"第 {row} 行：“{told[:SHOWN]}”不是日期，请写成 2026-01-31 或 2026-01。",
            f"Row {row}: {told[:SHOWN]!r} is no date; write 2026-01-31 or 2026-01.",
        ) from None


def _row(row: Sequence[str], head: Sequence[str], at: int) -> list[float]:
    if len(row) != len(head):
        raise Refused(
            f"第 {at} 行有 {len(row)} 格，列名有 {len(head)} 个。",
            f"Row {at} has {len(row)} cells for {len(head)} columns.",
        )
    return [_count(cell, at, name) for cell, name in zip(row[1:], head[1:], strict=True)]


def _count(cell: str, row: int, name: str) -> float:
    try:
        count = float(cell.replace(",", ""))
    except ValueError:
        count = -1.0
    if not isfinite(count) or not 0 <= count <= MOST:
        raise Refused(
            f"第 {row} 行“{name}”：“{cell[:SHOWN]}”不是件数。没有发生写 0。",
            f"Row {row}, {name}: {cell[:SHOWN]!r} is no count. Write 0 where nothing happened.",
        )
    return count


def _in_order(days: Sequence[date]) -> None:
    step = _step(days)
    if step not in (1, _WEEK) and not _MONTH[0] <= step <= _MONTH[1]:
        raise Refused(
            "日期要由早到晚，按日、按周或按月。",
            "Dates go from early to late, by day, by week or by month.",
        )
    for row, (day, later) in enumerate(itertools.pairwise(days), start=3):
        gap = (later - day).days
        is_month = _MONTH[0] <= step <= _MONTH[1] and _MONTH[0] <= gap <= _MONTH[1]
        if gap != step and not is_month:
            raise Refused(
                f"第 {row} 行：{day} 之后应隔 {step} 天，却是 {later}。缺的期补上，重复的去掉。",
                f"Row {row}: {later} follows {day}; {step} days were to lie between. Fill in what "
                "is missing, take out what is there twice.",
            )


def _step(days: Sequence[date]) -> int:
    gaps = sorted((later - day).days for day, later in itertools.pairwise(days))
    return gaps[len(gaps) // 2]


def _by_week(days: Sequence[date], series: Mapping[str, Counts]) -> SeriesFile:
    first = (_WEEK - days[0].weekday()) % _WEEK
    weeks = (len(days) - first) // _WEEK
    last = first + weeks * _WEEK
    if weeks < 2:
        raise Refused("不满两个整周。", "There are fewer than two whole weeks.")
    starts = tuple(days[first] + timedelta(weeks=week) for week in range(weeks))
    summed = {
        name: row[first:last].reshape(weeks, _WEEK).sum(axis=1) for name, row in series.items()
    }
    left = first + len(days) - last
    said = Said(
        f"按日的件数合成 {weeks} 个整周；首尾 {left} 天不满一周，没有用。",
        f"Days were added up to {weeks} whole weeks; {left} days at the ends make none.",
    )
    return SeriesFile(starts, summed, (said,))
