"""Somebody concerned objects, and whatever was judged waits to be judged anew."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.engine.text import redact
from sujin.governance import kinds
from sujin.governance.acts.review_file import locked
from sujin.governance.models import EvidenceFile
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotDispute(Refusal):
    """The objection lacks its words, or the file is closed."""


@transaction.atomic
def dispute_file(evidence: EvidenceFile, *, who: str, words: str, by: Person, at: datetime) -> None:
    """Taken down for ``who``; no reason is too weak to be written down."""
    file = locked(evidence)
    said = redact(words.strip()).text
    if file.is_closed:
        raise CannotDispute(_t("这份档案已经结档"))
    if who not in kinds.OBJECTORS or not said:
        raise CannotDispute(_t("请写明谁提出异议、异议是什么"))
    file.write(kinds.EvidenceDisputed(state=kinds.DISPUTED, who=who, words=said), by=by, at=at)
