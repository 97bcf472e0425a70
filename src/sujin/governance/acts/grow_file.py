"""Add to a file what a later look found."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from sujin.engine.agents import Group
from sujin.governance import finding, kinds
from sujin.governance.acts.review_file import locked
from sujin.governance.models import EvidenceFile, EvidenceMember
from sujin.platform.models import Person


@transaction.atomic
def grow_file(
    evidence: EvidenceFile, group: Group, people: Mapping[int, int], *, by: Person, at: datetime
) -> EvidenceFile:
    """New members; a verdict on fewer does not stand for the new ones, so the file waits again."""
    file = locked(evidence)
    held = set(file.members.values_list("complaint_id", flat=True))
    new = [key for key in group.members if key not in held]
    facts = finding.facts(group, people, file)
    EvidenceMember.objects.bulk_create(
        EvidenceMember(file=file, complaint_id=key, person=people[key], added_at=at) for key in new
    )
    grown = kinds.EvidenceGrown(state=kinds.OPEN, found_at=at, added=len(new), **facts)
    file.write(grown, by=by, at=at)
    return file
