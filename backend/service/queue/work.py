"""Work that one job or several wait for, and how far it is."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.progress import Cancelled
from backend.service.jobs import Job, JobRequest, JobState

ENDED = frozenset({"done", "failed", "cancelled"})

QUICK_S = 5.0
"""Work that should take no longer is a question, for which longer work gives way."""


class JobRecord:
    """A job, what it waits for, and when it ended. `job` is replaced, never changed."""

    def __init__(self, job: Job, folder: Path, fetched: bool = False, age_s: float = 0.0) -> None:
        """Follow a job; `age_s` says how long ago it ended, if it has."""
        self.job, self.folder, self.fetched = job, folder, fetched
        self.cancelling = False
        """Its client wants it no longer, and its work is still stopping."""
        self.ended = time.monotonic() - age_s
        """When it ended, as time.monotonic tells."""
        self._lock = threading.Lock()
        self._written: tuple[Job, str] | None = None

    @property
    def text(self) -> str:
        """The job in JSON, written once for each state of it: lists of hundreds are asked for."""
        job, written = self.job, self._written
        if written is None or written[0] is not job:
            self._written = written = job, job.model_dump_json()
        return written[1]

    @property
    def bytes(self) -> int:
        """The bytes of its files."""
        return sum(file.bytes for file in getattr(self.job.result, "files", []))

    @property
    def live(self) -> bool:
        """Whether its client still waits for it."""
        return self.job.state not in ENDED and not self.cancelling

    def update(self, **changes: Any) -> None:
        """Replace `job` by a copy with these changes; a job that has ended stays as it is."""
        with self._lock:
            if self.job.state not in ENDED:
                self.job = self.job.model_copy(update=changes)
                if self.job.state in ENDED:
                    self.ended = time.monotonic()

    def report(self, **changes: Any) -> None:
        """Replace what is shown of the work, unless "Cancelling" is."""
        with self._lock:
            if self.live:
                self.job = self.job.model_copy(update=changes)

    def end(self, state: JobState, **changes: Any) -> None:
        """End the job, unless it has ended already."""
        stage = {"stage": state.capitalize(), "done": 0, "total": 0, "seconds_left": None}
        self.update(state=state, **stage, **changes)

    def cancel(self) -> None:
        """Say that the job is being cancelled; its work ends it."""
        with self._lock:
            if self.job.state not in ENDED:
                self.cancelling = True
                stopping = {"stage": "Cancelling", "done": 0, "total": 0, "seconds_left": None}
                self.job = self.job.model_copy(update=stopping)


@dataclass(frozen=True)
class CancelLimit:
    """How long work that nobody waits for any more may take to stop, and what ends it then."""

    seconds: float
    end: Callable[[], None]


class Work:
    """What a request asks for, the jobs that wait for it, and its pace."""

    def __init__(
        self,
        name: str,
        request: JobRequest,
        lane: str,
        depends_on: str | None,
        seconds: float | None,
        attempts: int = 0,
    ) -> None:
        self.name, self.request, self.lane = name, request, lane
        self.depends_on, self.seconds, self.attempts = depends_on, seconds, attempts
        self.records: list[JobRecord] = []
        self.running = False
        self.stopped = False
        """The service ends; the work goes on with the next one."""
        self.give_way: Callable[[Work], None] = lambda work: None
        """Called at every sign of progress; may take its time."""
        self.cancel_timer: threading.Timer | None = None
        """Runs once nobody waits for it any more; at its end what computes is ended."""
        self.gives_way_from = 0.0
        """When it may give way again, as time.monotonic tells."""
        self._stage, self._stage_began = "", 0.0

    @property
    def quick(self) -> bool:
        """Whether it is a question."""
        return self.seconds is not None and self.seconds <= QUICK_S

    @property
    def wanted(self) -> bool:
        """Whether any client still waits for it."""
        return any(record.live for record in self.records)

    @property
    def jobs(self) -> list[str]:
        """The ids of its jobs."""
        return [record.job.id for record in self.records]

    def progress(self, stage: str, done: int, total: int) -> None:
        """Take in how far the work is. Its progress callback.

        Raises:
            Cancelled: nobody waits for it any more, or the service ends.
        """
        if self.stopped or not self.wanted:
            raise Cancelled
        if stage != self._stage:
            self._stage, self._stage_began = stage, time.monotonic()
        left = seconds_left(time.monotonic() - self._stage_began, done, total)
        for record in list(self.records):
            record.report(stage=stage, done=done, total=total, seconds_left=left)
        self.give_way(self)

    def rest(self, took_s: float) -> None:
        """Take in that it has just given way for so long; it goes on for as long at least."""
        self._stage_began += took_s
        self.gives_way_from = time.monotonic() + took_s


def seconds_left(elapsed: float, done: int, total: int) -> float | None:
    """Return the remaining seconds at the rate so far; None while there is no rate."""
    if done <= 0 or elapsed < 0.5:
        return None
    return round(elapsed / done * max(total - done, 0), 1)
