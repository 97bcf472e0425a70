"""``python -m bench.board``: the boards on ten million cases beside DuckDB's group-by, in a
database of its own; what the tally costs an intake; how soon a new case is seen.

BOARD_ROWS (10,000,000) lines are written as the trigger writes them and folded a million at a time;
the same facts, of an outlet in each branch, lie in DuckDB's memory with codes as small integers.
BOARD_CASES (1,000,000) cases then go through the trigger itself.
"""

import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

os.environ.setdefault("SUJIN_VAR", "var/bench-board")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sujin.config.settings")

from bench.figures import Figure, milliseconds, percentile, table

ROWS = int(os.environ.get("BOARD_ROWS", "10000000"))
CASES = int(os.environ.get("BOARD_CASES", "1000000"))
SEED, DAYS, FIRST, ONE_GO, TIMES = 9, 1096, date(2023, 1, 1), 1_000_000, 60
QUARTER = 90
# Every row drawn from its number: few businesses have most cases, as everywhere.
FACTS = """
CREATE TABLE facts AS SELECT
    (hash(i, {seed}) % {days})::SMALLINT AS day,
    (hash(i, {seed} + 1) % {outlets})::SMALLINT AS outlet,
    floor({businesses} * power((hash(i, {seed} + 2) % 1000000) / 1e6, 2))::SMALLINT AS business,
    (hash(i, {seed} + 3) % 3)::SMALLINT AS cause,
    0::SMALLINT AS touchpoint,
    (hash(i, {seed} + 5) % 15 = 0) AS again
FROM range({rows}) AS numbers(i)
"""
LINES = """
COPY (
    SELECT DATE '{first}' + day::INTEGER, 'complaint', origin.id, sort.code, 'cause' || cause,
        'door' || touchpoint, 1, again::INTEGER
    FROM facts JOIN origins AS origin ON origin.place = outlet
    JOIN sorts AS sort ON sort.place = business
    WHERE facts.rowid >= {begin} AND facts.rowid < {begin} + {count}
) TO '{file}' (FORMAT csv, HEADER false)
"""
COPY = (
    "COPY complaints_tally (day, kind, origin_id, business, cause, touchpoint, cases, repeats) "
    "FROM STDIN (FORMAT csv)"
)
GROUPED = "SELECT day, business, count(*) FROM facts WHERE day >= ? GROUP BY ALL"
FILL = """
INSERT INTO complaints_complaint SELECT (jsonb_populate_record(one, jsonb_build_object(
    'id', n, 'number', 'B' || n, 'business', (%(businesses)s::text[])[
        1 + floor(power((hashint4(n) & 1048575) / 1048576.0, 2) * %(sorts)s)::int],
    'origin_id', (%(outlets)s::bigint[])[1 + (hashint4(n + 7) & 65535) %% %(places)s],
    'received_at', one.received_at - ((hashint4(n + 3) & 1048575) %% 1096) * interval '1 day'
))).* FROM complaints_complaint AS one, generate_series(%(begin)s, %(end)s) AS n
WHERE one.id = %(like)s
"""


@dataclass(frozen=True, slots=True)
class Bank:
    """Where the facts fall."""

    outlets: Sequence[int]
    businesses: Sequence[str]


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    bank = _planted()
    for part in (_boards, _visible, _cost):
        sys.stdout.write(table(part(bank)) + "\n")
        sys.stdout.flush()


def _planted() -> Bank:
    from django.utils import timezone

    from sujin.complaints.rulebook import taxonomy
    from sujin.lab import bank
    from sujin.platform.acts.organise import organise, system_person
    from sujin.platform.models import Org

    organise(bank.plan(SEED), by=system_person(), at=timezone.now())
    _empty()
    firsts = {
        one.path.split("/")[1]: one.pk for one in Org.objects.filter(kind="outlet").order_by("-pk")
    }
    return Bank(
        list(firsts.values()), sorted(code for axis, code in taxonomy() if axis == "business")
    )


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "TRUNCATE complaints_complaint, complaints_tally, complaints_tallycell, "
            "complaints_tallyboard, complaints_series, platform_entry CASCADE"
        )
        cursor.execute("SET session_replication_role = origin")


def _boards(bank: Bank) -> list[Figure]:
    """The same cells by DuckDB from the facts and by the board from the sums."""
    import duckdb

    facts = duckdb.connect()
    facts.execute(
        FACTS.format(
            seed=SEED, days=DAYS, outlets=len(bank.outlets), businesses=len(bank.businesses),
            rows=ROWS,
        )
    )  # fmt: skip
    folded = _load(facts, bank)
    found = [Figure("lines folded", f"{folded:,.0f} /s", f"{ROWS:,} lines, {ONE_GO:,} at a time")]
    for name, since in (("whole", 0), ("quarter", DAYS - QUARTER)):
        found += _compared(facts, bank, name, since)
    return found


def _load(facts: Any, bank: Bank) -> float:
    """All facts as lines of the tally, summed; lines per second of folding."""
    from django.db import connection

    from sujin.complaints import tally

    facts.execute("CREATE TABLE origins (place SMALLINT, id BIGINT)")
    facts.executemany("INSERT INTO origins VALUES (?, ?)", list(enumerate(bank.outlets)))
    facts.execute("CREATE TABLE sorts (place SMALLINT, code VARCHAR)")
    facts.executemany("INSERT INTO sorts VALUES (?, ?)", list(enumerate(bank.businesses)))
    seconds = 0.0
    with TemporaryDirectory() as folder:
        file = Path(folder) / "lines.csv"
        for begin in range(0, ROWS, ONE_GO):
            facts.execute(LINES.format(first=FIRST, begin=begin, count=ONE_GO, file=file))
            with connection.cursor() as cursor, cursor.copy(COPY) as lines:
                lines.write(file.read_bytes())
            start = time.perf_counter()
            tally.fold()
            seconds += time.perf_counter() - start
    with connection.cursor() as cursor:
        for name in ("tally", "tallycell", "tallyboard"):
            cursor.execute(f"VACUUM ANALYZE complaints_{name}")
    return ROWS / seconds


