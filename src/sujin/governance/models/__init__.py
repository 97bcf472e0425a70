"""Nouns of the room."""

from sujin.governance.models.effect import EffectCard
from sujin.governance.models.evidence import EvidenceFile, EvidenceMember
from sujin.governance.models.replay import Replay
from sujin.governance.models.wave import Watch, Wave

__all__ = ["EffectCard", "EvidenceFile", "EvidenceMember", "Replay", "Watch", "Wave"]
