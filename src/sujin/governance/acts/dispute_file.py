"""Somebody concerned objects, and whatever was judged waits to be judged anew."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints.kinds.care import OBJECTORS
from sujin.engine.text import redact
from sujin.governance import kinds
from sujin.governance.acts.review_file import locked
from sujin.governance.models import EvidenceFile
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotDispute(Refusal):
    """The objection lacks its words."""


@transaction.atomic
def dispute_file(
    evidence: EvidenceFile,
    *,
    who: str,
    words: str,
    entry: int | None = None,
    by: Person,
    at: datetime,
) -> None:
    """Taken down for ``who``; no reason is too weak to be written down, and none comes too late: a
    closed file is open again. The ``entry`` it was handed on from is taken once."""
    file = locked(evidence)
    said = redact(words.strip()).text
    if who not in OBJECTORS or not said:
        raise CannotDispute(_t("请写明谁提出异议、异议是什么"))
    handed = file.entries.of(kinds.EvidenceDisputed).filter(data__entry=entry)
    if entry is not None and handed.exists():
        return
    disputed = kinds.EvidenceDisputed(state=kinds.DISPUTED, who=who, words=said, entry=entry)
    file.write(disputed, by=by, at=at)
