"""The queue of jobs and its one worker: one job already uses the whole device."""

import logging
import secrets
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.errors import Busy, GlueLinkError, JobUnknown
from backend.progress import Cancelled, Progress
from backend.service.errors import error_body, printable
from backend.service.jobs import Job, JobRequest, JobResult, JobState
from backend.service.schemas import ResultFile

log = logging.getLogger(__name__)

ENDED = frozenset({"done", "failed", "cancelled"})

KEPT_JOBS = 200
"""Of more, those that ended first are forgotten, so that a service can run for months."""

REST_S = 600.0
"""A job that was done so recently is kept: its client may not have fetched its files yet."""

MOST_JOBS = 1000
"""Of more, done ones are forgotten as well, however recent."""

Work = Callable[[JobRequest, Path, Progress], JobResult]
"""A job's work: takes the request, an empty folder for its files, and its progress callback."""


class JobRecord:
    """A job, its folder and its pace. `job` is replaced, never changed."""

    def __init__(self, job: Job, folder: Path) -> None:
        self.job, self.folder = job, folder
        self._lock = threading.Lock()
        self._stage_began = 0.0
        self.ended = 0.0
        """When it ended, as time.monotonic tells."""

    def update(self, **changes: Any) -> None:
        """Replace `job` by a copy with these changes; a job that has ended stays as it is."""
        with self._lock:
            if self.job.state not in ENDED:
                self.job = self.job.model_copy(update=changes)
                if self.job.state in ENDED:
                    self.ended = time.monotonic()

    def end(self, state: JobState, **changes: Any) -> None:
        """End the job, unless it has ended already."""
        self.update(state=state, stage=state.capitalize(), seconds_left=None, **changes)

    def progress(self, stage: str, done: int, total: int) -> None:
        """Take in how far the work is. The job's progress callback."""
        if self.job.state in ENDED:
            raise Cancelled
        now = time.monotonic()
        if stage != self.job.stage:
            self._stage_began = now
        left = seconds_left(now - self._stage_began, done, total)
        self.update(stage=stage, done=done, total=total, seconds_left=left)

    def clear(self) -> None:
        """Delete the files of a job that was not done."""
        if self.job.state != "done":
            shutil.rmtree(self.folder, ignore_errors=True)


def seconds_left(elapsed: float, done: int, total: int) -> float | None:
    """Return the remaining seconds at the rate so far; None while there is no rate."""
    if done <= 0 or elapsed < 0.5:
        return None
    return round(elapsed / done * max(total - done, 0), 1)


