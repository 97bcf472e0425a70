"""Which alphabet a text file is written in: UTF-8, with or without a mark, UTF-16 or GB18030.

The whole file is looked at, a piece at a time: an export may be pure ASCII for a million rows and
then meet its first name. Lines vote. A line that is valid UTF-8 beyond ASCII is hardly ever
anything else; a line that is not, and whose high bytes come in pairs, is Chinese in GB18030.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from sujin.channels.csv.flaws import CannotOpen

PIECE = 1 << 20
_HIGH = re.compile(rb"[\x80-\xff]+")


def detect(path: Path) -> str:
    """``utf-8``, ``utf-16`` or ``gb18030``. Raises CannotOpen for UTF-16 that breaks off."""
    with path.open("rb") as file:
        head = file.read(3)
        file.seek(0)
        if head.startswith(codecs.BOM_UTF8):
            return "utf-8"
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return _sound_utf16(file)
        return _elect(file)


def decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _elect(file: BinaryIO) -> str:
    utf8 = gb18030 = 0
    for piece in _pieces(file):
        if piece.isascii():
            continue
        if decodes(piece, "utf-8"):
            utf8 += piece.count(b"\n") + 1
            continue
        for line in piece.splitlines():
            utf8 += not line.isascii() and decodes(line, "utf-8")
            gb18030 += _looks_gb18030(line)
    return "gb18030" if gb18030 > utf8 else "utf-8"


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """About a mebibyte each, cut at the end of a line."""
    while piece := file.read(PIECE):
        yield piece + file.readline(PIECE)


def _looks_gb18030(line: bytes) -> bool:
    """Not UTF-8 and sound GB18030; a lone accented letter of a Western file is not that."""
    if line.isascii() or decodes(line, "utf-8") or not decodes(line, "gb18030"):
        return False
    runs = [len(run) for run in _HIGH.findall(line)]
    return 2 * sum(run for run in runs if run > 1) >= sum(runs)


def _sound_utf16(file: BinaryIO) -> str:
    decoder = codecs.getincrementaldecoder("utf-16")()
    try:
        while piece := file.read(PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise CannotOpen(f"UTF-16 解码失败，请另存为 UTF-8 / broken UTF-16: {error}") from error
    return "utf-16"
