"""Exams: how good the engine's judgements are, measured the same way each time beside named peers.

One module for each judgement, listed in ``EXAMS``; ``sujin eval NAME`` holds one.
"""

from sujin.lab.exams import pairs
from sujin.lab.exams import dispersion, gaming
from sujin.lab.exams.exam import CannotSit, Exam
from sujin.lab.exams.personal import PERSONAL

EXAMS: tuple[Exam, ...] = (PERSONAL,)
EXAMS: tuple[Exam, ...] = (pairs.EXAM,)
EXAMS: tuple[Exam, ...] = (
    gaming.EXAM,
    dispersion.EXAM,
)

__all__ = ["EXAMS", "CannotSit", "Exam"]
