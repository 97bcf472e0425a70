"""Every number of the page of figures equals a count made from the entries alone, in other words.

The counts below are SQL over ``platform_entry``: they cut every docket into stretches between two
entries and never look at what was kept for the page, nor at the engine that read it.
"""

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from sujin.complaints.acts import measure as measuring
from sujin.complaints.acts.measure import measure_all
from sujin.complaints.models import Complaint, Course, Overrun, Promise, Spell
from sujin.engine import custody as engine
from sujin.lab import cast as stage
from sujin.platform.models import Entry, Person
from tests.complaints.walks import Walk
from tests.conftest import SHANGHAI

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=SHANGHAI)
FIRST, LAST, CHANGE = date(2026, 4, 21), date(2026, 5, 20), date(2026, 5, 6)
QUESTION = {"from": str(FIRST), "to": str(LAST), "change": str(CHANGE)}
CASES = 110
MOVES = (
    "accepted", "declined", "paused", "resumed", "reopened", "withdrawn", "reinstated", "merged",
    "unmerged", "task_force", "opinion_given", "concluded", "transferred", "restarted", "answered",
    "closed", "proceeded_without", "recused", "relieved",
)  # fmt: skip
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def walked(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The walked bank, measured once; every test's changes are rolled back on top of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        Walk(11, NOW).go(CASES)
        measure_all()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def client_of(staff_no: str) -> Client:
    client = Client()
    person = Person.objects.get(staff_no=staff_no)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(staff_no: str = stage.LIN_LAN.staff_no, **params: str) -> Any:
    response = client_of(staff_no).get("/figures", QUESTION | params)
    assert response.status_code == 200
    return response


STRETCHES = """
WITH docket AS (
    SELECT e.*, c.origin_id, c.channel, c.received_at, c.kind AS case_kind,
           e.subject_id AS c, e.kind = 'complaint.registered' AS first
    FROM platform_entry e JOIN complaints_complaint c ON c.id = e.subject_id
    WHERE e.subject = 'complaint' AND e.kind NOT IN ('complaint.unmerged', 'complaint.reinstated')
      AND NOT EXISTS (
        SELECT FROM platform_entry u WHERE u.subject = 'complaint' AND u.subject_id = e.subject_id
        AND (u.at, u.id) > (e.at, e.id) AND (e.kind, u.kind) IN (
            ('complaint.merged', 'complaint.unmerged'),
            ('complaint.withdrawn', 'complaint.reinstated')))
), timed AS (
    SELECT docket.*, row_number() OVER w AS place,
           max(CASE WHEN first THEN received_at ELSE at END) OVER w AS m
    FROM docket WINDOW w AS (PARTITION BY c ORDER BY first DESC, at, id)
), marked AS (
    SELECT timed.*,
        CASE WHEN first THEN origin_id
             WHEN kind IN ('complaint.routed', 'complaint.accepted', 'complaint.task_force',
                           'complaint.reopened') THEN (data->>'desk')::bigint END AS gets,
        CASE WHEN first OR kind IN ('complaint.reopened', 'complaint.restarted') THEN 1
             WHEN kind IN ('complaint.answered', 'complaint.closed', 'complaint.withdrawn',
                           'complaint.merged', 'complaint.concluded') THEN 0 END AS runs,
        CASE kind WHEN 'complaint.paused' THEN 1 WHEN 'complaint.resumed' THEN 0 END AS rests,
        count(*) FILTER (WHERE kind = 'complaint.routed') OVER w AS routings
    FROM timed WINDOW w AS (PARTITION BY c ORDER BY place)
), carried AS (
    SELECT marked.*,
        array_remove(array_agg(gets) OVER w, NULL) AS desks,
        array_remove(array_agg(runs) OVER w, NULL) AS runnings,
        array_remove(array_agg(rests) OVER w, NULL) AS restings,
        lead(m) OVER w2 AS next_m, lead(kind) OVER w2 AS next_kind
    FROM marked WINDOW w AS (PARTITION BY c ORDER BY place),
                       w2 AS (PARTITION BY c ORDER BY place)
), stretch AS (
    SELECT carried.*, desks[cardinality(desks)] AS desk,
        runnings[cardinality(runnings)] = 1 AS running,
        COALESCE(restings[cardinality(restings)], 0) = 1 AS resting,
        COALESCE(next_m, %(now)s) AS until_m
    FROM carried
), chosen AS (
    SELECT c.id FROM complaints_complaint c
    WHERE c.kind = 'complaint' AND c.received_at >= %(since)s AND c.received_at < %(until)s
    AND NOT EXISTS (SELECT FROM platform_entry e WHERE e.subject = 'complaint'
                    AND e.subject_id = c.id AND e.kind = 'complaint.concluded')
), layered AS (
    SELECT s.*, CASE WHEN o.kind IN ('outlet', 'sub', 'centre') THEN 1
        WHEN o.kind = 'branch2' THEN 2 WHEN o.kind = 'branch1' THEN 3
        WHEN o.kind = 'department' AND p.kind = 'branch1' THEN 3 ELSE 4 END AS layer
    FROM stretch s JOIN platform_org o ON o.id = s.desk
    LEFT JOIN platform_org p ON p.id = o.parent_id
    WHERE s.c IN (SELECT id FROM chosen)
), trail AS (
    SELECT c, place, desk, lag(desk) OVER w AS before
    FROM stretch WHERE gets IS NOT NULL AND NOT first
    WINDOW w AS (PARTITION BY c ORDER BY place)
), moved AS (
    SELECT t.*, EXISTS (SELECT FROM trail o WHERE o.c = t.c AND o.place < t.place
                        AND o.desk = t.desk) AS returned
    FROM trail t WHERE before IS NOT NULL AND desk <> before
), hops AS (
    SELECT id AS c, (SELECT count(*) FROM moved WHERE moved.c = chosen.id) AS hops,
        (SELECT count(*) FROM moved WHERE moved.c = chosen.id AND returned)
        + (SELECT count(*) FROM docket d WHERE d.c = chosen.id AND d.kind = 'complaint.declined')
        AS backs,
        (SELECT desk FROM trail WHERE trail.c = chosen.id ORDER BY place LIMIT 1) AS first_desk
    FROM chosen
), solved AS (
    SELECT l.c, l.layer, l.desk, l.next_m AS at FROM layered l
    WHERE l.running AND l.next_kind IN ('complaint.answered', 'complaint.closed')
    AND NOT EXISTS (SELECT FROM stretch x WHERE x.c = l.c AND x.place > l.place AND x.running)
), told AS (
    SELECT c, place, m, (data->>'due_at')::timestamptz AS due_at, data->>'due_clock' AS clock,
        lead(m) OVER (PARTITION BY c ORDER BY place) AS then_m
    FROM stretch WHERE data ? 'due_clock' AND c IN (SELECT id FROM chosen)
), late AS (
    SELECT DISTINCT ON (c, clock, due_at) t.*,
        (SELECT min(n.m) FROM told n WHERE n.c = t.c AND n.place > t.place
         AND (n.clock, n.due_at) IS DISTINCT FROM (t.clock, t.due_at)) AS until_m,
        COALESCE(
            (SELECT s.desk FROM stretch s WHERE s.c = t.c AND s.running AND s.m <= t.due_at
             ORDER BY s.place DESC LIMIT 1),
            (SELECT s.desk FROM stretch s WHERE s.c = t.c ORDER BY s.place LIMIT 1)) AS desk
    FROM told t WHERE due_at < COALESCE(then_m, %(now)s) AND due_at < %(now)s
    ORDER BY c, clock, due_at, place
)
"""


def counted(query: str, first: date = FIRST, last: date = LAST) -> list[tuple[Any, ...]]:
    since = datetime(first.year, first.month, first.day, tzinfo=SHANGHAI)
    until = datetime(last.year, last.month, last.day, tzinfo=SHANGHAI) + timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(STRETCHES + query, {"now": NOW, "since": since, "until": until})
        return list(cursor.fetchall())


def test_the_bank_holds_everything_that_moves_the_ball(walked: None) -> None:
    """A page of zeros would equal any count of zeros."""
    kinds = dict(_kinds())
    for kind in MOVES:
        assert kinds.get(f"complaint.{kind}", 0) >= 2, kind
    assert Course.objects.filter(hand_backs__gt=1).exists()
    assert Course.objects.filter(on_the_spot=True).exists()
    assert Overrun.objects.filter(due_at__lt=NOW).count() > 20
    assert Spell.objects.filter(waited_seconds__gt=0).exists()


def _kinds() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, count(*) FROM platform_entry GROUP BY kind")
        return list(cursor.fetchall())


def funnel_counted() -> dict[int, dict[str, int]]:
    rows = counted("""
        , last_there AS (
            SELECT DISTINCT ON (l.c, l.layer) l.* FROM layered l
            JOIN hops h ON h.c = l.c
            WHERE l.running AND (l.routings > 0 OR l.desk = h.first_desk)
            ORDER BY l.c, l.layer, l.place DESC)
        SELECT layer, CASE
            WHEN next_kind IS NULL THEN 'open'
            WHEN next_kind IN ('complaint.answered', 'complaint.closed') THEN
                CASE WHEN EXISTS (SELECT FROM stretch x WHERE x.c = t.c AND x.place > t.place
                                  AND x.running) THEN 'leaked' ELSE 'solved' END
            WHEN next_kind IN ('complaint.withdrawn', 'complaint.merged') THEN 'other'
            WHEN EXISTS (SELECT FROM layered x WHERE x.c = t.c AND x.place > t.place AND x.running)
                THEN 'passed' ELSE 'open' END AS what, count(*)
        FROM last_there t GROUP BY 1, 2""")
    found: dict[int, dict[str, int]] = {}
    for layer, what, count in rows:
        found.setdefault(layer, {})[what] = count
    return found


def funnel_shown(response: Any) -> dict[int, dict[str, int]]:
    return {
        one.number: {name: n for name, n in one.outcomes.items() if n}
        for one in response.context["funnel"]
        if one.came
    }


def test_the_funnel_counts_each_layer_as_the_entries_do(walked: None) -> None:
    response = page()
    assert funnel_shown(response) == funnel_counted()
    solved = dict(counted("SELECT layer, count(*) FROM solved GROUP BY 1"))
    share = response.context["layer1"]
    assert (share.part, share.whole) == (solved.get(1, 0), sum(solved.values()))
    assert {one for layer in funnel_counted().values() for one in layer} == {
        "solved", "passed", "leaked", "open", "other",
    }  # fmt: skip


def test_branches_and_routes_count_as_the_entries_do(walked: None) -> None:
    response = page()
    rows = counted("""
        SELECT b.code, count(*), count(s.c), count(*) FILTER (WHERE s.layer = 1),
               sum(h.hops)::int, sum(h.backs)::int
        FROM hops h JOIN complaints_complaint k ON k.id = h.c
        JOIN platform_org o ON o.id = k.origin_id
        JOIN platform_org b ON b.kind = 'branch1' AND o.path LIKE b.path || '%%'
        LEFT JOIN solved s ON s.c = h.c GROUP BY 1""")
    shown = {
        (one.org.code, one.cases, one.solved, one.first, one.hops, one.hand_backs)
        for one in response.context["branches"]
    }
    assert shown == set(rows)
    rows = counted(f"""
        SELECT d.data->>'row', k.received_at >= '{CHANGE} 00:00+08', count(*), sum(h.hops)::int,
               sum(h.backs)::int
        FROM hops h JOIN complaints_complaint k ON k.id = h.c
        JOIN docket d ON d.c = h.c AND d.kind = 'complaint.routed' GROUP BY 1, 2""")
    routes = response.context["routes"]
    per_row = {
        (one.row, is_after, part.cases, part.hops, part.hand_backs)
        for one in routes
        for is_after, part in ((False, one.before), (True, one.after))
        if part.cases
    }
    assert per_row == set(rows)
    assert {is_after for _row, is_after, *_rest in rows} == {False, True}


def units_counted() -> dict[str, tuple[int, int]]:
    return {
        code: (cases, round(seconds))
        for code, cases, seconds in counted("""
            SELECT o.code, count(DISTINCT s.c), sum(CASE WHEN resting THEN 0 ELSE
                EXTRACT(epoch FROM until_m - m) END)
            FROM layered s JOIN platform_org o ON o.id = s.desk
            WHERE s.running AND (s.routings > 0 OR s.until_m > s.m
                OR s.desk = (SELECT first_desk FROM hops h WHERE h.c = s.c))
            GROUP BY 1""")
    }


def units_shown(response: Any) -> dict[str, tuple[int, int]]:
    return {one.org.code: (one.cases, round(one.seconds)) for one in response.context["units"]}


def near(shown: dict[str, tuple[int, int]], counts: dict[str, tuple[int, int]]) -> bool:
    """Pauses are kept in whole seconds: a few seconds for a desk are rounding, an hour is not."""
    return shown.keys() == counts.keys() and all(
        shown[code][0] == counts[code][0] and abs(shown[code][1] - counts[code][1]) <= CASES
        for code in shown
    )


def test_the_share_of_delay_per_desk_is_what_the_entries_say(walked: None) -> None:
    response = page()
    shown, counts = units_shown(response), units_counted()
    assert near(shown, counts), (shown, counts)
    whole = sum(seconds for _cases, seconds in counts.values())
    shares = [one.share.rate for one in response.context["units"]]
    assert sum(shares) == pytest.approx(1)
    for one in response.context["units"]:
        assert one.share.rate == pytest.approx(counts[one.org.code][1] / whole, abs=1e-3)


def test_limits_run_out_on_whoever_had_the_ball_then(walked: None) -> None:
    response = page()
    counts = {
        code: (cases, round(seconds))
        for code, cases, seconds in counted("""
            SELECT o.code, count(DISTINCT c),
                   sum(EXTRACT(epoch FROM COALESCE(until_m, %(now)s) - due_at))
            FROM late JOIN platform_org o ON o.id = late.desk GROUP BY 1""")
    }
    units = response.context["units"]
    shown = {one.org.code: (one.late, round(one.late_seconds)) for one in units if one.late}
    assert shown == counts
    whole = response.context["whole"]
    (cases,) = counted("SELECT count(DISTINCT c) FROM late")[0]
    assert whole.late == cases
    assert sum(one.late_share.rate for one in units) == pytest.approx(1)


WAITS = {
    "contacted": "SELECT k.received_at AS a, min(d.at) AS b FROM docket d"
    " JOIN complaints_complaint k ON k.id = d.c"
    " WHERE d.kind IN ('complaint.responded', 'complaint.answered') GROUP BY k.id",
    "answered": "SELECT k.received_at AS a, min(d.at) AS b FROM docket d"
    " JOIN complaints_complaint k ON k.id = d.c WHERE d.kind = 'complaint.answered' GROUP BY k.id",
    "transfer": "SELECT k.received_at AS a, min(d.at) AS b FROM docket d"
    " JOIN complaints_complaint k ON k.id = d.c WHERE EXISTS (SELECT FROM docket t"
    " WHERE t.c = d.c AND t.kind = 'complaint.transferred')"
    " AND d.kind IN ('complaint.responded', 'complaint.answered') GROUP BY k.id",
}


@pytest.mark.parametrize("name", WAITS)
def test_medians_and_tails_are_those_of_the_entries_now_and_before(walked: None, name: str) -> None:
    (wait,) = [one for one in page().context["waits"] if one.name == name]
    only = WAITS[name].replace(
        " GROUP BY",
        " AND k.kind = 'complaint' AND NOT EXISTS (SELECT FROM docket x WHERE x.c = k.id"
        " AND x.kind = 'complaint.concluded') GROUP BY",
    )
    for tail, since, until in (
        (wait.now, FIRST, LAST + timedelta(days=1)),
        (wait.before, FIRST - timedelta(days=30), FIRST),
    ):
        rows = counted(
            f" SELECT b - a FROM ({only}) t"
            f" WHERE b >= '{since} 00:00+08' AND b < '{until} 00:00+08' ORDER BY 1"
        )
        spans = [span for (span,) in rows]
        assert tail.n == len(spans)
        for fraction, value in ((0.5, tail.median), (0.9, tail.p90), (0.95, tail.p95)):
            assert (value is None) == (not spans)
            if spans and value is not None:
                assert abs(value - _between(spans, fraction)) < timedelta(seconds=1)
    assert wait.now.n > 2


def _between(spans: list[timedelta], fraction: float) -> timedelta:
    """The value at a fraction of the way through, interpolated; worked out by hand."""
    at = fraction * (len(spans) - 1)
    low = spans[int(at)]
    return low + (spans[min(int(at) + 1, len(spans) - 1)] - low) * (at - int(at))


PROMISED = """
    SELECT o.code, count(*), count(*) FILTER (WHERE (k.data->>'is_late') = 'false'),
           count(DISTINCT p.subject_id),
           count(DISTINCT p.subject_id) FILTER (WHERE (k.data->>'is_late') IS DISTINCT FROM 'false')
    FROM platform_entry p JOIN platform_org o ON o.id = (p.data->>'unit')::bigint
    LEFT JOIN platform_entry k ON k.kind = 'complaint.promise_kept'
        AND k.data->>'promise' = p.data->>'promise'
    WHERE p.kind = 'complaint.promised' AND p.subject_id IN (SELECT id FROM chosen)
    AND ((p.data->>'due_at')::timestamptz < %(now)s OR k.id IS NOT NULL)
    AND NOT EXISTS (SELECT FROM platform_entry r WHERE r.kind = 'complaint.promise_released'
        AND r.data->>'promise' = p.data->>'promise')
    AND (k.id IS NOT NULL OR NOT EXISTS (SELECT FROM platform_entry w
        WHERE w.kind = 'complaint.withdrawn' AND w.subject = p.subject
        AND w.subject_id = p.subject_id
        AND (w.data->>'closed_at')::timestamptz <= (p.data->>'due_at')::timestamptz
        AND NOT EXISTS (SELECT FROM platform_entry u WHERE u.kind = 'complaint.reinstated'
            AND u.subject = p.subject AND u.subject_id = p.subject_id AND u.id > w.id)))
    GROUP BY 1"""


def promises_shown(response: Any) -> set[tuple[Any, ...]]:
    return {
        (one.org.code, one.share.whole, one.share.part, one.cases, one.broken_cases)
        for one in response.context["promises"]
    }


def test_kept_promises_per_desk_are_what_the_entries_say(walked: None) -> None:
    response, rows = page(), counted(PROMISED)
    assert promises_shown(response) == set(rows)
    whole = response.context["promised"]
    assert (whole.part, whole.whole) == (sum(row[2] for row in rows), sum(row[1] for row in rows))
    assert 0 < whole.part < whole.whole


def test_a_page_that_counts_late_promises_as_kept_is_seen(walked: None) -> None:
    """The known-bad control of kept promises."""
    late = Promise.objects.filter(kept_at__gt=F("due_at"))
    assert late.exists()
    late.update(kept_at=F("due_at"))
    assert promises_shown(page()) != set(counted(PROMISED))


def test_on_the_spot_and_the_burden_of_outlets_are_what_the_entries_say(walked: None) -> None:
    response = page()
    rows = counted("""
        SELECT o.code, count(*), count(*) FILTER (WHERE s.desk = k.origin_id AND h.hops = 0
            AND (s.at AT TIME ZONE 'Asia/Shanghai')::date
              = (k.received_at AT TIME ZONE 'Asia/Shanghai')::date)
        FROM hops h JOIN complaints_complaint k ON k.id = h.c AND k.origin_id = h.first_desk
        JOIN platform_org o ON o.id = k.origin_id LEFT JOIN solved s ON s.c = h.c GROUP BY 1""")
    shown = {(one.org.code, one.share.whole, one.share.part) for one in response.context["spots"]}
    assert shown == set(rows)
    whole = response.context["spot"]
    assert (whole.part, whole.whole) == (sum(row[2] for row in rows), sum(row[1] for row in rows))
    minutes = """
        , effort(kind, minutes) AS (VALUES ('registered', 5), ('claimed', 1), ('accepted', 1),
            ('offered', 2), ('responded', 10), ('noted', 3), ('attached', 3), ('investigated', 20),
            ('drafted', 10), ('answered', 5), ('closed', 2))
        SELECT o.code, count(DISTINCT k.id), sum((
            SELECT COALESCE(sum(f.minutes), 0) FROM stretch s
            JOIN effort f ON s.kind = 'complaint.' || f.kind
            JOIN platform_org d ON d.id = s.desk JOIN platform_person p ON p.id = s.by_id
            WHERE s.c = k.id AND d.kind IN ('outlet', 'sub') AND NOT p.is_service
            AND (NOT s.first OR k.channel = 'counter')) + 10 * (
            SELECT count(*) FROM docket g WHERE g.c = k.id
            AND g.kind = 'complaint.opinion_given' AND g.data->>'step' = 'coached'))::int,
            sum(h.hops)::int, sum(h.backs)::int
        FROM hops h JOIN complaints_complaint k ON k.id = h.c
        JOIN platform_org o ON o.id = k.origin_id AND o.kind IN ('outlet', 'sub') GROUP BY 1"""
    asked_of = {
        (one.org.code, one.cases, one.minutes, one.hops, one.hand_backs)
        for one in response.context["outlets"]
    }
    assert asked_of == set(counted(minutes))
    before = counted(minutes, FIRST - timedelta(days=30), FIRST - timedelta(days=1))
    shown_before = response.context["burden_before"]
    assert (shown_before.cases, shown_before.minutes) == (
        sum(row[1] for row in before),
        sum(row[2] for row in before),
    )
    history = counted(
        "SELECT count(*) FROM complaints_complaint k WHERE k.kind = 'complaint'"
        " AND k.received_at >= %(since)s AND k.received_at < %(until)s"
        " AND k.id NOT IN (SELECT id FROM chosen)"
    )
    assert response.context["history"] == history[0][0] > 0


LINK = re.compile(r'<a class="num" href="(/complaints\?[^"]+)">([\d,]+)</a>')


@pytest.mark.parametrize("staff_no", [stage.LIN_LAN.staff_no, stage.ZHOU_TAO.staff_no])
def test_every_number_opens_exactly_its_cases(walked: None, staff_no: str) -> None:
    client = client_of(staff_no)
    links = set(LINK.findall(page(staff_no).content.decode()))
    assert len(links) > 25
    for address, count in links:
        listing = client.get(unescape(address)).context["listing"]
        assert listing.count == int(count.replace(",", "")), address
        assert listing.notes == [], address


def test_a_link_whose_filter_is_not_known_is_seen(walked: None) -> None:
    """The known-bad control of the links: a filter that is ignored says so and shows too much."""
    client = client_of(stage.LIN_LAN.staff_no)
    broken = client.get("/complaints?held_by=NOWHERE&from=2026-99-01").context["listing"]
    assert len(broken.notes) == 2


def test_a_page_whose_source_lost_one_decline_is_seen(walked: None) -> None:
    """The known-bad control of hand-backs: the docket the page was made from lacks one entry."""
    declined = Entry.objects.filter(kind="complaint.declined", at__gte=NOW - timedelta(days=25))
    lost = declined.filter(
        subject_id__in=Course.objects.filter(
            complaint__kind="complaint", complaint__received_at__gte=NOW - timedelta(days=25)
        ).values("pk")
    ).earliest("pk")
    kept = measuring._dockets

    def without(ids: Any) -> Any:
        found = kept(ids)
        return {pk: [one for one in found[pk] if one != lost] for pk in ids}

    with pytest.MonkeyPatch.context() as planted:
        planted.setattr(measuring, "_dockets", without)
        measure_all()
    with pytest.raises(AssertionError):
        test_branches_and_routes_count_as_the_entries_do(walked)


def test_a_page_that_counts_pauses_as_the_desks_delay_is_seen(walked: None) -> None:
    """The known-bad control of the share of delay."""
    Spell.objects.update(waited_seconds=0, waiting_since=None)
    assert not near(units_shown(page()), units_counted())


def test_measuring_again_changes_nothing_and_reads_only_what_is_new(walked: None) -> None:
    def rows() -> list[Any]:
        spells = Spell.objects.order_by("complaint", "number")
        late = Overrun.objects.order_by("complaint", "clock", "due_at")
        return [
            list(spells.values_list("complaint", "number", "desk", "since", "until", "ended")),
            list(late.values_list("complaint", "clock", "due_at", "until", "desk")),
            list(Course.objects.order_by("pk").values_list()),
        ]

    before = rows()
    assert measuring.measure_changed(at=NOW) == 0
    case = Complaint.objects.order_by("pk").first()
    assert case is not None
    measuring.measure(case)
    measuring.measure(case)
    assert rows() == before
    Course.objects.filter(pk=case.pk).update(hops=99)
    Course.objects.filter(pk=Complaint.objects.latest("pk").pk).delete()
    assert measuring.measure_changed(at=NOW) == 1
    assert measure_all() == Complaint.objects.count()
    assert rows() == before


def test_the_spells_kept_are_those_the_engine_reads(walked: None) -> None:
    spells = Spell.objects.filter(until__isnull=False).order_by("complaint", "number")
    for one in spells:
        assert one.since <= one.until
        assert one.ended and one.ended in {
            engine.ROUTED, engine.MOVED, engine.PASSED,
            "answered", "closed", "withdrawn", "merged",
        }  # fmt: skip


def test_a_supervisor_sees_the_figures_of_the_own_branch_only(walked: None) -> None:
    response = page(stage.SUN_QIAN.staff_no)
    codes = {one.org.code for one in response.context["branches"] if one.org}
    assert all(code.startswith("BC") for code in codes)
    note = page(stage.SUN_QIAN.staff_no, org="JN").context["notes"]
    assert len(note) == 1


@pytest.mark.parametrize("address", ["/figures", "/wall", "/queue", "/queue?show=held"])
def test_the_number_of_queries_is_fixed(walked: None, address: str) -> None:
    client = client_of(stage.ZHOU_TAO.staff_no)

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url, QUESTION if url == "/figures" else {}).status_code == 200
        return len(captured)

    client.get(address)
    many = queries(address)
    keep = list(Complaint.objects.order_by("-pk").values_list("pk", flat=True)[:40])
    Complaint.objects.exclude(pk__in=keep).update(kind="bud", closed_at=NOW)
    assert queries(address) <= many <= 40


