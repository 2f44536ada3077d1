"""Everything the routes work on, opened and closed with the process."""

from pathlib import Path

from backend.progress import Progress
from backend.service.desk import Desk
from backend.service.engine import Engine
from backend.service.folders import WorkFolder, results_folder
from backend.service.jobs import JobQueue
from backend.service.kinds import KINDS
from backend.service.scenes import SceneRegistry
from backend.service.schemas import AnyRequest, Job, JobResult
from backend.service.settings import Settings

STOP_S = 0.5
"""How long the end waits for work to stop by itself."""


class State:
    """One running service."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.engine = Engine()
        self._folder = WorkFolder()
        self.scenes = SceneRegistry(self._folder.path / "uploads")
        self._desk = Desk(self.engine, self.scenes, settings)
        self.jobs = JobQueue(
            self._work,
            results_folder(settings.results, self._folder.path),
            settings.max_queued_jobs,
            keep_files=settings.results is not None,
        )

    def submit(self, request: AnyRequest) -> Job:
        """Check a request and queue it."""
        KINDS[request.kind].check(request, self._desk)
        return self.jobs.submit(request)

    def close(self) -> None:
        """Cancel the jobs and remove what is only kept while the service runs."""
        self.jobs.close(STOP_S)
        self._folder.close()

    def _work(self, request: AnyRequest, folder: Path, progress: Progress) -> JobResult:
        return KINDS[request.kind].run(request, self._desk, folder, progress)
