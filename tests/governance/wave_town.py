"""Two branches for the watch: half a year of ordinary complaints, and what is planted in it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import numpy as np
from django.utils import timezone

from sujin.complaints.figures.selection import midnight
from sujin.complaints.models import Complaint
from sujin.engine.text import search_tokens
from sujin.platform.models import Org

BUSINESS = ("card.credit.billing", "loan.mortgage", "savings")
DAYS = 200
USUAL = "网点排队时间长，柜台服务态度一般，希望改进"
NEW = "手机银行把我的转账限额突然调低了，提示风险管控"
_YEARS = {"complaint": 2001, "consultation": 2002}
Planted = Mapping[int, tuple[str, str, str, int]]


def tell(
    now: datetime, *, seed: int = 1, kind: str = "complaint", planted: Planted | None = None,
    days: int = DAYS,
) -> None:  # fmt: skip
    """So many days of complaints up to the day before ``now``. ``planted``: so many days ago, at an
    outlet, of a business, with a text, so many more; 0 is today, of which there is nothing else."""
    rng = np.random.default_rng(seed)
    outlets = list(Org.objects.filter(kind="outlet").order_by("code"))
    today = timezone.localdate(now)
    rows = []
    for ago in range(days, -1, -1):
        day = today - timedelta(days=ago)
        for outlet in outlets if ago else []:
            for business in BUSINESS:
                many = int(rng.poisson(0.25))
                rows += [_case(kind, day, outlet, business, USUAL) for _ in range(many)]
        if planted and ago in planted:
            code, business, text, many = planted[ago]
            outlet = next(one for one in outlets if one.code == code)
            rows += [_case(kind, day, outlet, business, text) for _ in range(many)]
    for number, row in enumerate(rows):
        row.number = f"{_YEARS[kind]}-{number:07}"
    Complaint.objects.bulk_create(rows)


def _case(kind: str, day: date, outlet: Org, business: str, text: str) -> Complaint:
    received = midnight(day) + timedelta(hours=10)
    return Complaint(
        kind=kind, lane="ordinary", channel="counter", text=text, tokens=search_tokens(text),
        received_at=received, closed_at=received, origin=outlet, business=business,
        cause="service", touchpoint="counter", seen_by=list(outlet.tokens),
    )  # fmt: skip
