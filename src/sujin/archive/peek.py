"""A first look at every part: its columns, and a sample of what stands in them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import pyarrow as pa
import pyarrow.parquet as pq

from sujin.archive import table
from sujin.archive.asked import Asked
from sujin.archive.delimited import Delimited
from sujin.archive.encoding import detect
from sujin.archive.reasons import Reason
from sujin.archive.said import Refused, Said, named
from sujin.archive.source import Form, Part

SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``sample`` holds its first values as text, "" for none."""

    name: str
    sample: Sequence[str]
    is_date: bool = False

    @property
    def distinct(self) -> int:
        """How many different values the sample holds, empty ones aside."""
        return len(set(self.sample) - {""})


@dataclass(frozen=True, slots=True)
class Looked:
    """A part after the first look; ``types`` is empty for a text file: there all is text. ``rows``
    as a Parquet file says of itself."""

    part: Part
    columns: tuple[Column, ...]
    encoding: str = ""
    types: Mapping[str, pa.DataType] = field(default_factory=dict, hash=False)
    remarks: tuple[Said, ...] = ()
    rows: int = 0

    def spelt(self, name: str) -> str:
        """How this part spells a column of another. Raises Refused when it has none."""
        for column in self.columns:
            if levelled(column.name) == levelled(name):
                return column.name
        have = named([column.name for column in self.columns])
        raise Refused(
            f"{self.part.name}：没有“{name}”这一列。文件里的列：{have}。请把它移出文件夹，或另指定列",
            f"{self.part.name}: no column {name!r}. Have: {have}. Move it out of the folder, or "
            "name other columns",
        )


def levelled(name: str) -> str:
    """A name as it is compared: Date_received and Date received are one."""
    return re.sub(r"[\W_]+", "", name).lower()


def look(part: Part, encoding: str) -> Looked:
    """Open a part and sample it. Raises Refused."""
    if part.form is Form.TEXT:
        return _text(part, encoding)
    if part.form is Form.PARQUET:
        return _parquet(part)
    types, rows = table.sample(part, SAMPLE)
    return Looked(part, _columns(types, rows), types=types)


def common(looked: Sequence[Looked], asked: Asked) -> Sequence[Column]:
    """The columns to choose from: those of the part with most to show that all parts have, and
    whatever was asked for by name."""
    fullest = max(
        looked, key=lambda one: max((len(each.sample) for each in one.columns), default=0)
    )
    shared = set.intersection(*[{levelled(each.name) for each in one.columns} for one in looked])
    named_ones = (asked.date_col, asked.id_col, *[name for chain in asked.dims for name in chain])
    shared |= {levelled(name) for name in named_ones}
    kept = [column for column in fullest.columns if levelled(column.name) in shared]
    if not kept:
        odd = named(_odd(looked), most=10)
        raise Refused(
            f"这些文件没有共同的列；与其余文件不同的是：{odd}。请移出文件夹，或分开扫描",
            f"these files have no column in common; unlike the others: {odd}. Move them out of the "
            "folder, or scan them apart",
        )
    return kept


def _odd(looked: Sequence[Looked]) -> list[str]:
    """The parts that share no column with the one that is most like the others; all of them when
    it is not that which parts them."""
    levels = [{levelled(each.name) for each in one.columns} for one in looked]
    alike = [sum(len(one & other) for other in levels) - len(one) for one in levels]
    model = levels[alike.index(max(alike))] if max(alike) else set()
    odd = [one.part.name for one, names in zip(looked, levels, strict=True) if not names & model]
    return odd or [one.part.name for one in looked]


def _text(part: Part, wanted: str) -> Looked:
    encoding = detect(part.path, wanted)
    text = Delimited(part.path, encoding)
    records = list(islice(iter(text), SAMPLE))
    rows = [record.cells for record in records if record.flaw is None]
    cells = zip(*rows, strict=True) if rows else ((),) * len(text.header)
    columns = tuple(
        Column(name, [value.strip() for value in values])
        for name, values in zip(text.header, cells, strict=True)
    )
    spoilt = sum(record.flaw is Reason.BYTES for record in records) / max(len(records), 1)
    plain = encoding.startswith("utf-8") and not spoilt
    remarks = () if plain else (_written_in(part, encoding, spoilt),)
    return Looked(part, columns, encoding, remarks=remarks)


def _written_in(part: Part, encoding: str, spoilt: float) -> Said:
    name = encoding.upper()
    zh, en = f"{part.name} 是 {name} 编码", f"{part.name} is written in {name}"
    if not spoilt:
        return Said(zh, en)
    return Said(
        f"{zh}；样本中 {spoilt:.2%} 的行有不是文字的字节，逐行拒收",
        f"{en}; {spoilt:.2%} of a sample of its rows hold bytes that are no text and are rejected",
    )


def _parquet(part: Part) -> Looked:
    try:
        with pq.ParquetFile(part.path) as file:
            plain = [one for one in file.schema_arrow if not pa.types.is_nested(one.type)]
            types = {one.name: one.type for one in plain}
            batch = next(file.iter_batches(SAMPLE, columns=[*types]), None)
            rows = batch.to_pydict() if batch is not None else {}
            total = file.metadata.num_rows
    except (OSError, pa.ArrowException) as error:
        raise Refused(
            f"{part.path}：Parquet 读不了：{error}", f"{part.path}: broken Parquet: {error}"
        ) from error
    return Looked(part, _columns(types, rows), types=types, rows=total)


def _columns(
    types: Mapping[str, pa.DataType], rows: Mapping[str, Iterable[object]]
) -> tuple[Column, ...]:
    return tuple(
        Column(name, _as_text(rows.get(name, ())), is_date=pa.types.is_temporal(kind))
        for name, kind in types.items()
    )


def _as_text(values: Iterable[object]) -> list[str]:
    return ["" if value is None else str(value).strip() for value in values]
