"""The nouns of the room."""

from sujin.knowledge.models.conversation import Conversation, Turn
from sujin.knowledge.models.gap import Gap
from sujin.knowledge.models.issue import Issue, IssueLine
from sujin.knowledge.models.item import Item
from sujin.knowledge.models.reading import Acknowledgement, Distribution, Measure
from sujin.knowledge.models.revision import Feedback, Revision
from sujin.knowledge.models.reward import RewardClaim
from sujin.knowledge.models.stage import Stage
from sujin.knowledge.models.usage import Question, Usage
from sujin.knowledge.models.version import Version

__all__ = [
    "Acknowledgement",
    "Conversation",
    "Distribution",
    "Feedback",
    "Gap",
    "Issue",
    "IssueLine",
    "Item",
    "Measure",
    "Question",
    "Revision",
    "RewardClaim",
    "Stage",
    "Turn",
    "Usage",
    "Version",
]
