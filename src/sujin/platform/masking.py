"""How personal data looks to somebody who need not know it.

Habit of the trade (JR/T 0171-2020 annex A as banks apply it; to be confirmed by the institution):
card 6+4, phone 3+4, identity number first and last digit, name the family name only.
"""

from collections.abc import Callable, Mapping


def _ends(first: int, last: int) -> Callable[[str], str]:
    def mask(value: str) -> str:
        if len(value) <= first + last:
            return "*" * len(value)
        return value[:first] + "*" * (len(value) - first - last) + value[len(value) - last :]

    return mask


def _email(value: str) -> str:
    name, at, domain = value.partition("@")
    return f"{name[:1]}***{at}{domain}" if at else "***"


def _name(value: str) -> str:
    return value[:1] + "*" * min(len(value) - 1, 2) if len(value) > 1 else "*"


MASKS: Mapping[str, Callable[[str], str]] = {
    "name": _name,
    "phone": _ends(3, 4),
    "id_number": _ends(1, 1),
    "card": _ends(6, 4),
    "account": _ends(0, 4),
    "email": _email,
    "address": lambda value: value[:6] + "***",
}


def masked(field: str, value: str) -> str:
    """``value`` with the middle hidden; a field without a mask of its own is hidden whole."""
    mask = MASKS.get(field)
    return mask(value) if mask else "*" * len(value)
