"""Arrays written once, read by every process through the same pages of memory, replaced whole.

A set of arrays is a folder that never changes; ``current.json`` names the sets that are served,
with the size and SHA-256 of each file. It is replaced in one step, so a writer that dies leaves
what was served before; a reader that has opened a set keeps it although it is swept away.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt

from sujin.platform import keeping
from sujin.platform.keeping import Arrays, Spoiled, reading

_CURRENT, _LOCK = "current.json", "lock"
_TRIES = 5
# What a set and an array may be called: nothing that leads out of the folder.
_SET, _ARRAY = re.compile(r"set-[0-9a-f]{32}"), re.compile(r"\w+")


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
    def served(self) -> Path:
        """The file that names what is served."""
        return self.folder / _CURRENT

    @property
    def stamp(self) -> keeping.Stamp | None:
        """Differs whenever something else is served; None for nothing. Raises Spoiled."""
        return keeping.stamp(self.served)

    def contents(self) -> Contents | None:
        """What is served now, or None before the first publication. Raises Spoiled."""
        if keeping.stamp(self.served) is None:
            return None
        told = keeping.record(self.served)
        with reading(self.served):
            return Contents(tuple(map(_read, told["sets"])), dict(told["facts"].items()))

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
        keeping.sync(aside)
        aside.rename(self.folder / name)
        keeping.sync(self.folder)
        return ArraySet(name, files)

    def publish(self, sets: Sequence[ArraySet], facts: Mapping[str, Any]) -> None:
        """Serve these sets from now on and sweep away the others."""
        told = {"sets": [asdict(one) for one in sets], "facts": facts}
        keeping.keep_text(self.served, json.dumps(told, ensure_ascii=False))
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
        with reading(path):
            # Copy on write: the pages are shared, and compiled code takes them as any other array.
            found = np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))
            if _digest(path) != (size, digest):
                raise ValueError("changed since it was written")
            return found

    def _sweep(self, served: set[str]) -> None:
        for path in self.folder.iterdir():
            if path.suffix == ".tmp" and path.is_file():
                path.unlink()
            elif path.is_dir() and path.name not in served:
                shutil.rmtree(path, ignore_errors=True)


def _digest(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def _read(told: Mapping[str, Any]) -> ArraySet:
    """One set as ``current.json`` has it; raises whatever is wrong with it."""
    files = {str(key): (int(size), str(digest)) for key, (size, digest) in told["files"].items()}
    if not _SET.fullmatch(told["name"]) or not all(map(_ARRAY.fullmatch, files)):
        raise ValueError(f"{told['name']} is not the name of a set of arrays")
    return ArraySet(told["name"], files)
