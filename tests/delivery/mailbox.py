"""The other side: a real SMTP server on loopback with a mailbox, and a real gateway for texts."""

import asyncio
import json
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Say = Callable[[str], str | None]


def nothing_special(step: str) -> str | None:
    return None


class Mailbox:
    """Keyed by Message-ID, as a mailbox that tells twice the same from two; every transmission is
    counted. ``say`` may answer ``rcpt`` and ``data`` with something else than acceptance;
    ``latency`` are the seconds between the last byte and the mail's acceptance, and between that
    and the answer."""

    def __init__(self, say: Say = nothing_special, *, latency: float = 0.0) -> None:
        self.say = say
        self.latency = latency
        self.mails: dict[str, EmailMessage] = {}
        self.transmissions: Counter[str] = Counter()
        self.accounts: list[str] = []

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        refusal = self.say("rcpt")
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        refusal = self.say("data")
        if refusal:
            return refusal
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        await asyncio.sleep(self.latency)
        self.mails[mail["Message-ID"]] = mail
        self.transmissions[mail["Message-ID"]] += 1
        await asyncio.sleep(self.latency)
        return f"250 2.0.0 queued as Q{sum(self.transmissions.values())}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def open_mailbox(mailbox: Mailbox, port: int = 0, **options: Any) -> Iterator[int]:
    """Serve the mailbox from a thread of its own; its port."""
    port = port or free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


class Phones:
    """Telephones keyed by the identity of the message, behind a gateway that honours it."""

    def __init__(self) -> None:
        self.texts: dict[str, dict[str, str]] = {}
        self.requests: list[dict[str, str]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []

    def take(self, told: dict[str, str], headers: dict[str, str]) -> tuple[int, dict[str, str]]:
        self.requests.append({**headers, **told})
        status, body = self.answers.pop(0) if self.answers else (200, {"receipt": "GW-7"})
        if status == 200:
            self.texts.setdefault(told["id"], told)
        return status, body


@contextmanager
def open_gateway(phones: Phones) -> Iterator[str]:
    """Serve the gateway; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, body = phones.take(told, dict(self.headers))
            self.send_response(status)
            for name, value in body.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/send?account=bank"
    finally:
        server.shutdown()
