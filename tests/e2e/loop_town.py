"""The town of the whole loop: two years of two businesses, a wave in one of them, and half a year
that passes. What is true is known: from its start the measure halves the complaints it is about."""

from datetime import date, datetime, timedelta

import numpy as np
from django.db import connection
from django.utils import timezone

from sujin.complaints import tally
from sujin.complaints.figures.selection import midnight
from sujin.complaints.models import Complaint
from sujin.engine.text import search_tokens
from sujin.governance import folding
from sujin.lab.cast import OUTLET_A
from sujin.platform.models import Org

CARD, DEBIT = "card.credit.billing", "card.debit.use"
WEEKS, LEVEL, WAVE, TRUTH = 100, 14.0, 24, 0.5
USUAL = "网点排队时间长，柜台服务态度一般，希望改进"
NEW = "手机银行把我的转账限额突然调低了，提示风险管控"
# Sums are made anew; who is signed in stays so.
KEPT = (
    "django_migrations", "django_session", "governance_daysum", "governance_monthsum",
    "governance_mark", "complaints_tally", "complaints_tallycell", "complaints_tallyboard",
)  # fmt: skip
_DATED = """
SELECT table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' AND data_type IN ('date', 'timestamp with time zone')
    AND table_name NOT LIKE 'procrastinate%%' AND table_name <> ALL(%s)
"""


def grow(now: datetime) -> None:
    """Up to yesterday; in the last fortnight the wave at outlet A."""
    rng = np.random.default_rng(3)
    today = timezone.localdate(now)
    _plant(rng, today - timedelta(weeks=WEEKS), today, kept=1.0)
    outlet = Org.objects.get(code=OUTLET_A)
    for ago in (1, 2, 3, 8, 9, 10):
        day = today - timedelta(days=ago)
        _create([_case(day, outlet, CARD, NEW) for _ in range(WAVE // 3)])


def passes(days: int) -> None:
    """So many days pass: everything that has a date is now so much longer ago."""
    with connection.cursor() as cursor:
        cursor.execute(_DATED, [list(KEPT)])
        dated: dict[str, list[str]] = {}
        for table, column, kind in cursor.fetchall():
            later = f"{days}" if kind == "date" else f"interval '{days} days'"
            dated.setdefault(table, []).append(f'"{column}" = "{column}" - {later}')
        cursor.execute("SET session_replication_role = replica")
        for table, changes in dated.items():
            cursor.execute(f'UPDATE "{table}" SET {", ".join(changes)}')
        cursor.execute("SET session_replication_role = origin")
    tally.recount()
    folding.recount()


def live_on(since: date, now: datetime) -> None:
    """From a day up to yesterday, with the measure in force: the truth."""
    rng = np.random.default_rng(4)
    _plant(rng, since, timezone.localdate(now), kept=1 - TRUTH)


def _plant(rng: np.random.Generator, first: date, until: date, *, kept: float) -> None:
    outlets = list(Org.objects.filter(kind="outlet").order_by("code"))
    rows = []
    for ago in range((until - first).days, 0, -1):
        day = until - timedelta(days=ago)
        for business, level in ((CARD, LEVEL * kept), (DEBIT, LEVEL)):
            for outlet in outlets:
                many = int(rng.poisson(level / 7 / len(outlets)))
                rows += [_case(day, outlet, business, USUAL) for _ in range(many)]
    _create(rows)


def _create(rows: list[Complaint]) -> None:
    first = Complaint.objects.filter(number__startswith="2006-").count()
    for number, row in enumerate(rows, start=first):
        row.number = f"2006-{number:07}"
    Complaint.objects.bulk_create(rows)


def _case(day: date, outlet: Org, business: str, text: str) -> Complaint:
    received = midnight(day) + timedelta(hours=10)
    return Complaint(
        kind="complaint", lane="ordinary", channel="counter", text=text,
        tokens=search_tokens(text), received_at=received, closed_at=received, origin=outlet,
        business=business, cause="service", touchpoint="front.outlet", line="card",
        seen_by=list(outlet.tokens),
    )  # fmt: skip
