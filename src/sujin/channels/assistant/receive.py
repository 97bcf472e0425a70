"""A conversation that a person takes over, as a Draft: with every word that was said."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from sujin.channels.channel import ASSISTANT
from sujin.channels.orgs import catch_all
from sujin.complaints.acts.receive import Receipt, receive
from sujin.complaints.arrival import Reception
from sujin.complaints.draft import CaseKind, Draft, PartyDraft
from sujin.knowledge.acts.converse import ask_for_a_person, settle
from sujin.knowledge.models import Conversation
from sujin.knowledge.transcript import cited, told

CITED = "助手引用的知识"


def draft(
    conversation: Conversation, given: Mapping[str, Any], *, origin: str, at: datetime
) -> Draft:
    """The cleaned contact details and the whole conversation."""
    quoted = cited(conversation)
    lines = [told(conversation), f"客户补充：{given['more']}" if given["more"] else ""]
    return Draft(
        channel=ASSISTANT.code,
        text="\n".join(filter(None, lines)),
        received_at=at,
        origin=origin,
        kind=CaseKind(given["kind"]),
        source=ASSISTANT.code,
        external_id=key_of(conversation),
        parties=(PartyDraft(name=given["name"], phone=given["phone"]),),
        attributes={CITED: quoted} if quoted else {},
    )


def key_of(conversation: Conversation) -> str:
    """What makes handing over twice one case; the token itself opens the conversation and is
    written down nowhere else."""
    return hashlib.sha256(conversation.token.encode()).hexdigest()


@transaction.atomic
def hand_over(conversation: Conversation, given: Mapping[str, Any], *, at: datetime) -> Receipt:
    """The case, or the one that it became before. Raises Refusal, and then nothing exists."""
    held = Conversation.objects.select_for_update().get(pk=conversation.pk)
    if held.case is None:
        ask_for_a_person(held, at=at)
    said = draft(held, given, origin=catch_all().code, at=at)
    receipt = receive(said, by=ASSISTANT.account(), at=at)
    settle(held, receipt.complaint.pk, at=at)
    return receipt


def is_known(receipt: Receipt) -> bool:
    """It had been handed over before: nothing that was filled in this time was kept."""
    return receipt.reception is Reception.KNOWN
