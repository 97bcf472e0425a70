"""A filled-in intake form as a draft: who the people are, and what a person corrected."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sujin.channels.fields import NAME_MAX, DocumentField, PhoneField
from sujin.complaints.draft import CaseKind, Declared, Draft, PartyDraft, PartyRole
from sujin.engine.text import redact

# What the text says and a person may correct; each has a hidden twin that keeps what was read.
READ = ("business", "cause", "amount", "people")
# What the dossier calls the remark: the attributes of a contact are shown under their own names.
LATE = "补录原因"


def representative(words_: list[str]) -> PartyDraft:
    """One line of the list: a name, then a phone and an identity number in either order."""
    name, *numbers = words_
    phone = document = ""
    for number in numbers:
        plain = PhoneField(label="").clean(number) if _is_phone(number) else ""
        phone = phone or plain
        document = document or ("" if plain else DocumentField(label="").clean(number))
    return PartyDraft(
        PartyRole.REPRESENTATIVE, name=name[:NAME_MAX], phone=phone, id_number=document
    )


def _is_phone(number: str) -> bool:
    digits = number.replace("-", "").lstrip("+")
    return digits.isdigit() and len(digits) < 15


def parties(given: Mapping[str, Any]) -> tuple[PartyDraft, ...]:
    """The people of a filled-in form: the customer, who speaks for them, who stands with them."""
    customer = PartyDraft(
        name=given["name"],
        phone=given["phone"],
        id_number=given["id_number"],
        card=given["card"],
        vulnerable=tuple(given["vulnerable"]),
    )
    known = any((customer.name, customer.phone, customer.id_number, customer.card))
    return (
        *((customer,) if known or customer.vulnerable else ()),
        *_other(given),
        *given["representatives"],
    )


def _other(given: Mapping[str, Any]) -> tuple[PartyDraft, ...]:
    if given["spoken_by"] not in {"agent", "heir"}:
        return ()
    other = PartyDraft(
        role=PartyRole(given["spoken_by"]),
        name=given["other_name"],
        phone=given["other_phone"],
        id_number=given["other_id_number"],
        authority=given["authority"].strip(),
    )
    return (other,)


def declared(given: Mapping[str, Any]) -> Declared:
    """What a person changed of what was read; an emptied amount means that none is at stake."""
    changed = {name for name in READ if is_corrected(given, name)}
    amount = given.get("amount") if given.get("amount") is not None else Decimal(0)
    return Declared(
        business=given["business"] if "business" in changed else "",
        cause=given["cause"] if "cause" in changed else "",
        amount=amount if "amount" in changed else None,
        people=given["people"] if "people" in changed else None,
    )


def is_corrected(given: Mapping[str, Any], name: str) -> bool:
    """Whether the value differs from the one that was read from the text."""
    now, read = plain(given.get(name)), plain(given.get(f"{name}_read"))
    # An emptied class or number of people has no meaning of its own: the text is read again.
    return now != read and bool(now or name == "amount")


DIGITS_MAX = 30


def plain(value: Any) -> str:
    """A value as it is compared: 300, 300.0 and "300.00" are one amount."""
    text = "" if value is None else str(value).strip()
    try:
        number = Decimal(text)
    except ArithmeticError:
        return text
    # A short exponent may stand for a number that does not fit into memory when written out.
    if not number.is_finite() or abs(number.adjusted()) > DIGITS_MAX:
        return text
    return f"{number.normalize():f}"


def drafted(given: Mapping[str, Any], *, channel: str, source: str, origin: str) -> Draft:
    """The draft of a valid form; remarks of staff are masked before they are kept."""
    because = redact(given["late_because"].strip()).text
    return Draft(
        channel=channel,
        text=given["text"],
        received_at=given["received_at"],
        origin=origin,
        kind=CaseKind(given["kind"] or CaseKind.COMPLAINT),
        source=source,
        external_id=given["token"],
        parties=parties(given),
        declared=declared(given),
        attributes={LATE: because} if because else {},
    )
