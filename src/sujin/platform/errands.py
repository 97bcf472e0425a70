"""What else waits for a person, beside cases: rooms above answer, the workbench asks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sujin.platform.reach import Reach


@dataclass(frozen=True, slots=True)
class Errand:
    """One line: what is wanted, of what, where, and by when."""

    wants: str
    about: str
    url: str
    due_at: datetime | None


Source = Callable[[Reach, datetime], Iterable[Errand]]

_sources: list[Source] = []


def answer_with(sources: Sequence[Source]) -> None:
    """Install the list of config/errands.py."""
    _sources[:] = sources


def errands(reach: Reach, at: datetime) -> list[Errand]:
    """Of every room, what is due first in front; what has no day comes last."""
    found = [one for source in _sources for one in source(reach, at)]
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or at))
