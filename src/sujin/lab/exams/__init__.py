"""Exams: how good the engine's judgements are, measured the same way each time beside named peers.

One module for each judgement, listed in ``EXAMS``; ``sujin eval NAME`` holds one.
"""

from sujin.lab.exams import (
    agents,
    assistant,
    classify,
    dispersion,
    effects,
    gaming,
    headline,
    outlook,
    pairs,
    personal,
    prospects,
    repeats,
    retrieval,
    sampler,
    silent,
    stars,
    tier,
    training,
    waves,
)
from sujin.lab.exams.exam import CannotSit, Exam

EXAMS: tuple[Exam, ...] = (
    personal.EXAM,
    classify.EXAM,
    tier.EXAM,
    repeats.EXAM,
    pairs.EXAM,
    agents.EXAM,
    gaming.EXAM,
    sampler.EXAM,
    stars.EXAM,
    dispersion.EXAM,
    assistant.EXAM,
    retrieval.EXAM,
    effects.EXAM,
    waves.EXAM,
    outlook.EXAM,
    headline.EXAM,
    silent.EXAM,
    prospects.EXAM,
    training.EXAM,
)

__all__ = ["EXAMS", "CannotSit", "Exam"]
