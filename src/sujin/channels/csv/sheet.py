"""Open any file as a table."""

from pathlib import Path

from sujin.channels.csv.delimited import open_text
from sujin.channels.csv.flaws import CannotOpen
from sujin.channels.csv.rows import Sheet
from sujin.channels.csv.workbook import open_workbook

# A zip archive (xlsx, ods) and the older binary format (xls).
BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def open_sheet(path: Path) -> Sheet:
    """The file as a table, told by its content and not by its name. Raises CannotOpen."""
    if not path.is_file():
        raise CannotOpen(f"{path}: 没有这个文件 / no such file")
    try:
        with path.open("rb") as file:
            head = file.read(4)
        if not head:
            raise CannotOpen(f"{path}: 文件是空的 / the file is empty")
        return open_workbook(path) if head in BOOKS else open_text(lambda: path.open("rb"))
    except OSError as error:
        raise CannotOpen(f"{path}: 读不了 / cannot be read: {error.strerror}") from error
