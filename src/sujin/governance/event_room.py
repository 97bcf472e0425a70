"""The war-room of one event as its reader sees it; as many queries whatever the event's size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Q
from django.utils.timezone import localdate

from sujin.complaints.figures.selection import midnight
from sujin.engine.events.lead import Lead
from sujin.engine.events.scoring import Skill, skill
from sujin.engine.events.study import Study
from sujin.governance import event_counts as counts
from sujin.governance import event_leads
from sujin.governance.event_counts import COMPLAINT, CONSULTATION, DAY
from sujin.governance.event_drawing import Curve, Picture, Said, draw
from sujin.governance.event_expect import Seen, studied
from sujin.governance.flash import FORMS
from sujin.governance.models import Event, FlashReport, Forecast, LineRequest, Mention
from sujin.knowledge.audience import ALL_STAFF
from sujin.knowledge.models import Acknowledgement, Version
from sujin.knowledge.search import Found, search
from sujin.platform.journal import Kind
from sujin.platform.models import Entry, Org
from sujin.platform.organisation import OrgKind
from sujin.platform.reach import Reach

HISTORY_MAX = 100
MENTIONS_MAX = 50
NEAREST = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """A line that was asked for, its lead, and what of it is late."""

    request: LineRequest
    lead: dict[str, Any]
    late: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day as a row beneath the picture; ``said`` is what was forecast of it before it came."""

    day: date
    count: int | None
    ordinary: float | None
    said: Forecast | None


