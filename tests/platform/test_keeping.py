"""A file that may be spoiled: whole or not at all when kept, a value or a reason when read."""

import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sujin.platform import keeping
from sujin.platform.keeping import Found, Held, Spoiled

WHOLE = keeping.packed({"a": np.arange(2000)})
BYTES = {
    "empty": b"",
    "no zip": b"abc",
    "half a zip": b"PK\x03\x04zzz",
    "cut": WHOLE[:-30],
    "one byte": WHOLE[:200] + bytes([WHOLE[200] ^ 255]) + WHOLE[201:],
    "without the array": keeping.packed({"b": np.arange(3)}),
    "pickled": keeping.packed({"b": np.arange(3)}).replace(b"'<i8'", b"'|O8'"),
}
RECORDS = [b"", b"\xff\xfe\x00", b"[]", b"null", b'{"a":', b"[" * 100_000, b'"' + b"\xed\xa0\x80"]


def read(path: Path) -> int:
    with keeping.reading(path):
        return int(keeping.unpacked(path.read_bytes())["a"].sum())


@pytest.mark.parametrize("harm", BYTES)
def test_whatever_the_bytes_are_it_is_a_reason_and_no_crash(tmp_path: Path, harm: str) -> None:
    (path := tmp_path / "model.npz").write_bytes(BYTES[harm])
    found = Held(read).at(path)
    assert found.value is None
    assert str(path) in found.spoiled


@pytest.mark.parametrize("raw", RECORDS)
def test_a_record_is_an_object_or_spoiled(tmp_path: Path, raw: bytes) -> None:
    (path := tmp_path / "card.json").write_bytes(raw)
    with pytest.raises(Spoiled, match=r"card\.json"):
        keeping.record(path)


def test_a_folder_in_its_place_is_spoiled_and_no_file_is_none(tmp_path: Path) -> None:
    (tmp_path / "model.npz").mkdir()
    assert Held(read).at(tmp_path / "model.npz").spoiled
    assert Held(read).at(tmp_path / "none.npz") == Found()
    (tmp_path / "file").write_bytes(b"")
    assert Held(read).at(tmp_path / "file" / "model.npz").spoiled


def test_a_file_is_read_once_until_another_lies_there(tmp_path: Path) -> None:
    times: list[Path] = []

    def counted(path: Path) -> int:
        times.append(path)
        return read(path)

    held, path = Held(counted), tmp_path / "model.npz"
    for value, reads in ((WHOLE, 1), (BYTES["cut"], 2), (WHOLE, 3)):
        keeping.keep(path, value)
        found = [held.at(path) for _time in range(5)]
        assert len(times) == reads
        assert found.count(found[0]) == 5
    assert held.at(path).value == 1999 * 1000


@pytest.mark.parametrize("failing", [OSError(5, "Input/output error"), MemoryError()])
def test_what_could_not_be_read_this_time_is_read_the_next(
    tmp_path: Path, failing: Exception
) -> None:
    keeping.keep(path := tmp_path / "model.npz", WHOLE)
    failures = [failing]

    def once(path: Path) -> int:
        with keeping.reading(path):
            if failures:
                raise failures.pop()
        return read(path)

    held = Held(once)
    assert held.at(path).spoiled
    assert held.at(path).value == 1999 * 1000


def test_a_file_changed_in_its_place_and_dated_back_is_another_one(tmp_path: Path) -> None:
    (path := tmp_path / "model.npz").write_bytes(WHOLE)
    held, seen = Held(read), path.stat()
    assert held.at(path).value
    path.write_bytes(b"x" * len(WHOLE))
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert held.at(path).spoiled


def test_what_is_kept_is_on_the_disk_file_and_folder_before_it_is_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, seen = tmp_path / "model.npz", []

    def watched(handle: int, sync: Callable[[int], None] = os.fsync) -> None:
        synced = Path(f"/proc/self/fd/{handle}").readlink()
        seen.append((synced.is_dir(), path.exists()))
        sync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    keeping.keep(path, WHOLE)
    assert seen == [(False, False), (True, True)]


def test_a_writer_that_fails_leaves_the_old_file_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping.keep(path := tmp_path / "model.npz", WHOLE)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keeping.keep(path, b"new")
    assert path.read_bytes() == WHOLE
    assert list(tmp_path.iterdir()) == [path]


def write(path: Path, letter: bytes) -> None:
    for _time in range(40):
        keeping.keep(path, letter * 100_000)


def test_two_that_write_at_once_never_mix(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    writers = [multiprocessing.Process(target=write, args=(path, one)) for one in (b"a", b"b")]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        if path.exists():
            assert path.read_bytes() in {b"a" * 100_000, b"b" * 100_000}
    assert [writer.exitcode for writer in writers] == [0, 0]
