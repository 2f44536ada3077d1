"""Files and folders that appear whole or not at all, also when the run that writes is killed.

What is being written lies beside its final name, as `.NAME.PROCESS-NUMBER.partial`. The next write
under the same name removes what a killed process has left.
"""

import itertools
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

_NUMBERS = itertools.count()
_DRAFT = re.compile(r"\..+\.(\d+)-\d+\.partial")
_IN_USE: set[Path] = set()  # by this process
_MANY = 1000
_WRITES_LEFT: dict[Path, int] = {}
"""Of folders of `_MANY` names, how often this process writes there before it lists them again."""

_LATER: ContextVar[list[Path] | None] = ContextVar("published, to be stored later", default=None)

# Statistics, band names and overviews that GDAL and QGIS keep beside a raster, and go on reading
# when another one has taken its name.
_SIDECARS = (".aux.xml", ".ovr", ".msk")
_RASTERS = (".tif", ".tiff")


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """Yield a path to write a file or a folder to; at the end it becomes `path`.

    When the body raises, nothing of it is left, and what was at `path` before still is. A file
    replaces another one; a folder needs a name that is free.

    Example:
        with writing(path), atomic(path) as partial:
            partial.write_text("whole, or not at all")
    """
    with scratch(path) as partial:
        yield partial
        publish(partial, path)


@contextmanager
def scratch(path: Path) -> Iterator[Path]:
    """Yield a free name beside `path`, and remove what lies there at the end."""
    _remove_abandoned(path)
    partial = path.with_name(f".{path.name}.{os.getpid()}-{next(_NUMBERS)}.partial")
    _IN_USE.add(partial)
    try:
        yield partial
    finally:
        _remove(partial)
        _IN_USE.discard(partial)


def publish(partial: Path, path: Path) -> None:
    """Store a finished file or folder on the disk, and give it its final name `path`.

    What other programs have kept beside an earlier raster of this name is removed.
    """
    later = _LATER.get()
    if later is None:
        _store(partial)
    if path.suffix.lower() in _RASTERS:
        for ending in _SIDECARS:
            with suppress(OSError):
                path.with_name(path.name + ending).unlink()
    os.replace(partial, path)
    if later is None:
        _store_names(path.parent)
    else:
        later.append(path)


@contextmanager
def stored_together() -> Iterator[None]:
    """Store on the disk at the end what is published meanwhile, instead of one after the other.

    For many small files, which would each wait for the disk twice. Until the end a power cut can
    leave them empty, so they must count for nothing before something says so that is written then.
    """
    published: list[Path] = []
    before = _LATER.set(published)
    try:
        yield
    finally:
        _LATER.reset(before)
    for path in published:
        _store(path)
    for folder in {path.parent for path in published}:
        _store_names(folder)


def _store(path: Path) -> None:
    """Wait until what a file, or the files of a folder, hold is on the disk."""
    for file in path.rglob("*") if path.is_dir() else (path,):
        if file.is_file():
            with file.open("r+b") as stream:
                os.fsync(stream.fileno())


def _store_names(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    with suppress(OSError):  # not every system can open a folder, nor every file system store one
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def remove_drafts(folder: Path) -> None:
    """Remove what killed processes left half-written in a folder, whatever it was to be."""
    for name in os.listdir(folder):
        if match := _DRAFT.match(name):
            _remove_draft(folder / name, int(match[1]))


def _remove_abandoned(path: Path) -> None:
    """Remove what killed processes left of `path`.

    In a folder of many files what they left of any is removed, once in a hundredth as many writes:
    each would read all names, so that 100,000 chips would take hours of listing.
    """
    if left := _WRITES_LEFT.pop(path.parent, 0):
        _WRITES_LEFT[path.parent] = left - 1
        return
    names = os.listdir(path.parent)
    if len(names) >= _MANY:
        _WRITES_LEFT[path.parent] = len(names) // 100
        remove_drafts(path.parent)
        return
    pattern = re.compile(rf"\.{re.escape(path.name)}\.(\d+)-\d+\.partial")
    for name in names:
        if match := pattern.fullmatch(name):
            _remove_draft(path.with_name(name), int(match[1]))


def _remove_draft(partial: Path, process: int) -> None:
    """Remove a draft unless the process that writes it is still there."""
    if partial not in _IN_USE and not _is_another(process):
        _remove(partial)


def _is_another(process: int) -> bool:
    """Return whether another process of this number runs: a killed one's may be ours now."""
    if process == os.getpid() or os.name == "nt":  # Windows keeps files that are still open
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # it runs, as somebody else's
    return True


def _remove(partial: Path) -> None:
    """Remove a file or a folder, if there is one and it can be."""
    if partial.is_dir():
        shutil.rmtree(partial, ignore_errors=True)
    with suppress(OSError):
        partial.unlink()
