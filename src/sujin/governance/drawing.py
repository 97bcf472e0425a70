"""Where the marks of a file's graph stand: cases on the left, traces on the right, no script."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, ROW, TOP = 720, 26, 16
LABEL_MAX = 40
LEFT, RIGHT = 170, 430
# More than these nobody can follow with the eye; the tables below the picture hold them all.
CASES_MAX, TRACES_MAX = 40, 14


@dataclass(frozen=True, slots=True)
class Node:
    """A mark with its label; ``look`` names its shape and colour."""

    x: int
    y: int
    label: str
    look: str


@dataclass(frozen=True, slots=True)
class Line:
    """A case shows a trace."""

    y1: int
    y2: int
    look: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything the template puts into the picture; ``left_out`` counts cases not drawn."""

    height: int
    cases: tuple[Node, ...]
    traces: tuple[Node, ...]
    lines: tuple[Line, ...]
    left_out: int
    width: int = WIDTH
    x1: int = LEFT
    x2: int = RIGHT


@dataclass(frozen=True, slots=True)
class Mark:
    """A trace as it is drawn: its words, its family and the cases that hold it."""

    label: str
    family: str
    holders: frozenset[int]


def draw(cases: Sequence[tuple[int, str]], marks: Sequence[Mark]) -> Drawing:
    """The picture of cases (key and label, in order) and traces, heaviest first."""
    shown, kept = cases[:CASES_MAX], marks[:TRACES_MAX]
    rows = max(len(shown), len(kept), 1)
    at = {key: _place(place, len(shown), rows) for place, (key, _label) in enumerate(shown)}
    there = [_place(place, len(kept), rows) for place in range(len(kept))]
    return Drawing(
        height=rows * ROW + 2 * TOP,
        cases=tuple(Node(LEFT, at[key], label, "case") for key, label in shown),
        traces=tuple(
            Node(RIGHT, y, _short(one.label), one.family)
            for y, one in zip(there, kept, strict=True)
        ),
        lines=tuple(
            Line(at[key], y, one.family)
            for y, one in zip(there, kept, strict=True)
            for key in sorted(one.holders & at.keys())
        ),
        left_out=len(cases) - len(shown),
    )


def _short(label: str) -> str:
    """Chinese letters are twice as wide as Latin ones."""
    most = LABEL_MAX if label.isascii() else LABEL_MAX // 2
    return label if len(label) <= most else f"{label[: most - 1]}…"


def _place(place: int, of: int, rows: int) -> int:
    """The height of the nth of ``of`` marks spread over all rows."""
    return round(TOP + (place + 0.5) * rows * ROW / max(of, 1))
