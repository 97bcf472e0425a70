"""The embedded server stops with its last user, even when an earlier one was killed."""

import json
import os
from pathlib import Path

from sujin.config.database import _forget_the_dead

KILLED = 2**22 + 1  # above the largest process number Linux gives


def test_a_killed_user_is_forgotten_and_a_living_one_is_not(tmp_path: Path) -> None:
    listed = tmp_path / ".handle_pids.json"
    listed.write_text(json.dumps([KILLED, os.getpid()]))
    _forget_the_dead(tmp_path)
    assert json.loads(listed.read_text()) == [os.getpid()]


def test_a_list_that_is_missing_or_broken_stops_nothing(tmp_path: Path) -> None:
    _forget_the_dead(tmp_path)
    (tmp_path / ".handle_pids.json").write_text("[12")
    _forget_the_dead(tmp_path)
    assert (tmp_path / ".handle_pids.json").read_text() == "[12"
