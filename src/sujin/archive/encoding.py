"""Which letters a file is written in: UTF-8, UTF-16 by its mark, or GB18030 by its content."""

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sujin.archive.said import Refused

BLOCK = 1 << 20
# Of the lines of a block: so few may be spoiled in a file that is otherwise of this encoding.
SPOILED_MAX = 0.1
# More than half of the lines of what is no text are binary: a NUL, or so much of them is junk.
BINARY_MAX, JUNK_MAX = 0.5, 0.05
# Of the characters beyond ASCII, when they are Chinese.
CHINESE = 0.9
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_JUNK = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_CJK = re.compile(r"[\u2010-\u206f\u3000-\u303f\u3400-\u9fff\uff00-\uffef·×]")


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked if its name says it is packed. Raises Refused when they
    cannot be read to the end."""
    packed = path.name.lower().endswith(".gz")
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            yield file  # type: ignore[misc]
    except (OSError, EOFError, zlib.error) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        zh = "gzip 压缩包坏了或不完整，请重新复制" if packed else "读不了"
        en = "a broken gzip file, copy it again" if packed else "cannot be read"
        raise Refused(f"{path}：{zh}：{why}", f"{path}: {en}: {why}") from error


@contextmanager
def text_of(path: Path, encoding: str) -> Iterator[io.TextIOWrapper]:
    """The file as text with its line ends as they are; a spoiled byte is a lone surrogate."""
    with opened(path) as file:
        yield io.TextIOWrapper(file, encoding=encoding, errors="surrogateescape", newline="")


def detect(path: Path, wanted: str = "") -> str:
    """The encoding to read ``path`` with. Raises Refused for what is no text."""
    first, telling = _telling(path)
    for mark, name in MARKS:
        if first.startswith(mark):
            return name
    if _share_binary(first.split(b"\n")) > BINARY_MAX:
        raise Refused(f"{path}：不是文本文件", f"{path}: this is no text file")
    if wanted:
        return wanted
    lines = telling.split(b"\n")
    if _spoiled(lines, "utf-8") <= SPOILED_MAX and not _is_chinese_between(lines):
        return "utf-8"
    if _spoiled(lines, "gb18030") <= SPOILED_MAX and _is_chinese(telling):
        return "gb18030"
    raise Refused(
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


def _share_binary(lines: Sequence[bytes]) -> float:
    binary = (b"\x00" in line or len(_JUNK.findall(line)) > JUNK_MAX * len(line) for line in lines)
    filled = sum(line != b"" for line in lines)
    return sum(binary) / filled if filled else 0.0


def _spoiled(lines: Sequence[bytes], encoding: str) -> float:
    return sum(not _decodes(line, encoding) for line in lines) / len(lines)


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese_between(lines: Sequence[bytes]) -> bool:
    """Whether the lines that are no UTF-8 are Chinese in GB18030 and no garbage, the first alone if
    it is one: it may be the header. Garbage hits the everyday characters of GB2312 seldom."""
    strange = [line for line in lines if not _decodes(line, "utf-8")]
    telling = strange[:1] if strange and strange[0] == lines[0] else strange
    beyond = _beyond(b"\n".join(telling))
    return bool(beyond) and sum(map(_is_everyday, beyond)) >= CHINESE * len(beyond)


def _is_everyday(mark: str) -> bool:
    return len(mark.encode("gb2312", errors="ignore")) > 1


def _is_chinese(block: bytes) -> bool:
    """Almost any bytes decode as GB18030; Chinese is what makes sense of it."""
    beyond = _beyond(block)
    return len(_CJK.findall("".join(beyond))) >= CHINESE * len(beyond)


def _beyond(block: bytes) -> list[str]:
    return [mark for mark in block.decode("gb18030", errors="replace") if ord(mark) > 127]
