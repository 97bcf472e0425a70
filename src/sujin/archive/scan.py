"""One scan from the source to the files: the story in the order it happens."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ibis.expr.types import Table

from sujin.archive import (
    axes,
    calendars,
    cells,
    columns,
    dates,
    heaps,
    land,
    peek,
    repeated,
    rows,
    source,
    watching,
    written,
)
from sujin.archive.asked import Asked
from sujin.archive.axes import Axes
from sujin.archive.cells import Counted
from sujin.archive.columns import Columns
from sujin.archive.judged import Judged
from sujin.archive.page import render
from sujin.archive.peek import Looked
from sujin.archive.reasons import SENTENCES, Reason
from sujin.archive.repeated import Repeated
from sujin.archive.said import Refused, Said
from sujin.archive.source import Form
from sujin.archive.ticker import Ticker
from sujin.archive.warehouse import Warehouse, opened


class DoesNotAddUp(RuntimeError):
    """Rows were lost or doubled between the source and the counts: no result may be believed."""


@dataclass(frozen=True, slots=True)
class Read:
    """The source as it was read; ``rows`` were counted on the way in, not by the engine."""

    parts: int
    rows: int
    counted: Counted
    repeated: Repeated
    axes: Axes
    remarks: tuple[Said, ...]


def scan(asked: Asked, ticker: Ticker) -> tuple[Read, Judged]:
    """Read, judge, write. Raises Refused when the source is refused; then ``asked.out`` is as it
    was, unless rows were rejected, which are listed there."""
    written.refuse_out(asked.out)
    ticker.stage(Said("看一眼", "a first look"))
    found = source.find(asked.source, asked.table)
    looked = [peek.look(part, asked.encoding) for part in found.parts]
    chosen = columns.choose(peek.common(looked, asked), asked)
    for said in (*found.remarks, *chosen.remarks):
        ticker.stage(said)
    with _workspace(asked) as work, opened(asked, work) as house:
        run = _Run(asked, work, house, ticker)
        heap, came = _gathered(run, looked, chosen)
        read, table = _read(run, heap, came, chosen)
        remarks = [*found.remarks, *[each for one in looked for each in one.remarks]]
        read = replace(read, parts=len(looked), remarks=(*remarks, *chosen.remarks, *read.remarks))
        return read, _judged(run, read, table)


@contextmanager
def _workspace(asked: Asked) -> Iterator[Path]:
    """A place for what is brought ashore and for what does not fit into memory."""
    if asked.work is not None:
        asked.work.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="sujin-scan-", dir=asked.work))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Run:
    asked: Asked
    work: Path
    house: Warehouse
    ticker: Ticker


@dataclass(frozen=True, slots=True)
class _Came:
    rows: int
    blank: int


def _gathered(
    run: _Run, looked: Sequence[Looked], chosen: Columns
) -> tuple[list[rows.Heap], _Came]:
    """All parts as heaps, and how many rows came."""
    landed = []
    for at, one in enumerate(looked):
        if one.part.form is not Form.PARQUET:
            to, zone = run.work / f"part-{at:06}.parquet", run.asked.time_zone
            landed.append(land.land(one, chosen, to=to, time_zone=zone, count=run.ticker.count))
    whole = [one for one in looked if one.part.form is Form.PARQUET]
    gathered = heaps.of_landed(landed, chosen, run.house)
    gathered += heaps.of_parquet(whole, chosen, run.house)
    came = sum(one.rows for one in landed) + sum(one.rows for one in whole)
    if not came:
        heaps.refuse_empty()
    return gathered, _Came(came, sum(one.blank for one in landed))


def _read(
    run: _Run, gathered: Sequence[rows.Heap], came: _Came, chosen: Columns
) -> tuple[Read, Table]:
    asked, house, ticker = run.asked, run.house, run.ticker
    ticker.stage(Said(f"读入 {came.rows} 行", f"{came.rows:,} rows came in"))
    order = dates.decide(rows.tallies(gathered), asked.date_format)
    table = house.view(rows.read(gathered, order, asked.today))
    again = repeated.count(table, has_ident=bool(chosen.ident))
    if asked.drop_duplicates and again.copies:
        table = house.view(repeated.drop(table, has_ident=bool(chosen.ident)))
    lines = axes.choose(table, chosen, asked.max_values, house)
    counted = cells.count(table, lines.chains, asked.grain, house)
    if counted.rows != came.rows:
        raise DoesNotAddUp(f"{came.rows} rows came, {counted.rows} were counted")
    remarks = (
        *order.remarks, *dates.forms_told(counted.forms), *lines.remarks,
        *_repeated(again, came, chosen, asked),
    )  # fmt: skip
    for said in (*remarks, balance(counted)):
        ticker.stage(said)
    return Read(0, came.rows, counted, again, lines, remarks), table


def balance(counted: Counted) -> Said:
    """The account of all rows, which the caller has checked against what came in."""
    rejected = sum(counted.rejected.values())
    return Said(
        f"读入 {counted.rows} 行 = 使用 {counted.used} 行 + 拒收 {rejected} 行",
        f"{counted.rows} rows read = {counted.used} used + {rejected} rejected",
    )


def _repeated(again: Repeated, came: _Came, chosen: Columns, asked: Asked) -> Iterator[Said]:
    if came.blank:
        yield Said(f"空行 {came.blank} 行，不计", f"{came.blank} blank lines, not counted as rows")
    if again.copies and asked.drop_duplicates:
        yield Said(
            f"完全重复的 {again.copies} 行已拒收",
            f"{again.copies} rows were copies and are rejected",
        )
    elif again.copies:
        why = (
            Said("", "")
            if chosen.ident
            else Said("（没有编号列，可能是不同的投诉）", " (no number tells them apart)")
        )
        yield Said(
            f"完全重复的 {again.copies} 行照常计入{why.zh}；要去掉请加 --drop-duplicates",
            f"{again.copies} rows are copies of another and are counted{why.en}; "
            "--drop-duplicates rejects them",
        )
    if again.shared:
        yield Said(
            f"编号重复而内容不同的 {again.shared} 行照常计入",
            f"{again.shared} rows share a number with another row that differs; they are counted",
        )


def _judged(run: _Run, read: Read, table: Table) -> Judged:
    """Judge and write. The rejects are written even when nothing is left to judge."""
    asked, rejected = run.asked, sum(read.counted.rejected.values())
    with written.folder(asked.out) as aside:
        if rejected:
            listed = written.rejects(aside, table, run.house)
            if listed != rejected:
                raise DoesNotAddUp(f"{rejected} rows rejected, {listed} listed")
        judged = None
        if read.counted.used:
            run.ticker.stage(Said("判断", "judging"))
            calendar, count = calendars.named(asked.calendar), run.ticker.count
            judged = watching.judge(read.counted, read.axes.chains, asked, calendar, count)
            _write(aside, read, judged, asked)
    if judged is None:
        raise _nothing_left(read.counted, asked)
    return judged


def _write(aside: Path, read: Read, judged: Judged, asked: Asked) -> None:
    written.cells(aside, read.counted, [chain.name for chain in read.axes.chains])
    written.warnings(aside, judged.warnings)
    (aside / "report.html").write_text(render(read, judged, asked), encoding="utf-8")


def _nothing_left(counted: Counted, asked: Asked) -> Refused:
    zh = "，".join(f"{SENTENCES[Reason(code)].zh} {n}" for code, n in counted.rejected.items())
    en = ", ".join(f"{SENTENCES[Reason(code)].en} {n}" for code, n in counted.rejected.items())
    listed = asked.out / "rejects.csv"
    return Refused(
        f"{counted.rows} 行一行都用不上：{zh}。逐行列在 {listed}",
        f"not one of {counted.rows} rows can be used: {en}. Listed in {listed}",
    )
