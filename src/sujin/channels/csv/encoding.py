"""Which alphabet a text file is written in: UTF-8, with or without a mark, UTF-16, GB18030 or
Windows-1252.

The whole file is looked at, a piece at a time: an export may be pure ASCII for a million rows and
then meet its first name. Lines vote. A line that is valid UTF-8 beyond ASCII is hardly ever
anything else; a line that is not, and whose high bytes come in pairs, is Chinese in GB18030; one
whose high bytes stand alone beside Latin letters was saved by a Western spreadsheet.
"""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from sujin.channels.csv.flaws import CannotOpen

PIECE = 1 << 20
_HIGH = re.compile(rb"[\x80-\xff]+")
# An accented letter in a word, or the dashes, quotes and signs of a word processor.
_WESTERN = re.compile(
    rb"(?<=[A-Za-z])[\xc0-\xff](?![\x80-\xff])|(?<![\x80-\xff])[\xc0-\xff](?=[A-Za-z])"
    rb"|[\x80\x85\x91-\x97\x99\xa0\xa3\xa7\xa9\xae\xb0\xb7]"
)


def detect(file: BinaryIO) -> str:
    """``utf-8``, ``utf-16``, ``gb18030`` or ``cp1252``; raises CannotOpen for broken UTF-16."""
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
    utf8 = gb18030 = western = 0
    for piece in _pieces(file):
        if piece.isascii():
            continue
        if decodes(piece, "utf-8"):
            utf8 += piece.count(b"\n") + 1
            continue
        for line in piece.splitlines():
            utf8 += not line.isascii() and decodes(line, "utf-8")
            is_chinese = _looks_gb18030(line)
            gb18030 += is_chinese
            western += not is_chinese and _looks_western(line)
    votes = {"utf-8": utf8, "gb18030": gb18030, "cp1252": western}
    return max(votes, key=lambda name: votes[name])


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


def _looks_western(line: bytes) -> bool:
    """Not UTF-8, and every high byte is where Western writing has one."""
    if line.isascii() or decodes(line, "utf-8") or not decodes(line, "cp1252"):
        return False
    return sum(map(len, _HIGH.findall(line))) == len(_WESTERN.findall(line))


def _sound_utf16(file: BinaryIO) -> str:
    decoder = codecs.getincrementaldecoder("utf-16")()
    try:
        while piece := file.read(PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise CannotOpen(f"UTF-16 解码失败，请另存为 UTF-8 / broken UTF-16: {error}") from error
    return "utf-16"
