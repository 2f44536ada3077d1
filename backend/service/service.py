"""Everything the routes work on, opened and closed with the process."""

import threading
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from backend.errors import Busy
from backend.io.roots import read_only_below
from backend.resources import user_path
from backend.service.computing import Begin, ComputingHere
from backend.service.context import Context
from backend.service.folders import StateFolder, results_folder
from backend.service.jobs import KINDS, Job, JobRequest
from backend.service.queue import CancelLimit, JobQueue, Retention
from backend.service.scenes import SceneRegistry
from backend.service.settings import Settings
from backend.service.table import JobTable
from backend.service.uploads import Uploads

P = ParamSpec("P")
T = TypeVar("T")

SLOW_AT_ONCE, SLOW_WAITING = 8, 32
"""Requests that open files or ask hosts, at once; and how many may wait for their turn."""

WATCHING_AT_ONCE = 1
"""Requests that look at the state of the service, which is told whatever else hangs."""

TURN_S = 0.2
"""How long a check waits for the one before it, which may hang on a disk."""

STOP_S = 0.5
"""How long the end waits for work to stop by itself."""


class Service:
    """One running service: its limits, models, scenes and jobs."""

    def __init__(
        self, settings: Settings, owned: bool = False, begin: Begin = ComputingHere
    ) -> None:
        """Go on where the last service of this folder has ended.

        An `owned` one belongs to a program that starts it anew whenever it needs it. `begin` says
        where it computes.
        """
        self._folder = StateFolder(settings.state, settings.kept_days, owned)
        self._table = JobTable(self._folder.table)
        self._slow = CapacityLimiter(SLOW_AT_ONCE)
        self._watching = CapacityLimiter(WATCHING_AT_ONCE)
        self._turn = threading.Lock()
        self._abandoned = False
        self.settings = settings
        own = self._folder.uploads, user_path("imagery")  # what was sent, and what was fetched
        roots = None if settings.roots is None else (*settings.roots, *own)
        read_only_below(roots)
        self.scenes = SceneRegistry(self._table)
        self.uploads = Uploads(self._folder.uploads, settings, self.scenes.reads_in)
        results = results_folder(settings.results, self._folder.path)
        self.computing = begin(settings, results, self._folder.table, roots)
        self.jobs = JobQueue(
            self.computing.run,
            results,
            settings.max_queued_jobs,
            settings.results is not None,
            self._table,
            Retention(settings.kept_days, settings.kept_bytes),
            CancelLimit(settings.max_cancel_s, self.computing.restart),
        )

    async def slowly(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Return what `work` does in one of the threads for what may hang.

        Raises:
            Busy: too many requests wait for these threads.
        """
        return await _threaded(self._slow, work, *args, **named)

    async def watch(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Return what `work` sees of this service, in a thread that nothing slow has.

        Raises:
            Busy: too many requests wait for it.
        """
        return await _threaded(self._watching, work, *args, **named)

    def submit(self, request: JobRequest) -> Job:
        """Check a request and queue it; nothing is checked while the queue is full."""
        self.jobs.require_room()
        kind = KINDS[request.kind]
        return self.jobs.submit(request, kind.lane, self.ask(partial(kind.check, request)))

    def ask(self, work: Callable[[Context], T]) -> T:
        """Return what `work` finds out where jobs are computed, one after the other.

        The service itself opens no file of others and reads no area: a fault in a library's machine
        code would end it.

        Side by side they would not be done sooner, since Python computes in one thread at a time;
        but each of them would hold up the job that runs by a turn of its own.
        """
        own = self._turn.acquire(timeout=TURN_S)
        try:
            return self.computing.ask(work)
        finally:
            if own:
                self._turn.release()

    def abandon(self) -> None:
        """Cancel all jobs and keep nothing: whoever owns this service is gone."""
        self._abandoned = True
        self.jobs.cancel_all()

    def close(self) -> None:
        """Stop the work; the next service goes on with it, unless this one is abandoned."""
        self.jobs.close(STOP_S)
        self.computing.close()
        read_only_below(None)
        self._table.close()
        if self._abandoned:
            self._folder.clear()
        else:
            self._folder.release()


async def _threaded(
    limiter: CapacityLimiter, work: Callable[P, T], *args: P.args, **named: P.kwargs
) -> T:
    """Return what `work` does in one of the threads of `limiter`, for what may hang.

    Raises:
        Busy: too many requests wait for these threads.
    """
    waiting = limiter.statistics().tasks_waiting
    if limiter.available_tokens < 1 and waiting >= SLOW_WAITING:
        raise Busy(
            f"{waiting} requests wait already for files or hosts that do not answer.",
            "Try again when they have ended.",
        )
    return await to_thread.run_sync(partial(work, *args, **named), limiter=limiter)
