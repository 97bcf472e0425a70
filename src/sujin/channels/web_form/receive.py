"""What was typed in the browser, as a Draft."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sujin.channels.channel import WEB_FORM
from sujin.channels.web_form import numbers
from sujin.complaints.draft import CaseKind, Draft, PartyDraft, PartyRole


def draft(
    what: Mapping[str, Any], who: Mapping[str, Any], *, key: str, origin: str, at: datetime
) -> Draft:
    """The cleaned data of both screens; ``key`` is the draft's own, ``origin`` who receives it."""
    return Draft(
        channel=WEB_FORM.code,
        text=what["text"],
        received_at=at,
        origin=who["place"] or origin,
        kind=CaseKind(what["kind"]),
        source=WEB_FORM.code,
        external_id=key,
        parties=_parties(who),
    )


def _parties(who: Mapping[str, Any]) -> tuple[PartyDraft, ...]:
    """The customer, and the agent behind whom the customer stands; nobody when nobody is named."""
    customer = _customer(who)
    if not who["is_agent"]:
        return (customer,) if customer != PartyDraft() else ()
    agent = PartyDraft(
        role=PartyRole.AGENT, name=who["name"], phone=who["phone"], authority=who["authority"]
    )
    return (customer, agent)


def _customer(who: Mapping[str, Any]) -> PartyDraft:
    is_agent, digits = who["is_agent"], who["account"]
    return PartyDraft(
        name=who["customer"] if is_agent else who["name"],
        phone=who["customer_phone"] if is_agent else who["phone"],
        id_number=who["paper"],
        card=digits if numbers.is_card(digits) else "",
        account="" if numbers.is_card(digits) else digits,
        vulnerable=tuple(who["care"]),
    )
