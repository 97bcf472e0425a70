"""``python -m bench.dashboards``: the homes of levels, the metric catalogue, the indicators, the
early-warning board and the month's bulletin over a million cases, through the whole Django stack.

DASH_CASES (1,000,000) cases over three years, each with its course, most with a limit, are written
by SQL with all triggers on, summed, compared with the cases, and then looked at by people of
different reach; ``--filled`` looks at what an earlier run wrote. Goals: a board within 100 ms
(p95), a month's bulletin within 60 s.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta

os.environ.setdefault("SUJIN_VAR", "var/bench-dashboards")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sujin.config.settings")

from bench.board import _planted, _received
from bench.figures import Figure, milliseconds, percentile, table

CASES = int(os.environ.get("DASH_CASES", "1000000"))
ONE_GO, TIMES, DAYS = 100_000, 25, 1096
FILL = """
INSERT INTO complaints_complaint SELECT (jsonb_populate_record(one, jsonb_build_object(
    'id', n, 'number', '1999-' || n, 'business', (%(businesses)s::text[])[
        1 + floor(power((hashint4(n) & 1048575) / 1048576.0, 2) * %(sorts)s)::int],
    'origin_id', (%(outlets)s::bigint[])[1 + (hashint4(n + 7) & 65535) %% %(places)s],
    'line', (ARRAY['card', 'personal', 'loan', 'wealth'])[1 + (hashint4(n + 9) & 255) %% 4],
    'received_at', at,
    'closed_at', CASE WHEN at < now() - interval '40 days' OR hashint4(n + 4) %% 3 <> 0
        THEN least(at + ((hashint4(n + 5) & 65535) / 65536.0) * interval '20 days', now()) END,
    'called_back_at', CASE WHEN at < now() - interval '40 days'
        THEN at + ((hashint4(n + 5) & 65535) / 65536.0) * interval '19 days' END,
    'satisfied', (ARRAY['yes', 'yes', 'no', 'unreached'])[1 + (hashint4(n + 6) & 3)],
    'finding', (ARRAY['upheld', 'partly', 'not_upheld'])[1 + (hashint4(n + 2) & 255) %% 3],
    'fault', 'process', 'cause', 'fee', 'touchpoint', 'outlet'
))).* FROM complaints_complaint AS one, generate_series(%(begin)s, %(end)s) AS n,
LATERAL (SELECT one.received_at
    - ((hashint4(n + 3) & 1048575) %% 1096) * interval '1 day' AS at) AS times
WHERE one.id = %(like)s
"""
# One case of each of the last thirty days is closed anew: every day the pages ask about is late.
TOUCH = """
UPDATE complaints_complaint SET vulnerable = NOT vulnerable WHERE id IN (
    SELECT DISTINCT ON ((received_at AT TIME ZONE 'Asia/Shanghai')::date) id
    FROM complaints_complaint WHERE received_at > now() - interval '30 days'
) OR id IN (
    SELECT DISTINCT ON ((closed_at AT TIME ZONE 'Asia/Shanghai')::date) id
    FROM complaints_complaint WHERE closed_at > now() - interval '30 days'
)
"""
COURSES = """
INSERT INTO complaints_course (complaint_id, entry, is_history, route_row, first_desk_id, hops,
    hand_backs, layer_first, layer_closed, on_the_spot, outlet_minutes, contacted_at, answered_at)
SELECT id, 1, false, '', origin_id, (hashint4(id::int) & 3), ((hashint4(id::int) & 15) = 0)::int,
    1, 1, (hashint4(id::int + 1) & 3) = 0, hashint4(id::int + 2) & 63,
    received_at + ((hashint4(id::int + 8) & 65535) / 65536.0) * interval '3 days',
    received_at + ((hashint4(id::int + 3) & 65535) / 65536.0) * interval '18 days'
