"""What an exam is: a name, its arguments, and figures that come out the same for the same seed."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Exam:
    """``run`` takes the parsed options and returns plain figures (str, numbers, lists, mappings);
    ``told`` puts them into lines for a person. CannotSit when the data given will not do."""

    name: str
    title: str
    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[Mapping[str, Any]], Figures]
    told: Callable[[Figures], Iterable[str]]


class CannotSit(ValueError):
    """The exam cannot be held on what was given; the message names file, column or row."""
