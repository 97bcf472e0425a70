"""The other side: a real OpenAI-compatible endpoint on loopback that answers what it is told to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Keeps every byte it is sent; answers by ``endpoint.answer``."""

    endpoint: "Endpoint"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.endpoint.heard.append((self.path, dict(self.headers), body))
        with suppress(ConnectionError):
            self.endpoint.answer(self)

    do_GET = do_POST  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


class Endpoint:
    """What was sent to it and what it answers."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, str], bytes]] = []
        self.answer: Answer = says({})

    @property
    def received(self) -> str:
        """Everything that came over the wire, as text: as it stood and with JSON undone."""
        parts = []
        for path, headers, body in self.heard:
            told = json.loads(body)
            parts += [path, str(headers), body.decode()]
            parts += [message["content"] for message in told["messages"]]
            parts.append(json.loads(told["messages"][-1]["content"])["text"])
        return "\n".join(parts)


def says(told: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """The model says this: as JSON, or a text as it is."""
    words = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
    wrapped = {"model": "someone-else", "choices": [{"message": {"content": words}}]}
    return sends(json.dumps(wrapped).encode(), status=status, headers=headers)


def sends(body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """The endpoint sends these bytes."""

    def answer(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def open_endpoint(endpoint: Endpoint) -> Iterator[str]:
    """Serve it; its base address."""
    kind = type("Bound", (Handler,), {"endpoint": endpoint})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
