"""Nouns of the room."""

from sujin.governance.models.effect import EffectCard
from sujin.governance.models.evidence import EvidenceFile, EvidenceMember

__all__ = ["EffectCard", "EvidenceFile", "EvidenceMember"]
