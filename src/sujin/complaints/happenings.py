"""A docket as the outlook reads it: what was known before a moment, and when the case escalated.

Only what was written before the moment counts; nothing here reads a name, a number or a word of the
customer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sujin.complaints import kinds
from sujin.complaints.kinds import KINDS
from sujin.complaints.models import Complaint
from sujin.engine.outlook import Facts, Sighting
from sujin.engine.tier import Tier
from sujin.platform.models import Entry

AGES = (1, 2, 4, 7, 11, 16, 23, 32, 45)  # days open at which a past case is looked at
DAY = 86400
LOT = 2000  # dockets read at once
_HEARD = (kinds.Contacted.code, kinds.Urged.code)
_PASSED = (kinds.Accepted.code, kinds.Declined.code, kinds.PutBack.code, kinds.Relieved.code)
_DELAYED = (kinds.Extended.code, kinds.Paused.code)
_ENDED = (kinds.Closed.code, kinds.Merged.code, kinds.Withdrawn.code, kinds.Concluded.code)
_AGAIN = (kinds.Reopened.code, kinds.Unmerged.code, kinds.Reinstated.code)
_ANSWERED, _SPOKEN = (kinds.Answered.code,), (kinds.Responded.code,)
_DUE = frozenset(kind.code for kind in KINDS if "due_at" in kind.caches)
_RANK = {tier.value: place for place, tier in enumerate(Tier)}
_FIELDS = (
    "tier", "before", "kind", "channel", "business", "vulnerable", "due_at", "received_at",
)  # fmt: skip


class Happening(NamedTuple):
    """An entry of a docket: ``at`` in days, and those fields that the outlook reads."""

    code: str
    at: float
    told: Mapping[str, object]


@dataclass(slots=True)
class Reading:
    """A docket read entry by entry."""

    begun: float | None = None
    received: float = 0.0
    due: float | None = None
    last: float = 0.0
    kind: str = ""
    is_open: bool = True
    counts: dict[str, int] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    vulnerable: bool = False

    def hear(self, one: Happening) -> None:
        told = one.told
        self.counts[one.code] = self.counts.get(one.code, 0) + 1
        if one.code == kinds.Registered.code:
            self.begun = one.at
            self.received = _days(told["received_at"]) or one.at
        if one.code in (kinds.Registered.code, kinds.Reclassified.code):
            self.kind = str(told["kind"] or self.kind)
        self.is_open = one.code not in _ENDED and (self.is_open or one.code in _AGAIN)
        for name in ("channel", "tier", "business"):
            if told[name] and (name != "channel" or one.code == kinds.Registered.code):
                self.classes[name] = str(told[name])
        if told["vulnerable"] is not None:
            self.vulnerable = bool(told["vulnerable"])
        if one.code in _DUE:
            self.due = _days(told["due_at"])
        self.last = one.at

    def facts(self, at: float) -> Facts:
        allowed = (self.due - self.received) if self.due else 0.0
        return Facts(
            age_days=max(0.0, at - self.received),
            used=min(3.0, max(0.0, (at - self.received) / allowed)) if allowed > 0 else 0.0,
            quiet_days=max(0.0, at - self.last),
            contacts=self._count(_HEARD), handovers=self._count(_PASSED),
            missed=self._count((kinds.PromiseMissed.code,)), delays=self._count(_DELAYED),
            repeats=self._count((kinds.Repeated.code,)), vulnerable=self.vulnerable,
            regulator=self._count((kinds.Transferred.code,)) > 0,
            answered=self._count(_ANSWERED) > 0, spoken=self._count(_SPOKEN) > 0,
            channel=self.classes.get("channel", ""), tier=self.classes.get("tier", ""),
            business=self.classes.get("business", "").split(".")[0],
        )  # fmt: skip

    def _count(self, codes: Iterable[str]) -> int:
        return sum(self.counts.get(code, 0) for code in codes)


def facts_at(case: Complaint, at: datetime) -> Facts | None:
    """What is known of an open complaint now; None for anything else. One query."""
    reading, moment = Reading(), at.timestamp() / DAY
    for _key, one in _told([case.pk]):
        if one.at < moment:
            reading.hear(one)
    is_one = reading.begun is not None and reading.is_open and reading.kind == "complaint"
    return reading.facts(moment) if is_one else None


def past(cases: Sequence[int], *, days: int, until: datetime) -> Iterator[Sighting]:
    """Every open moment of these cases of which the whole window had passed, oldest entries
    first; the cases that say their matter came again may be others than these."""
    for start in range(0, len(cases), LOT):
        lot = cases[start : start + LOT]
        again = _again(lot)
        dockets: dict[int, list[Happening]] = {}
        for key, one in _told(lot):
            dockets.setdefault(key, []).append(one)
        for key, docket in dockets.items():
            came = [at for case, at in again.get(key, ()) if case != key]
            yield from sightings(key, docket, came, days=days, until=until.timestamp() / DAY)


def sightings(
    key: int, docket: Sequence[Happening], again: Sequence[float], *, days: int, until: float
) -> Iterator[Sighting]:
    """One docket at every age; ``again`` are the moments when its matter was brought again."""
    rose = sorted([*again, *(one.at for one in docket if is_escalation(one))])
    reading, place = Reading(), 0
    begun = docket[0].at
    for nth, age in enumerate(AGES):
        at = begun + age
        if at + days > until:
            return
        while place < len(docket) and docket[place].at < at:
            reading.hear(docket[place])
            place += 1
        if reading.begun is None or not reading.is_open or reading.kind != "complaint":
            continue
        escalated = any(at <= moment < at + days for moment in rose)
        yield Sighting(key, nth, reading.received, at, reading.facts(at), escalated)


def is_escalation(one: Happening) -> bool:
    """A regulator passed it on, the customer asked for a review, or its tier was raised."""
    if one.code == kinds.Retiered.code:
        ranks = (_RANK.get(str(one.told[name]), 0) for name in ("before", "tier"))
        before, now = ranks
        return now > before
    return one.code in (kinds.Transferred.code, kinds.ReviewAsked.code)


def _told(cases: Sequence[int]) -> Iterator[tuple[int, Happening]]:
    rows = Entry.objects.about(Complaint.subject, cases).in_order()
    names = [f"data__{name}" for name in _FIELDS]
    for key, code, at, *told in rows.values_list("subject_id", "kind", "at", *names).iterator():
        yield key, Happening(code, at.timestamp() / DAY, dict(zip(_FIELDS, told, strict=True)))


def _again(cases: Sequence[int]) -> dict[int, list[tuple[int, float]]]:
    """Of each case the later numbers of its matter: (case, moment of its registration)."""
    roots = {
        key: root or key
        for key, root in Complaint.objects.filter(pk__in=cases).values_list("pk", "repeat_of")
    }
    later: dict[int, list[tuple[int, float]]] = {}
    rows = Complaint.objects.filter(repeat_of__in=set(roots.values()))
    for root, key, at in rows.values_list("repeat_of", "pk", "received_at"):
        if root is not None:
            later.setdefault(root, []).append((key, at.timestamp() / DAY))
    return {key: later[root] for key, root in roots.items() if root in later}


def _days(moment: object) -> float | None:
    return datetime.fromisoformat(str(moment)).timestamp() / DAY if moment else None
