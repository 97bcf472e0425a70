"""The nouns of the room."""

from sujin.complaints.models.approval import Approval
from sujin.complaints.models.assignment import Assignment
from sujin.complaints.models.complaint import Complaint
from sujin.complaints.models.contact import Contact
from sujin.complaints.models.dispatch import Dispatch
from sujin.complaints.models.letter import Letter
from sujin.complaints.models.party import Party
from sujin.complaints.models.series import Series
from sujin.complaints.models.transfer import Transfer

__all__ = [
    "Approval",
    "Assignment",
    "Complaint",
    "Contact",
    "Dispatch",
    "Letter",
    "Party",
    "Series",
    "Transfer",
]
