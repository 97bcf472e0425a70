"""The circumstances of one contact: its channel and hour, its matter, and the state of mind."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sujin.complaints.draft import CaseKind
from sujin.lab import money
from sujin.lab.dice import weighted
from sujin.lab.people import Customer, Homes
from sujin.lab.scenes import scene
from sujin.lab.voice import SHOPS, Matter
from sujin.lab.volume import is_workday

ZONE = ZoneInfo("Asia/Shanghai")
CHANNELS: dict[CaseKind, tuple[tuple[str, float], ...]] = {
    CaseKind.COMPLAINT: (
        ("hotline", 0.5),
        ("web_form", 0.2),
        ("counter", 0.2),
        ("regulator", 0.07),
        ("email", 0.03),
    ),
    CaseKind.CONSULTATION: (("hotline", 0.7), ("counter", 0.2), ("web_form", 0.1)),
    CaseKind.SUGGESTION: (("web_form", 0.5), ("hotline", 0.3), ("counter", 0.2)),
    CaseKind.BUD: (("counter", 0.75), ("hotline", 0.25)),
}
HOURS = {
    "hotline": (8, 9, 9, 10, 10, 11, 11, 12, 13, 14, 14, 15, 15, 16, 17, 18, 19, 20, 21),
    "web_form": (0, 7, 8, 9, 10, 11, 12, 12, 13, 14, 16, 18, 19, 20, 20, 21, 21, 22, 22, 23),
    "counter": (9, 9, 10, 10, 11, 11, 12, 13, 14, 14, 15, 15, 16),
    "regulator": (9, 10, 11, 14, 15, 16, 17),
    "email": (8, 10, 12, 15, 18, 20, 22, 23),
}
KEEPS_OFFICE_HOURS = ("regulator", "counter")
# What regulators are written to about more than about other things.
PRONE_TO_REGULATOR = frozenset(
    {"credit_negotiate", "collect_card", "collect_family", "collect_loan", "agency_insurance"}
)
EXTRA_REGULATOR = 0.14
OPEN_AT_WEEKENDS = 0.4
MOODS = ((0, 0.34), (1, 0.4), (2, 0.235), (3, 0.025))
THREATENS = (0.03, 0.14, 0.42, 0.7)
STAYS_CALM = 0.07
JOINT = 0.008
SPEAKS_OF_NEED = 0.6
UNFILED_NEED = 0.012


def channel(rng: Random, kind: CaseKind, code: str, day: date) -> str:
    """The door somebody chooses; most doors with a counter are shut on days off."""
    chosen = weighted(rng, CHANNELS[kind])
    if kind is CaseKind.COMPLAINT and code in PRONE_TO_REGULATOR and rng.random() < EXTRA_REGULATOR:
        chosen = "regulator"
    if chosen not in KEEPS_OFFICE_HOURS or is_workday(day):
        return chosen
    return chosen if chosen == "counter" and rng.random() < OPEN_AT_WEEKENDS else "hotline"


def another_channel(rng: Random, last: str) -> str:
    """A door other than the last one, for those who were not heard there."""
    return rng.choice([name for name, _ in CHANNELS[CaseKind.COMPLAINT] if name != last])


def moment(rng: Random, day: date, door: str) -> datetime:
    """An hour of the day at which this door is used, to the second, in Shanghai time."""
    second = int(rng.random() * 3600)
    at = time(rng.choice(HOURS[door]), second // 60, second % 60)
    return datetime.combine(day, at, ZONE)


def on_workday(day: date) -> date:
    """The day itself, or the next on which letters are opened."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def matter(rng: Random, code: str, customer: Customer, where: Homes, day: date) -> Matter:
    """What happened to this customer some days before."""
    about = scene(code)
    amount = money.draw(rng, about.low, about.high)
    return Matter(
        code,
        amount,
        money.draw(rng, max(5, int(amount) // 200), max(50, int(amount) // 12)),
        day - timedelta(days=min(25, int(rng.expovariate(1 / 4)))),
        customer.card[-4:],
        where.names[customer.outlet],
        customer.name,
        customer.phone,
        kin=rng.randrange(6),
        shop=rng.choice(SHOPS),
        woman=customer.woman,
        people=3 + int(rng.expovariate(1 / 8)) if rng.random() < JOINT else 1,
    )


def mood(rng: Random) -> int:
    """How angry somebody is, 0 to 3."""
    return weighted(rng, MOODS)


def need(rng: Random, customer: Customer) -> str:
    """The vulnerability a customer speaks of, if any: mostly one that is on file."""
    if customer.needs:
        return rng.choice(customer.needs) if rng.random() < SPEAKS_OF_NEED else ""
    return rng.choice(("hardship", "minor")) if rng.random() < UNFILED_NEED else ""


def extras(rng: Random, anger: int, people: int) -> frozenset[str]:
    """What is said beyond the facts: a threat, its explicit absence, a crowd, a sit-in."""
    found = {"group"} if people > 1 else set()
    if rng.random() < THREATENS[anger]:
        found.add("threat")
    elif not anger and rng.random() < STAYS_CALM:
        found.add("calm")
    if anger and rng.random() < 0.015:
        found.add("onsite")
    return frozenset(found)