def test_the_export_holds_the_numbers_of_the_page_and_is_on_the_record(walked: None) -> None:
    client = client_of(stage.LIN_LAN.staff_no)
    answer = client.get("/figures/export", QUESTION)
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    funnel = page().context["funnel"]
    assert [row[1] for row in rows[1:5]] == [one.came for one in funnel]
    assert Entry.objects.latest("pk").data["what"] == "figures"
    assert client_of(stage.QIAN_WEI.staff_no).get("/figures/export").status_code == 403
    assert client_of(stage.WANG_XIUYING.staff_no).get("/figures").status_code == 403


@pytest.mark.parametrize(
    "params",
    [
        {"from": "2026-05-20", "to": "2026-05-01"},
        {"from": "x", "to": ""},
        {"from": "2020-01-01", "to": "2026-01-01"},
        {"kind": "murder"},
        {"org": "NOWHERE"},
        {"days": "9999", "from": "", "to": ""},
    ],
)
def test_a_question_that_makes_no_sense_gets_the_page_and_a_word(
    walked: None, params: dict[str, str]
) -> None:
    response = page(**params)
    assert response.context["window"].days <= 366
    assert len(response.context["notes"]) == (0 if "days" in params else 1)


def test_moments_of_the_walk_lie_before_now(walked: None) -> None:
    assert not Entry.objects.filter(subject="complaint", at__gt=NOW.astimezone(UTC)).exists()
