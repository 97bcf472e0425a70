"""Shows on the error stream that a long scan is alive."""

import sys
import time
from typing import TextIO

from sujin.archive.said import Said

EVERY_SECONDS = 5.0
EVERY_SECONDS_ON_A_TERMINAL = 0.3


class Ticker:
    """One line per stage; inside a stage a count, rewritten on a terminal."""

    def __init__(self, out: TextIO = sys.stderr, *, quiet: bool = False) -> None:
        self._out, self._quiet = out, quiet
        self._rewrites = out.isatty()
        self._started = self._last = time.monotonic()

    def stage(self, said: Said) -> None:
        """A new stage begins."""
        self._write(f"[{self._seconds():6.1f}s] {said}", end="\n")

    def count(self, rows: int, where: str) -> None:
        """So many rows of a stage are done; shown now and then."""
        now = time.monotonic()
        if now - self._last >= (EVERY_SECONDS_ON_A_TERMINAL if self._rewrites else EVERY_SECONDS):
            self._last = now
            self._write(f"[{self._seconds():6.1f}s] {where}: {rows:,}", end="")

    def _seconds(self) -> float:
        return time.monotonic() - self._started

    def _write(self, line: str, *, end: str) -> None:
        if self._quiet:
            return
        begin = "\r\x1b[K" if self._rewrites else ""
        self._out.write(f"{begin}{line}{end if self._rewrites else chr(10)}")
        self._out.flush()
