"""The nouns of supervision."""

from sujin.supervision.models.finding import Finding
from sujin.supervision.models.round import Round
from sujin.supervision.models.training import Attempt, Drill, Enrolment, TrainingEffect

__all__ = ["Attempt", "Drill", "Enrolment", "Finding", "Round", "TrainingEffect"]
