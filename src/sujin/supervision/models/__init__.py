"""The nouns of supervision."""

from sujin.supervision.models.finding import Finding
from sujin.supervision.models.round import Round
from sujin.supervision.models.training import Attempt, Enrolment, TrainingEffect

__all__ = ["Attempt", "Enrolment", "Finding", "Round", "TrainingEffect"]
