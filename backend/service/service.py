"""Everything the routes work on, opened and closed with the process."""

from pathlib import Path

from backend.progress import Progress
from backend.service.context import Context
from backend.service.folders import WorkFolder, results_folder
from backend.service.jobs import KINDS, Job, JobRequest, JobResult
from backend.service.model_cache import ModelCache
from backend.service.queue import JobQueue
from backend.service.scenes import SceneRegistry
from backend.service.settings import Settings

STOP_S = 0.5
"""How long the end waits for work to stop by itself."""


class Service:
    """One running service: its limits, models, scenes and jobs."""

    def __init__(self, settings: Settings) -> None:
        self._folder = WorkFolder()
        self.settings = settings
        self.scenes = SceneRegistry(self._folder.path / "uploads")
        self.context = Context(settings, ModelCache(), self.scenes)
        self.jobs = JobQueue(
            self._work,
            results_folder(settings.results, self._folder.path),
            settings.max_queued_jobs,
            keep_files=settings.results is not None,
        )

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
