"""How long work tells how far it is, and how it is stopped.

Work calls `progress(stage, done, total)` often, at least twice a second, and holds no lock then. A
caller who wants it to stop raises `Cancelled` from the callback; nothing else is needed for a
cancel. A caller who has something more urgent to do on the device does it there: the work goes on
when the callback returns.
"""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]


class Cancelled(Exception):
    """Raised by a progress callback to stop the work it watches."""


def silent(stage: str, done: int, total: int) -> None:
    """Ignore what is reported."""
