"""Arrays on disk: served whole or not at all, whoever dies and whoever reads."""

import multiprocessing
import os
import signal
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np
import pytest

from sujin.platform.keeping import Spoiled
from sujin.platform.shelf import Busy, Shelf

SIZE = 20_000


def put(shelf: Shelf, value: int) -> None:
    """One set in which every number of every array is ``value``."""
    arrays = {name: np.full(SIZE, value, np.int64) for name in ("left", "right")}
    shelf.publish([shelf.write(arrays)], {"value": value})


def served(shelf: Shelf) -> int:
    """The one value of everything that is served."""
    opened = shelf.open_all()
    assert opened is not None
    contents, (arrays,) = opened
    values = {int(contents.facts["value"])} | {
        int(number) for array in arrays.values() for number in np.unique(array)
    }
    assert len(values) == 1, f"torn: {values}"
    return values.pop()


def read_on(folder: Path, stop: Event, seen: "multiprocessing.Queue[int | str]") -> None:
    """Read until told to stop; send each value that was new, or what went wrong."""
    shelf, last = Shelf(folder), -1
    while not stop.is_set():
        try:
            value = served(shelf)
        except (AssertionError, Spoiled) as error:
            seen.put(repr(error))
            return
        if value < last:
            seen.put(f"went back from {last} to {value}")
            return
        last = value
    seen.put(last)


def test_nothing_is_served_before_the_first_publication(tmp_path: Path) -> None:
    assert Shelf(tmp_path / "new").open_all() is None
    assert Shelf(tmp_path / "new").stamp is None


def test_what_was_written_is_read_and_the_old_is_swept(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    put(shelf, 1)
    before = shelf.stamp
    held = shelf.open_all()
    put(shelf, 2)
    assert served(shelf) == 2
    assert shelf.stamp != before
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1
    assert held is not None
    assert (held[1][0]["left"] == 1).all(), "a reader keeps what it opened"


def test_readers_in_other_processes_never_see_half_a_swap(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    stop, seen = context.Event(), context.Queue()
    put(Shelf(tmp_path), 0)
    readers = [context.Process(target=read_on, args=(tmp_path, stop, seen)) for _ in range(2)]
    for reader in readers:
        reader.start()
    for value in range(1, 40):
        put(Shelf(tmp_path), value)
        time.sleep(0.02)
    time.sleep(1)
    stop.set()
    told = [seen.get(timeout=60) for _ in readers]
    for reader in readers:
        reader.join(60)
    assert all(isinstance(value, int) for value in told), told


def die_while_writing(folder: Path) -> None:
    shelf = Shelf(folder)
    with shelf.alone():
        shelf.write({"left": np.full(SIZE, 9, np.int64), "right": np.full(SIZE, 9, np.int64)})
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_writer_that_is_killed_leaves_the_old_one_served_and_the_lock_free(
    tmp_path: Path,
) -> None:
    put(Shelf(tmp_path), 1)
    context = multiprocessing.get_context("spawn")
    writer = context.Process(target=die_while_writing, args=(tmp_path,))
    writer.start()
    writer.join(60)
    assert writer.exitcode == -signal.SIGKILL
    shelf = Shelf(tmp_path)
    assert served(shelf) == 1
    with shelf.alone():
        put(shelf, 2)
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1, "its ruins are swept"


def test_two_writers_do_not_write_at_once(tmp_path: Path) -> None:
    with Shelf(tmp_path).alone(), pytest.raises(Busy), Shelf(tmp_path).alone():
        pass


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-8])


@pytest.mark.parametrize("spoil", [flip, cut, Path.unlink], ids=["one bit", "cut", "deleted"])
def test_a_spoiled_file_is_never_served(tmp_path: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    shelf = Shelf(tmp_path)
    put(shelf, 1)
    spoil(next(tmp_path.glob("set-*/right.npy")))
    with pytest.raises(Spoiled, match="right"):
        shelf.open_all()


def test_a_torn_list_of_contents_is_spoiled(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    put(shelf, 1)
    (tmp_path / "current.json").write_text('{"sets": [')
    with pytest.raises(Spoiled):
        shelf.open_all()
