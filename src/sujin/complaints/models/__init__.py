"""The nouns of the room."""

from sujin.complaints.models.approval import Approval
from sujin.complaints.models.assignment import Assignment
from sujin.complaints.models.batch import Batch, BatchLine
from sujin.complaints.models.breach import Breach, Examination
from sujin.complaints.models.complaint import Complaint
from sujin.complaints.models.contact import Contact
from sujin.complaints.models.custody import Course, Overrun, Spell
from sujin.complaints.models.dispatch import Dispatch
from sujin.complaints.models.learner import Learner
from sujin.complaints.models.letter import Letter
from sujin.complaints.models.party import Party
from sujin.complaints.models.promise import Promise
from sujin.complaints.models.review import Review
from sujin.complaints.models.rung import Rung
from sujin.complaints.models.series import Series
from sujin.complaints.models.session import Participant, Session
from sujin.complaints.models.share import Share
from sujin.complaints.models.suspect import Suspect
from sujin.complaints.models.tally import Tally, TallyBoard, TallyCell
from sujin.complaints.models.transfer import Transfer
from sujin.complaints.models.vigil import Vigil

__all__ = [
    "Approval",
    "Assignment",
    "Batch",
    "BatchLine",
    "Breach",
    "Complaint",
    "Contact",
    "Course",
    "Dispatch",
    "Examination",
    "Learner",
    "Letter",
    "Overrun",
    "Participant",
    "Party",
    "Promise",
    "Review",
    "Rung",
    "Series",
    "Session",
    "Share",
    "Spell",
    "Suspect",
    "Tally",
    "TallyBoard",
    "TallyCell",
    "Transfer",
    "Vigil",
]