FROM complaints_complaint WHERE id BETWEEN %(begin)s AND %(end)s
"""
LIMITS = """
INSERT INTO complaints_overrun (complaint_id, desk_id, clock, due_at)
SELECT id, origin_id, 'decision', received_at + interval '15 days'
FROM complaints_complaint WHERE id BETWEEN %(begin)s AND %(end)s
"""


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", interactive=False, verbosity=0)
    if "--filled" not in sys.argv:
        sys.stdout.write(table(_filled()) + "\n")
        sys.stdout.flush()
    sys.stdout.write(table(_pages()) + "\n")
    sys.stdout.flush()
    sys.stdout.write(table(_busy()) + "\n")


def _filled() -> list[Figure]:
    from django.db import connection

    from sujin.complaints import tally
    from sujin.governance import folding

    bank = _planted()
    case = _received(1)[0]
    start = time.perf_counter()
    for begin in range(1_000_000, 1_000_000 + CASES, ONE_GO):
        asked = {
            "businesses": list(bank.businesses), "sorts": len(bank.businesses),
            "outlets": list(bank.outlets), "places": len(bank.outlets), "like": case.pk,
            "begin": begin, "end": begin + min(ONE_GO, CASES) - 1,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(FILL, asked)
            cursor.execute(COURSES, asked)
            cursor.execute(LIMITS, asked)
        tally.fold()
    filled, start = time.perf_counter() - start, time.perf_counter()
    days = folding.fold()
    folded, start = time.perf_counter() - start, time.perf_counter()
    differ = len(folding.differences())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return [
        Figure("written, triggers on", f"{CASES / filled:,.0f} /s", f"{CASES:,} cases"),
        Figure("summed from nothing", f"{folded:.1f} s", f"{days:,} days of moments"),
        Figure("compared with the cases", f"{time.perf_counter() - start:.1f} s",
               f"{differ} differences"),
    ]  # fmt: skip


def _pages() -> list[Figure]:
    from django.test import Client

    from sujin.lab.cast import HE_JING, LIN_LAN, ZHOU_TAO
    from sujin.platform.models import Person

    found = []
    for spec in (LIN_LAN, ZHOU_TAO, HE_JING):
        client = Client(HTTP_HOST="localhost")
        person = Person.objects.get(staff_no=spec.staff_no)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for address in ("/level", "/metrics", "/metrics/in_limit", "/metrics/median_days",
                        "/indicators", "/waves"):  # fmt: skip
            found.append(_page(client, address, spec.name_en, TIMES))
        for address in ("/reports/monthly", "/reports/monthly/file/docx",
                        "/reports/monthly/file/pdf"):  # fmt: skip
            if client.get(address).status_code == 200:
                found.append(_page(client, address, spec.name_en, 3))
    return found


def _busy() -> list[Figure]:
    """The same while a case has just changed on each of thirty days; then the fold."""
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from sujin.governance import folding
    from sujin.lab.cast import LIN_LAN
    from sujin.platform.models import Person

    with connection.cursor() as cursor:
        cursor.execute(TOUCH)
    client = Client(HTTP_HOST="localhost")
    person = Person.objects.get(staff_no=LIN_LAN.staff_no)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    today = timezone.localdate()
    cases = f"/metrics/received/cases?org=HO&from={today - timedelta(days=29)}&to={today}"
    found = [
        _page(client, address, "thirty late days", TIMES if address != "/reports/monthly" else 3)
        for address in ("/level", "/metrics", "/metrics/in_limit", "/reports/monthly", cases)
    ]
    start = time.perf_counter()
    days = folding.fold()
    taken = time.perf_counter() - start
    return [*found, Figure("folded", f"{taken:.1f} s", f"{days} days of moments")]


def _page(client: "Client", address: str, who: str, times: int) -> Figure:  # type: ignore[name-defined]  # noqa: F821
    def get() -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")

    run: Callable[[], object] = get
    taken = milliseconds(run, times)
    told = f"{who}, median {statistics.median(taken):.1f} ms"
    return Figure(f"{address.partition('?')[0]} p95", f"{percentile(taken, 0.95):,.1f} ms", told)


if __name__ == "__main__":
    main()
