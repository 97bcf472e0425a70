"""What an agent filled in, or what the telephone system sent, as a draft."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sujin.channels import orgs
from sujin.channels.channel import HOTLINE
from sujin.channels.drafting import drafted
from sujin.complaints.draft import CaseKind, Draft, PartyDraft
from sujin.platform import crypto
from sujin.platform.models import Org

# The form and the telephone system must not find each other's deliveries under an equal key.
FORM_SOURCE = "hotline_form"
CALL_ID = "call_id"
DIGEST = "digest"
# What the dossier calls it: the attributes of a contact are shown under their own names.
TO_VERIFY = "待核实"
KEY_MAX = 64


def draft(given: Mapping[str, Any]) -> Draft:
    """The draft of a valid intake form; it belongs to the customer's branch."""
    origin = branch_or_centre(given["branch"])
    return drafted(given, channel=HOTLINE.code, source=FORM_SOURCE, origin=origin.code)


def call(given: Mapping[str, Any], *, digest: str, lacking: Sequence[str] = ()) -> Draft:
    """The draft of a call; ``digest`` tells a repeated delivery from a different one, ``lacking``
    names what the telephone system said that could not be used."""
    customer = PartyDraft(
        name=given["name"],
        phone=given["caller"],
        id_number=given["id_number"],
        card=given["card"],
    )
    kind = CaseKind(given["kind"] or CaseKind.COMPLAINT)
    # An early sign is an overheard sentence and bears nobody's name.
    is_named = customer != PartyDraft() and kind is not CaseKind.BUD
    return Draft(
        channel=HOTLINE.code,
        text=given["text"],
        received_at=given["started_at"],
        origin=branch_or_centre(given["branch"]).code,
        kind=kind,
        source=HOTLINE.code,
        external_id=key_of(given["call_id"]),
        parties=(customer,) if is_named else (),
        attributes={CALL_ID: given["call_id"], DIGEST: digest, **_to_verify(lacking)},
    )


def _to_verify(lacking: Sequence[str]) -> dict[str, str]:
    return {TO_VERIFY: "、".join(lacking)} if lacking else {}


def branch_or_centre(branch: Org | None) -> Org:
    return branch or orgs.catch_all()


def key_of(call_id: str) -> str:
    """A call's identity as it is kept: itself, or its SHA-256 when too long for the column."""
    if len(call_id) <= KEY_MAX:
        return call_id
    return hashlib.sha256(call_id.encode()).hexdigest()


def digest_of(call_: Mapping[str, str]) -> str:
    """A keyed digest of what a request says: equal for equal requests, tells nothing else."""
    plain = json.dumps(call_, sort_keys=True)
    return crypto.blind(plain, context="hotline.call")
