"""The sender is killed, wherever it hurts: the mailbox holds every letter once per Message-ID.

SMTP cannot be exactly-once: between the server's acceptance and our commit nobody can know. What is
promised is that nothing is lost, that a second transmission bears the same identity, and that there
are no more of them than kills.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.crash.product import Product
from tests.delivery.mailbox import Mailbox, open_mailbox

LETTERS = int(os.environ.get("LETTERS", "4"))
PATIENCE = 90.0
# A mail server takes its time, so that a random death finds letters on the wire on any machine.
LATENCY = 0.3
LOST = ("mails", "transmissions")


@dataclass
class Sent:
    """What came of it: the mailbox, the number of kills, what the checks found."""

    mailbox: Mailbox
    kills: int
    faults: dict[str, list[str]]

    def __str__(self) -> str:
        return (
            f"letters {LETTERS}, mails {len(self.mailbox.mails)}, transmissions "
            f"{sum(self.mailbox.transmissions.values())}, kills {self.kills}"
        )


def sent_under_fire(folder: Path, *, kills: int = 0, **env: str) -> Sent:
    """Send the letters with a worker that dies by itself (``CRASH_POINT``) or is killed at random,
    and is started again each time, until the queue is empty."""
    mailbox, chance = Mailbox(latency=LATENCY if kills else 0.0), random.Random(7)
    with open_mailbox(mailbox) as port:
        product = Product(folder, mail_port=port, CRASH_HURRY="yes", **env)
        product.prepare("0", str(LETTERS))
        product.keep_database()
        deaths = 0
        with product.connect() as keep_the_database:
            begun = time.monotonic()
            while _waiting(keep_the_database):
                assert time.monotonic() - begun < PATIENCE, product.log.read_text()[-2000:]
                deaths += _watch(product, keep_the_database, chance, deaths < kills)
        faults = _checked(product, mailbox, deaths)
        product.stop_database()
    return Sent(mailbox, deaths, faults)


def _waiting(connection: "psycopg.Connection[object]") -> bool:
    row = connection.execute(
        "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s AND status IN (%s, %s)",
        ["sujin.complaints.jobs.deliver", "todo", "doing"],
    ).fetchone()
    return bool(row and row[0])  # type: ignore[index]


def _watch(
    product: Product,
    connection: "psycopg.Connection[object]",
    chance: random.Random,
    is_hunted: bool,
) -> int:
    """One life of the worker; 1 when it did not end well."""
    # Where the moment is chosen, one letter at a time: a death takes what runs beside it along.
    at_once = "2" if is_hunted else "1"
    worker = product.spawn("procrastinate", "worker", "--concurrency", at_once)
    born, last = time.monotonic(), chance.uniform(0.1, 1.2)
    seen = Counter[str]()
    try:
        while worker.poll() is None and _waiting(connection):
            _hurry(connection)
            if not seen and _is_at_it(connection):
                seen["at"], born = 1, time.monotonic()
            if is_hunted and seen and time.monotonic() - born > last:
                break
            time.sleep(0.1)
    finally:
        died = worker.poll() is not None or (is_hunted and _waiting(connection))
        with suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGKILL)
        worker.wait(10)
    return int(died)


def _hurry(connection: "psycopg.Connection[object]") -> None:
    """What the worker does four times a minute, at once; and no pause before the next attempt."""
    connection.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, priority, queueing_lock) "
        "VALUES ('default', 'sujin.platform.jobs.revive', '{\"timestamp\": 0}', 20, 'revive') "
        "ON CONFLICT DO NOTHING"
    )


def _is_at_it(connection: "psycopg.Connection[object]") -> bool:
    row = connection.execute(
        "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s AND status = 'doing'",
        ["sujin.complaints.jobs.deliver"],
    ).fetchone()
    return bool(row and row[0])  # type: ignore[index]


def _checked(product: Product, mailbox: Mailbox, kills: int) -> dict[str, list[str]]:
    evidence = {
        "calls": {}, "acts": [], "ticks": [], "kills": kills, "mails": mailbox.transmissions,
    }  # fmt: skip
    path = product.var / "evidence.json"
    path.write_text(json.dumps(evidence))
    told = json.loads(product.run("tests.crash.checks", str(path)).splitlines()[-1])
    found: dict[str, list[str]] = told["faults"]
    return {name: found[name] for name in LOST}


@pytest.mark.parametrize("point", ["before_connect", "after_data", "after_commit"])
def test_a_sender_that_dies_at_its_worst_moment_loses_and_doubles_nothing(
    tmp_path: Path, point: str
) -> None:
    sent = sent_under_fire(tmp_path, CRASH_POINT=point)
    sys.stdout.write(f"{point}: {sent}\n")
    assert sent.faults == {name: [] for name in LOST}, sent
    assert len(sent.mailbox.mails) == LETTERS
    if point != "after_data":
        assert set(sent.mailbox.transmissions.values()) == {1}, sent


def test_a_sender_killed_at_random_loses_and_doubles_nothing(tmp_path: Path) -> None:
    sent = sent_under_fire(tmp_path, kills=4)
    sys.stdout.write(f"at random: {sent}\n")
    assert sent.faults == {name: [] for name in LOST}, sent
    assert len(sent.mailbox.mails) == LETTERS and sent.kills >= 1
