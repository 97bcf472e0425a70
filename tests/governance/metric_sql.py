"""What every metric of the catalogue is, said a second time and by other means: plain SQL on the
tables of cases, written from the definitions and not from the code.

Each statement gives one row: how many are in the denominator, how many in the numerator, the
median and the ninth decile. ``{place}`` stands for the condition on a place or line.
"""

PLACE = "(%(line)s = '' OR c.line = %(line)s) AND o.path LIKE %(path)s || '%%'"


def _during(column: str) -> str:
    return f"{column} >= %(since)s AND {column} < %(until)s"


def _share(
    value: str, at: str, *, frm: str = "", org: str = "c.origin_id", where: str = "true",
    complaints: bool = True,
) -> str:  # fmt: skip
    kind = "c.kind = 'complaint' AND" if complaints else ""
    return f"""
    SELECT count(*), count(*) FILTER (WHERE {value}), NULL, NULL
    FROM complaints_complaint c {frm} JOIN platform_org o ON o.id = {org}
    WHERE {kind} {_during(at)} AND {where} AND {PLACE}
    """


def _times(
    value: str, at: str, *, frm: str = "", where: str = "true"
) -> str:  # fmt: skip
    return f"""
    SELECT count(*), count(*) FILTER (WHERE v > 0),
        percentile_disc(0.5) WITHIN GROUP (ORDER BY v),
        percentile_disc(0.9) WITHIN GROUP (ORDER BY v)
    FROM (SELECT {value} AS v
        FROM complaints_complaint c {frm} JOIN platform_org o ON o.id = c.origin_id
        WHERE c.kind = 'complaint' AND {_during(at)} AND {where} AND {PLACE}) AS told
    """


COURSE = "JOIN complaints_course w ON w.complaint_id = c.id"
HERE = "NOT w.is_history"
ALONE = "c.merged_into_id IS NULL"


def _seconds(start: str, end: str) -> str:
    return f"greatest(floor(extract(epoch FROM {end} - {start})), 0)::int"


RECEIVED = "c.received_at"
CONTACT = _times(_seconds("c.received_at", "w.contacted_at"), "w.contacted_at", frm=COURSE,
                 where=HERE)  # fmt: skip
ANSWER = _times(_seconds("c.received_at", "w.answered_at"), "w.answered_at", frm=COURSE, where=HERE)
CLOSING = _times(_seconds("c.received_at", "c.closed_at"), "c.closed_at", where=ALONE)
HOPS = _times("w.hops", "c.closed_at", frm=COURSE, where=f"{HERE} AND {ALONE}")
COUNT = _share("true", RECEIVED, where="c.counted")

STATEMENTS = {
    "received": COUNT,
    "per_10k": COUNT,
    "transferred": _share("c.lane = 'regulator'", RECEIVED, where="c.counted"),
    "repeat": _share("c.repeat_of_id IS NOT NULL", RECEIVED, where=ALONE),
    "online": _share("c.channel IN ('web_form', 'assistant', 'email')", RECEIVED,
                     where="c.counted"),
    "vulnerable": _share("c.vulnerable", RECEIVED, where="c.counted"),
    "coded": _share("c.business <> '' AND c.cause <> '' AND c.touchpoint <> ''", RECEIVED,
                    where="c.counted"),
    "ended": _share("c.closed_at IS NOT NULL", RECEIVED, where="c.counted"),
    "in_limit": _share(
        "NOT EXISTS (SELECT FROM complaints_overrun v WHERE v.complaint_id = c.id "
        "AND v.due_at < w.answered_at)", "w.answered_at", frm=COURSE, where=HERE),
    "on_spot": _share("w.on_the_spot", RECEIVED, frm=COURSE,
                      where=f"{HERE} AND w.first_desk_id = c.origin_id AND w.layer_first = 1"),
    "first_time": _share(
        "NOT EXISTS (SELECT FROM complaints_complaint r WHERE r.repeat_of_id = c.id "
        "AND r.received_at >= c.closed_at AND r.received_at < c.closed_at + interval '720 hours')",
        "c.closed_at", where=ALONE),
    "median_contact": CONTACT,
    "p90_contact": CONTACT,
    "median_answer": ANSWER,
    "p90_answer": ANSWER,
    "median_days": CLOSING,
    "p90_days": CLOSING,
    "upheld": _share("c.finding IN ('upheld', 'partly')", "c.closed_at",
                     where=f"{ALONE} AND c.finding <> ''"),
    "caused": _share("c.cause <> '' AND c.fault <> ''", "c.closed_at", where=ALONE),
    "changed": _share("r.verdict <> 'upheld_decision'", "r.decided_at", complaints=False,
                      frm="JOIN complaints_review r ON r.complaint_id = c.id",
                      org="r.answered_desk_id"),
    "escalated": _share(
        "EXISTS (SELECT FROM complaints_rung g WHERE g.complaint_id = c.id AND g.row = 'f3')",
        "c.closed_at", frm=COURSE, where=f"{HERE} AND {ALONE}"),
    "missed": _share("p.missed_at IS NOT NULL", "p.due_at", complaints=False,
                     frm="JOIN complaints_promise p ON p.complaint_id = c.id", org="p.desk_id",
                     where="p.released_at IS NULL "
                           "AND coalesce(p.kept_at, p.missed_at) IS NOT NULL"),
    "reached": _share("c.satisfied <> 'unreached'", "c.called_back_at"),
    "satisfied": _share("c.satisfied = 'yes'", "c.called_back_at",
                        where="c.satisfied <> 'unreached'"),
    "handed_back": _share("w.hand_backs > 0", "c.closed_at", frm=COURSE,
                          where=f"{HERE} AND {ALONE}"),
    "median_hops": HOPS,
    "p90_hops": HOPS,
    "outlet_minutes": _times("w.outlet_minutes", "c.closed_at", frm=COURSE,
                             where=f"{HERE} AND {ALONE}"),
}  # fmt: skip
