"""变诉为金: does a customer whose complaint was handled well come back to complain less often than
one like it whose was not?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sujin.complaints.figures.selection import Window
from sujin.engine.matched import Ratio, Stratum, compare

WITHIN = timedelta(days=180)
# So many customers are looked at at most, the same ones each time: each costs a search.
MOST = 4000
SATISFIED, IN_LIMIT = "satisfied", "in_limit"
WELL: Mapping[str, tuple[Promise, Promise]] = {
    SATISFIED: (_("回访满意"), _("回访不满意")),
    IN_LIMIT: (_("时限内答复"), _("超限后答复")),
}
# Equals: of one first-level branch, top class of business, tier and quarter of closing.
_SQL = """
WITH closed AS (
    SELECT c.id, c.closed_at, c.customer_keys, c.satisfied, c.tier, w.answered_at,
        coalesce(substring(o.path FROM '^[0-9]+/[0-9]+/'), o.path) AS branch,
        split_part(c.business, '.', 1) AS business, date_trunc('quarter', c.closed_at) AS quarter
    FROM complaints_complaint c
    JOIN platform_org o ON o.id = c.origin_id
    JOIN complaints_course w ON w.complaint_id = c.id AND NOT w.is_history
    WHERE c.kind = 'complaint' AND c.merged_into_id IS NULL AND c.customer_keys <> '{}'
        AND c.closed_at >= %(since)s AND c.closed_at < %(until)s AND o.path LIKE %(path)s
    ORDER BY hashint8(c.id), c.id LIMIT %(most)s
), told AS (
    SELECT branch, business, tier, quarter,
        CASE satisfied WHEN 'yes' THEN true WHEN 'no' THEN false END AS satisfied,
        CASE WHEN answered_at IS NOT NULL THEN NOT EXISTS (
            SELECT FROM complaints_overrun v
            WHERE v.complaint_id = closed.id AND v.due_at < answered_at
        ) END AS in_limit,
        EXISTS (
            SELECT FROM complaints_complaint r
            WHERE r.customer_keys && closed.customer_keys AND r.id <> closed.id
                AND r.kind = 'complaint' AND r.received_at > closed.closed_at
                AND r.received_at <= closed.closed_at + %(within)s
        ) AS again
    FROM closed
)
SELECT branch, business, tier, quarter,
    count(*) FILTER (WHERE again AND satisfied), count(*) FILTER (WHERE satisfied),
    count(*) FILTER (WHERE again AND NOT satisfied), count(*) FILTER (WHERE NOT satisfied),
    count(*) FILTER (WHERE again AND in_limit), count(*) FILTER (WHERE in_limit),
    count(*) FILTER (WHERE again AND NOT in_limit), count(*) FILTER (WHERE NOT in_limit)
FROM told GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """One way of being handled well: among equals, and (to be read with care) as it stands."""

    well: Promise
    other: Promise
    matched: Ratio
    crude: Ratio


def loyalty(path: str, window: Window) -> list[Compared]:
    """Complaints closed in the window at the place with this path or below it, each followed for
    ``WITHIN``; one query, of ``MOST`` customers at most."""
    asked: dict[str, Any] = {
        "since": window.since, "until": window.until, "path": f"{path}%", "most": MOST,
        "within": WITHIN,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SQL, asked)
        rows = [tuple(map(int, row[4:])) for row in cursor.fetchall()]
    return [
        _compared(names, [Stratum(*row[at : at + 4]) for row in rows])
        for at, names in zip((0, 4), (WELL[SATISFIED], WELL[IN_LIMIT]), strict=True)
    ]


def _compared(names: tuple[Promise, Promise], strata: list[Stratum]) -> Compared:
    whole = Stratum(
        sum(one.hits for one in strata), sum(one.n for one in strata),
        sum(one.other_hits for one in strata), sum(one.other_n for one in strata),
    )  # fmt: skip
    return Compared(*names, compare(strata), compare([whole]))
