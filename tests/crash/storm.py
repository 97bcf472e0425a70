"""Load, kills at random under a seed, calm; then the checks. One storm, one report."""

import json
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from tests.conftest import SHANGHAI
from tests.crash.load import Client, Heard, clients
from tests.crash.product import Product
from tests.delivery.mailbox import Mailbox, open_mailbox

# How often whom. The second worker runs beside ``up``, as on a second machine: two of them race for
# the same jobs, and killing it leaves the load as it is.
SECOND = "second worker"
TARGETS = [SECOND] * 12 + ["worker"] * 2 + ["web", "web worker", "group", "group", "database"]
CALM_SECONDS = 180.0
BUSY, BUSY_SECONDS = 10, 30.0
MISS = "sujin.complaints.jobs.miss_promises"
CLIMB = "sujin.complaints.jobs.climb_ladder"
RELIEVE = "sujin.complaints.jobs.relieve_leavers"


@dataclass
class Report:
    """What a storm did and what was found afterwards."""

    kills: Counter[str] = field(default_factory=Counter)
    recoveries: list[float] = field(default_factory=list)
    acknowledged: int = 0
    acts: int = 0
    retries: int = 0
    mails: int = 0
    transmissions: int = 0
    ticks: int = 0
    calm: float = 0.0
    seconds: float = 0.0
    faults: dict[str, list[str]] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        return not any(self.faults.values())

    def __str__(self) -> str:
        slow = sorted(self.recoveries) or [0.0]
        lines = [
            f"kills {sum(self.kills.values())}: {dict(self.kills)}",
            f"acknowledged calls {self.acknowledged}, acts {self.acts}, retries {self.retries}",
            f"mails {self.mails}, transmissions {self.transmissions}, timers {self.ticks}",
            f"in the database: {self.counted}",
            f"recovery s: median {slow[len(slow) // 2]:.1f}, max {slow[-1]:.1f}; "
            f"calm after {self.calm:.0f} s; whole {self.seconds:.0f} s",
            *(f"{name}: {found[:5] or 'ok'}" for name, found in self.faults.items()),
        ]
        return "\n".join(lines)


def storm(kills: int, *, seed: int = 1, folder: Path | None = None, **env: str) -> Report:
    """The whole storm; ``env`` may name a fault to plant."""
    begun, chance, report, box = time.monotonic(), random.Random(seed), Report(), Mailbox()
    ticks = max(2, kills // 5)
    var = Path(tempfile.mkdtemp(prefix="storm", dir=folder))
    with open_mailbox(box) as mail_port:
        product = Product(var, mail_port=mail_port, **env)
        product.prepare(str(ticks), "0")
        product.start()
        product.start_second()
        heard = Heard()
        busy = clients(product.url, heard, seed)
        for client in busy:
            client.start()
        _until_busy(heard)
        try:
            fired = _kill(product, kills, ticks, chance, report)
        finally:
            _rest(busy)
        report.calm = _calm(product)
        _inspect(product, heard, box, fired, report)
    report.seconds = time.monotonic() - begun
    return report


def _until_busy(heard: Heard) -> None:
    """Nobody is killed before there is something to lose."""
    begun = time.monotonic()
    while len(heard.calls) < BUSY and time.monotonic() - begun < BUSY_SECONDS:
        time.sleep(0.1)


def _kill(
    product: Product, kills: int, ticks: int, chance: random.Random, report: Report
) -> list[str]:
    """Kill and start again; in between the clock of the wall ticks. The ticks."""
    fired: list[str] = []
    due = {round((nth + 0.5) * kills / ticks) for nth in range(ticks)}
    order = _order(kills, chance)
    for nth in range(kills):
        if nth in due and len(fired) < ticks:
            fired.append(_tick(product, len(fired)))
        time.sleep(chance.uniform(0.3, 2.5))
        target = order[nth]
        _strike(product, target, report)
        report.kills[target] += 1
        if target == SECOND:
            # It needs a while to be at something again.
            time.sleep(chance.uniform(1, 8))
    while len(fired) < ticks:
        fired.append(_tick(product, len(fired)))
    # The ladder was climbed once only, and may have been killed at it: the minute after comes, too.
    _announce(product, CLIMB, datetime.fromisoformat(fired[0]) + timedelta(minutes=1))
    _announce(product, MISS, datetime.fromisoformat(fired[-1]) + timedelta(minutes=1))
    return fired


def _order(kills: int, chance: random.Random) -> list[str]:
    """Everybody once, as far as that goes, and then as it comes."""
    once = chance.sample(sorted(set(TARGETS)), k=len(set(TARGETS)))
    return [*once, *chance.choices(TARGETS, k=kills)][:kills]


def _strike(product: Product, target: str, report: Report) -> None:
    """One kill, and everything running again."""
    at = time.monotonic()
    if target == SECOND:
        product.kill_second()
    else:
        product.kill(target)
        product.start()
        report.recoveries.append(time.monotonic() - at)
    product.start_second()
    sys.stderr.write(f"{target} {time.monotonic() - at:.1f} s\n")


def _tick(product: Product, nth: int) -> str:
    """The morning after the nth leaver has gone, announced twice, as two workers would."""
    # By the bank's days, as posts end: in Greenwich it may still be yesterday.
    day = datetime.now(SHANGHAI).date() + timedelta(days=nth + 2)
    moment = datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI).astimezone(UTC)
    # The ladder is climbed at the first tick only: every case is on it by then.
    for task in (RELIEVE, MISS, *([CLIMB] if nth == 0 else [])):
        _announce(product, task, moment)
    return moment.isoformat()


