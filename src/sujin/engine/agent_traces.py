"""What the people of a complaint leave behind: traces to compare, and keys that make a customer.

Values go through ``blind`` before anything is kept, so that what is compared names nobody.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from sujin.engine.agent_graph import Trace
from sujin.engine.text import fold

AGENT = "agent"
# Of whoever acts for others; of whoever complains.
OF_AGENTS = (("agent_phone", "phone"), ("agent_id", "id_number"), ("agent_name", "name"))
OF_CUSTOMERS = (("phone", "phone"), ("account", "account"), ("address", "address"))
# A telephone alone makes nobody the same customer: households share one.
IDENTIFYING = ("id_number", "card", "account")

Blind = Callable[[str, str], str]


class Acting(Protocol):
    """A person of a case in the clear, for as long as it takes to read."""

    @property
    def role(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def id_number(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def card(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def authority(self) -> str: ...


def of_people(people: Iterable[Acting], blind: Blind) -> frozenset[Trace]:
    """The traces of a case's people; ``blind`` turns (field, value) into an index."""
    return frozenset(
        Trace(kind, blind(kind, plain))
        for person in people
        for kind, value in _shown(person)
        if (plain := folded(value))
    )


def of_matter(business: str, cause: str, amount: str, at: datetime) -> frozenset[Trace]:
    """The circumstantial traces: what about, how much, in which week."""
    year, week, _day = at.isocalendar()
    found = {Trace("week", f"{year}-W{week:02d}")}
    if business and cause:
        found.add(Trace("matter", f"{business} {cause}"))
    if amount:
        found.add(Trace("amount", amount))
    return frozenset(found)


def customer(people: Sequence[Acting], blind: Blind) -> frozenset[str]:
    """Keys of the customer: an identity number, a card, an account, or name with telephone."""
    return frozenset(
        blind(field, plain)
        for person in people
        if person.role != AGENT
        for field, value in _known_by(person)
        if (plain := folded(value))
    )


def numbers(people: Iterable[Acting], blind: Blind) -> frozenset[str]:
    """Of those keys the identity numbers: whoever has another one is somebody else."""
    return frozenset(
        blind("id_number", plain)
        for person in people
        if person.role != AGENT and (plain := folded(person.id_number))
    )


def folded(value: str) -> str:
    """The value as written by anybody: blanks, dashes and width do not matter."""
    return fold(value).replace(" ", "").replace("-", "").upper()


def _shown(person: Acting) -> Iterator[tuple[str, str]]:
    fields = OF_AGENTS if person.role == AGENT else OF_CUSTOMERS
    yield from ((kind, getattr(person, field)) for kind, field in fields)
    yield "authority", person.authority


def _known_by(person: Acting) -> Iterator[tuple[str, str]]:
    yield from ((field, getattr(person, field)) for field in IDENTIFYING)
    if person.name and person.phone:
        yield "name_phone", f"{person.name}/{person.phone}"