class JobQueue:
    """Jobs in the order they came, worked off one by one."""

    def __init__(self, work: Work, results: Path, limit: int, keep_files: bool) -> None:
        """Let at most `limit` jobs wait; `keep_files` leaves files of forgotten jobs in place."""
        self._work, self._results = work, results
        self._limit, self._keep_files = limit, keep_files
        self._records: dict[str, JobRecord] = {}
        self._waiting: deque[JobRecord] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._worker = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._worker.start()

    def submit(self, request: JobRequest) -> Job:
        """Queue a job.

        Raises:
            Busy: too many wait already.
        """
        with self._changed:
            if self._closed or len(self._waiting) >= self._limit:
                raise Busy(
                    f"{len(self._waiting)} jobs are waiting already; at most {self._limit} may.",
                    "Try again when one has ended, or cancel one.",
                )
            identity = secrets.token_hex(5)
            job = Job(
                id=identity,
                kind=request.kind,
                state="queued",
                stage="Waiting",
                done=0,
                total=0,
                seconds_left=None,
                created=datetime.now(UTC).isoformat(timespec="seconds"),
                request=request,
            )
            record = JobRecord(job, self._results / identity)
            self._records[identity] = record
            self._waiting.append(record)
            forgotten = self._forget()
            self._changed.notify()
        if not self._keep_files:
            for old in forgotten:
                shutil.rmtree(old.folder, ignore_errors=True)
        return job

    def _forget(self) -> list[JobRecord]:
        """Forget jobs beyond KEPT_JOBS in the order in which they ended, and return them.

        Those that left nothing go before those that were done a moment ago.
        """
        surplus = len(self._records) - KEPT_JOBS
        if surplus <= 0:
            return []
        now, crowded = time.monotonic(), len(self._records) > MOST_JOBS
        ended = [one for one in self._records.values() if one.job.state in ENDED]
        ended.sort(key=lambda one: (one.job.state == "done", one.ended))
        may_go = [
            one for one in ended if crowded or one.job.state != "done" or now - one.ended > REST_S
        ]
        for old in may_go[:surplus]:
            del self._records[old.job.id]
        return may_go[:surplus]

    def get(self, identity: str) -> Job:
        """Return the job as it stands.

        Raises:
            JobUnknown: there is no job of this id.
        """
        return self._record(identity).job

    def all(self) -> list[Job]:
        """Return all jobs, newest first."""
        with self._changed:
            return [record.job for record in reversed(self._records.values())]

    def cancel(self, identity: str) -> Job:
        """End a job. A running one ends for its client at once, whatever its work is busy with;
        the work itself stops at its next sign of progress, and only then the next job begins.
        """
        record = self._record(identity)
        with self._changed:
            if record in self._waiting:
                self._waiting.remove(record)
        record.end("cancelled")
        return record.job

    def file(self, identity: str, name: str) -> tuple[Path, ResultFile]:
        """Return path and description of a finished job's file.

        Raises:
            JobUnknown: there is no such job, or it lists no such file.
        """
        record = self._record(identity)
        files: list[ResultFile] = getattr(record.job.result, "files", [])  # not of every kind
        for file in files:
            if file.name == name and (record.folder / name).is_file():
                return record.folder / name, file
        names = ", ".join(file.name for file in files) or "none"
        raise JobUnknown(f'Job {identity} has no file "{printable(name)}".', f"Its files: {names}.")

    def reader_of(self, scene: str) -> str | None:
        """Return the id of a job that reads this scene, now or when its turn comes."""
        with self._changed:
            jobs = [record.job for record in self._records.values()]
        reading = [j.id for j in jobs if j.request.scene_read == scene and j.state not in ENDED]
        return reading[0] if reading else None

    def stop(self) -> None:
        """Take no more jobs and cancel all there are."""
        with self._changed:
            self._closed = True
            identities = [*self._records]
            self._changed.notify()
        for identity in identities:
            self.cancel(identity)

    def close(self, timeout_s: float) -> bool:
        """Stop and wait for the worker, but not for long; False when it is still at work."""
        self.stop()
        self._worker.join(timeout_s)
        for record in self._records.values():
            record.clear()
        return not self._worker.is_alive()

    def _record(self, identity: str) -> JobRecord:
        with self._changed:
            record = self._records.get(identity)
        if record is None:
            raise JobUnknown(
                f'There is no job "{printable(identity)}".',
                "Ask again; jobs are forgotten when the backend ends.",
            )
        return record

    def _run(self) -> None:
        while (record := self._next()) is not None:
            log.info("Job %s: %s", record.job.id, record.job.request.summary)
            try:
                record.folder.mkdir(parents=True)
                result = self._work(record.job.request, record.folder, record.progress)
                record.end("done", result=result)
            except Cancelled:
                pass  # whoever cancelled it has ended the record
            except Exception as error:
                body = error_body(error)
                known = isinstance(error, GlueLinkError)
                log.error("Job %s: %s", record.job.id, body.message, exc_info=not known)
                record.end("failed", error=body)
            record.clear()
            log.info("Job %s %s", record.job.id, record.job.state)

    def _next(self) -> JobRecord | None:
        """Return the next job, marked as running; None when the service ends."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            record = self._waiting.popleft()
            record.update(state="running", stage="Starting")
            return record
