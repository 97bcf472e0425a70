"""How the chapters and lines of a draft are read from its form, and shown in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.http import QueryDict

from sujin.knowledge.acts.compile_issue import Place
from sujin.knowledge.models import Issue, IssueLine

# Places are doubled so that one line moved up or down finds room between its neighbours.
ROOM, STEP = 2, 3
MOST = 400
KEY_FIGURES = 19


def is_key(said: str) -> bool:
    """Whether a form's word may be the key of a row: no more figures than the database holds."""
    return said.isascii() and said.isdigit() and len(said) < KEY_FIGURES


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of a draft; ``is_unfit``: it is in force no longer, and stops the sign-off."""

    line: IssueLine
    is_unfit: bool


@dataclass(frozen=True, slots=True)
class ShownChapter:
    """A chapter of a draft."""

    nth: int
    title: str
    lines: tuple[ShownLine, ...]


def chapters_of(issue: Issue, lines: Sequence[IssueLine], at: datetime) -> list[ShownChapter]:
    """The draft's chapters with their lines, in order."""
    return [
        ShownChapter(
            nth,
            title,
            tuple(
                ShownLine(line, not line.version.is_in_force(at))
                for line in lines
                if line.chapter == nth
            ),
        )
        for nth, title in enumerate(issue.chapters)
    ]


class Arrangement:
    """What a person asked for: chapters without the emptied ones, and where each line stands."""

    def __init__(self, told: QueryDict) -> None:
        self._told = told
        self.name = told.get("name", "")

    @cached_property
    def chapters(self) -> list[str]:
        return [title for title in self._titles if title]

    @property
    def places(self) -> list[Place]:
        """Lines that stay; one in an emptied chapter has the chapter -1."""
        move, _, way = self._told.get("move", "").partition(":")
        turn = {"up": -STEP, "down": STEP}.get(way, 0)
        found = []
        for key in self._told.getlist("line")[:MOST]:
            if is_key(key) and f"out-{key}" not in self._told:
                position = self._number(f"place-{key}") * ROOM + (turn if key == move else 0)
                found.append(Place(int(key), self._chapter(key), position))
        return found

    @property
    def _titles(self) -> list[str]:
        return [title.strip() for title in self._told.getlist("title")]

    def _chapter(self, key: str) -> int:
        asked = self._number(f"chapter-{key}")
        if asked >= len(self._titles) or not self._titles[asked]:
            return -1
        return sum(1 for title in self._titles[:asked] if title)

    def _number(self, name: str) -> int:
        said = self._told.get(name, "0")
        return int(said) if said.isdecimal() and len(said) < 5 else 0
