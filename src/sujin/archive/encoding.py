"""Which letters a file is written in: UTF-8, UTF-16 by its mark, or GB18030 by its content."""

import codecs
import gzip
import io
import re
from pathlib import Path
from typing import IO

from sujin.archive.said import CannotScan

BLOCK = 1 << 20
# Of the lines of a block: so few may be spoiled in a file that is otherwise of this encoding.
SPOILED_MAX = 0.02
JUNK_MAX = 0.005
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_JUNK = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_CJK = re.compile(r"[\u2010-\u206f\u3000-\u303f\u3400-\u9fff\uff00-\uffef·×]")


def opened(path: Path) -> IO[bytes]:
    """The bytes of a file, unpacked if its name says it is packed."""
    return gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb")  # type: ignore[return-value]


def text_of(path: Path, encoding: str) -> io.TextIOWrapper:
    """The file as text with its line ends as they are; a spoiled byte is a lone surrogate."""
    return io.TextIOWrapper(opened(path), encoding=encoding, errors="surrogateescape", newline="")


def detect(path: Path, wanted: str = "") -> str:
    """The encoding to read ``path`` with. Raises CannotScan for what is no text."""
    first, telling = _telling(path)
    for mark, name in MARKS:
        if first.startswith(mark):
            return name
    if b"\x00" in first or len(_JUNK.findall(first.decode("latin-1"))) > JUNK_MAX * len(first):
        raise CannotScan(f"{path}：不是文本文件", f"{path}: this is no text file")
    if wanted:
        return wanted
    for name in ("utf-8", "gb18030"):
        if _spoiled(telling, name) <= SPOILED_MAX and (name == "utf-8" or _is_chinese(telling)):
            return name
    raise CannotScan(
        f"{path}：既不是 UTF-8，也不是 GB18030，请用 --encoding 指明",
        f"{path}: neither UTF-8 nor GB18030: name the encoding with --encoding",
    )


def _telling(path: Path) -> tuple[bytes, bytes]:
    """The first block, and the first that is more than ASCII (whole lines of it)."""
    with opened(path) as file:
        first = block = file.read(BLOCK)
        while block and block.isascii():
            block = file.read(BLOCK) + file.readline()
    cut = block.rfind(b"\n") + 1
    return first, block[:cut] if cut else block


def _spoiled(block: bytes, encoding: str) -> float:
    lines = block.split(b"\n")
    return sum(not _decodes(line, encoding) for line in lines) / len(lines)


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(block: bytes) -> bool:
    """Almost any bytes decode as GB18030; Chinese is what makes sense of it."""
    beyond = [mark for mark in block.decode("gb18030", errors="replace") if ord(mark) > 127]
    return len(_CJK.findall("".join(beyond))) >= 0.9 * len(beyond)
