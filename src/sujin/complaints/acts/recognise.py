"""Have we heard this before: the same delivery, the same matter, the same words?"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from sujin.complaints.arrival import Arrival, Reception
from sujin.complaints.draft import Draft
from sujin.complaints.models import Complaint, Contact, turns
from sujin.complaints.models.nearby import sharing
from sujin.complaints.rulebook import rulebook
from sujin.engine import identity, repeat
from sujin.engine.identity import Customer
from sujin.engine.repeat import Action, Matter, Signature


def known(drafts: Sequence[Draft]) -> dict[int, Complaint]:
    """Position of each draft that was delivered before -> the case it became then."""
    by_source: dict[str, set[str]] = defaultdict(set)
    for draft in drafts:
        if draft.external_id:
            by_source[draft.source].add(draft.external_id)
    cases = _delivered(by_source)
    keys = ((draft.source, draft.external_id) for draft in drafts)
    return {place: cases[key] for place, key in enumerate(keys) if key in cases}


def _delivered(by_source: dict[str, set[str]]) -> dict[tuple[str, str], Complaint]:
    found: dict[tuple[str, str], Complaint] = {}
    for source, ids in by_source.items():
        contacts = Contact.objects.filter(source=source, external_id__in=ids)
        rows = contacts.select_related("complaint").only(
            "source", "external_id", "complaint__number"
        )
        found |= {(row.source, row.external_id): row.complaint for row in rows}
    return found


def recognise(arrivals: Sequence[Arrival]) -> None:
    """Mark what joins an open case, and what repeats or resembles an earlier one. Only reads."""
    _judge(arrivals, _candidates(arrivals))
    _point_back(arrivals)


def recognise_for_good(arrivals: Sequence[Arrival]) -> None:
    """``recognise``, and hold what it saw: until the caller's transaction ends, nobody else takes
    in a contact of the same customers, and nobody closes a case that is joined here.
    """
    turns.wait({key for found in arrivals for key in found.keys})
    matters = list(_candidates(arrivals))
    _judge(arrivals, matters)
    while over := _ended_meanwhile(arrivals):
        matters = [replace(one, is_open=one.is_open and one.key not in over) for one in matters]
        _judge(arrivals, matters)
    _point_back(arrivals)


def recognise_parted(found: Arrival, left: Complaint) -> None:
    """What a contact repeats that leaves a case, compared with all but that one: it stands by
    itself, so it is linked where it would have joined."""
    book = rulebook()
    table = [row for row in book.repeats if row.action is not Action.JOIN]
    memory = Memory(one for one in _candidates([found]) if one.key != left.pk)
    found.repeat = repeat.judge(found.matter(), memory.like(found), table, book.identities)
    _point_back([found])


def _judge(arrivals: Sequence[Arrival], matters: Iterable[Matter]) -> None:
    memory = Memory(matters)
    for number, found in enumerate(arrivals, 1):
        book = rulebook()
        matter = found.matter()
        found.repeat = repeat.judge(matter, memory.like(found), book.repeats, book.identities)
        joins = found.repeat.action is Action.JOIN
        found.reception = Reception.JOINED if joins else Reception.NEW
        if joins and found.repeat.of is not None:
            memory.widen(found.repeat.of, matter.customer)
        else:
            # A provisional key, below zero, for a case that has no row yet.
            memory.add(replace(matter, key=-number))


def _ended_meanwhile(arrivals: Sequence[Arrival]) -> set[int]:
    """Lock the cases to be joined; those that somebody closed since we looked."""
    joined = {
        found.repeat.of or 0
        for found in arrivals
        if found.repeat and found.reception is Reception.JOINED
    }
    rows = [key for key in joined if key > 0]
    if not rows:
        return set()
    locked = Complaint.objects.filter(pk__in=rows).order_by("pk").select_for_update(of=("self",))
    return {pk for pk, closed_at in locked.values_list("pk", "closed_at") if closed_at}


class Memory:
    """Earlier matters by what could make them the same: a customer's key or a band of the text."""

    def __init__(self, matters: Iterable[Matter]) -> None:
        self._matters: dict[int, Matter] = {}
        self._keys: dict[str | int, list[int]] = defaultdict(list)
        for matter in matters:
            self.add(matter)

    def like(self, found: Arrival) -> list[Matter]:
        leads = _leads(found.keys, found.signature)
        keys = {key for lead in leads for key in self._keys.get(lead, ())}
        return [self._matters[key] for key in sorted(keys)]

    def add(self, matter: Matter) -> None:
        self._matters[matter.key] = matter
        for lead in _leads(matter.customer.keys, matter.signature):
            self._keys[lead].append(matter.key)

    def widen(self, key: int, customer: Customer) -> None:
        """What a joined contact tells of the customer is known to the next one: whoever it tells
        apart is not taken for the same."""
        matter = self._matters[key]
        self._matters[key] = replace(matter, customer=matter.customer.joined(customer))
        for lead in customer.keys - matter.customer.keys:
            self._keys[lead].append(key)


