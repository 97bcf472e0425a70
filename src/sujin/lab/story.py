"""The whole story in the order of time: every draft with its truth."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from sujin.complaints.draft import CaseKind, Draft
from sujin.lab import arrivals, cases, doors, letters
from sujin.lab.cases import Case
from sujin.lab.circumstance import ZONE
from sujin.lab.dice import dice, weighted
from sujin.lab.grammar import Telling, tell
from sujin.lab.people import Homes, homes
from sujin.lab.plants import Plants, planted
from sujin.lab.truth import Truth, truth_of
from sujin.lab.voice import Style
from sujin.platform.organisation import OrgPlan

DEFAULT_SIZE = 8_000
STYLES: dict[str, tuple[tuple[Style, float], ...]] = {
    "counter": ((Style.COUNTER, 0.8), (Style.FIRST, 0.2)),
    "hotline": ((Style.NOTE, 0.88), (Style.FIRST, 0.12)),
    "web_form": ((Style.FIRST, 1.0),),
    "email": ((Style.FIRST, 1.0),),
    "regulator": ((Style.LETTER, 0.65), (Style.FIRST, 0.35)),
}


def story(
    seed: int, plan: OrgPlan, start: date, end: date, size: int = DEFAULT_SIZE
) -> Iterator[tuple[Draft, Truth]]:
    """About ``size`` contacts from ``start`` to ``end``, both included, each with its truth.

    ``end`` is the day the story is read: cases of its last 25 days are mostly open. Every origin
    is a code of ``plan``, every business and cause a code of the pack ``cn_bank``. Nothing in it
    is real: each draft carries the attribute ``synthetic``. Raises ValueError when ``end`` is not
    after ``start`` or the plan has no outlets.
    """
    where = homes(plan)
    if end <= start or not where.outlets:
        raise ValueError("a story needs an end after its start, and a plan with outlets")
    plants = planted(seed, where, start, end)
    until = datetime.combine(end + timedelta(days=1), time(), ZONE)
    groups = {group.code: group for group in plants.groups}
    setting = doors.Setting(where, groups, until, f"LAB{seed}")
    for case in untold(seed, where, plants, (start, end), size):
        yield _told(case, setting, dice("told", seed, case.number))


def hidden(seed: int, plan: OrgPlan, start: date, end: date) -> Plants:
    """What is planted in the story with these arguments."""
    return planted(seed, homes(plan), start, end)


def untold(
    seed: int, where: Homes, plants: Plants, span: tuple[date, date], size: int
) -> list[Case]:
    """The contacts of a story before anybody finds words for them, in the order of time: near
    ``size``, repeats and plants included."""
    grown = 1 + (cases.repeat_factor() - 1) * arrivals.KIND_SHARES[CaseKind.COMPLAINT]
    full = arrivals.ground(where, plants, *span, size / grown)
    wanted = arrivals.planted_size(full, plants)
    scale = min(1.0, arrivals.MOST_PLANTED * size / wanted)
    base = arrivals.ground(where, plants, *span, size / grown - wanted * scale)
    coming = arrivals.arrivals(seed, base, plants, scale)
    return cases.cases(seed, where, plants, coming, span[1])


def _told(case: Case, setting: doors.Setting, rng: Random) -> tuple[Draft, Truth]:
    style = weighted(rng, STYLES[case.channel])
    telling = Telling(style, case.kind, case.mood, case.at.date(), case.extras, case.need)
    if case.group:
        said = letters.copied(setting.groups[case.group], case.matter, telling, rng)
    else:
        said = tell(case.matter, telling, rng)
    return doors.draft(case, said, setting, rng), truth_of(case, said, setting.external_id)
