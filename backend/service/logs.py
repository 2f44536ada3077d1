"""The log of the service: a line for each record, whatever clients send, and few for strangers."""

import json
import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal

from backend.io.roots import without_foreign_paths

LogForm = Literal["plain", "json"]

FLOODING = (
    "socket.accept() out of system resource",
    "Invalid HTTP request received.",
    "Unsupported upgrade request.",
    "No supported WebSocket library detected.",
)
"""Beginnings of what a stranger can have logged at will: each is logged once a minute."""

QUIET_S = 60.0

FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"

_JOB: ContextVar[str | None] = ContextVar("job", default=None)


@contextmanager
def of_job(identity: str) -> Iterator[None]:
    """State the job that records of this thread are about."""
    token = _JOB.set(identity)
    try:
        yield
    finally:
        _JOB.reset(token)


def start_log(form: LogForm = "plain") -> None:
    """Write the log to stderr, in lines for people or as JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else Unforgeable(FORM))
    handler.addFilter(OncePerMinute())
    logging.basicConfig(level=logging.INFO, handlers=[handler])


class Unforgeable(logging.Formatter):
    """Indents all lines of a record but its first, so that none can pass for another record.

    Phrases, names and paths come from clients, and may hold newlines and codes for a terminal.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as lines of printable characters, without paths of others."""
        lines = without_foreign_paths(super().format(record)).splitlines()
        return "\n    ".join("".join(c if c.isprintable() else "?" for c in one) for one in lines)


class JsonLines(logging.Formatter):
    """Makes one JSON object of each record, in one line of ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as JSON: `time`, `level`, `logger`, `message`; `job`, `trace`."""
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        job = _JOB.get()
        if job:
            fields["job"] = job
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        # JSON cannot hold half a character: parsers of others refuse it.
        whole = {
            name: without_foreign_paths(text).encode("utf-8", "replace").decode()
            for name, text in fields.items()
        }
        return json.dumps(whole)


class OncePerMinute(logging.Filter):
    """Lets each message of `FLOODING` through once a minute, and all others always."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is to be logged."""
        kind = next((each for each in FLOODING if str(record.msg).startswith(each)), None)
        if kind is None:
            return True
        due = record.created - self._last.get(kind, -math.inf) >= QUIET_S
        if due:
            self._last[kind] = record.created
        return due
