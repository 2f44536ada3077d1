"""The log of the service: a line for each record, whatever clients send, and few for strangers."""

import logging
import math

from backend.io.roots import without_foreign_paths

FLOODING = (
    "socket.accept() out of system resource",
    "Invalid HTTP request received.",
    "Unsupported upgrade request.",
    "No supported WebSocket library detected.",
)
"""Beginnings of what a stranger can have logged at will: each is logged once a minute."""

QUIET_S = 60.0

FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def start_log() -> None:
    """Write the log to stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(Unforgeable(FORM))
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
