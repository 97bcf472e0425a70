"""The draft of a contact that joined a case, sealed beside it: should the contact leave the case
again, it comes in as it came."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sujin.complaints.draft import (
    CaseKind,
    Declared,
    Draft,
    Lane,
    Outcome,
    PartyDraft,
    PartyRole,
    RegulatorDraft,
)
from sujin.complaints.models import Contact


def remembered(draft: Draft) -> str:
    """All that the contact's own columns do not say."""
    return json.dumps(asdict(replace(draft, text="", attributes={})), default=str)


def draft_of(contact: Contact) -> Draft:
    """The draft again; of a contact from before drafts were kept, what its columns say."""
    told: dict[str, Any] = json.loads(contact.told or "{}")
    return Draft(
        channel=contact.channel,
        text=contact.raw or contact.text,
        received_at=contact.at,
        origin=contact.origin.code,
        kind=CaseKind(told.get("kind", contact.complaint.kind)),
        lane=Lane(told.get("lane", Lane.ORDINARY)),
        pack=contact.complaint.pack,
        source=contact.source,
        external_id=contact.external_id,
        parties=tuple(map(_party, told.get("parties", ()))),
        declared=_declared(told.get("declared") or {}),
        regulator=_letter(told.get("regulator")),
        outcome=_outcome(told.get("outcome")),
        region=told.get("region", ""),
        attributes=dict(contact.attributes),
    )


def _party(told: Mapping[str, Any]) -> PartyDraft:
    kept = {**told, "role": PartyRole(told["role"]), "vulnerable": tuple(told["vulnerable"])}
    return PartyDraft(**kept)


def _declared(told: Mapping[str, Any]) -> Declared:
    amount = told.get("amount")
    return Declared(**{**told, "amount": None if amount is None else Decimal(amount)})


def _letter(told: Mapping[str, Any] | None) -> RegulatorDraft | None:
    if told is None:
        return None
    days = {name: _moment(told[name]) for name in ("transferred_at", "due_at")}
    return RegulatorDraft(told["agency"], told["reference"], **days)


def _outcome(told: Mapping[str, Any] | None) -> Outcome | None:
    return Outcome(told["label"], datetime.fromisoformat(told["at"])) if told else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
