"""The nouns of supervision."""

from sujin.supervision.models.accountability import Accountability
from sujin.supervision.models.finding import Finding
from sujin.supervision.models.inspection import Inspection, InspectionPlan, Mark, Photo
from sujin.supervision.models.outreach import Outreach
from sujin.supervision.models.panel import Panelist, Walkthrough
from sujin.supervision.models.proposal import Proposal
from sujin.supervision.models.recording import Recording
from sujin.supervision.models.round import Round
from sujin.supervision.models.shortcoming import Shortcoming
from sujin.supervision.models.star import StarAppeal, StarRound, StarSheet
from sujin.supervision.models.survey import AnswerSheet, Invitation, SampleSurvey, Voucher
from sujin.supervision.models.training import Attempt, Drill, Enrolment, TrainingEffect

__all__ = [
    "Accountability", "AnswerSheet", "Attempt", "Drill", "Enrolment", "Finding", "Inspection",
    "InspectionPlan", "Invitation", "Mark", "Outreach", "Panelist", "Photo", "Proposal",
    "Recording", "Round", "SampleSurvey", "Shortcoming", "StarAppeal", "StarRound", "StarSheet",
    "TrainingEffect", "Voucher", "Walkthrough",
]  # fmt: skip
