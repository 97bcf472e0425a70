"""Killed at random under load: nothing acknowledged is lost, every reaction runs, a letter is never
sent without being recorded, each timer fires once. ``CRASH_KILLS`` is how often; the figures of a
hundred come from ``python -m tests.crash --kills 100``.
"""

import os
import sys
from pathlib import Path

from tests.crash.storm import storm

KILLS = int(os.environ.get("CRASH_KILLS", "4"))


def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(tmp_path: Path) -> None:
    report = storm(KILLS, seed=4, folder=tmp_path, CRASH_HURRY="yes")
    sys.stdout.write(f"{report}\n")
    assert report.is_clean, report
    assert sum(report.kills.values()) == KILLS and report.acknowledged > 0, report


def test_reactions_queued_after_the_commit_get_lost(tmp_path: Path) -> None:
    report = storm(3, seed=4, folder=tmp_path, CRASH_HURRY="yes", CRASH_FAULT="react_outside")
    assert report.faults["reactions"], report
