"""What a door hands in: everything a channel knows about one contact, before it has a number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class CaseKind(StrEnum):
    """What was brought; only a complaint asserts a civil right (Order 3 of 2020, article 2)."""

    COMPLAINT = "complaint"
    CONSULTATION = "consultation"
    SUGGESTION = "suggestion"
    BUD = "bud"


class Lane(StrEnum):
    """Which set of clocks and desks a case runs on."""

    ORDINARY = "ordinary"
    REGULATOR = "regulator"


class PartyRole(StrEnum):
    """In what capacity a person stands in the case (Order 3 of 2020, articles 12 to 14)."""

    COMPLAINANT = "complainant"
    AGENT = "agent"
    HEIR = "heir"
    REPRESENTATIVE = "representative"


@dataclass(frozen=True, slots=True)
class PartyDraft:
    """One person of the case in the clear; encrypted the moment it is registered."""

    role: PartyRole = PartyRole.COMPLAINANT
    name: str = ""
    id_number: str = ""
    phone: str = ""
    card: str = ""
    account: str = ""
    email: str = ""
    address: str = ""
    vulnerable: tuple[str, ...] = ()
    authority: str = ""


@dataclass(frozen=True, slots=True)
class RegulatorDraft:
    """The transfer letter's facts: who sent it, its number, by when they want to hear."""

    agency: str
    reference: str
    transferred_at: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """What the source states about the matter; it outranks what we read from the text."""

    business: str = ""
    cause: str = ""
    amount: Decimal | None = None
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an imported case had already ended when it reached us."""

    label: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """One contact as its channel understood it.

    ``external_id`` makes intake idempotent within ``source``: the same pair is accepted once.
    ``received_at`` is an aware datetime, the moment the institution received the matter.
    ``origin`` is the code of the organisation at whose door it was brought.
    """

    channel: str
    text: str
    received_at: datetime
    origin: str
    kind: CaseKind = CaseKind.COMPLAINT
    lane: Lane = Lane.ORDINARY
    pack: str = "cn_bank"
    source: str = ""
    external_id: str = ""
    parties: tuple[PartyDraft, ...] = ()
    declared: Declared = field(default_factory=Declared)
    regulator: RegulatorDraft | None = None
    outcome: Outcome | None = None
    region: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
