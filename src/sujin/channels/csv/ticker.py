"""Shows that an import is alive: often on a terminal, every few seconds in a log."""

import sys
import time
from typing import TextIO

from sujin.channels.csv.bring_in import Tally
from sujin.channels.csv.summary import progress

EVERY_SECONDS = 5.0
EVERY_SECONDS_ON_A_TERMINAL = 0.2


class Ticker:
    """Writes one line over and over on a terminal, one below the other elsewhere."""

    def __init__(self, out: TextIO = sys.stderr) -> None:
        self._out = out
        self._rewrites = out.isatty()
        self._started = self._last = time.monotonic()

    def show(self, tally: Tally) -> None:
        now = time.monotonic()
        every = EVERY_SECONDS_ON_A_TERMINAL if self._rewrites else EVERY_SECONDS
        if now - self._last < every:
            return
        self._last = now
        begin, end = ("\r\x1b[K", "") if self._rewrites else ("", "\n")
        self._out.write(f"{begin}{progress(tally, now - self._started)}{end}")
        self._out.flush()

    def end(self) -> None:
        """Leave an empty line for what comes next."""
        if self._rewrites:
            self._out.write("\r\x1b[K")
            self._out.flush()