def _leads(keys: Iterable[str], signature: Signature | None) -> list[str | int]:
    """What could bring two matters together: the customer's keys, the bands of the text."""
    return [*keys, *(signature.bands if signature else ())]


def _point_back(arrivals: Sequence[Arrival]) -> None:
    """Give every arrival the case its verdict points at: a row, or a neighbour of the batch."""
    pointed = {found.repeat.of for found in arrivals if found.repeat and found.repeat.of}
    rows = Complaint.objects.select_related("desk", "origin").defer("tokens", "minhash", "bands")
    cases = rows.in_bulk([key for key in pointed if key > 0])
    for found in arrivals:
        key = found.repeat.of if found.repeat else None
        if key is not None:
            found.earlier = cases[key] if key > 0 else arrivals[-key - 1].complaint
            if found.reception is Reception.JOINED:
                found.complaint = found.earlier


def _candidates(arrivals: Sequence[Arrival]) -> Iterable[Matter]:
    """Matters that share a customer or a band with any arrival, each inside its own window."""
    if not arrivals:
        return []
    # Behind a telephone that very many leave, the customer's own matter is found by what is his.
    keys = [found.keys for found in arrivals]
    keys += [identity.own(found.known) for found in arrivals]
    bands = [found.signature.bands if found.signature else () for found in arrivals]
    rows = sharing("customer_keys", keys, since=_since(arrivals, same_customer=True))
    rows += sharing("bands", bands, since=_since(arrivals, same_customer=False))
    return map(_matter, sorted({row[0]: row for row in rows}.values(), key=_most_recent_first))


def _most_recent_first(row: tuple[Any, ...]) -> tuple[float, int]:
    return -row[4].timestamp(), -row[0]


def _since(arrivals: Sequence[Arrival], *, same_customer: bool) -> datetime:
    """The widest window of the rows about the same, or about other customers."""
    rows = [row for row in rulebook().repeats if row.same_customer is same_customer]
    hours = max((row.within_hours or 0 for row in rows), default=0)
    return min(found.draft.received_at for found in arrivals) - timedelta(hours=hours)


def _matter(row: tuple[Any, ...]) -> Matter:
    pk, keys, known, business, received_at, closed_at, level, *told = row
    minhash, bands, channel, cause, kind = told
    return Matter(
        key=pk,
        customer=Customer(frozenset(keys), frozenset(known)),
        business=business,
        received_at=received_at,
        is_open=closed_at is None,
        level=level,
        signature=_signature(bytes(minhash), bands),
        channel=channel,
        cause=cause,
        kind=kind,
    )


def _signature(minhash: bytes, bands: Sequence[int]) -> Signature | None:
    if not minhash:
        return None
    return Signature(np.frombuffer(minhash, dtype=np.uint32), tuple(bands), 0)
