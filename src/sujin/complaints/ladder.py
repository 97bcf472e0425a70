"""The escalation ladder: which rung a limit has reached, and who stands on it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sujin import packs
from sujin.complaints.desks import Desks
from sujin.complaints.models import Assignment, Complaint
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.platform.models import Org, Person

ADVISE, APPROVE = "advise", "approve"


@dataclass(frozen=True, slots=True)
class Step:
    """A row of ladder.csv: ``after`` the end of the limit (negative: before it), who is told."""

    row: str
    tiers: frozenset[str]
    clock: str
    after: timedelta
    who: tuple[str, ...]
    opens: str
    title: Mapping[str, str]

    def is_reached(self, due_at: datetime, at: datetime) -> bool:
        return at >= due_at + self.after


@cache
def steps() -> tuple[Step, ...]:
    """The table, the lowest rung first."""
    found = [_step(row) for row in packs.rows(HOUSE_PACK, "ladder")]
    return tuple(sorted(found, key=lambda step: (step.clock, step.after)))


def _step(row: Mapping[str, str]) -> Step:
    return Step(
        row["row"],
        frozenset(filter(None, row["tiers"].split("|"))),
        row["clock"],
        timedelta(hours=float(row["hours"])),
        tuple(row["who"].split("|")),
        row["opens"],
        {"zh": row["title_zh"], "en": row["title_en"]},
    )


def earliest() -> timedelta:
    """How long before its end a limit must be looked at."""
    return -min(step.after for step in steps())


def reached(clock: str, tier: str, due_at: datetime, at: datetime) -> list[Step]:
    """The rungs of a limit that have been reached, the lowest first."""
    return [
        step
        for step in steps()
        if step.clock == clock
        and (not step.tiers or tier in step.tiers)
        and step.is_reached(due_at, at)
    ]


class People:
    """Who stands on a rung for one case."""

    def __init__(self, case: Complaint, desks: Desks, asked: Assignment | None = None) -> None:
        self._case, self._desks, self._asked = case, desks, asked

    def on(self, step: Step) -> list[Person]:
        """Everybody the rung names, each once; who is not there today is not among them."""
        found = (person for who in step.who for person in WHO[who](self))
        return list({person.pk: person for person in found if person is not None}.values())

    def accountable(self) -> Iterable[Person | None]:
        person = self._case.accountable
        return self._desks.instead_of(person, self._home, self._case.recused) if person else ()

    def desk(self) -> Iterable[Person | None]:
        return self._desks.staff(self._home)

    def offered(self) -> Iterable[Person | None]:
        return self._desks.staff(self._case.offered_to) if self._case.offered_to else ()

    def above(self) -> Iterable[Person | None]:
        return self._leaders(self._desks.above(self._home))

    def branch(self) -> Iterable[Person | None]:
        branch = self._desks.branch_of(self._case.origin)
        return self._leaders(branch) if branch else self.head()

    def head(self) -> Iterable[Person | None]:
        return self._leaders(self._desks.top(self._case.origin))

    def executive(self) -> Iterable[Person | None]:
        return [self._desks.head(self._home, self._case.recused) or self._desks.head(self._home)]

    def asked(self) -> Iterable[Person | None]:
        """Who was asked by name, and the desk that may answer instead."""
        if self._asked is None:
            return ()
        desk, named = self._asked.desk, self._asked.person
        return [
            *(self._desks.instead_of(named, desk, self._case.recused) if named else ()),
            *self._desks.staff(desk, ADVISE),
        ]

    def asked_above(self) -> Iterable[Person | None]:
        return self._leaders(self._desks.above(self._asked.desk)) if self._asked else ()

    def _leaders(self, org: Org) -> Iterable[Person | None]:
        """Whoever approves there, or else answers for the desk; nobody who stands aside."""
        barred = self._case.recused
        able = [one for one in self._desks.staff(org, APPROVE) if one.pk not in barred]
        return able or [self._desks.duty_officer(org, barred)]

    @property
    def _home(self) -> Org:
        return self._case.desk or self._case.origin


# What the column ``who`` may name.
WHO: Mapping[str, Callable[[People], Iterable[Person | None]]] = {
    "accountable": People.accountable,
    "desk": People.desk,
    "offered": People.offered,
    "above": People.above,
    "branch": People.branch,
    "head": People.head,
    "executive": People.executive,
    "asked": People.asked,
    "asked_above": People.asked_above,
}
