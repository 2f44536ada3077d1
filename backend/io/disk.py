"""A disk that may be full, or that may not be written to: checked before, and named after.

Files are written whole or not at all, and a folder may be held against other processes.
"""

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from backend.errors import DiskFull, GlueLinkError, OutputUnwritable
from backend.io.atomic import atomic, scratch

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when a file cannot grow."""


@contextmanager
def writing(path: Path | str, remedy: str = "Make room and run it again.") -> Iterator[None]:
    """Translate what the system, GDAL or obstore raises while `path` is written.

    `remedy` is for a full disk.

    Raises:
        DiskFull: the disk, a quota or the largest size of a file is reached.
        OutputUnwritable: the write fails in another way.
    """
    try:
        yield
    except GlueLinkError:  # some are an OSError as well, and say all there is to say
        raise
    except faults() as error:
        if is_full(error):
            message = f"The disk became full while {path} was written."
            raise DiskFull(message, remedy) from error
        raise OutputUnwritable(
            f"{path} cannot be written: {reason_of(error)}.",
            "Check the folder and its permissions.",
        ) from error


def write_file(path: Path, *parts: bytes | memoryview) -> None:
    """Write a file of these parts, whole or not at all, in a folder that is made if need be.

    Raises:
        DiskFull: the disk has no room for it.
        OutputUnwritable: the file cannot be written.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic(path) as partial, partial.open("wb") as file:
            file.writelines(parts)


@contextmanager
def held(lock: Path, taken: GlueLinkError) -> Iterator[None]:
    """Hold a lock file against other processes, in a folder that is made if need be.

    Raises:
        OutputUnwritable: it cannot be made.
        GlueLinkError: `taken`, where another process holds it.
    """
    with ExitStack() as stack:
        with writing(lock.parent):
            lock.parent.mkdir(parents=True, exist_ok=True)
            try:
                stack.enter_context(FileLock(lock, timeout=0))
            except Timeout:
                raise taken from None
        yield


def is_full(error: BaseException) -> bool:
    """Return whether an error means a full disk; GDAL's have the system's words, but no number."""
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    words = f"{error} {error.__cause__ or ''}"
    return any(os.strerror(number) in words for number in FULL)


def faults() -> tuple[type[Exception], ...]:
    """Return OSError and the errors of rasterio and obstore, which come with their import."""
    names = {
        "rasterio.errors": "RasterioError",
        "rasterio._err": "CPLE_BaseError",
        "obstore.exceptions": "BaseError",
    }
    others = (getattr(sys.modules.get(module), name, OSError) for module, name in names.items())
    return OSError, *others


def reason_of(error: BaseException) -> str:
    """Return why something failed: the system's words, or the first line of the error's."""
    words = getattr(error, "strerror", None) or str(error).partition("\n")[0]
    return str(words).strip().removesuffix(".")


def require_room(folder: Path, needed: int, what: str, remedy: str) -> None:
    """Raise DiskFull unless `needed` bytes are free where `folder` is, or will be made.

    `what` begins the message: "The map".
    """
    near = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(near).free
    if needed > free:
        raise DiskFull(f"{what} needs {_size(needed)}; {near} has {_size(free)} left.", remedy)


def _size(number: int) -> str:
    return f"{number / 1e9:,.1f} GB" if number >= 1e10 else f"{number / 1e6:,.0f} MB"


def require_folder(folder: Path) -> None:
    """Make a folder before hours of work whose results are for it.

    Raises:
        OutputUnwritable: nothing can be put there.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with scratch(folder / "tables") as partial:
            partial.touch()


def require_output(path: Path, what: str) -> None:
    """Raise OutputUnwritable unless a GeoTIFF, called `what` in the message, may be put there."""
    if path.suffix.lower() not in (".tif", ".tiff"):
        raise OutputUnwritable(
            f'The name of the {what}, "{path.name}", does not end in .tif.',
            "Choose a name that does: a GeoTIFF is written.",
        )
    with writing(path):  # a name may be too long to look for
        if not path.parent.is_dir():
            raise OutputUnwritable(f"There is no folder {path.parent}.", "Make it first.")
        if path.is_dir():
            raise OutputUnwritable(f"{path} is a folder.", "Give the name of a file.")
