"""What would become of a draft if it were sent now. Reads only; nothing is numbered or written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import islice

from django.utils.timezone import localdate

from sujin.complaints import arrival, kinds
from sujin.complaints.acts.recognise import recognise
from sujin.complaints.acts.route import route
from sujin.complaints.acts.triage import facts_of, triage
from sujin.complaints.arrival import Arrival, Reception
from sujin.complaints.desks import Desks
from sujin.complaints.draft import Declared, Draft
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import rulebook
from sujin.engine.classify import Label
from sujin.engine.days import Day, told
from sujin.engine.repeat import Action
from sujin.engine.text import amounts
from sujin.platform.models import Org, Person
from sujin.platform.reach import Reach

OPEN_SHOWN = DAYS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class OpenCases:
    """Open cases of the same customer, as far as the person may see them: not even their number
    is told of the others."""

    seen: tuple[Complaint, ...]

    @property
    def count(self) -> int:
        return len(self.seen)


@dataclass(frozen=True, slots=True)
class Preview:
    """The verdicts of the first second, each with its reason.

    ``labels``, ``signals``, ``amount``, ``people`` and the ``days`` it speaks of are as read from
    the text alone; ``tier`` and ``desk`` are what sending would give, declared values included.
    ``joins`` says that the draft would become one more contact of a case that is already open,
    ``repeats`` that it would be linked to an earlier one and rise a level.
    """

    labels: Mapping[str, Label]
    signals: Mapping[str, tuple[str, ...]]
    amount: Decimal | None
    amount_words: tuple[str, ...]
    people: int
    days: tuple[Day, ...]
    tier: str
    tier_because: Mapping[str, str]
    desk: Org
    desk_because: Mapping[str, str]
    joins: bool
    repeats: bool
    open_cases: OpenCases


def preview(draft: Draft, *, by: Person, reach: Reach, at: datetime) -> Preview:
    """Triage and route ``draft`` in memory, by the acts themselves, as if ``by`` sent it at ``at``.

    Raises UnknownOrg for a draft whose origin nobody knows.
    """
    desks = Desks(at)
    found = arrival.read([draft], [desks.by_codes([draft.origin])[draft.origin]], rulebook())[0]
    recognise([found])
    action = _told_action(found, reach)
    _go_through(found, desks, by=by, at=at)
    return _told(found, action, open_cases(found.keys, reach))


def _told_action(found: Arrival, reach: Reach) -> Action:
    """What the repeat judge says, as far as the earlier case is one the person may know of."""
    before = found.earlier
    if found.repeat is None or before is None:
        return Action.NONE
    is_known = reach.everything or bool(set(reach.tokens) & set(before.seen_by))
    return found.repeat.action if is_known else Action.NONE


def open_cases(keys: list[str], reach: Reach) -> OpenCases:
    """Open cases that share a phone, a document, a card or an account with ``keys``; one query."""
    if not keys:
        return OpenCases(())
    rows = Complaint.objects.within(reach).open().filter(customer_keys__sharing=keys)
    rows = rows.only("number", "seen_by", "received_at", "kind").order_by("-received_at", "-pk")
    return OpenCases(tuple(rows[:OPEN_SHOWN]))


def _go_through(found: Arrival, desks: Desks, *, by: Person, at: datetime) -> None:
    """A case nobody has numbered goes through triage and route, as a joined one would if new."""
    if found.reception is Reception.JOINED:
        found.complaint = Complaint()
        found.earlier = None
    draft, case = found.draft, found.complaint
    case.channel, case.pack, case.origin = draft.channel, draft.pack, found.origin
    case.text, case.customer_keys, case.accountable = found.text, found.keys, by
    found.take(
        kinds.Registered(
            number="",
            channel=draft.channel,
            kind=draft.kind.value,
            lane=draft.lane.value,
            received_at=draft.received_at,
            accountable=by.pk,
            seen_by=(),
        )
    )
    triage([found])
    route([found], desks, by=by, at=at)


def _told(found: Arrival, action: Action, cases: OpenCases) -> Preview:
    triaged = next(kind for kind in found.kinds if isinstance(kind, kinds.Triaged))
    routed = next(kind for kind in found.kinds if isinstance(kind, kinds.Routed))
    signals = rulebook().signals.read(found.text)
    as_read = facts_of(replace(found, draft=replace(found.draft, declared=Declared())), signals)
    desk = found.complaint.desk
    assert desk is not None
    return Preview(
        labels=found.classification.labels,
        signals=signals.found,
        amount=as_read.amount,
        amount_words=_amount_words(found.text, as_read.amount),
        people=as_read.people,
        days=tuple(islice(told(found.text, localdate(found.draft.received_at)), DAYS_SHOWN)),
        tier=triaged.tier,
        tier_because=triaged.tier_because,
        desk=desk,
        desk_because=routed.because,
        joins=action is Action.JOIN,
        repeats=action is Action.LINK,
        open_cases=cases,
    )


def _amount_words(text: str, amount: Decimal | None) -> tuple[str, ...]:
    """The words of the text that state ``amount``."""
    return tuple(found.words for found in amounts(text) if found.yuan == amount)[:1]
