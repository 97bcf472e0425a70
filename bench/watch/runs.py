"""Series with and without an outbreak that is known, whichever model drew them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Runs:
    """``counts`` (S, T) without a current outbreak; ``extra`` (S, sizes, watched) its cases, by
    size.

    The steps (weeks or days) from ``first`` are watched.
    """

    counts: Counts
    extra: Counts
    start: Counts  # step of the outbreak's start within the watched ones
    scenario: Counts  # index into the model's scenarios
    first: int
    sizes: tuple[int, ...]

    def with_outbreak(self, size: int) -> Counts:
        counts = self.counts.copy()
        counts[:, self.first :] += self._cases(size)
        return counts

    def span(self, size: int) -> Flags:
        """(S, watched): from the start to the last step that holds a case of the outbreak."""
        step = np.arange(self.extra.shape[2])
        last = np.where(self._cases(size) > 0, step, -1).max(1)
        return np.asarray((step >= self.start[:, None]) & (step <= last[:, None]))

    def first_step(self, size: int) -> Counts:
        """(S,): the first step that holds a case of the outbreak."""
        return np.asarray(np.argmax(self._cases(size) > 0, axis=1))

    def only(self, these: Counts) -> "Runs":
        return Runs(
            self.counts[these],
            self.extra[these],
            self.start[these],
            self.scenario[these],
            self.first,
            self.sizes,
        )

    def _cases(self, size: int) -> Counts:
        return self.extra[:, self.sizes.index(size)]
