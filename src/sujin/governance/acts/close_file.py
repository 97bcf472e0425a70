"""Nothing more is to be looked into."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.engine.text import redact
from sujin.governance import kinds
from sujin.governance.acts.review_file import locked
from sujin.governance.models import EvidenceFile
from sujin.governance.models.evidence import JUDGED
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotClose(Refusal):
    """The file has no verdict in force, or no reason was given."""


@transaction.atomic
def close_file(evidence: EvidenceFile, *, because: str, by: Person, at: datetime) -> None:
    """Only what people have judged is closed; an open suspicion is not put away unread."""
    file = locked(evidence)
    if file.state not in JUDGED:
        raise CannotClose(_t("先由人核查并写明结论，再结档"))
    reason = redact(because.strip()).text
    if not reason:
        raise CannotClose(_t("请写明结档理由"))
    closed = kinds.EvidenceClosed(state=kinds.CLOSED, because=reason, closed_at=at)
    file.write(closed, by=by, at=at)
