"""From the cases to two lists of dissatisfied customers, month by month, by unit and business."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from sujin.complaints import kinds
from sujin.complaints.figures.selection import midnight
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import HOUSE_PACK, rulebook
from sujin.engine.silent import Customer, Heard, Lists, counted, customers
from sujin.knowledge.models import Conversation
from sujin.platform.models import Entry
from sujin.platform.reach import Reach

HEAD = ""  # the unit of what came through the head office and its hotline alone


@dataclass(frozen=True, slots=True)
class Cell:
    """A customer's month ``2026-02``, unit by its key, and business by its first class."""

    month: str
    unit: str
    business: str


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """Every dissatisfied customer of the months that are over, within somebody's reach."""

    months: tuple[str, ...]
    found: tuple[tuple[Cell, Customer], ...]

    def of(self, *, unit: str | None = None, business: str = "") -> "Town":
        """The same of one unit, one business, or both."""
        kept = tuple(
            (cell, one)
            for cell, one in self.found
            if unit in (None, cell.unit) and business in ("", cell.business)
        )
        return Town(self.months, kept)

    def lists(self) -> list[Lists]:
        """One for each month."""
        by_month: dict[str, list[Customer]] = defaultdict(list)
        for cell, one in self.found:
            by_month[cell.month].append(one)
        return [counted(by_month[month]) for month in self.months]

    def units(self) -> list[str]:
        return sorted({cell.unit for cell, _one in self.found})

    def businesses(self) -> list[str]:
        return sorted({cell.business for cell, _one in self.found})


def rules() -> dict[str, Any]:
    """What the pack says about it."""
    return dict(rulebook().manifest["silent"])


def months_over(at: datetime, count: int) -> list[date]:
    """The first days of the last ``count`` whole months, oldest first, and of the one after."""
    first = timezone.localdate(at).replace(day=1)
    found = [first]
    while len(found) <= count:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


def town(reach: Reach, at: datetime) -> Town:
    """Four queries. A customer belongs to the unit where he complained, else to the first that is
    not the head office: whoever asks the hotline and complains at a branch is one."""
    starts = months_over(at, int(rules()["months"]))
    rows = Complaint.objects.within(reach).filter(
        pack=HOUSE_PACK,
        kind__in=["complaint", "consultation"],
        received_at__gte=midnight(starts[0]),
        received_at__lt=midnight(starts[-1]),
    )
    came, stranded, retyped = _came_again(rows), _stranded(starts[0]), _made_questions(starts[0])
    cells: dict[tuple[str, str], list[tuple[Heard, str]]] = defaultdict(list)
    told = rows.order_by("received_at", "pk").values_list(*_COLUMNS)
    for pk, kind, received, path, business, keys in told:
        is_complaint = kind == "complaint"
        is_stranded = pk in stranded or (pk in retyped and not is_complaint)
        one = Heard(pk, tuple(keys), is_complaint, came.get(pk, 0), is_stranded)
        month = f"{timezone.localtime(received):%Y-%m}"
        cells[month, business.split(".")[0]].append((one, _unit(path)))
    found = [pair for key, heard in cells.items() for pair in _placed(*key, heard)]
    return Town(tuple(f"{start:%Y-%m}" for start in starts[:-1]), tuple(found))


_COLUMNS = ("pk", "kind", "received_at", "origin__path", "business", "customer_keys")


def _came_again(rows: QuerySet[Complaint]) -> dict[int, int]:
    """How often more than once the customer came about a case, soon after it was received."""
    soon = F("received_at") + timedelta(days=int(rules()["contact_days"]))
    told = rows.filter(contacts__at__lt=soon).values("pk").annotate(came=Count("contacts"))
    return {pk: came - 1 for pk, came in told.filter(came__gt=1).values_list("pk", "came")}


def _made_questions(since: date) -> set[int]:
    """Complaints that somebody turned into something else."""
    rows = Entry.objects.of(kinds.Reclassified).filter(
        subject=Complaint.subject, at__gte=midnight(since), data__before="complaint"
    )
    return set(rows.values_list("subject_id", flat=True))


def _stranded(since: date) -> set[int]:
    """Cases that came of a conversation in which the assistant was at its end."""
    ended = Conversation.objects.filter(case__isnull=False, begun_at__gte=midnight(since))
    ended = ended.filter(~Q(handed_because="") | Q(failures__gt=0))
    return {int(case) for case in ended.values_list("case", flat=True) if case is not None}


def nameless(at: datetime) -> int:
    """Conversations of these months that were at their end and of which no case came: nobody knows
    who that was, so they are told and not counted on."""
    starts = months_over(at, int(rules()["months"]))
    rows = Conversation.objects.filter(case__isnull=True, begun_at__gte=midnight(starts[0]))
    rows = rows.filter(begun_at__lt=midnight(starts[-1]))
    return rows.filter(~Q(handed_because="") | Q(failures__gt=0)).count()


def _placed(
    month: str, business: str, heard: Sequence[tuple[Heard, str]]
) -> Iterable[tuple[Cell, Customer]]:
    of_case = {one.case: (one.is_complaint, unit) for one, unit in heard}
    for customer in customers(one for one, _unit in heard):
        told = [of_case[case] for case in customer.cases]
        complained = [unit for is_complaint, unit in told if is_complaint and unit]
        anywhere = [unit for _is_complaint, unit in told if unit]
        yield Cell(month, [*complained, *anywhere, HEAD][0], business), customer


def _unit(path: str) -> str:
    steps = path.strip("/").split("/")
    return steps[1] if len(steps) > 1 else HEAD
