"""From arrivals to cases: customers, repeats on one matter, organised groups, in time order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sujin.complaints.draft import CaseKind
from sujin.lab import circumstance
from sujin.lab.arrivals import Arrival
from sujin.lab.dice import dice
from sujin.lab.people import Customer, Homes, invent
from sujin.lab.plants import AgentGroup, Plants
from sujin.lab.voice import Matter

KNOWN_CUSTOMER = 0.07
REPEATS, REPEATS_AGAIN, MOST_CONTACTS = 0.065, 0.3, 5
SAME_DAY = 0.006
GAP_DAYS = (3, 60)


@dataclass(frozen=True, slots=True)
class Case:
    """One contact ready to be told; ``root`` is the number of the first contact on the matter."""

    number: int
    at: datetime
    kind: CaseKind
    channel: str
    branch: str
    customer: Customer
    matter: Matter
    mood: int
    need: str
    extras: frozenset[str]
    root: int
    contact: int = 1
    wave: str = ""
    event: str = ""
    group: str = ""
    gaming: str = ""


def repeat_factor() -> float:
    """How many contacts one complaint becomes on average."""
    chain = sum(REPEATS * REPEATS_AGAIN**step for step in range(MOST_CONTACTS - 1))
    return 1 + chain + 2 * SAME_DAY


def cases(
    seed: int, where: Homes, plants: Plants, coming: Iterable[Arrival], end: date
) -> list[Case]:
    """Every case in the order of time, numbered from nought; none after ``end``."""
    maker = Maker(seed, where, plants)
    found = [case for arrival in coming for case in maker.family(arrival)]
    found += [case for group in plants.groups for case in maker.members(group)]
    kept = sorted((c for c in found if c.at.date() <= end), key=lambda c: (c.at, c.number))
    places = {case.number: place for place, case in enumerate(kept)}
    return [replace(c, number=place, root=places[c.root]) for place, c in enumerate(kept)]


class Maker:
    """Makes cases one after another from one stream of chance."""

    def __init__(self, seed: int, where: Homes, plants: Plants) -> None:
        self.rng, self.where = dice("cases", seed), where
        self.gaming = {game.branch: game for game in plants.gaming}
        self.one_outlet = {wave.code: wave.outlet for wave in plants.waves if wave.outlet}
        self.pools: dict[str, list[Customer]] = {branch: [] for branch in where.branches}
        self.cases = self.customers = 0

    def family(self, arrival: Arrival) -> Iterator[Case]:
        """The first contact of an arrival and every later one on the same matter."""
        door = circumstance.channel(self.rng, arrival.kind, arrival.scene, arrival.day)
        first = self.one(arrival, self._customer(arrival), door)
        yield first
        if arrival.kind is not CaseKind.COMPLAINT:
            return
        if self.rng.random() < SAME_DAY:
            yield from self._same_day(first)
        else:
            yield from self._later(first)

    def members(self, group: AgentGroup) -> Iterator[Case]:
        """One case for each principal of an organised agent, from all over the bank."""
        for _ in range(group.members):
            branch = self.rng.choice(self.where.branches)
            wait = self.rng.randrange((group.last - group.first).days)
            day = circumstance.on_workday(group.first + timedelta(days=wait))
            arrival = Arrival(day, branch, group.scene, CaseKind.COMPLAINT)
            customer = self.newcomer(branch, self.rng.choice(self.where.outlets[branch]), day)
            door = self.rng.choice(("regulator", "email", "web_form"))
            case = self.one(arrival, customer, door)
            yield replace(case, group=group.code, mood=1, need="", extras=frozenset())

    def one(self, arrival: Arrival, customer: Customer, door: str) -> Case:
        """The first contact of this customer on the matter of the arrival."""
        what = circumstance.matter(self.rng, arrival.scene, customer, self.where, arrival.day)
        anger = circumstance.mood(self.rng)
        number = self._number()
        return Case(
            number,
            circumstance.moment(self.rng, arrival.day, door),
            arrival.kind,
            door,
            arrival.branch,
            customer,
            what,
            anger,
            circumstance.need(self.rng, customer),
            circumstance.extras(self.rng, anger, what.people),
            root=number,
            wave=arrival.wave,
            event=arrival.event,
            gaming=self._gamed(arrival, door),
        )

    def _same_day(self, first: Case) -> Iterator[Case]:
        doors = [door for door in ("hotline", "web_form", "email") if door != first.channel]
        for step, door in enumerate(doors[:2], 1):
            at = first.at + timedelta(minutes=step * self.rng.randrange(20, 80))
            if at.date() == first.at.date():
                yield self._again(first, door, at, step + 1, "sameday")

    def _later(self, first: Case) -> Iterator[Case]:
        last, chance = first, REPEATS
        while last.contact < MOST_CONTACTS and self.rng.random() < chance:
            door = circumstance.another_channel(self.rng, last.channel)
            low, high = GAP_DAYS
            gap = low + int((high - low) * self.rng.random() ** 1.6)
            day = last.at.date() + timedelta(days=gap)
            if door in circumstance.KEEPS_OFFICE_HOURS:
                day = circumstance.on_workday(day)
            at = circumstance.moment(self.rng, day, door)
            last = self._again(first, door, at, last.contact + 1, "again")
            chance = REPEATS_AGAIN
            yield last

    def _again(self, first: Case, door: str, at: datetime, contact: int, how: str) -> Case:
        anger = min(2, first.mood + 1)
        said = {how} if self.rng.random() < 0.8 else set()
        return replace(
            first,
            number=self._number(),
            at=at,
            channel=door,
            mood=anger,
            extras=circumstance.extras(self.rng, anger, first.matter.people) | said,
            contact=contact,
            wave="",
            event="",
            gaming="",
        )

    def _number(self) -> int:
        self.cases += 1
        return self.cases

    def _customer(self, arrival: Arrival) -> Customer:
        pool = self.pools[arrival.branch]
        if pool and self.rng.random() < KNOWN_CUSTOMER and arrival.wave not in self.one_outlet:
            return self.rng.choice(pool)
        outlets = self.where.outlets[arrival.branch]
        # The first outlets of a branch are its largest.
        usual = outlets[int(len(outlets) * self.rng.random() ** 1.4)]
        return self.newcomer(arrival.branch, self.one_outlet.get(arrival.wave, usual), arrival.day)

    def newcomer(self, branch: str, outlet: str, day: date) -> Customer:
        """A customer nobody has met before."""
        self.customers += 1
        customer = invent(self.rng, f"K{self.customers:06d}", outlet, self.where, at=day)
        self.pools[branch].append(customer)
        return customer

    def _gamed(self, arrival: Arrival, door: str) -> str:
        game = self.gaming.get(arrival.branch)
        if game is None or arrival.kind is not CaseKind.COMPLAINT or door == "regulator":
            return ""
        late = (arrival.day + timedelta(days=game.last_days)).month != arrival.day.month
        return game.code if late and self.rng.random() < game.share else ""
