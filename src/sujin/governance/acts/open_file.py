"""Open an evidence file on what a look found."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from sujin.engine.agents import Group
from sujin.governance import finding, kinds
from sujin.governance.models import EvidenceFile, EvidenceMember
from sujin.platform.models import Person


@transaction.atomic
def open_file(group: Group, people: Mapping[int, int], *, by: Person, at: datetime) -> EvidenceFile:
    """The file, its members, and the entry that says what was found."""
    file = EvidenceFile.objects.create(opened_at=at)
    facts = finding.facts(group, people)
    EvidenceMember.objects.bulk_create(
        EvidenceMember(file=file, complaint_id=key, person=people[key], added_at=at)
        for key in group.members
    )
    file.write(kinds.EvidenceOpened(state=kinds.OPEN, found_at=at, **facts), by=by, at=at)
    return file
