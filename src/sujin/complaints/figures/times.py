"""How long customers waited: median and tails, with the same number of days before as baseline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F

from sujin.complaints.figures.selection import Selection
from sujin.complaints.models import Course

# What is measured -> from which moment to which; a case belongs to the period in which it ended.
SPANS: Mapping[str, tuple[str, str]] = {
    "contacted": ("complaint__received_at", "contacted_at"),
    "answered": ("complaint__received_at", "answered_at"),
    "transfer": ("transferred_at", "transfer_contacted_at"),
}
FRACTIONS = {"median": 0.5, "p90": 0.9, "p95": 0.95}


class Percentile(Aggregate):
    """PostgreSQL's ``percentile_cont``: interpolated between the two nearest values."""

    template = "PERCENTILE_CONT(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True, slots=True)
class Tail:
    """The waits of ``n`` cases; None of nothing."""

    n: int
    median: timedelta | None
    p90: timedelta | None
    p95: timedelta | None


@dataclass(frozen=True, slots=True)
class Wait:
    """One span now and in the baseline."""

    name: str
    now: Tail
    before: Tail

    @property
    def change(self) -> timedelta | None:
        """How much longer the median has become; negative is better."""
        if self.now.median is None or self.before.median is None:
            return None
        return self.now.median - self.before.median


def waits(asked: Selection) -> list[Wait]:
    """Every span of SPANS; six queries."""
    return [Wait(name, tail(asked, name), tail(asked.before, name)) for name in SPANS]


def tail(asked: Selection, name: str) -> Tail:
    """The waits that ended within the period."""
    start, end = SPANS[name]
    window = {f"{end}__gte": asked.window.since, f"{end}__lt": asked.window.until}
    rows = Course.objects.within(asked.reach).filter(
        **window, complaint__in=asked.everything().values("pk"), is_history=False
    )
    span = ExpressionWrapper(F(end) - F(start), output_field=DurationField())
    marks = {
        mark: Percentile(span, fraction=fraction, output_field=DurationField())
        for mark, fraction in FRACTIONS.items()
    }
    return Tail(**rows.aggregate(n=Count("pk"), **marks))
