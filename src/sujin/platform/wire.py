"""One HTTP conversation with an address that the installation named, and with nobody else.

No redirection is followed, no proxy is taken from the environment, a certificate is checked, and
the conversation is cut off when it takes too long as a whole: a byte a second is silence, too.
"""

import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from urllib.parse import urlsplit


@contextmanager
def conversation(url: str, *, step: float, whole: float) -> Iterator[http.client.HTTPConnection]:
    """A connection to the host of ``url``; ``step`` and ``whole`` are seconds."""
    where = urlsplit(url)
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    connection = kind(where.hostname or "", where.port, timeout=step)
    connection.connect()
    cut = Timer(whole, _cut, [connection.sock])
    cut.daemon = True
    cut.start()
    try:
        yield connection
    finally:
        cut.cancel()
        connection.close()


def target(url: str) -> str:
    """Path and query of ``url``, as the first line of a request names them."""
    where = urlsplit(url)
    return f"{where.path or '/'}{'?' + where.query if where.query else ''}"


def _cut(wire: socket.socket) -> None:
    # The connection forgets its socket before the last byte of the answer has been read.
    with suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)
