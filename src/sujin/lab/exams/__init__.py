"""Exams: how good the engine's judgements are, measured the same way each time beside named peers.

One module for each judgement, listed in ``EXAMS``; ``sujin eval NAME`` holds one.
"""

from sujin.lab.exams import repeats
from sujin.lab.exams.exam import CannotSit, Exam

EXAMS: tuple[Exam, ...] = (repeats.EXAM,)

__all__ = ["EXAMS", "CannotSit", "Exam"]
