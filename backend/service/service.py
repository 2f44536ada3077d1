"""Everything the routes work on, opened and closed with the process."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from backend.errors import Busy
from backend.progress import Progress
from backend.service.context import Context
from backend.service.folders import WorkFolder, results_folder
from backend.service.jobs import KINDS, Job, JobRequest, JobResult
from backend.service.model_cache import ModelCache
from backend.service.queue import JobQueue
from backend.service.scenes import SceneRegistry
from backend.service.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

SLOW_AT_ONCE, SLOW_WAITING = 8, 32
"""Requests that open files or ask hosts, at once; and how many may wait for their turn."""

STOP_S = 0.5
"""How long the end waits for work to stop by itself."""


class Service:
    """One running service: its limits, models, scenes and jobs."""

    def __init__(self, settings: Settings) -> None:
        self._folder = WorkFolder()
        self._slow = CapacityLimiter(SLOW_AT_ONCE)
        self.settings = settings
        self.scenes = SceneRegistry(self._folder.path / "uploads")
        self.context = Context(settings, ModelCache(), self.scenes)
        self.jobs = JobQueue(
            self._work,
            results_folder(settings.results, self._folder.path),
            settings.max_queued_jobs,
            keep_files=settings.results is not None,
        )

    async def slowly(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Return what `work` does in one of the threads for what may hang.

        Raises:
            Busy: too many requests wait for these threads.
        """
        waiting = self._slow.statistics().tasks_waiting
        if self._slow.available_tokens < 1 and waiting >= SLOW_WAITING:
            raise Busy(
                f"{waiting} requests wait already for files or hosts that do not answer.",
                "Try again when they have ended.",
            )
        return await to_thread.run_sync(partial(work, *args, **named), limiter=self._slow)

    def submit(self, request: JobRequest) -> Job:
        """Check a request and queue it."""
        KINDS[request.kind].check(request, self.context)
        return self.jobs.submit(request)

    def close(self) -> None:
        """Cancel the jobs and remove what is only kept while the service runs."""
        self.jobs.close(STOP_S)
        self._folder.close()

    def _work(self, request: JobRequest, folder: Path, progress: Progress) -> JobResult:
        return KINDS[request.kind].run(request, self.context, folder, progress)
