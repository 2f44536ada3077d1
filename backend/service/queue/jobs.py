"""The queue: what the routes and the service do with jobs."""

import json
import logging
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from backend.errors import Busy, GlueLinkError, JobKilled, JobUnknown
from backend.progress import Cancelled, Progress
from backend.service.errors import error_body, printable
from backend.service.jobs import Job, JobRequest, JobResult, JobState
from backend.service.kinds import DEVICE, UNCHECKED, Checked
from backend.service.queue.lanes import Lanes
from backend.service.queue.retention import Retention
from backend.service.queue.work import ENDED, CancelLimit, JobRecord, Work
from backend.service.schemas import ErrorBody, ResultFile
from backend.service.table import JobRow, JobTable

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 2
"""A job that was running so often when the process was killed is not begun again."""

Run = Callable[[JobRequest, Path, Progress, str | None], JobResult]
"""A job's work: takes the request, an empty folder for its files, its progress callback, and what
it depended on when it was queued."""

_REQUESTS: TypeAdapter[Any] = TypeAdapter(JobRequest)
_RESULTS: TypeAdapter[Any] = TypeAdapter(JobResult)


class JobQueue:
    """Jobs in the order they came, lane by lane; what is asked twice at once is done once."""

    def __init__(
        self,
        run: Run,
        results: Path,
        limit: int,
        keep_files: bool,
        table: JobTable,
        retention: Retention,
        cancel_limit: CancelLimit | None = None,
    ) -> None:
        """Go on with the jobs of the table, and let at most `limit` wait.

        `keep_files` leaves files of forgotten jobs in place.
        """
        self._do, self._results, self._table = run, results, table
        self._limit, self._keep_files, self._retention = limit, keep_files, retention
        self._cancel_limit = cancel_limit
        self._records: dict[str, JobRecord] = {}
        self._works: dict[str, Work] = {}  # those that have not ended
        self._lanes = Lanes(self._run, self._begin)
        self._load()
        self._lanes.start()

    @property
    def closed(self) -> bool:
        """Whether the service ends, so that no job changes any more."""
        return self._lanes.closed

    def require_room(self) -> None:
        """Check that one more job may wait; what asks too much need not be looked at closer.

        Raises:
            Busy: too many wait already, or the service ends.
        """
        with self._lanes.changed:
            live = sum(record.job.state not in ENDED for record in self._records.values())
            waiting = live - sum(work.running for work in self._works.values())
        if self.closed:
            raise Busy("The service ends.", "Ask again when it has started again.")
        if waiting >= self._limit:
            raise Busy(
                f"{waiting} jobs are waiting already; at most {self._limit} may.",
                "Try again when one has ended, or cancel one.",
            )

    def submit(self, request: JobRequest, lane: str = DEVICE, checked: Checked = UNCHECKED) -> Job:
        """Queue a job, or join it to the same work that is queued or running already.

        Raises:
            Busy: too many wait already.
            DiskFull: the job cannot be kept.
            OutputUnwritable: the job cannot be kept.
        """
        with self._lanes.changed:
            self.require_room()
            identity = secrets.token_hex(5)
            work = self._same(request, checked)
            new = work is None
            if work is None:
                work = Work(identity, request, lane, checked.depends_on, checked.seconds)
            state: JobState = "running" if work.running else "queued"
            stage = work.records[0].job.stage if work.records else "Waiting"
            created = datetime.now(UTC).isoformat(timespec="seconds")
            job = _job(identity, request, state, stage, created)
            self._table.add(
                JobRow(
                    identity,
                    work.name,
                    work.lane,
                    state,
                    job.created,
                    request.model_dump_json(),
                    checked.depends_on,
                    checked.seconds,
                    work.attempts,
                )
            )
            self._records[identity] = record = JobRecord(job, self._results / work.name)
            work.records.append(record)
            if new:
                self._works[work.name] = work
                self._lanes.put(work)
        self._tidy()
        return job

    def get(self, identity: str) -> Job:
        """Return the job as it stands.

        Raises:
            JobUnknown: there is no job of this id.
        """
        return self._record(identity).job

    def all(self) -> list[Job]:
        """Return all jobs, newest first."""
        return [record.job for record in reversed(list(self._records.values()))]

    def texts(self) -> Iterator[str]:
        """Return all jobs in JSON, newest first; each is written when it is taken."""
        return (record.text for record in reversed(list(self._records.values())))

    def cancel(self, identity: str) -> Job:
        """End a job, at once where no work has to stop for it.

        Where it is the only one that its running work is done for, it is "Cancelling" until that
        has stopped, at its next sign of progress.
        """
        record = self._record(identity)
        with self._lanes.changed:
            work = self._work_of(record)
            if (
                work is not None
                and work.running
                and not any(other.live for other in work.records if other is not record)
            ):
                record.cancel()
                self._limit_cancel(work)
            else:
                record.end("cancelled")
                if work is not None and not work.wanted:
                    self._drop(work)
        self._keep(self._table.end, [identity], "cancelled")
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
                if not record.fetched:
                    record.fetched = True
                    self._keep(self._table.fetched, identity)
                return record.folder / name, file
        names = ", ".join(file.name for file in files) or "none"
        raise JobUnknown(f'Job {identity} has no file "{printable(name)}".', f"Its files: {names}.")

    def reader_of(self, scene: str) -> str | None:
        """Return the id of a job that reads this scene, now or when its turn comes."""
        jobs = (record.job for record in list(self._records.values()) if record.live)
        return next((job.id for job in jobs if job.request.scene_read == scene), None)

    def cancel_all(self) -> None:
        """Cancel all jobs: nobody is left who could fetch what they make."""
        for identity in list(self._records):
            self.cancel(identity)

    def stop(self) -> None:
        """Take no more jobs, and put those that run back at the head of the queue.

        What runs stops at its next sign of progress; the next service goes on with it.
        """
        with self._lanes.changed:
            if self.closed:
                return
            self._lanes.close()
            for work in self._works.values():
                work.stopped = True
                if work.running:
                    self._keep(self._table.requeue, work.jobs)
                for record in work.records:
                    record.report(state="queued", stage="Waiting", seconds_left=None)
                    if record.cancelling:
                        record.end("cancelled")

    def close(self, timeout_s: float) -> bool:
        """Stop and wait for the work, but not for long; False when it is still going on."""
        self.stop()
        return self._lanes.join(timeout_s)

    # What the table has kept

    def _load(self) -> None:
        """Take up the jobs of the table; those that were running come first."""
        for row in self._table.jobs():
            try:
                self._take_up(row)
            except ValidationError as error:
                log.warning("Job %s is of another version, and forgotten: %s", row.id, error)
                self._table.forget([row.id])
        works = sorted(self._works.values(), key=lambda work: not work.attempts)
        for work in works:
            if work.attempts >= MOST_ATTEMPTS:
                self._end(work, "failed", error=error_body(_killed(work.attempts)))
            else:
                self._lanes.put(work)
        self._sweep()
        self._tidy()

    def _take_up(self, row: JobRow) -> None:
        request = _REQUESTS.validate_python(json.loads(row.request))
        state: Any = row.state if row.state in ENDED else "queued"
        job = _job(row.id, request, state, state.capitalize(), row.created)
        if state == "queued":
            job = job.model_copy(update={"stage": "Waiting"})
        if row.result:
            job = job.model_copy(update={"result": _RESULTS.validate_json(row.result)})
        if row.error:
            job = job.model_copy(update={"error": ErrorBody.model_validate_json(row.error)})
        age = max(0.0, time.time() - row.ended) if row.ended else 0.0
        record = JobRecord(job, self._results / row.work, bool(row.fetched), age)
        self._records[row.id] = record
        if state == "queued":
            new = Work(row.work, request, row.lane, row.depends_on, row.seconds, row.attempts)
            work = self._works.setdefault(row.work, new)
            work.records.append(record)

    def _sweep(self) -> None:
        """Remove what killed work has left in folders of results."""
        done = {one.folder for one in self._records.values() if one.job.state == "done"}
        for record in self._records.values():
            if record.folder not in done:
                shutil.rmtree(record.folder, ignore_errors=True)

    # What changes a job

    def _same(self, request: JobRequest, checked: Checked) -> Work | None:
        """Return work that this request can share."""
        if checked.depends_on is None:
            return None
        same = (
            work
            for work in self._works.values()
            if work.depends_on == checked.depends_on and work.request == request and work.wanted
        )
        return next(same, None)

    def _work_of(self, record: JobRecord) -> Work | None:
        return next((work for work in self._works.values() if record in work.records), None)

    def _record(self, identity: str) -> JobRecord:
        record = self._records.get(identity)
        if record is None:
            raise JobUnknown(
                f'There is no job "{printable(identity)}".',
                "Ask again; old jobs are forgotten.",
            )
        return record

    def _begin(self, work: Work) -> None:
        """Mark work as running. Called with the lanes held."""
        work.attempts += 1
        for record in work.records:
            record.report(state="running", stage="Starting")
        self._keep(self._table.begin, work.jobs)

    def _run(self, work: Work) -> None:
        """Do the work and end its jobs."""
        log.info("Job %s: %s", work.name, work.request.summary)
        folder = self._results / work.name
        try:
            shutil.rmtree(folder, ignore_errors=True)  # of an attempt that was killed
            folder.mkdir(parents=True)
            result = self._do(work.request, folder, work.progress, work.depends_on)
            self._end(work, "done", result=result)
        except Cancelled:
            if not work.stopped:
                self._end(work, "cancelled")
        except JobKilled:
            if not work.stopped:
                shutil.rmtree(folder, ignore_errors=True)  # before another thread begins it
                self._begin_again(work)
                return
        except Exception as error:
            body = error_body(error)
            known = isinstance(error, GlueLinkError)
            log.error("Job %s: %s", work.name, body.message, exc_info=not known)
            self._end(work, "failed", error=body)
        if work.cancel_timer:
            work.cancel_timer.cancel()
        if not any(record.job.state == "done" for record in work.records):
            shutil.rmtree(folder, ignore_errors=True)
        log.info("Job %s: %s", work.name, ", ".join(r.job.state for r in work.records))
        self._tidy()

    def _limit_cancel(self, work: Work) -> None:
        """Let cancelled work stop by itself; what computes is ended if it does not."""
        if self._cancel_limit:
            work.cancel_timer = threading.Timer(
                self._cancel_limit.seconds, self._end_hanging, [work]
            )
            work.cancel_timer.daemon = True
            work.cancel_timer.start()

    def _end_hanging(self, work: Work) -> None:
        assert self._cancel_limit
        if self._works.get(work.name) is work:
            log.error("Job %s does not stop: what computes is started anew", work.name)
            self._cancel_limit.end()

    def _begin_again(self, work: Work) -> None:
        """Put work back that ended with the process that computes, unless it did so before."""
        with self._lanes.changed:
            if not work.wanted:
                self._end(work, "cancelled")
            elif work.attempts >= MOST_ATTEMPTS:
                self._end(work, "failed", error=error_body(_killed(work.attempts)))
            else:
                log.warning("Job %s: begun again in its turn", work.name)
                work.running = False
                waits = {"stage": "Waiting", "done": 0, "total": 0, "seconds_left": None}
                for record in work.records:
                    record.report(state="queued", **waits)
                self._lanes.put(work)

    def _end(
        self,
        work: Work,
        state: JobState,
        result: JobResult | None = None,
        error: ErrorBody | None = None,
    ) -> None:
        """End the jobs of a work; those that are being cancelled are cancelled.

        Without a result its files go first: whoever reads how it ended finds none.
        """
        if result is None:
            shutil.rmtree(self._results / work.name, ignore_errors=True)
        with self._lanes.changed:
            self._works.pop(work.name, None)
            live = [record for record in work.records if record.live]
            kept = [message and message.model_dump_json() for message in (result, error)]
            self._keep(self._table.end, [one.job.id for one in live], state, *kept)
            for record in work.records:
                if record in live:
                    record.end(state, result=result, error=error)
                else:
                    record.end("cancelled")

    def _drop(self, work: Work) -> None:
        """Take waiting work out, as nobody wants it any more."""
        self._works.pop(work.name, None)
        self._lanes.drop(work)

    def _keep(self, write: Callable[..., None], *values: Any) -> None:
        """Write to the table; a disk that is full must not stop the queue."""
        try:
            write(*values)
        except GlueLinkError as error:
            log.error("The table of jobs is behind: %s", error)

    def _tidy(self) -> None:
        """Forget what is not kept any longer, and delete its files where nobody else has them."""
        with self._lanes.changed:
            going = self._retention.to_forget(self._records.values())
            for old in going:
                del self._records[old.job.id]
            if going:
                self._keep(self._table.forget, [old.job.id for old in going])
            left = {record.folder for record in self._records.values()}
        if not self._keep_files:
            for folder in {old.folder for old in going} - left:
                shutil.rmtree(folder, ignore_errors=True)


def _job(identity: str, request: JobRequest, state: JobState, stage: str, created: str) -> Job:
    return Job(
        id=identity,
        kind=request.kind,
        state=state,
        stage=stage,
        done=0,
        total=0,
        seconds_left=None,
        created=created,
        request=request,
    )


def _killed(attempts: int) -> JobKilled:
    return JobKilled(
        f"The process that computes was killed {attempts} times while this job ran, so it is not "
        "begun again.",
        "Ask for a smaller area; if the computer ran out of memory, its own log says so.",
    )
