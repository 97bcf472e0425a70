"""Plants the fault that ``CRASH_FAULT`` names, and the death that ``CRASH_POINT`` names."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.db import connection, transaction

EVERY = 3


class FaultsConfig(AppConfig):
    name = "tests.crash.faults"
    label = "faults"

    def ready(self) -> None:
        fault, point = os.environ.get("CRASH_FAULT", ""), os.environ.get("CRASH_POINT", "")
        if fault:
            FAULTS[fault]()
        if point:
            _die_at(point)


def _react_outside() -> None:
    """Reactions are queued a moment after the commit instead of with it."""
    from sujin.platform.models import entry

    real = entry._announce

    def late(entries: Any) -> None:
        def announce() -> None:
            time.sleep(1)
            real(entries)
            connection.close()

        transaction.on_commit(threading.Thread(target=announce, daemon=True).start)

    entry._announce = late


def _no_revival() -> None:
    """What a killed worker was at is left as it is: the queue as it comes."""
    from sujin.platform import jobs

    async def nothing(timestamp: int) -> None:
        """Nobody looks."""

    jobs.revive.func = nothing


def _mark_first() -> None:
    """Marked as sent, committed, and only then sent."""
    from sujin.complaints import envelope
    from sujin.complaints.acts import deliver as sender
    from sujin.complaints.models import Dispatch

    def deliver(dispatch: Any, *, by: Any, at: Any) -> None:
        with transaction.atomic():
            held = Dispatch.objects.select_for_update().get(pk=dispatch.pk)
            if held.is_over:
                return
            sender._record(held, "250 surely", by, at)
        envelope.put_out(held)

    sender.deliver = deliver


def _fresh_identity() -> None:
    """Every attempt is another message."""
    from sujin.complaints import envelope

    real = envelope._mail

    def mail(dispatch: Any, server: Any) -> Any:
        message = real(dispatch, server)
        message.replace_header("Message-ID", f"<{random.random()}@bank.example>")
        return message

    envelope._mail = mail


FAULTS: dict[str, Callable[[], None]] = {
    "react_outside": _react_outside,
    "no_revival": _no_revival,
    "mark_first": _mark_first,
    "fresh_identity": _fresh_identity,
}


def _die_at(point: str) -> None:
    """The first time and every third after it the worker dies there: before it connects, after the
    server has accepted and before we have committed, after we have committed."""
    from sujin.complaints.acts import deliver as sender
    from sujin.platform.delivery import smtp

    send, deliver = smtp.send, sender.deliver

    def sending(server: Any, message: Any) -> str:
        _perhaps(point == "before_connect")
        answer = send(server, message)
        _perhaps(point == "after_data")
        return answer

    def delivering(dispatch: Any, *, by: Any, at: Any) -> None:
        deliver(dispatch, by=by, at=at)
        _perhaps(point == "after_commit")

    smtp.send = sending
    sender.deliver = delivering


def _perhaps(here: bool) -> None:
    if not here:
        return
    # Counted in a file, because the one who counts is dead afterwards.
    with (Path(os.environ["SUJIN_VAR"]) / "passes").open("a+b") as passes:
        passes.write(b".")
        passes.flush()
        if passes.tell() % EVERY == 1:
            os.kill(os.getpid(), signal.SIGKILL)
