"""What the customer adds to a matter: noted and attached once, however often it is sent."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from sujin.channels.channel import WEB_FORM
from sujin.complaints import kinds
from sujin.complaints.acts import close, press, review
from sujin.complaints.acts.annotate import annotate
from sujin.complaints.acts.attach import attach
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import rulebook
from sujin.engine import identity
from sujin.engine.text import fold, redact
from sujin.platform.files import Checked
from sujin.platform.models import Attachment, Person


def goes_on(told: Complaint) -> Complaint:
    """The case that the customer of ``told`` may act on: the one it was merged into, if that is
    known to be the same customer's; otherwise the bank's merge opens no other file."""
    into = told.merged_into
    identities = rulebook().identities
    is_same = into is not None and identity.is_same(told.customer, into.customer, identities)
    return into if into is not None and is_same else told


@transaction.atomic
def add(case: Complaint, text: str, papers: Sequence[Checked], *, at: datetime) -> None:
    """Note the words and attach the files that the case does not hold yet; raises Refusal."""
    # The row stays locked, so that a second finger on the button finds what the first one left.
    held = Complaint.objects.select_for_update(of=("self",)).get(pk=case.pk)
    account = WEB_FORM.account()
    if fold(text) and not _is_noted(held, text, account):
        annotate(held, note=text, by=account, at=at)
    known = set(kept(held).values_list("sha256", flat=True))
    fresh = {file.sha256: file for file in papers if file.sha256 not in known}
    attach(held, list(fresh.values()), by=account, at=at)


def kept(case: Complaint) -> QuerySet[Attachment]:
    return Attachment.objects.filter(subject=case.subject, subject_id=case.pk)


def _is_noted(case: Complaint, text: str, account: Person) -> bool:
    noted = case.entries.of(kinds.Noted).filter(by=account)
    return noted.filter(data__note=redact(text.strip()).text).exists()


def may_say(case: Complaint, *, at: datetime) -> bool:
    """Whether the customer has an answer to speak about, and time is left to."""
    if case.answered_at is None or case.satisfied == "yes" or close.stays_ended(case):
        return False
    return case.closed_at is None or at - case.closed_at <= close.REOPEN_WITHIN


def say(case: Complaint, satisfied: str, note: str, *, at: datetime) -> None:
    """The customer's word on the answer. Raises Refusal when a "no" says nothing."""
    account = WEB_FORM.account()
    if case.is_open:
        close.call_back(case, satisfied=satisfied, note=note, by=account, at=at)
    elif satisfied == "no":
        close.reopen(case, because=redact(note).text, by=account, at=at)


def hurry(case: Complaint, *, at: datetime) -> None:
    """The customer asks to hurry. Raises Refusal when it was asked just now."""
    press.urge(case, words="", by=WEB_FORM.account(), at=at)


def may_appeal(case: Complaint, *, at: datetime) -> bool:
    """Whether the superior organisation can still be asked to review the answer."""
    return review.may_ask(case, at=at)


def appeal(case: Complaint, words: str, *, at: datetime) -> None:
    """The customer asks for the review. Raises Refusal with the article."""
    review.ask(case, words=words, by=WEB_FORM.account(), at=at)
