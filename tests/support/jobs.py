"""Waits for what becomes of a job, and never without end. Standard library only."""

import time
from collections.abc import Callable
from typing import Any

PATIENCE_S = 120.0


def look_until(
    look: Callable[[], dict[str, Any]], holds: Callable[[dict[str, Any]], Any]
) -> dict[str, Any]:
    """Look at a job until something holds of it; AssertionError once it has ended otherwise."""
    ends = time.monotonic() + PATIENCE_S
    while not holds(job := look()):
        assert job["state"] in ("queued", "running"), job
        assert time.monotonic() < ends, job
        time.sleep(0.02)
    return job


def has_ended(job: dict[str, Any]) -> bool:
    return job["state"] in ("done", "failed", "cancelled")
