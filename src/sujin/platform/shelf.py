"""Arrays written once, read by every process through the same pages of memory, replaced whole.

A set of arrays is a folder that never changes; ``current.json`` names the sets that are served,
with the size and SHA-256 of each file. It is replaced in one step, so a writer that dies leaves
what was served before; a reader that has opened a set keeps it although it is swept away.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]
_CURRENT, _LOCK = "current.json", "lock"
_TRIES = 5


class Spoiled(Exception):
    """What ``current.json`` names is missing, cut short or changed; the message says which."""


class Busy(Exception):
    """Another process is writing to this shelf."""


@dataclass(frozen=True, slots=True)
class ArraySet:
    """One folder of arrays: its name, and (bytes, SHA-256) of each file by the array's name."""

    name: str
    files: Mapping[str, tuple[int, str]]

    @property
    def size(self) -> int:
        return sum(size for size, _digest in self.files.values())


@dataclass(frozen=True, slots=True)
class Contents:
    """What is served: the sets in order, and what the writer wanted to remember."""

    sets: tuple[ArraySet, ...]
    facts: Mapping[str, Any]


class Shelf:
    """The sets of arrays in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def stamp(self) -> tuple[int, int]:
        """Differs whenever something else is served; (0, 0) for nothing."""
        try:
            found = (self.folder / _CURRENT).stat()
        except FileNotFoundError:
            return (0, 0)
        return found.st_ino, found.st_mtime_ns

    def contents(self) -> Contents | None:
        """What is served now, or None before the first publication. Raises Spoiled."""
        try:
            told = json.loads((self.folder / _CURRENT).read_text())
            sets = tuple(ArraySet(one["name"], one["files"]) for one in told["sets"])
            return Contents(sets, told["facts"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise Spoiled(f"{_CURRENT}: {error}") from error

    def open_all(self) -> tuple[Contents, list[Arrays]] | None:
        """What is served and its arrays, mapped into memory, every byte checked once. Raises
        Spoiled."""
        for left in reversed(range(_TRIES)):
            stamp, contents = self.stamp, self.contents()
            if contents is None:
                return None
            try:
                return contents, [self.open(one) for one in contents.sets]
            except Spoiled:
                # Swept away while we were looking: something newer is served by now.
                if self.stamp == stamp or not left:
                    raise
        raise AssertionError

    def open(self, one: ArraySet) -> Arrays:
        """The arrays of one set, mapped into memory and checked. Raises Spoiled."""
        return {key: self._array(one, key, *facts) for key, facts in one.files.items()}

    def write(self, arrays: Mapping[str, npt.NDArray[Any]]) -> ArraySet:
        """A new set, complete on the disk when this returns; served once it is published."""
        name = f"set-{uuid4().hex}"
        aside = self.folder / f"aside-{name}"
        aside.mkdir(parents=True)
        for key, array in arrays.items():
            with (aside / f"{key}.npy").open("wb") as file:
                np.save(file, array)
                file.flush()
                os.fsync(file.fileno())
        files = {key: _digest(aside / f"{key}.npy") for key in arrays}
        aside.rename(self.folder / name)
        _sync(self.folder)
        return ArraySet(name, files)

    def publish(self, sets: Sequence[ArraySet], facts: Mapping[str, Any]) -> None:
        """Serve these sets from now on and sweep away the others."""
        told = {"sets": [asdict(one) for one in sets], "facts": facts}
        aside = self.folder / f"aside-{uuid4().hex}.json"
        with aside.open("w") as file:
            json.dump(told, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self.folder / _CURRENT)
        _sync(self.folder)
        self._sweep({one.name for one in sets})

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else writes meanwhile. Raises Busy when somebody does."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Busy(str(self.folder)) from error
            yield

    def _array(self, one: ArraySet, key: str, size: int, digest: str) -> npt.NDArray[Any]:
        path = self.folder / one.name / f"{key}.npy"
        try:
            # Copy on write: the pages are shared, and compiled code takes them as any other array.
            found = np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))
            if _digest(path) != (size, digest):
                raise Spoiled(f"{one.name}/{key}.npy: changed since it was written")
        except (OSError, ValueError, EOFError) as error:
            raise Spoiled(f"{one.name}/{key}.npy: {error}") from error
        return found

    def _sweep(self, served: set[str]) -> None:
        for path in self.folder.iterdir():
            if path.name.startswith("aside-") and path.is_file():
                path.unlink()
            elif path.is_dir() and path.name not in served:
                shutil.rmtree(path, ignore_errors=True)


def _digest(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
