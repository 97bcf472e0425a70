"""Every look at a file is on its docket, before anything is shown."""

from datetime import datetime

from django.db import transaction

from sujin.governance import kinds
from sujin.governance.models import EvidenceFile
from sujin.platform.models import Person


@transaction.atomic
def view_file(evidence: EvidenceFile, *, form: str, cases: int, by: Person, at: datetime) -> None:
    """``form`` is how it was looked at, ``cases`` how many of its cases the reader could see."""
    evidence.write(kinds.EvidenceViewed(form=form, cases=cases), by=by, at=at)
