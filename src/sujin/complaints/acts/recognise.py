"""Have we heard this before: the same delivery, the same matter, the same words?"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
from django.db.models import Q

from sujin.complaints.arrival import Arrival, Reception
from sujin.complaints.models import Complaint, Contact
from sujin.complaints.rulebook import rulebook
from sujin.engine import repeat
from sujin.engine.repeat import Action, Matter, Signature

# A flood of equal texts must not make each of them slower than the last.
NEAR_AT_MOST = 200
FIELDS = (
    "number", "business", "received_at", "closed_at", "level", "minhash", "bands", "channel",
    "customer_keys", "kind", "lane", "tier", "desk", "origin", "accountable", "seen_by", "line",
    "merged_into", "repeat_of", "group", "claimed_at", "amount", "people", "signals", "vulnerable",
    "due_at", "due_clock", "regulator_due_at", "counted", "pack", "recused", "offered_to",
)  # fmt: skip


def recognise(arrivals: Sequence[Arrival]) -> None:
    """Mark what is already known, what joins an open case, what repeats or resembles one."""
    _mark_known(arrivals)
    unknown = [found for found in arrivals if found.reception is Reception.NEW]
    memory = Memory(_candidates(unknown))
    for number, found in enumerate(unknown, 1):
        _judge(found, memory)
        # A provisional key; register replaces it by the case's own before anybody else reads it.
        memory.add(found, key=-number)


def _mark_known(arrivals: Sequence[Arrival]) -> None:
    by_source: dict[str, set[str]] = defaultdict(set)
    for found in arrivals:
        if found.draft.external_id:
            by_source[found.draft.source].add(found.draft.external_id)
    known = _known(by_source)
    seen: dict[tuple[str, str], Arrival] = {}
    for found in arrivals:
        key = (found.draft.source, found.draft.external_id)
        if key in known:
            found.complaint, found.reception = known[key], Reception.KNOWN
        elif found.draft.external_id and key in seen:
            found.complaint, found.reception = seen[key].complaint, Reception.KNOWN
        seen.setdefault(key, found)


def _known(by_source: dict[str, set[str]]) -> dict[tuple[str, str], Complaint]:
    known = {}
    for source, ids in by_source.items():
        contacts = Contact.objects.filter(source=source, external_id__in=ids)
        for contact in contacts.select_related("complaint"):
            known[source, contact.external_id] = contact.complaint
    return known


class Memory:
    """Earlier matters by what could make them the same: a customer's key or a band of the text."""

    def __init__(self, cases: Iterable[Complaint]) -> None:
        self.matters: dict[int, Matter] = {}
        self.cases: dict[int, Complaint] = {}
        self._keys: dict[str | int, list[int]] = defaultdict(list)
        for case in cases:
            self._remember(_matter(case), case)

    def like(self, found: Arrival) -> list[Matter]:
        leads = _leads(found.keys, found.signature)
        keys = {key for lead in leads for key in self._keys.get(lead, ())}
        return [self.matters[key] for key in sorted(keys)]

    def add(self, found: Arrival, *, key: int) -> None:
        if found.reception is Reception.NEW:
            self._remember(replace(found.matter(), key=key), found.complaint)

    def _remember(self, matter: Matter, case: Complaint) -> None:
        self.matters[matter.key], self.cases[matter.key] = matter, case
        for lead in _leads(matter.customer, matter.signature):
            self._keys[lead].append(matter.key)


def _leads(keys: Iterable[str], signature: Signature | None) -> list[str | int]:
    """What could bring two matters together: the customer's keys, the bands of the text."""
    return [*keys, *(signature.bands if signature else ())]


def _judge(found: Arrival, memory: Memory) -> None:
    verdict = repeat.judge(found.matter(), memory.like(found), rulebook().repeats)
    found.repeat = verdict
    found.earlier = memory.cases[verdict.of] if verdict.of is not None else None
    if verdict.action is Action.JOIN and found.earlier is not None:
        found.complaint, found.reception = found.earlier, Reception.JOINED


def _candidates(arrivals: Sequence[Arrival]) -> list[Complaint]:
    """Cases that share a customer or a band with any arrival, inside the widest window."""
    keys = sorted({key for found in arrivals for key in found.keys})
    bands = sorted(
        {band for found in arrivals if found.signature for band in found.signature.bands}
    )
    if not (keys or bands):
        return []
    window = max(row.within_hours or 0 for row in rulebook().repeats)
    since = min(found.draft.received_at for found in arrivals) - timedelta(hours=window)
    near = Q(customer_keys__overlap=keys) if keys else Q()
    near |= Q(bands__overlap=bands) if bands else Q()
    cases = Complaint.objects.filter(near, received_at__gte=since, merged_into__isnull=True)
    limit = NEAR_AT_MOST * (1 + len(arrivals) // 10)
    return list(cases.only(*FIELDS).order_by("-received_at", "-pk")[:limit])


def _matter(case: Complaint) -> Matter:
    return Matter(
        key=case.pk,
        customer=frozenset(case.customer_keys),
        business=case.business,
        received_at=case.received_at,
        is_open=case.is_open,
        level=case.level,
        signature=_signature(case),
        channel=case.channel,
    )


def _signature(case: Complaint) -> Signature | None:
    if not case.minhash:
        return None
    return Signature(np.frombuffer(bytes(case.minhash), dtype=np.uint32), tuple(case.bands), 0)