@dataclass(frozen=True, slots=True)
class Branch:
    """How far the lines were read in a branch: people who have them to read, opened, understood."""

    org: Org
    people: int
    opened: int
    understood: int


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry of the event, its lines, mentions or flash reports."""

    entry: Entry
    what: Kind


class Room:
    """Everything the page shows; each part is read once."""

    def __init__(self, event: Event, reach: Reach, at: datetime) -> None:
        self.event, self.reach, self.at = event, reach, at

    # The lines.

    @cached_property
    def requests(self) -> list[LineRequest]:
        found = list(self.event.requests.all())
        for one in found:
            # The prefetched event is the one at hand: no query for each.
            one.event = self.event
        return found

    @cached_property
    def lead(self) -> Lead:
        return event_leads.of_event(self.event, self.at)

    @property
    def headline(self) -> dict[str, Any]:
        return event_leads.told(self.lead)

    @property
    def asked(self) -> list[Asked]:
        return [
            Asked(one, event_leads.told(event_leads.of_request(one, self.at)), one.late(self.at))
            for one in self.requests
        ]

    # What came, against what was said.

    @cached_property
    def seen(self) -> Seen:
        return Seen.of(self.event, self.at)

    @cached_property
    def study(self) -> Study | None:
        return studied(self.event, self.seen)

    @property
    def received(self) -> int:
        """Complaints from its first day to now, of the whole bank."""
        days = self.seen.counts.items()
        return sum(count for day, count in days if self.event.first_day <= day)

    @cached_property
    def consultations(self) -> int:
        today = min(localdate(self.at), self.event.last_day)
        if today < self.event.first_day:
            return 0
        asked = counts.daily(self.event, self.event.first_day, today, CONSULTATION)
        return sum(asked.values())

    @cached_property
    def mine(self) -> int:
        """Of the complaints received those that this reader may open."""
        until = midnight(self.event.last_day + DAY)
        rows = counts.cases(self.event, COMPLAINT).within(self.reach)
        first = midnight(self.event.first_day)
        return rows.filter(received_at__gte=first, received_at__lt=until).count()

    @cached_property
    def forecasts(self) -> list[Forecast]:
        return list(self.event.forecasts.order_by("day", "made_at"))

    @cached_property
    def said_first(self) -> dict[date, Forecast]:
        """What was said of each day the first time."""
        return {one.day: one for one in reversed(self.forecasts)}

    @property
    def skill(self) -> Skill:
        return skill(one.as_scored() for one in self.forecasts if one.scored_at)

    @property
    def basis(self) -> Forecast | None:
        """By which method the latest forecast was made, from how many like events."""
        return self.forecasts[-1] if self.forecasts else None

    def picture(self) -> Picture:
        first, last = self.event.first_day, self.event.last_day
        said = [Said(one.day, one.low, one.mid, one.high) for one in self.said_first.values()]
        ordinary = self.study.expected if self.study else ()
        today = localdate(self.at)
        said.sort(key=lambda one: one.day)
        return draw(Curve(first, last, min(today, last), self.seen.counts, said, ordinary))

    @property
    def days(self) -> list[Day]:
        first = self.event.first_day
        ordinary = self.study.expected if self.study else ()
        today = localdate(self.at)
        found = []
        for place in range(self.event.row.watch):
            day = first + timedelta(days=place)
            count = self.seen.counts.get(day, 0) if day <= today else None
            usual = ordinary[place] if place < len(ordinary) else None
            found.append(Day(day, count, usual, self.said_first.get(day)))
        return found

    @property
    def lasted_on(self) -> date | None:
        found = self.study
        if found is None or found.lasted is None:
            return None
        return self.event.first_day + timedelta(days=found.lasted)

    # What is said outside.

    @cached_property
    def mentions(self) -> list[Mention]:
        rows = self.event.mentions.select_related("noted_by").order_by("-on", "-pk")
        return list(rows[:MENTIONS_MAX])

    @cached_property
    def tones(self) -> dict[str, int]:
        rows = self.event.mentions.order_by().values("tone").annotate(n=Count("pk"))
        return {row["tone"]: row["n"] for row in rows}

    @property
    def risk(self) -> float:
        """The weight of what is shown: bad words count thrice, readers by powers of ten."""
        return sum(one.weight for one in self.mentions)

    # What is known already.

    @cached_property
    def nearest(self) -> list[Found]:
        """Served knowledge that answers to the event's words, the nearest first."""
        words = " ".join([self.event.title, *self.event.words, self.event.what])
        return search(words, ALL_STAFF, self.at, forms=FORMS, k=NEAREST)

    @cached_property
    def preplan(self) -> Found | None:
        found = search(self.event.title, ALL_STAFF, self.at, forms=("preplan",), k=1)
        return found[0] if found else None

    @cached_property
    def branches(self) -> list[Branch]:
        """Of the attached versions that were handed out to be read, by first-level branch; only
        readers that this person watches over are counted."""
        attached = [row.version_id for one in self.requests for row in one.attachments.all()]
        rows = Acknowledgement.objects.expected().within(self.reach)
        told = rows.filter(
            Q(distribution__version__in=attached)
            | Q(distribution__issue__lines__version__in=attached)
        )
        counted = told.values("unit__path").annotate(
            people=Count("pk", distinct=True),
            opened=Count("pk", filter=Q(read_at__isnull=False), distinct=True),
            understood=Count("pk", filter=Q(understood_at__isnull=False), distinct=True),
        )
        return _by_branch([dict(row) for row in counted.order_by()])

    # What was written.

    @cached_property
    def flashes(self) -> list[FlashReport]:
        return list(FlashReport.objects.about(Event.subject, self.event.pk))

    @cached_property
    def history(self) -> list[Happened]:
        """Of the event, its lines, mentions and flash reports, the latest first."""
        about = Q(subject=Event.subject, subject_id=self.event.pk)
        for held in (self.requests, self.mentions, self.flashes):
            about |= _about(held)
        rows = Entry.objects.filter(about).select_related("by").order_by("-at", "-pk")
        return [Happened(one, one.what()) for one in rows[:HISTORY_MAX]]

    @cached_property
    def places(self) -> list[Org]:
        """The branches concerned; none named: the whole bank."""
        wanted = self.event.branches
        return list(Org.objects.filter(pk__in=wanted).order_by("code")) if wanted else []


def candidates(request: LineRequest, nearest: Sequence[Found]) -> list[Version]:
    """What may be attached: the nearest that is served, and what its owner is writing."""
    written = Version.objects.filter(
        item__owner=request.owner, item__form__in=FORMS, state__in=("draft", "submitted")
    )
    listed = [*written.select_related("item").order_by("-drafted_at")[:NEAREST]]
    return [*(one.version for one in nearest), *listed]


def _about(rows: Sequence[LineRequest] | Sequence[Mention] | Sequence[FlashReport]) -> Q:
    return Q(subject=rows[0].subject, subject_id__in=[one.pk for one in rows]) if rows else Q()


def _by_branch(counted: Sequence[dict[str, Any]]) -> list[Branch]:
    branches = {one.path: one for one in Org.objects.filter(kind=OrgKind.BRANCH1)}
    sums: dict[str, list[int]] = {}
    for row in counted:
        path = "/".join(row["unit__path"].split("/")[:2]) + "/"
        if path in branches:
            held = sums.setdefault(path, [0, 0, 0])
            for place, name in enumerate(("people", "opened", "understood")):
                held[place] += row[name]
    found = [Branch(branches[path], *told) for path, told in sums.items()]
    return sorted(found, key=lambda one: (one.understood / one.people, one.org.code))
