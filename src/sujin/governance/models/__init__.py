"""Nouns of the room."""

from sujin.governance.models.evidence import EvidenceFile, EvidenceMember

__all__ = ["EvidenceFile", "EvidenceMember"]
