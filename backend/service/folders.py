"""The service's own folder on disk: the table of jobs, uploads and, by default, maps.

It outlives the process. A service that was killed leaves it to the next one, which goes on there.
"""

import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout

from backend.errors import ConfigInvalid
from backend.io.atomic import remove_drafts
from backend.io.disk import writing
from backend.resources import user_path

_JOB = re.compile(r"[0-9a-f]{10}")

LOCK = ".in-use"
"""The file in a service's folder that is locked while the service lives."""

OWN = ("results", "uploads", "jobs.sqlite3", "jobs.sqlite3-wal", "jobs.sqlite3-shm")
"""All that a service makes in its folder."""

_DAY_S = 86400.0


class StateFolder:
    """A folder of this process alone, which is locked while the process lives.

    Without a chosen one it is the first that no other service has, of those in GLUELINK_HOME.
    Services that belong to a program, such as QGIS, have their own: none goes on with the jobs of a
    service that stands by itself, and ends with them.
    """

    def __init__(self, chosen: Path | None, kept_days: float, owned: bool = False) -> None:
        """Take the chosen folder, or the first free one.

        Raises:
            ConfigInvalid: another service has the chosen folder.
            OutputUnwritable: it cannot be written.
        """
        parent = user_path("service")
        if chosen:
            folders = iter([chosen.expanduser().resolve()])
        else:
            folders = (parent / f"{'owned-' if owned else ''}{number}" for number in count(1))
        self.path, self._lock = _first_free(folders)
        if not chosen:
            _clear_abandoned(parent, kept_days)

    @property
    def table(self) -> Path:
        """The file of the table of jobs."""
        return self.path / "jobs.sqlite3"

    @property
    def uploads(self) -> Path:
        """The folder of uploaded scenes."""
        return self.path / "uploads"

    def release(self) -> None:
        """Leave the folder to the next service."""
        self._lock.release()

    def clear(self) -> None:
        """Delete all that the service has made in the folder, and release it."""
        _clear(self.path)
        self.release()


def _first_free(folders: Iterator[Path]) -> tuple[Path, FileLock]:
    """Return the first folder that nobody holds, and its lock, held."""
    for folder in folders:
        with writing(folder, "Make room, or choose another folder: --state."):
            folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(folder / LOCK, timeout=0)
            with suppress(Timeout):
                lock.acquire()
                return folder, lock
    raise ConfigInvalid(
        f"The folder {folder} is in use by another service.",
        "Choose another one with --state, or end that service.",
    )


def _clear(folder: Path) -> None:
    """Delete what a service has made in a folder. The lock file stays: others may look at it."""
    for name in OWN:
        if (folder / name).is_dir():
            shutil.rmtree(folder / name, ignore_errors=True)
        else:
            (folder / name).unlink(missing_ok=True)


def _clear_abandoned(parent: Path, kept_days: float) -> None:
    """Clear folders that no service has had for longer than results are kept."""
    for folder in parent.iterdir():
        with suppress(OSError, Timeout):
            # Changes lie in the file beside the table until SQLite takes them over.
            tables = [one.stat().st_mtime for one in folder.glob("jobs.sqlite3*")]
            if tables and time.time() - max(tables) > kept_days * _DAY_S:
                with FileLock(folder / LOCK, timeout=0):
                    _clear(folder)


def results_folder(chosen: Path | None, own: Path) -> Path:
    """Return the folder for maps: the chosen one, made if need be, or one inside `own`.

    What services that were killed have left half-written in it is removed.

    Raises:
        OutputUnwritable: it cannot be written.
    """
    folder = chosen.expanduser().resolve() if chosen else own / "results"
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    for job in folder.iterdir():
        if _JOB.fullmatch(job.name) and job.is_dir() and not job.is_symlink():
            with suppress(OSError):
                remove_drafts(job)
                job.rmdir()  # of a job that was killed before it had a result; others are not empty
    return folder
