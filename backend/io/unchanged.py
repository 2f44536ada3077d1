"""What was read of a file, kept for as long as the file stays as it is."""

import time
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

SETTLED_S = 2.0
"""A file that was changed more recently may change once more under the same time: of FAT's clock,
the coarsest, two seconds are one."""

MOST = 64
"""Values that are kept of each kind; those that were not asked for longest go."""


def state_of(files: Iterable[Path]) -> str | None:
    """Return what changes when one of these files does; None where one cannot be looked at."""
    lines = []
    try:
        for file in files:
            real = file.resolve()
            seen = real.stat()
            times = f"{seen.st_mtime_ns} {seen.st_ctime_ns}"
            lines.append(f"{real} {seen.st_size} {times} {seen.st_ino}")
    except OSError:
        return None
    return "\n".join(lines)


def kept_while_unchanged(read: Callable[[Path], T]) -> Callable[[Path], T]:
    """Return `read`, which reads a file again only when that was replaced, changed or removed.

    What it returns is shared by all who ask, so nobody may change it. What it raises is not kept.

    Example:
        @kept_while_unchanged
        def load_head(path: Path) -> LinkHead: ...
    """

    @lru_cache(MOST)
    def kept(path: Path, state: str) -> T:
        return read(path)

    @wraps(read)
    def fresh(path: Path) -> T:
        # The state comes first: of a file that is changed while it is read the value is not found.
        state = state_of([path])
        if state is None or time.time() - path.stat().st_mtime < SETTLED_S:
            return read(path)
        return kept(path, state)

    return fresh
