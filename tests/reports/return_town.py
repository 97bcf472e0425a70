"""A year of complaints whose every figure is known: forty of them, told by number."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sujin.complaints.models import Complaint, Overrun, Transfer
from sujin.engine.text import search_tokens
from sujin.lab.cast import BRANCH_A, OUTLET_A, OUTLET_B
from sujin.platform.models import Org

TEXT = "年费收取前没有通知"
BUSINESSES = ("card.credit.billing", "loan.mortgage", "savings", "wealth", "payment.transfer")
CAUSES = ("pricing", "rules", "service")
DAY = timedelta(days=1)


def settle() -> list[Complaint]:
    """Forty complaints of 2025 and four of the year before that are open at its end."""
    orgs = [Org.objects.get(code=code) for code in (OUTLET_A, OUTLET_B, BRANCH_A)]
    rows = [_case(number, orgs) for number in range(44)]
    made = Complaint.objects.bulk_create(rows)
    for case in made[::4]:
        Transfer.objects.create(
            complaint=case, agency="监管局", reference=case.number, transferred_at=case.received_at
        )
    for case in made[::6]:
        Overrun.objects.create(
            complaint=case, desk=case.origin, clock="decision", due_at=case.received_at + 15 * DAY
        )
    return made


def _case(number: int, orgs: list[Org]) -> Complaint:
    """Closed after 3, 10, 40 and 70 days in turn, one in five left open."""
    first = datetime(2024, 12, 20, 4, tzinfo=UTC)
    at = first + DAY * (number if number < 4 else 3 + 8 * number)
    took = (3, 10, 40, 70)[number % 4]
    closed = None if number % 5 == 4 else at + took * DAY
    return Complaint(
        number=f"2025-{number:07}", kind="complaint", channel=("counter", "hotline")[number % 2],
        lane="regulator" if number % 4 == 0 else "ordinary", text=TEXT,
        tokens=search_tokens(TEXT), received_at=at, origin=orgs[number % 3], desk=orgs[number % 3],
        business=BUSINESSES[number % 5] if number % 11 else "", cause=CAUSES[number % 3],
        touchpoint="front.outlet" if number % 7 else "", line="card",
        vulnerable=number % 8 == 0, signals=["elderly"] if number % 8 == 0 else [],
        accountable_id=None if closed else _anybody(), claimed_at=at,
        finding=("upheld", "partly", "not_upheld", "settled")[number % 4] if closed else "",
        remedy=Decimal("120.50") if closed and number % 4 == 1 else None,
        answered_at=closed, closed_at=closed, counted=number % 13 != 12,
    )  # fmt: skip


def _anybody() -> int:
    from sujin.lab.cast import LIN_LAN
    from sujin.platform.models import Person

    return Person.objects.get(staff_no=LIN_LAN.staff_no).pk
