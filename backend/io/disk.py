"""Writing to a disk that may be full, or that may not be written to."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.errors import DiskFull, OutputUnwritable


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """DiskFull or OutputUnwritable instead of what the system says of a write to `path`."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(
                f"The disk of {path} is full.", "Free some space and run it again."
            ) from error
        raise OutputUnwritable(
            f"{path} cannot be written: {error.strerror or error}.", "Choose another place."
        ) from error
