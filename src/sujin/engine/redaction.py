"""Personal numbers, names and addresses in free text, found and masked.

Found are mainland mobile numbers and landlines with their area code, resident identity numbers
(GB 11643 checksum; the fifteen figures of before 1999 by their birth date), Chinese passports, bank
cards (Luhn), account numbers, permits and WeChat or QQ names that the text calls so, number plates,
e-mail addresses, dwellings and names that something announces, however they are written:
full-width, with spaces or dashes, in spoken or drawn digits, glued to words, with invisible
characters between. Amounts, dates and order numbers stay.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sujin.engine.addresses import Span, emails, landlines, local_lines, messengers, passports
from sujin.engine.drawn import Written, written
from sujin.engine.dwellings import dwellings
from sujin.engine.masks import mask
from sujin.engine.numbers import disguised_numbers, numbers
from sujin.engine.papers import permits, plates
from sujin.engine.persons import foreigners, persons, spaced_persons
from sujin.engine.prospects import (
    ADDRESS,
    DISGUISED,
    DRAWN,
    DWELLING,
    FOREIGN,
    NAME,
    PERSON,
    PLATE,
    ROW,
    SPACED,
    UNSEEN,
    prospects,
)
from sujin.engine.unseen import seen


@dataclass(frozen=True, slots=True)
class Found:
    """One number, name or address: `kind` is phone, id_number, passport, permit, card, account,
    messenger, email, plate, address or person; `value` what it says, numbers in ASCII without
    separators; `start` to `end` where it stood."""

    kind: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Redacted:
    """The masked `text` and what was `found` in the original, in its order."""

    text: str
    found: tuple[Found, ...]


def redact(text: str) -> Redacted:
    """`text` with personal numbers, names and addresses masked.

    A telephone keeps 3 + 4 digits, an identity number or passport 1 + 1, a card or account 6 + 4,
    a name on a messenger its first character, an e-mail address that and its domain, a plate its
    office, a person the surname; of a dwelling nothing finer than the district stays. Redacting
    the result finds nothing more. Linear time.
    """
    bits = prospects(text)
    plain = seen(text) if bits & UNSEEN else None
    if plain is None:
        found = _read(text, bits)
    else:
        found = _placed(plain, _read(plain.text, prospects(plain.text)))
    if not found:
        return Redacted(text, ())
    pieces, done = [], 0
    for each in found:
        pieces += [text[done : each.start], mask(each.kind, each.value)]
        done = each.end
    return Redacted("".join([*pieces, text[done:]]), tuple(found))


def _read(text: str, bits: int) -> list[Found]:
    """What stands in ``text`` as it is written, then as a person reads its drawn digits."""
    found = _found(text, bits)
    drawn = written(_blanked(text, found)) if bits & DRAWN else None
    if drawn is not None:
        found += _placed(drawn, _found(drawn.text, prospects(drawn.text)))
        found.sort(key=lambda each: each.start)
    return found


def _placed(plain: Written, found: Sequence[Found]) -> list[Found]:
    """``found`` in ``plain`` where it stood in the text behind that."""
    return [Found(one.kind, one.value, *plain.span(one.start, one.end)) for one in found]


def _found(text: str, bits: int) -> list[Found]:
    """What stands in ``text`` as it is written, in its order."""
    found: list[Found] = []
    for bit, search in _SEARCHES if bits else ():
        if bits & bit:
            more = [Found(*span) for span in search(_blanked(text, found))]
            found = sorted([*found, *more], key=lambda each: each.start)
            bits |= _BEHIND if any(_begins_a_clause(text, each) for each in more) else 0
    return found


def _begins_a_clause(text: str, each: Found) -> bool:
    """Whether a word of Chinese is masked: a name may begin behind, where none could before."""
    return each.kind != "person" and text[each.end - 1] >= "一"


def _blanked(text: str, found: Sequence[Found]) -> str:
    """`text` without what was found in it, every other character in its place."""
    if not found:
        return text
    pieces, done = [], 0
    for each in found:
        pieces += [text[done : each.start], "@" * (each.end - each.start)]
        done = each.end
    return "".join([*pieces, text[done:]])


_BEHIND = 1 << 16
# The surest first: each sees only what the earlier ones left.
_SEARCHES: tuple[tuple[int, Callable[[str], Iterator[Span]]], ...] = (
    (ADDRESS, emails),
    (NAME, messengers),
    (PLATE, plates),
    (DWELLING, dwellings),
    (FOREIGN, foreigners),
    (SPACED, spaced_persons),
    (PERSON, persons),
    (NAME, passports),
    (NAME, permits),
    (ROW, numbers),
    (ROW, landlines),
    (NAME, local_lines),
    (DISGUISED, disguised_numbers),
    (_BEHIND, persons),
)
