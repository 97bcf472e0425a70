"""Lines of a CSV file that a person made: read as they are, and sent back with a reason."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _t

from sujin.platform.refusal import Refusal

REASON = "reason"


class CannotLoad(Refusal):
    """The file as a whole is none; the message says why and nothing was written."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that was not taken, as it stood, and why."""

    number: int
    cells: Mapping[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of the lines."""

    added: int
    superseded: int
    same: int
    rejects: tuple[Reject, ...]


def read(data: bytes, needed: Sequence[str], columns: Sequence[str]) -> list[dict[str, str]]:
    """The lines of a CSV file in UTF-8, or in GBK as older spreadsheets write it. Raises
    CannotLoad."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    lines = csv.DictReader(io.StringIO(text, newline=""))
    header = [(name or "").strip() for name in lines.fieldnames or ()]
    missing = [name for name in needed if name not in header]
    if missing:
        said = {"missing": ", ".join(missing), "columns": ",".join(columns)}
        raise CannotLoad(_t("首行缺少列 %(missing)s；应为 %(columns)s") % said)
    lines.fieldnames = header
    return [{name: str(cell or "") for name, cell in row.items() if name} for row in lines]


def sent_back(rejects: Sequence[Reject], columns: Sequence[str]) -> Iterator[list[str]]:
    """The lines sent back as they stood, each with its number and reason: mend and load again."""
    yield [*columns, "line", REASON]
    for one in rejects:
        yield [*(one.cells.get(name, "") for name in columns), str(one.number), one.reason]
