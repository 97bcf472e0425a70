"""The nouns of supervision."""

from sujin.supervision.models.accountability import Accountability
from sujin.supervision.models.finding import Finding
from sujin.supervision.models.inspection import (
    Inspection,
    InspectionPlan,
    Mark,
    Photo,
)
from sujin.supervision.models.recording import Recording
from sujin.supervision.models.round import Round
from sujin.supervision.models.shortcoming import Shortcoming
from sujin.supervision.models.star import StarAppeal, StarRound, StarSheet

__all__ = [
    "Accountability", "Finding", "Inspection", "InspectionPlan", "Mark", "Photo", "Recording",
    "Round", "Shortcoming", "StarAppeal", "StarRound", "StarSheet",
]  # fmt: skip
