"""A file that may be spoiled: read as what it holds or as the reason why not, kept whole or not at
all.

Whoever writes never leaves half a file behind, and whoever reads never falls over what somebody
else left: every way in which bytes can be wrong comes out as one exception with the file's name.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Generic, TypeVar
from uuid import uuid4
from zipfile import BadZipFile
from zlib import error as BadStream  # noqa: N812 - an exception by any name

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]
Stamp = tuple[int, int, int, int]
Held_ = TypeVar("Held_")
# What numpy, zipfile, json and the model's own reader raise on bytes that are not what they should
# be: a header may ask for more memory than there is, JSON may be nested without end.
_WRONG = (
    OSError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, EOFError,
    RuntimeError, MemoryError, BadZipFile, BadStream,
)  # fmt: skip
# What may be over the next time, without anybody doing anything to the file.
_PASSING = (OSError, MemoryError)
_LASTING = (FileNotFoundError, IsADirectoryError, NotADirectoryError)


class Spoiled(Exception):
    """A file is missing, cut short, changed, or of another form; the message says which and how."""


class Unread(Spoiled):
    """The file could not be read this time; nothing says that its bytes are wrong."""


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Whatever goes wrong while this file is read is said as Spoiled, a disk or a memory that
    fails as Unread."""
    try:
        yield
    except _WRONG as wrong:
        is_passing = isinstance(wrong, _PASSING) and not isinstance(wrong, _LASTING)
        as_what = Unread if is_passing else Spoiled
        raise as_what(f"{path}: {wrong or type(wrong).__name__}") from wrong


def text(path: Path) -> str:
    """Raises Spoiled."""
    with reading(path):
        return path.read_text(encoding="utf-8")


def record(path: Path) -> dict[str, Any]:
    """The JSON object in a file. Raises Spoiled."""
    with reading(path):
        found = json.loads(path.read_bytes())
        if not isinstance(found, dict):
            raise TypeError("not a JSON object")
        return found


def packed(arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """The arrays as the bytes of one file; ``unpacked`` takes them back."""
    out = BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def unpacked(data: bytes) -> Arrays:
    """To be called while ``reading``: it raises whatever is wrong with the bytes."""
    with np.load(BytesIO(data), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def keep(path: Path, data: bytes) -> None:
    """Put these bytes in the place of the file. They are on the disk when this returns; whoever
    reads sees the old file or the new one, also when several write at once or the power fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    try:
        with draft.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync(path.parent)


def keep_text(path: Path, said: str) -> None:
    """As ``keep``."""
    keep(path, said.encode())


def keep_record(path: Path, told: Mapping[str, Any]) -> None:
    """As ``keep``, of a mapping as JSON."""
    keep_text(path, json.dumps(told, ensure_ascii=False, indent=1, default=float))


def sync(folder: Path) -> None:
    """The folder's own entries are on the disk when this returns."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def stamp(path: Path) -> Stamp | None:
    """Differs whenever another file lies there; None for nothing. Raises Spoiled."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError as wrong:
        raise Spoiled(f"{path}: {wrong}") from wrong
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@dataclass(frozen=True, slots=True)
class Found(Generic[Held_]):
    """What a file holds; without a value ``spoiled`` says why, empty when there is no file."""

    value: Held_ | None = None
    spoiled: str = ""


class Held(Generic[Held_]):
    """What each file holds, read again only when another lies there: asked as often as one likes,
    it costs one look at the folder. ``read`` may raise Spoiled, and so is not asked again, or
    Unread, and is asked the next time."""

    def __init__(self, read: Callable[[Path], Held_]) -> None:
        self._read = read
        self._known: dict[Path, tuple[Stamp, Found[Held_]]] = {}

    def at(self, path: Path) -> Found[Held_]:
        try:
            seen = stamp(path)
        except Spoiled as wrong:
            return Found(spoiled=str(wrong))
        if seen is None:
            return Found()
        known = self._known.get(path)
        if known is not None and known[0] == seen:
            return known[1]
        try:
            found = Found(self._read(path))
        except Unread as wrong:
            return Found(spoiled=str(wrong))
        except Spoiled as wrong:
            found = Found(spoiled=str(wrong))
        self._known[path] = seen, found
        return found
