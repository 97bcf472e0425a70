"""A real SMTP client: one message, one recipient, the server's own answer as the receipt."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum
from threading import Timer
from typing import Any

from sujin.platform.delivery import Refused, Temporary

STEP_SECONDS = 15.0  # silence that ends one step of the conversation
WHOLE_SECONDS = 45.0  # a server that answers a byte a second is silent as a whole
ACCEPTED = range(200, 300)
NEVER = range(500, 600)


class Tls(StrEnum):
    """How the way to the server is sealed."""

    NO = "no"
    STARTTLS = "starttls"
    SSL = "ssl"


@dataclass(frozen=True, slots=True)
class Server:
    """The mail server of the institution, and in whose name it sends."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Tls = Tls.STARTTLS


def send(server: Server, message: EmailMessage) -> str:
    """Hand ``message`` to the server; its answer once it has taken it over.

    Raises Refused when it rejects this recipient or this message for good (5xx), Temporary for
    everything else: what is wrong with the server or our account can be mended, the letter cannot.
    """
    raw = message.as_bytes(policy=SMTP)
    try:
        with _conversation(server) as connection:
            answer = _handed_over(connection, server.sender, str(message["To"]), raw)
            # Said, but the reply is not waited for: each moment until the receipt is kept is one
            # in which a crash sends the letter a second time.
            with suppress(OSError):
                connection.putcmd("quit")
            return answer
    except smtplib.SMTPResponseException as error:
        raise Temporary(_words(error.smtp_code, error.smtp_error)) from None
    except (OSError, smtplib.SMTPException) as error:
        raise Temporary(type(error).__name__) from None


def _handed_over(connection: smtplib.SMTP, sender: str, to: str, raw: bytes) -> str:
    code, said = connection.mail(sender)
    if code not in ACCEPTED:
        raise smtplib.SMTPResponseException(code, said)
    _expect(*connection.rcpt(to))
    code, said = _data(connection, raw)
    _expect(code, said)
    return _words(code, said)


def _data(connection: smtplib.SMTP, raw: bytes) -> tuple[int, bytes]:
    try:
        return connection.data(raw)
    except smtplib.SMTPResponseException:
        raise
    except (OSError, smtplib.SMTPException) as error:
        # The silence may have begun after the last byte was taken.
        raise Temporary(type(error).__name__, in_doubt=True) from None


def _expect(code: int, said: bytes) -> None:
    """What is said of this recipient and this message can be final."""
    if code in NEVER:
        raise Refused(_words(code, said))
    if code not in ACCEPTED:
        raise smtplib.SMTPResponseException(code, said)


class _Timed(smtplib.SMTP):
    """Cut off when the conversation takes too long as a whole, from the first byte of it."""

    def connect(
        self, host: str = "localhost", port: int = 0, source_address: Any = None
    ) -> tuple[int, bytes]:
        self.cut = Timer(WHOLE_SECONDS, self._cut)
        self.cut.daemon = True
        self.cut.start()
        return super().connect(host, port, source_address)

    def close(self) -> None:
        self.cut.cancel()
        super().close()

    def _cut(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class _TimedSsl(_Timed, smtplib.SMTP_SSL):
    """The same inside a sealed line."""


@contextmanager
def _conversation(server: Server) -> Iterator[smtplib.SMTP]:
    """Connected, sealed and signed in."""
    connection = _connected(server)
    try:
        connection.ehlo_or_helo_if_needed()
        if server.tls is Tls.STARTTLS:
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
        if server.user:
            connection.login(server.user, server.password)
        yield connection
    finally:
        connection.close()


def _connected(server: Server) -> smtplib.SMTP:
    if server.tls is Tls.SSL:
        context = ssl.create_default_context()
        return _TimedSsl(server.host, server.port, timeout=STEP_SECONDS, context=context)
    return _Timed(server.host, server.port, timeout=STEP_SECONDS)


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"
