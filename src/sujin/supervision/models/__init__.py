"""The nouns of supervision."""

from sujin.supervision.models.finding import Finding
from sujin.supervision.models.outreach import Outreach
from sujin.supervision.models.panel import Panelist, Walkthrough
from sujin.supervision.models.proposal import Proposal
from sujin.supervision.models.round import Round

__all__ = ["Finding", "Outreach", "Panelist", "Proposal", "Round", "Walkthrough"]
