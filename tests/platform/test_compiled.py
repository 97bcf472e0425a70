"""Compiled loops are those of the files as they are now."""

import os
from pathlib import Path

import pytest

from sujin.compiled import LOOPS, VARIABLE, keep_apart, state


def test_a_changed_loop_moves_to_another_folder_and_other_files_do_not_matter(
    tmp_path: Path,
) -> None:
    loop = tmp_path / "loop.py"
    loop.write_text("@njit\ndef one(): return 1")
    before = state(tmp_path)
    (tmp_path / "plain.py").write_text("words = 1")
    assert state(tmp_path) == before
    loop.write_text("@njit\ndef one(): return 2")
    assert state(tmp_path) != before


def test_the_folder_somebody_chose_is_kept_and_a_second_call_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    keep_apart()
    once = os.environ[VARIABLE]
    keep_apart()
    assert Path(once).parent == tmp_path
    assert os.environ[VARIABLE] == once


def test_this_very_process_reads_its_loops_from_such_a_folder() -> None:
    from numba import config

    assert Path(vars(config)["CACHE_DIR"]).name == f"loops-{state(LOOPS)}"
