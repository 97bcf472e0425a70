"""The files of a scan: made aside, then put in place, so that none is ever half there."""

import csv
import json
import os
import re
import shutil
import tempfile
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pyarrow as pa
from ibis.expr.types import Table
from pyarrow.csv import write_csv

from sujin.archive.cells import Counted
from sujin.archive.judged import Warned
from sujin.archive.reasons import SENTENCES, Reason
from sujin.archive.said import Refused, named
from sujin.archive.warehouse import Warehouse
from sujin.engine.text import redact

# The order in which they are put in place: who sees the last sees all.
FILES = ("rejects.csv", "cells.csv", "warnings.csv", "report.html", "warnings.json")
SHOWN = 24
# What a former report of ours begins with, by the file that tells.
OURS = {
    "report.html": "诉金 · 档案扫描报告",
    "rejects.csv": "file,row,reason,原因,meaning,date_cell",
}
TELLING = 4096
# What begins a formula in a spreadsheet, in full width as well.
_FORMULA = re.compile("[=+\\-@\t\r\n＝＋－＠]")


def refuse_out(out: Path) -> None:
    """Raises Refused when ``out`` is no folder that a scan may fill: what lies in it is not a
    former report of ours, or it can be no folder at all."""
    there = next(one for one in (out, *out.absolute().parents) if os.path.lexists(one))
    if not there.is_dir():
        raise Refused(
            f"--out {out}：{there} 是文件，不是文件夹，请另写一个",
            f"--out {out}: {there} is a file and no folder: name another",
        )
    if not os.access(there, os.W_OK | os.X_OK):
        raise Refused(f"--out {out}：{there} 写不了", f"--out {out}: {there}: cannot be written")
    strange = _strange(out) if there == out else []
    if strange:
        listed = named(strange, most=5)
        raise Refused(
            f"--out {out}：文件夹里有不是扫描报告的文件（{listed}），不覆盖，请另写一个新文件夹",
            f"--out {out}: the folder holds files that are no report of a scan ({listed}); they "
            "are not overwritten: name a new folder",
        )


def _strange(out: Path) -> list[str]:
    """What in ``out`` is not of a former report; hidden files are of the file system."""
    names = sorted(one.name for one in out.iterdir() if not one.name.startswith("."))
    strange = [name for name in names if name not in FILES or not (out / name).is_file()]
    return strange if strange or any(_is_ours(out / name) for name in OURS) else names


def _is_ours(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return OURS[path.name] in file.read(TELLING)


@contextmanager
def folder(out: Path) -> Iterator[Path]:
    """A folder beside ``out`` to write into; its files take their places when the block ends well,
    and vanish when it does not. Raises Refused when ``out`` cannot be written."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".sujin-scan-", dir=out.parent))
    except OSError as error:
        reason = error.strerror
        raise Refused(f"--out {out}：写不了：{reason}", f"--out {out}: {reason}") from error
    try:
        yield aside
        _place(aside, out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _place(aside: Path, out: Path) -> None:
    aside.chmod(0o755)
    if not out.exists():
        aside.rename(out)
        return
    for name in FILES:
        if (aside / name).exists():
            (aside / name).replace(out / name)
        else:
            (out / name).unlink(missing_ok=True)


def rejects(to: Path, rows: Table, warehouse: Warehouse) -> int:
    """Every rejected row: file, row, reason, and the cell of the date, shortened and masked."""
    chosen = rows.filter(rows.reason.notnull()).select("file", "row", "reason", "said")
    ordered = chosen.order_by("file", "row")
    return _table(
        to / "rejects.csv",
        ("file", "row", "reason", "原因", "meaning", "date_cell"),
        _rejected(warehouse, ordered),
    )


def _rejected(warehouse: Warehouse, ordered: Table) -> Iterator[Sequence[object]]:
    for batch in warehouse.batches(ordered):
        columns = [batch.column(at).to_pylist() for at in range(4)]
        for file, row, reason, said in zip(*columns, strict=True):
            sentence = SENTENCES[Reason(reason)]
            yield file, row, reason, sentence.zh, sentence.en, _shown(said)


def _shown(said: str | None) -> str:
    """A cell out of place may hold anything: a date is short, the rest is masked and cut."""
    plain = redact(said or "").text
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"


def cells(to: Path, counted: Counted, axes: Sequence[str]) -> None:
    """Every count: the leaf, the first day of the period, how many."""
    made = counted.cells
    columns = [
        pa.array([str(_tame(leaf[at])) for leaf in made.leaves], pa.string()).take(made.leaf)
        for at in range(len(axes))
    ]
    epoch = date(1970, 1, 1).toordinal()
    period = pa.array((made.day - epoch).astype("int32"), pa.int32()).cast(pa.date32())
    names = [str(_tame(name)) for name in axes]
    table = pa.Table.from_arrays(
        [*columns, period, pa.array(made.count)], names=[*names, "period", "count"]
    )
    with (to / "cells.csv").open("wb") as file:
        file.write(BOM_UTF8)
        write_csv(table, file)


def warnings(to: Path, found: Sequence[Warned]) -> None:
    """The warnings, for machines and for spreadsheets."""
    listed = [as_data(one) for one in found]
    text = json.dumps(listed, ensure_ascii=False, indent=1, allow_nan=False)
    (to / "warnings.json").write_text(text + "\n", encoding="utf-8")
    names = ("rank", "node", *[name for name in _FLAT if name != "node"], "low", "high")
    _table(to / "warnings.csv", names, (_flat(at, one) for at, one in enumerate(listed, start=1)))


_FLAT = (
    "node", "detector", "first_alarm", "last_alarm", "since", "peak", "observed", "expected",
    "excess",
    "p", "evidence", "silent_at", "relatives",
)  # fmt: skip


def _flat(rank: int, one: dict[str, object]) -> Sequence[object]:
    node = one["node"]
    assert isinstance(node, dict)
    named = "; ".join(f"{column} = {value}" for column, value in node.items()) or "*"
    interval = one["interval"]
    assert isinstance(interval, list)
    return (rank, named, *[one[name] for name in _FLAT if name != "node"], *interval)


def as_data(one: Warned) -> dict[str, object]:
    """One warning as JSON holds it; days are written as ISO has it."""
    return {
        "node": one.node,
        "detector": "+".join(one.detectors),
        "first_alarm": one.first_alarm.isoformat(),
        "last_alarm": one.last_alarm.isoformat(),
        "since": one.since.isoformat(),
        "peak": one.peak.isoformat(),
        "observed": _figure(one.observed),
        "expected": _figure(one.expected),
        "interval": [_figure(one.low), _figure(one.high)],
        "excess": _figure(one.observed - one.expected),
        "p": _figure(one.p),
        "evidence": _figure(one.evidence),
        "silent_at": _figure(one.silent_at),
        "relatives": one.relatives,
    }


def _figure(value: float) -> float:
    """Six figures: what is beyond them is the order in which threads added."""
    return float(f"{value:.6g}")


def _table(to: Path, names: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """A CSV that a spreadsheet opens with its Chinese whole and runs nothing of."""
    written = 0
    with to.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_tame(name) for name in names])
        for row in rows:
            writer.writerow([_tame(cell) for cell in row])
            written += 1
    return written


def _tame(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
