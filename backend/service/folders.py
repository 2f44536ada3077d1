"""The service's own folder on disk: uploads and, unless they are to be kept, maps."""

import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from backend.io.atomic import remove_drafts
from backend.io.disk import writing
from backend.resources import user_path

_JOB = re.compile(r"[0-9a-f]{10}")

LOCK = ".in-use"
"""The file in a service's folder that is locked while the service lives."""


class WorkFolder:
    """A folder of this process alone, removed by `close`.

    It is locked while the process lives, so that the next service can tell the folders of killed
    ones and remove them.
    """

    def __init__(self) -> None:
        parent = user_path("service")
        with writing(parent, "Make room, or set GLUELINK_HOME to another folder."):
            parent.mkdir(parents=True, exist_ok=True)
            self.path = Path(tempfile.mkdtemp(dir=parent))
            self._lock = FileLock(self.path / LOCK, timeout=0)
            self._lock.acquire()
        # Those of services that were killed go; one without a lock belongs to one that starts.
        for folder in parent.iterdir():
            if (folder / LOCK).exists():
                # One that is held, which times out, belongs to a service that lives.
                with suppress(Timeout, OSError), FileLock(folder / LOCK, timeout=0):
                    shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Remove the folder and all that is in it."""
        self._lock.release()
        shutil.rmtree(self.path, ignore_errors=True)


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