def _compared(facts: Any, bank: Bank, name: str, since: int) -> list[Figure]:
    from sujin.complaints import tally
    from sujin.platform.models import Org

    head = [Org.objects.get(parent=None)]
    first, last = FIRST + timedelta(days=since), FIRST + timedelta(days=DAYS - 1)

    def board() -> Any:
        return tally.board(head, first, last)

    def grouped() -> Any:
        return facts.execute(GROUPED, [since]).fetchall()

    theirs = {
        (FIRST + timedelta(days=day), bank.businesses[sort]): count
        for day, sort, count in grouped()
    }
    ours = {cell: found.cases for cell, found in board().cells().items()}
    equal = "cells equal" if ours == theirs else "CELLS DIFFER"
    on = f"{ROWS:,} cases, {len(ours):,} cells, {equal}"
    mine, peer = milliseconds(board, TIMES), milliseconds(grouped, TIMES)
    return [
        Figure(f"board p95, {name}", f"{percentile(mine, 0.95):.1f} ms", on),
        Figure(f"DuckDB p95, {name}", f"{percentile(peer, 0.95):.1f} ms", on),
        Figure(f"board median, {name}", f"{statistics.median(mine):.1f} ms", on),
        Figure(f"DuckDB median, {name}", f"{statistics.median(peer):.1f} ms", on),
    ]


def _visible(bank: Bank) -> list[Figure]:
    """CASES cases through the trigger; the board over them; and how soon one more is on it."""
    from django.db import connection
    from django.utils import timezone

    from sujin.complaints import tally
    from sujin.platform.models import Org

    _empty()
    case, seconds = _received(1)[0], 0.0
    for begin in range(1_000_000, 1_000_000 + CASES, 100_000):
        asked = {
            "businesses": list(bank.businesses), "sorts": len(bank.businesses),
            "outlets": list(bank.outlets), "places": len(bank.outlets), "like": case.pk,
            "begin": begin, "end": begin + 100_000 - 1,
        }  # fmt: skip
        start = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(FILL, asked)
        seconds += time.perf_counter() - start
        tally.fold()
    head, today = [Org.objects.get(parent=None)], timezone.localdate(case.received_at)
    span = (today - timedelta(days=QUARTER), today)
    shown = milliseconds(lambda: tally.board(head, *span), TIMES)
    seen = sorted(_seen(head, today) for _time in range(20))
    differ = len(tally.differences())
    on = f"{CASES:,} cases, last {QUARTER} days, {differ} differences"
    return [
        Figure("board p95", f"{percentile(shown, 0.95):.1f} ms", on),
        Figure("seen after commit, longest", f"{seen[-1]:.1f} ms", "20 cases, another connection"),
        Figure("rows filled", f"{CASES / seconds:,.0f} /s", "by SQL, the trigger on"),
    ]


def _seen(head: Any, today: date) -> float:
    """Milliseconds from the commit of an intake until another connection's board shows it."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    from sujin.complaints import tally

    def count() -> int:
        return int(tally.board(head, today, today).cases.sum())

    def wait(before: int) -> float:
        until = time.perf_counter() + 10
        while count() == before and time.perf_counter() < until:
            time.sleep(0.001)
        connection.close()
        return time.perf_counter()

    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(wait, count())
        _received(1)
        committed = time.perf_counter()
        return max(0.0, (waiting.result(30) - committed) * 1000)


def _cost(bank: Bank) -> list[Figure]:
    """Intakes with the triggers and without, in turns."""
    from django.db import connection

    taken: dict[tuple[int, str], list[float]] = {}
    for turn in range(8):
        state = ("ENABLE", "DISABLE")[turn % 2]
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE complaints_complaint {state} TRIGGER USER")
        for size, times in ((1, 20), (200, 1)):
            for _time in range(times):
                start = time.perf_counter()
                _received(size)
                spent = (time.perf_counter() - start) * 1000 / size
                taken.setdefault((size, state), []).append(spent)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE complaints_complaint ENABLE TRIGGER USER")
    return [
        Figure(
            f"intake, {size} at once",
            f"{statistics.median(taken[size, 'ENABLE']):.2f} ms",
            f"a case, median; {statistics.median(taken[size, 'DISABLE']):.2f} without the triggers",
        )
        for size in (1, 200)
    ]


_told = 0


def _received(count: int) -> list[Any]:
    """So many new complaints, received now."""
    global _told  # noqa: PLW0603 - every text of the run is another one
    from django.utils import timezone

    from sujin.complaints.acts.receive import receive_all
    from sujin.complaints.draft import Draft, PartyDraft
    from sujin.lab.cast import OUTLET_A
    from sujin.platform.acts.organise import service_person

    now, drafts = timezone.now(), []
    for _draft in range(count):
        _told += 1
        text = f"第{_told}笔：我的信用卡在网点办理时被多收了{_told}元年费，要求退还。"
        party = PartyDraft(name="张伟", phone=f"139{_told:08d}")
        drafts.append(Draft("counter", text, now, OUTLET_A, parties=(party,)))
    by = service_person("bench", "测量", "Measurement")
    return [one.complaint for one in receive_all(drafts, by=by, at=now, announce=False)]


if __name__ == "__main__":
    main()
