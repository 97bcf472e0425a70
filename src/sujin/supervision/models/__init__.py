"""The nouns of supervision."""

from sujin.supervision.models.finding import Finding
from sujin.supervision.models.round import Round
from sujin.supervision.models.survey import AnswerSheet, Invitation, SampleSurvey, Voucher

__all__ = ["AnswerSheet", "Finding", "Invitation", "Round", "SampleSurvey", "Voucher"]
