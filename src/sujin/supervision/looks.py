# ruff: noqa: S608 - every statement is made of constants of this file; values are parameters
"""The looks of ``engine.gaming.looks`` once more, as SQL: one row for each trial.

Each statement gives ``complaint``, ``origin``, ``at`` (local), ``hit`` and ``before`` (whole days
left to a limit, else 0). What is counted from them is counted in the database, so that a million
cases cost a statement and not a million objects. ``tests/supervision/test_counting.py`` holds both
writings against each other.
"""

_ENTRY = "platform_entry"
_CASE = "complaints_complaint"
_LOCAL = "AT TIME ZONE %(zone)s"
_OF_CASES = "e.subject = 'complaint' AND e.at >= %(since)s AND e.at < %(until)s"
_NEXT = "date_trunc('month', {at} + make_interval(days => %(length)s)) <> date_trunc('month', {at})"
# The last entry of a kind of the same case up to this one.
_LAST = (
    f"LATERAL (SELECT max(b.at) AS at FROM {_ENTRY} b WHERE b.subject = 'complaint' "
    "AND b.subject_id = e.subject_id AND b.kind = '{kind}' AND b.at <= e.at) AS {name}"
)
_TIER = "array_position(ARRAY['ordinary', 'complex', 'urgent'], e.data->>'{name}')"


def _of_entries(kind: str, hit: str, *, joins: str = "", where: str = "TRUE") -> str:
    return (
        f"SELECT e.subject_id AS complaint, c.origin_id AS origin, e.at {_LOCAL} AS at, "
        f"({hit}) AS hit, 0 AS before FROM {_ENTRY} e JOIN {_CASE} c ON c.id = e.subject_id "
        f"{joins} WHERE e.kind = '{kind}' AND {_OF_CASES} AND {where}"
    )


_LATE = _NEXT.format(at=f"(e.at {_LOCAL})")
_LOWERED = f"{_TIER.format(name='tier')} < {_TIER.format(name='before')}"
_BY_CUSTOMER = "p.is_service AND e.data->>'satisfied' IN ('yes', 'no')"
_SPEAKER = "JOIN platform_person p ON p.id = e.by_id"
_ANSWER = "JOIN " + _LAST.format(kind="complaint.answered", name="answer") + " ON TRUE"
_CONTENT = "e.data->>'satisfied' = 'yes'"
_AT_WORK = (
    f"extract(isodow FROM e.at {_LOCAL}) < 6 AND extract(hour FROM e.at {_LOCAL}) BETWEEN 8 AND 17"
)
_SOON = "e.at - answer.at < make_interval(mins => %(length)s)"
_LOOKED = "JOIN " + _LAST.format(kind="complaint.investigated", name="looked") + " ON TRUE"
_QUICK = "e.at - looked.at < make_interval(mins => %(length)s)"
_AGAIN = (
    f"EXISTS (SELECT FROM {_ENTRY} r WHERE r.subject = 'complaint' "
    "AND r.subject_id = e.subject_id AND r.kind = 'complaint.reopened' AND r.at >= e.at)"
)
_RECEIVED = "(e.data->>'received_at')::timestamptz"
_TYPED = "NOT p.is_service"
_RETYPED = (
    f"EXISTS (SELECT FROM {_ENTRY} r WHERE r.subject = 'complaint' AND r.subject_id = c.id "
    "AND r.kind = 'complaint.reclassified' AND r.data->>'before' = 'complaint')"
)
_GONE = (
    f"EXISTS (SELECT FROM {_ENTRY} r WHERE r.subject = 'complaint' AND r.subject_id = c.id "
    "AND r.kind = 'complaint.withdrawn' AND r.at >= c.responded_at "
    "AND r.at - c.responded_at < make_interval(days => %(length)s))"
)
_WITHIN = "{at} >= %(since)s AND {at} < %(until)s"


def _of_cases(at: str, hit: str, where: str) -> str:
    return (
        f"SELECT c.id AS complaint, c.origin_id AS origin, {at} {_LOCAL} AS at, ({hit}) AS hit, "
        f"0 AS before FROM {_CASE} c WHERE {_WITHIN.format(at=at)} AND {where}"
    )


LOOKS: dict[str, str] = {
    "retyped_late": _of_entries(
        "complaint.reclassified", _LATE, where="e.data->>'before' = 'complaint'"
    ),
    "retyped_often": _of_cases("c.received_at", _RETYPED, f"(c.kind = 'complaint' OR {_RETYPED})"),
    "lowered_late": _of_entries("complaint.retiered", _LATE, where=_LOWERED),
    "brink": (
        f"SELECT o.complaint_id AS complaint, c.origin_id AS origin, o.until {_LOCAL} AS at, "
        "o.due_at - o.until < make_interval(hours => %(length)s) AS hit, "
        "floor(extract(epoch FROM o.due_at - o.until) / 86400)::int AS before "
        f"FROM complaints_overrun o JOIN {_CASE} c ON c.id = o.complaint_id "
        f"WHERE o.clock = 'decision' AND {_WITHIN.format(at='o.until')} "
        "AND o.until <= o.due_at AND o.due_at - o.until < interval '7 days'"
    ),
    "hollow": _of_entries(
        "complaint.closed",
        f"{_QUICK} AND {_AGAIN}",
        joins=_LOOKED,
        where="looked.at IS NOT NULL",
    ),
    "praised_quickly": _of_entries(
        "complaint.called_back",
        f"{_CONTENT} AND {_SOON} AND {_AT_WORK}",
        joins=f"{_SPEAKER} {_ANSWER}",
        where=f"{_BY_CUSTOMER} AND answer.at IS NOT NULL",
    ),
    "praised_always": _of_entries(
        "complaint.called_back", _CONTENT, joins=_SPEAKER, where=_BY_CUSTOMER
    ),
    "moved_back": _of_entries(
        "complaint.registered",
        f"date_trunc('month', {_RECEIVED} {_LOCAL}) <> date_trunc('month', e.at {_LOCAL})",
        joins=_SPEAKER,
        where=f"{_TYPED} AND extract(day FROM e.at {_LOCAL}) <= %(length)s",
    ),
    "round_times": _of_entries(
        "complaint.registered",
        f"extract(epoch FROM {_RECEIVED})::bigint %% 1800 = 0",
        joins=_SPEAKER,
        where=f"{_TYPED} AND e.at - {_RECEIVED} >= make_interval(mins => %(length)s)",
    ),
    "withdrawn_early": _of_cases("c.responded_at", _GONE, "c.responded_at IS NOT NULL"),
}
RECEIPTS = _of_cases("c.received_at", _NEXT.format(at=f"(c.received_at {_LOCAL})"), "TRUE")
