"""What an import did, for the person who ran it: Chinese first, English beside it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from unicodedata import east_asian_width

from sujin.channels.csv.again import Changes, Mentioned
from sujin.channels.csv.bring_in import Result, Tally
from sujin.channels.csv.columns import Guess
from sujin.channels.csv.look import Looked
from sujin.channels.csv.rejects import Rejects

LABELS_SHOWN = 20


def before(looked: Looked) -> Iterator[str]:
    """What was found out by looking: the kind of file and every column's meaning."""
    yield f"文件 file: {looked.sheet.about}"
    header = f"第 {looked.header.number} 行 row {looked.header.number}"
    yield f"版式 layout: {looked.columns.layout.code}  表头 header: {header}"
    yield f"日期写法 dates: {looked.dates.about}"
    yield ""
    yield "列 columns"
    yield from _table(_guess(guess) for guess in looked.columns.guesses)


def after(result: Result, rejects: Rejects, *, seconds: float, rehearsed: bool) -> Iterator[str]:
    """The counts, the labels nobody knew, and where the rejected rows are."""
    tally = result.tally
    yield ""
    yield "结果 result" + ("（试运行，没有写入 dry run, nothing written）" if rehearsed else "")
    yield from _table(_counts(tally, seconds))
    yield from _changes(result.changes)
    yield from _unknown(result.unknown)
    if rejects.total:
        yield ""
        yield "未受理的原因 rejected because"
        yield from _table((code.value, f"{count:,}") for code, count in rejects.counts.items())
        yield _where(rejects.path)


def progress(tally: Tally, seconds: float) -> str:
    """One line while it runs."""
    return (
        f"已读 {tally.read:,} rows · 受理 {tally.accepted:,} accepted · "
        f"未受理 {tally.rejected:,} rejected · 已知 {tally.known:,} known · "
        f"{rate(tally, seconds):,.0f} rows/s"
    )


def rate(tally: Tally, seconds: float) -> float:
    return tally.read / max(seconds, 1e-9)


def _guess(guess: Guess) -> tuple[str, str, str]:
    return guess.header or "（无名 unnamed）", guess.field and f"→ {guess.field}", guess.how.value


def _counts(tally: Tally, seconds: float) -> Iterator[tuple[str, str]]:
    yield "读取 read", f"{tally.read:,}"
    yield "受理 accepted", f"{tally.accepted:,}"
    yield "未受理 rejected", f"{tally.rejected:,}"
    yield "已知 known", f"{tally.known:,}"
    yield "用时 seconds", f"{seconds:,.1f} ({rate(tally, seconds):,.0f} rows/s)"


def _changes(changes: Changes) -> Iterator[str]:
    told = (
        ("内容有变 changed", changes.changed),
        ("来源已办结而本行未结 closed at the source, open here", changes.ended),
    )
    rows = [(words, f"{rows.total:,}", _numbers(rows)) for words, rows in told if rows.total]
    if rows:
        yield ""
        yield "已知的行与受理时不同，没有改动任何一件，请核对"
        yield "known rows differ from what was taken in; nothing was altered, look at them"
        yield from _table(rows)


def _numbers(rows: Mentioned) -> str:
    more = " …" if rows.total > len(rows.first) else ""
    return f"第 {'、'.join(map(str, rows.first))}{more} 行 rows"


def _unknown(unknown: Mapping[tuple[str, str], int]) -> Iterator[str]:
    if not unknown:
        return
    yield ""
    yield "没有认出的值（原样保留）values not recognised, kept as they are"
    most = sorted(unknown.items(), key=lambda pair: (-pair[1], pair[0]))
    yield from _table((column, label, f"{n:,}") for (column, label), n in most[:LABELS_SHOWN])
    if len(most) > LABELS_SHOWN:
        yield f"  … {len(most) - LABELS_SHOWN}"


def _where(path: Path | None) -> str:
    if path is None:
        return "  （没有写出 not written; --rejects FILE）"
    remedy = "改好后直接导入这个文件 correct it and import it as it is"
    return f"未受理的行 rejected rows: {path}\n  {remedy}"


def _table(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    cells = list(rows)
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        yield ("  " + "  ".join(padded)).rstrip()


def _width(words: str) -> int:
    """Columns on a terminal, where a Chinese character takes two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in words)
