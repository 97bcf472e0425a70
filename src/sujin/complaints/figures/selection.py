"""Which cases a page of figures is about: a period, an organisation, a kind, within a reach."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from sujin.complaints.models import Complaint, Course, Spell
from sujin.platform.models import Org
from sujin.platform.reach import Reach

DAYS = 30
# A page over a longer period would read more rows than a page should.
DAYS_MAX = 366


@dataclass(frozen=True, slots=True)
class Window:
    """The local days from ``first`` to ``last``, both included."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        return midnight(self.first)

    @property
    def until(self) -> datetime:
        """The moment after the last day."""
        return midnight(self.last + timedelta(days=1))

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Window":
        """As many days just before: the baseline."""
        return Window(self.first - timedelta(days=self.days), self.first - timedelta(days=1))


def midnight(day: date) -> datetime:
    """The local beginning of a day."""
    return timezone.make_aware(datetime.combine(day, time()))


def last_days(count: int, now: datetime) -> Window:
    today = timezone.localdate(now)
    return Window(today - timedelta(days=count - 1), today)


@dataclass(frozen=True, slots=True)
class Selection:
    """The reader's question; ``org`` None means everything in reach."""

    reach: Reach
    window: Window
    kind: str
    org: Org | None
    now: datetime

    @property
    def before(self) -> "Selection":
        """The same question about the baseline."""
        return replace(self, window=self.window.before)

    def everything(self) -> QuerySet[Complaint]:
        """Cases of the kind and organisation at any time, in reach."""
        rows = Complaint.objects.within(self.reach).filter(kind=self.kind)
        return rows if self.org is None else concerning(rows, self.org)

    def received(self) -> QuerySet[Complaint]:
        """Those received in the period and handled here; imported history is left out."""
        since, until = self.window.since, self.window.until
        return self.everything().filter(
            received_at__gte=since, received_at__lt=until, course__is_history=False
        )

    def courses(self) -> QuerySet[Course]:
        return Course.objects.within(self.reach).filter(complaint__in=self.received().values("pk"))

    def history(self) -> int:
        """How many of the period are imported history, which the figures leave out."""
        since, until = self.window.since, self.window.until
        rows = self.everything().filter(received_at__gte=since, received_at__lt=until)
        return rows.filter(course__is_history=True).count()


def concerning(rows: QuerySet[Complaint], org: Org) -> QuerySet[Complaint]:
    """Cases brought to ``org`` or below, or that a desk there has had."""
    held = Spell.objects.filter(complaint=OuterRef("pk"), desk__path__startswith=org.path)
    return rows.filter(Q(origin__path__startswith=org.path) | Exists(held))
