"""The case was answered or closed: what was used at it has helped. Run once that has committed."""

from sujin.knowledge.acts.note_helped import note_helped
from sujin.platform.models import Entry


def credit_knowledge(entry: Entry) -> None:
    """Once for each version and person, however often the case is answered or closed."""
    note_helped(entry.subject_id, at=entry.at)
