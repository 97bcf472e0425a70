"""The nouns of the room."""

from sujin.knowledge.models.conversation import Conversation, Turn
from sujin.knowledge.models.item import Item
from sujin.knowledge.models.reward import RewardClaim
from sujin.knowledge.models.usage import Question, Usage
from sujin.knowledge.models.version import Version

__all__ = ["Conversation", "Item", "Question", "RewardClaim", "Turn", "Usage", "Version"]
