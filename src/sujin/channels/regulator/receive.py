"""A transfer letter as a draft."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any

from django.utils import timezone

from sujin.channels import orgs
from sujin.channels.channel import REGULATOR
from sujin.complaints.draft import Draft, Lane, PartyDraft, RegulatorDraft
from sujin.complaints.rulebook import taxonomy

# Codes of the pack's axis "source" that stand for an agency which transfers matters to us.
AGENCIES = ("nfra", "pboc", "csrc", "government", "petition")
OTHER = "other"
KEY_MAX = 64


@cache
def agencies() -> dict[str, str]:
    """Code -> name of the agencies the pack knows, in Chinese: what a letter is filed under."""
    rows = taxonomy()
    return {code: rows["source", code].zh.replace("转办", "") for code in AGENCIES}


def agency_named(written: str) -> str:
    """The filed name of an agency as people write it: "12378" and "金融监管总局" are one agency."""
    names = agencies().values()
    fitting = [name for name in names if len(written) >= 3 and written in name]
    return fitting[0] if len(fitting) == 1 else written


def key_of(agency: str, reference: str) -> str:
    """What makes a letter itself: agency and reference, hashed when too long for the column."""
    key = f"{agency}|{reference}"
    return key if len(key) <= KEY_MAX else hashlib.sha256(key.encode()).hexdigest()


def draft(given: Mapping[str, Any]) -> Draft:
    """The draft of a valid letter; it belongs to the customer's branch, received now."""
    letter = RegulatorDraft(
        agency=given["agency"],
        reference=given["reference"],
        transferred_at=_start_of(given["transferred_on"]),
        due_at=_end_of(given["due_on"]),
    )
    customer = PartyDraft(name=given["name"], phone=given["phone"], id_number=given["id_number"])
    return Draft(
        channel=REGULATOR.code,
        text=given["text"],
        received_at=given["received_at"],
        origin=(given["branch"] or orgs.catch_all()).code,
        lane=Lane.REGULATOR,
        source=REGULATOR.code,
        external_id=key_of(letter.agency, letter.reference),
        parties=(customer,) if customer != PartyDraft() else (),
        regulator=letter,
    )


def _start_of(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def _end_of(day: date | None) -> datetime | None:
    """A letter's date for the reply includes that day to its end."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59))) if day else None
