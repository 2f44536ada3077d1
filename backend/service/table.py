"""What survives the process: jobs and scenes in one file of SQLite, and all SQL that there is.

The queue and the scenes hold what they work with in memory; each change that must outlive the
process is written here first, and the file is read once, when the service starts. A commit is on
the disk when it returns (WAL, synchronous=FULL), so a job that was answered is not lost with power.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from backend.errors import DiskFull, OutputUnwritable

log = logging.getLogger(__name__)

FORMAT = 1
"""Kept as `user_version`; a file of another format is put aside."""

SCHEMA = """
CREATE TABLE jobs (
    place INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order in which they came
    id TEXT NOT NULL UNIQUE,
    work TEXT NOT NULL,                       -- jobs that share their work have the same
    lane TEXT NOT NULL,
    state TEXT NOT NULL,
    created TEXT NOT NULL,
    request TEXT NOT NULL,                    -- JSON, as are result and error
    depends_on TEXT,
    seconds REAL,
    attempts INTEGER NOT NULL DEFAULT 0,      -- how often it was begun
    ended REAL,                               -- seconds since 1970
    result TEXT,
    error TEXT,
    fetched INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE scenes (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    request TEXT NOT NULL,
    info TEXT NOT NULL
);
"""

ENDED = "state IN ('done', 'failed', 'cancelled')"


@dataclass(frozen=True)
class JobRow:
    """A job as it is kept; see the columns of the table."""

    id: str
    work: str
    lane: str
    state: str
    created: str
    request: str
    depends_on: str | None = None
    seconds: float | None = None
    attempts: int = 0
    ended: float | None = None
    result: str | None = None
    error: str | None = None
    fetched: bool = False


@dataclass(frozen=True)
class SceneRow:
    """A registered scene as it is kept."""

    id: str
    request: str
    info: str


class JobTable:
    """The file. Any thread may call; one at a time is let in.

    Example:
        with closing(JobTable(folder / "jobs.sqlite3")) as table:
            table.add(JobRow("a1", "a1", "device", "queued", now, request))
    """

    def __init__(self, path: Path, own: bool = True) -> None:
        """Open the file, or make it; one that is damaged is put aside, and the log says so.

        One that is not this process's `own` is neither made nor put aside: another has it open.

        Raises:
            DiskFull: the disk is full.
            OutputUnwritable: the file cannot be made or read.
        """
        self._path, self._lock = path, threading.Lock()
        with self._translated():
            try:
                self._connection = _open(path, "rwc" if own else "rw")
            except sqlite3.DatabaseError as error:
                of_disk = isinstance(error, sqlite3.OperationalError)  # and not of the file
                if of_disk or not own:
                    raise
                aside = path.with_name(f"{path.name}.damaged-{time.time_ns()}")
                path.rename(aside)
                for ending in ("-wal", "-shm"):
                    Path(f"{path}{ending}").unlink(missing_ok=True)
                log.error("The table of jobs cannot be read (%s); it is now %s.", error, aside)
                self._connection = _open(path, "rwc")

    def close(self) -> None:
        """Close the file; later calls raise OutputUnwritable."""
        with self._lock:
            self._connection.close()

    def jobs(self) -> list[JobRow]:
        """Return all jobs in the order in which they came."""
        names = [field.name for field in fields(JobRow)]
        rows = self._read(f"SELECT {', '.join(names)} FROM jobs ORDER BY place")
        return [JobRow(*row) for row in rows]

    def job(self, identity: str) -> JobRow | None:
        """Return one job; None where there is none of this id."""
        return next((row for row in self.jobs() if row.id == identity), None)

    def add(self, job: JobRow) -> None:
        """Keep a new job."""
        names = [field.name for field in fields(JobRow)]
        marks = ", ".join("?" * len(names))
        self._write(f"INSERT INTO jobs ({', '.join(names)}) VALUES ({marks})", [astuple(job)])

    def begin(self, jobs: Iterable[str]) -> None:
        """Keep that jobs are running now, once more."""
        self._write(
            "UPDATE jobs SET state = 'running', attempts = attempts + 1 WHERE id = ?", _each(jobs)
        )

    def requeue(self, jobs: Iterable[str]) -> None:
        """Keep that jobs were stopped in good order: the attempt does not count."""
        self._write(
            "UPDATE jobs SET state = 'queued', attempts = max(attempts - 1, 0) "
            f"WHERE id = ? AND NOT {ENDED}",
            _each(jobs),
        )

    def end(
        self, jobs: Iterable[str], state: str, result: str | None = None, error: str | None = None
    ) -> None:
        """Keep how jobs ended; the first end is the one that counts."""
        values = [(state, time.time(), result, error, job) for job in jobs]
        self._write(
            "UPDATE jobs SET state = ?, ended = ?, result = ?, error = ? "
            f"WHERE id = ? AND NOT {ENDED}",
            values,
        )

    def fetched(self, job: str) -> None:
        """Keep that a client has asked for a file of this job's result."""
        self._write("UPDATE jobs SET fetched = 1 WHERE id = ?", [(job,)])

    def forget(self, jobs: Iterable[str]) -> None:
        """Keep these jobs no longer."""
        self._write("DELETE FROM jobs WHERE id = ?", _each(jobs))

    def scenes(self) -> list[SceneRow]:
        """Return all scenes in the order in which they came."""
        rows = self._read("SELECT id, request, info FROM scenes ORDER BY place")
        return [SceneRow(*row) for row in rows]

    def scene(self, identity: str) -> SceneRow | None:
        """Return one scene; None where there is none of this id."""
        query = "SELECT id, request, info FROM scenes WHERE id = ?"
        rows = self._read(query, identity)
        return SceneRow(*rows[0]) if rows else None

    def put_scene(self, scene: SceneRow) -> None:
        """Keep a scene; one that is there under its id keeps its place."""
        self._write(
            "INSERT INTO scenes (id, request, info) VALUES (?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET info = excluded.info",
            [astuple(scene)],
        )

    def forget_scene(self, scene: str) -> None:
        """Keep a scene no longer."""
        self._write("DELETE FROM scenes WHERE id = ?", [(scene,)])

    def _read(self, query: str, *values: object) -> list[Any]:
        with self._lock, self._translated():
            return self._connection.execute(query, values).fetchall()

    def _write(self, query: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Run a statement for each row, all or none."""
        with self._lock, self._translated(), self._connection:
            self._connection.executemany(query, rows)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Translate what SQLite raises.

        Raises:
            DiskFull: the disk is full.
            OutputUnwritable: the file cannot be written or read for another reason.
        """
        try:
            yield
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorname", "") == "SQLITE_FULL":
                raise DiskFull(
                    f"The disk became full while {self._path} was written.",
                    "Make room; results that are not needed any more lie beside it.",
                ) from error
            raise OutputUnwritable(
                f"{self._path} cannot be written: {error}.",
                "Check the folder, its disk and its permissions.",
            ) from error


def _each(jobs: Iterable[str]) -> list[tuple[str]]:
    return [(job,) for job in jobs]


def _open(path: Path, mode: str) -> sqlite3.Connection:
    """Return a connection to the file, whose tables are made where they are missing.

    `mode` is SQLite's own: "rwc" makes the file as well, "rw" does not.

    Raises:
        sqlite3.DatabaseError: it is damaged, or of another format.
    """
    address = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, check_same_thread=False)
    try:
        with connection, closing(connection.cursor()) as cursor:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = FULL")
            (version,) = cursor.execute("PRAGMA user_version").fetchone()
            if not version:
                cursor.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT;")
            elif version != FORMAT:
                raise sqlite3.DatabaseError(f"its format is {version}; expected {FORMAT}")
            (found,) = cursor.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise sqlite3.DatabaseError(str(found))
    except BaseException:
        with suppress(sqlite3.Error):
            connection.close()
        raise
    return connection
