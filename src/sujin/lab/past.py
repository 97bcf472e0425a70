"""What the desks had done before: corrections, answers, sums and customers' words of old cases.

The story imports them as concluded; here their dockets get what the guard and the audit of remedies
read, written in bulk. Honest branches do all of it a little; habits are planted in some.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.db.models import F, QuerySet

from sujin.complaints import kinds
from sujin.complaints.models import Complaint
from sujin.engine.gaming.looks import is_late
from sujin.lab.circumstance import ZONE
from sujin.lab.dice import dice
from sujin.lab.plants import Habit, Plants
from sujin.lab.truth import Truth
from sujin.platform.acts.organise import service_person
from sujin.platform.journal import Kind
from sujin.platform.models import Entry, Person
from sujin.platform.models.entry import record

REMEMBERED = timedelta(days=450)
RETYPED, LOWERED, ANSWERED, SAYS, CONTENT = 0.015, 0.05, 0.5, 0.4, 0.86
PAID = frozenset({"payment", "restore", "return", "process", "mediation"})
SCATTER, LOT = 0.3, 500
CORRECTED = ("kind", "tier")
HEARD = ("answered_at", "finding", "remedy", "called_back_at", "satisfied")
Told = tuple[Kind, datetime, Person]


@dataclass(frozen=True, slots=True)
class _Teller:
    """What happened to one case; ``done`` counts what habits brought."""

    rng: Random
    lab: Person
    customer: Person
    habits: Mapping[str, tuple[Habit, ...]]
    done: Counter[str]

    def tell(self, case: Complaint, branch: str, gaming: str) -> Iterator[Told]:
        yield from self._corrected(case, branch, gaming)
        if case.kind != "complaint" or case.closed_at is None:
            return
        if case.outcome not in PAID and self.rng.random() > ANSWERED:
            return
        closed = case.closed_at.astimezone(ZONE)
        at = closed.replace(hour=9 + self.rng.randrange(8), minute=self.rng.randrange(60))
        yield self._answer(case, branch, at), at, self.lab
        if self.rng.random() < SAYS:
            yield self._word(branch, at)

    def _corrected(self, case: Complaint, branch: str, gaming: str) -> Iterator[Told]:
        at = case.received_at.astimezone(ZONE) + timedelta(hours=2)
        later = at + timedelta(days=6 * self.rng.random())
        if gaming or self.rng.random() < RETYPED:
            told = kinds.Reclassified(case.kind, "consultation", "客户仅询问收费标准")
            yield told, at if gaming else later, self.lab
        elif case.tier != "ordinary":
            habit = self._habit(branch, "lowered_late")
            games = habit and is_late(at, 3) and self.rng.random() < habit.size
            if games or self.rng.random() < LOWERED:
                self.done[habit.code if habit and games else ""] += 1
                lighter = kinds.Retiered(case.tier, "ordinary", "经核实情节轻微")
                yield lighter, at if games else later, self.lab

    def _answer(self, case: Complaint, branch: str, at: datetime) -> kinds.Answered:
        finding, remedy = "not_upheld", None
        if case.outcome in PAID:
            finding = self.rng.choice(("upheld", "partly"))
            remedy = self._remedy(case, branch, 0.8 if finding == "upheld" else 0.4)
        return kinds.Answered(
            letter=0, way="letter", proof="历史信函", finding=finding, remedy=remedy, answered_at=at
        )

    def _remedy(self, case: Complaint, branch: str, share: float) -> Decimal | None:
        if not case.amount:
            return None
        scatter = SCATTER
        for habit in self.habits.get(branch, ()):
            if habit.what in ("mean", "generous"):
                share *= habit.size
            elif habit.what == "erratic":
                scatter *= habit.size
            else:
                continue
            self.done[habit.code] += 1
        paid = float(case.amount) * share * self.rng.lognormvariate(0, scatter)
        return Decimal(paid).quantize(Decimal("0.01"))

    def _word(self, branch: str, answered: datetime) -> Told:
        habit = self._habit(branch, "staff_surveys")
        if habit and self.rng.random() < habit.size:
            self.done[habit.code] += 1
            at, said = answered + timedelta(minutes=self.rng.randrange(2, 14)), "yes"
        else:
            at = answered + timedelta(hours=self.rng.expovariate(1 / 30))
            said = "yes" if self.rng.random() < CONTENT else "no"
        note = "" if said == "yes" else "还是不满意"
        return kinds.CalledBack(called_back_at=at, satisfied=said, note=note), at, self.customer

    def _habit(self, branch: str, what: str) -> Habit | None:
        return next((one for one in self.habits.get(branch, ()) if one.what == what), None)


def remember(
    *, seed: int, now: datetime, plants: Plants, truths: Sequence[Truth]
) -> Mapping[str, int]:
    """Write the past of the concluded cases; how often each habit was followed, by its code."""
    known = {truth.external_id: truth for truth in truths}
    teller = _Teller(
        dice("past", seed),
        service_person("lab", "示范数据", "Demonstration"),
        service_person("channel:web_form", "网上", "Web form"),
        {branch: _of(plants, branch) for branch in {h.branch for h in plants.habits}},
        Counter(),
    )
    rows = Complaint.objects.filter(
        closed_at__isnull=False, received_at__gte=now - REMEMBERED, pack="cn_bank",
        answered_at__isnull=True, contacts__external_id__in=[*known],
    )  # fmt: skip
    told = rows.order_by("received_at", "pk").defer("text", "tokens", "minhash", "bands")
    lot: list[tuple[Complaint, list[Told]]] = []
    for case, truth in _first_contacts(told, known):
        lot.append((case, [*teller.tell(case, truth.branch, truth.gaming)]))
    for start in range(0, len(lot), LOT):
        _write(lot[start : start + LOT])
    return {code: count for code, count in teller.done.items() if code}


def _of(plants: Plants, branch: str) -> tuple[Habit, ...]:
    return tuple(habit for habit in plants.habits if habit.branch == branch)


def _first_contacts(
    rows: QuerySet[Complaint], known: Mapping[str, Truth]
) -> Iterator[tuple[Complaint, Truth]]:
    """Each case once, by the first thing that was heard of it."""
    seen: set[int] = set()
    for case in rows.annotate(external=F("contacts__external_id")):
        if case.pk not in seen:
            seen.add(case.pk)
            yield case, known[case.external]


def _write(lot: Sequence[tuple[Complaint, list[Told]]]) -> None:
    entries: list[Entry] = []
    for case, told in lot:
        for kind, at, by in told:
            case.take(kind)
            entries.append(case.entry(kind, by=by, at=at))
    record(entries, announce=False)
    # What else these kinds cache is as it was: nothing runs, nothing is proposed.
    corrected = [case for case, told in lot if any(_corrects(kind) for kind, _at, _by in told)]
    Complaint.objects.bulk_update(corrected, CORRECTED)
    heard = [case for case, _told in lot if case.answered_at is not None]
    Complaint.objects.bulk_update(heard, HEARD)


def _corrects(kind: Kind) -> bool:
    return isinstance(kind, kinds.Reclassified | kinds.Retiered)
