"""Numbers as people type them: telephones, papers of identity, cards.

Nothing here refuses; an empty answer means that the number cannot be right.
"""

import re

from sujin.channels.fields import is_resident_number
from sujin.engine.digits import is_luhn
from sujin.engine.text import fold

_MOBILE = re.compile(r"(?:\+86|0086|86)?(1[3-9]\d{9})")
_LANDLINE = re.compile(
    r"(?:(?:\+86|0086)0?|0)(10|2\d|[3-9]\d{2})([2-9]\d{6,7})(?:(?:转|ext|x|#)(\d{1,6}))?"
)
_ABROAD = re.compile(r"\+(?!86)[1-9]\d{6,14}")
_RESIDENT = re.compile(r"[1-9]\d{16}[\dX]")
# Passports and travel permits: one to three letters and their digits; a Taiwan permit is 8 digits.
_OTHER_PAPER = re.compile(r"[A-Z]{1,3}\d{6,15}|\d{8}")
_ACCOUNT = re.compile(r"\d{8,32}")
CARD_DIGITS = range(13, 20)  # ISO/IEC 7812-1: no longer than 19


def phone(said: str) -> str:
    """A mainland mobile or landline as dialled inside the country, or ``+`` and a foreign one."""
    plain = re.sub(r"[\s()\-–—.]", "", fold(said))
    if found := _MOBILE.fullmatch(plain):
        return found[1]
    if found := _LANDLINE.fullmatch(plain):
        extension = f"转{found[3]}" if found[3] else ""
        return f"0{found[1]}-{found[2]}{extension}"
    return plain if _ABROAD.fullmatch(plain) else ""


def paper(said: str) -> str:
    """A resident's identity number that checks, or the number of another paper."""
    plain = _bare(said).upper()
    is_resident = _RESIDENT.fullmatch(plain) and is_resident_number(plain)
    return plain if is_resident or _OTHER_PAPER.fullmatch(plain) else ""


def account(said: str) -> str:
    """The digits of a card or an account."""
    plain = _bare(said)
    return plain if _ACCOUNT.fullmatch(plain) else ""


def is_card(digits: str) -> bool:
    return len(digits) in CARD_DIGITS and is_luhn(digits)


def _bare(said: str) -> str:
    return re.sub(r"[\s\-–—]", "", fold(said))