def _announce(product: Product, task: str, moment: datetime) -> None:
    """Twice, as two workers would."""
    stamp = int(moment.timestamp())
    ask = "SELECT procrastinate_defer_periodic_job_v2(%s, NULL, NULL, %s, 0, 'storm', %s, %s)"
    with product.connect() as connection:
        for _worker in range(2):
            given = ["default", task, stamp, json.dumps({"timestamp": stamp})]
            connection.execute(ask, given)


def _rest(busy: list[Client]) -> None:
    for client in busy:
        client.over.set()
    for client in busy:
        client.join(30)


def _calm(product: Product) -> float:
    """Until nothing is queued any more, or nothing has moved for so long; the seconds that took."""
    begun = moved = time.monotonic()
    here = (
        "SELECT count(*) FILTER (WHERE status IN ('todo', 'doing')), "
        "count(*) FILTER (WHERE status = 'succeeded') FROM procrastinate_jobs "
        "WHERE task_name <> 'sujin.platform.jobs.revive'"
    )
    hurry = "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"
    ended = -1
    while time.monotonic() - moved < CALM_SECONDS:
        with suppress(psycopg.Error), product.connect() as connection:
            # What was killed often waits long for its next attempt: the time has come.
            connection.execute(hurry)
            row = connection.execute(here).fetchone()
            if row is not None and row[0] == 0:
                break
            if row is not None and row[1] != ended:
                ended, moved = row[1], time.monotonic()
        time.sleep(0.5)
    return time.monotonic() - begun


def _inspect(
    product: Product, heard: Heard, box: Mailbox, fired: list[str], report: Report
) -> None:
    evidence: dict[str, Any] = {
        "calls": heard.calls,
        "acts": heard.acts,
        "mails": box.transmissions,
        "kills": sum(report.kills.values()),
        "ticks": fired,
    }
    path = product.var / "evidence.json"
    path.write_text(json.dumps(evidence))
    product.stop()
    told = json.loads(product.run("tests.crash.checks", str(path)).splitlines()[-1])
    report.faults, report.counted = told["faults"], told["counted"]
    report.acknowledged, report.acts = len(heard.calls), len(heard.acts)
    report.retries, report.ticks = heard.retries, len(fired)
    report.mails, report.transmissions = len(box.mails), sum(box.transmissions.values())
