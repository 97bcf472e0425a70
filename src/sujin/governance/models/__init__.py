"""Nouns of the room."""

from sujin.governance.models.cube import DaySum, Mark, MonthSum
from sujin.governance.models.denominator import Denominator
from sujin.governance.models.effect import EffectCard
from sujin.governance.models.event import Attached, Event, LineRequest
from sujin.governance.models.evidence import EvidenceFile, EvidenceMember
from sujin.governance.models.flash import FlashReceipt, FlashReport
from sujin.governance.models.forecast import Forecast
from sujin.governance.models.foresight import Foresight, Prospect
from sujin.governance.models.measure import Measure
from sujin.governance.models.meeting import Decision, Meeting
from sujin.governance.models.mention import Mention
from sujin.governance.models.order import Gauge, WorkOrder
from sujin.governance.models.peer import PeerFigure
from sujin.governance.models.problem import Problem
from sujin.governance.models.programme import Programme, Task
from sujin.governance.models.replay import Replay
from sujin.governance.models.submission import Submission
from sujin.governance.models.visit import Concern, Visit
from sujin.governance.models.wave import Watch, Wave

__all__ = [
    "Attached",
    "Concern",
    "DaySum",
    "Decision",
    "Denominator",
    "EffectCard",
    "Event",
    "EvidenceFile",
    "EvidenceMember",
    "FlashReceipt",
    "FlashReport",
    "Forecast",
    "Foresight",
    "Gauge",
    "LineRequest",
    "Mark",
    "Measure",
    "Meeting",
    "Mention",
    "MonthSum",
    "PeerFigure",
    "Problem",
    "Programme",
    "Prospect",
    "Replay",
    "Submission",
    "Task",
    "Visit",
    "Watch",
    "Wave",
    "WorkOrder",
]
