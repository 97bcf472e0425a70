"""Two branches whose weeks are made to measure: so many complaints received, so many repeats."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from sujin.complaints.figures.selection import midnight
from sujin.complaints.models import Complaint
from sujin.engine.text import search_tokens
from sujin.governance.indicatorbook import Period
from sujin.lab.cast import OUTLET_A, OUTLET_B
from sujin.platform.models import Org

WEEK = timedelta(days=7)
TEXT = "信用卡年费重复扣收，要求退还"
Weeks = Sequence[tuple[int, int]]
# So large and so good that the whole house stays on target whatever branch A does.
QUIET = (400, 20)


def monday(now: datetime, ago: int) -> date:
    """The Monday so many weeks before the week of ``now``."""
    return Period.WEEK.of(timezone.localdate(now)) - ago * WEEK


def tell(now: datetime, told: Mapping[str, Weeks]) -> None:
    """Per outlet the weeks up to the last whole one: how many complaints, how many of them
    repeats. Each was closed at once. Branch B is quiet unless told."""
    first = _case(Org.objects.get(code=OUTLET_A), monday(now, 60), "2000-0000000")
    first.save(force_insert=True)
    rows = []
    longest = max(map(len, told.values()))
    for code, weeks in {OUTLET_B: [QUIET] * longest, **told}.items():
        outlet = Org.objects.get(code=code)
        for ago, (many, repeats) in zip(range(len(weeks), 0, -1), weeks, strict=True):
            for nth in range(many):
                number = f"{'2001' if code == OUTLET_B else '2002'}-{ago:03}{nth:04}"
                row = _case(outlet, monday(now, ago), number)
                row.repeat_of = first if nth < repeats else None
                rows.append(row)
    Complaint.objects.bulk_create(rows)


def _case(outlet: Org, day: date, number: str) -> Complaint:
    received = midnight(day) + timedelta(hours=10)
    return Complaint(
        number=number, kind="complaint", lane="ordinary", channel="counter", text=TEXT,
        tokens=search_tokens(TEXT), received_at=received, closed_at=received, origin=outlet,
        business="card.credit.fees", cause="pricing", touchpoint="counter",
        seen_by=list(outlet.tokens),
    )  # fmt: skip
