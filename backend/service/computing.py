"""What computes: checks of requests, all that opens files or asks hosts, and the work of jobs."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from backend.errors import SceneUnreadable
from backend.io.roots import read_only_below
from backend.progress import Progress
from backend.service.capabilities import capabilities
from backend.service.context import Context
from backend.service.jobs import KINDS, JobRequest, JobResult
from backend.service.limits import until
from backend.service.model_cache import ModelCache
from backend.service.scenes import SceneRegistry
from backend.service.schemas import Capabilities, SceneInfo, SceneRequest
from backend.service.settings import Settings
from backend.service.table import JobTable

T = TypeVar("T")

Speeds = dict[str, tuple[int, float]]
"""Windows and seconds of each encoder that has encoded."""


class Computing(Protocol):
    """What a service asks to compute, in this process or in another one; from any thread.

    Raises:
        JobKilled: by `ask` and `run`, where the process that computes has ended.
    """

    @property
    def process(self) -> int:
        """The number of the process that computes."""

    @property
    def speeds(self) -> Speeds:
        """What has been encoded here, as known last; nobody has to wait for it."""

    def ask(self, work: Callable[[Context], T]) -> T:
        """Return what `work` returns: a function of a module, its first arguments perhaps bound."""

    def run(
        self, request: JobRequest, folder: Path, progress: Progress, depends_on: str | None
    ) -> JobResult:
        """Do a job's work, on what it was asked of, and leave its files in `folder`.

        Raises:
            SceneUnreadable: that has changed since.
        """

    def restart(self) -> None:
        """End what hangs, and compute on; what else was being computed ends as well."""

    def close(self) -> None:
        """End, whatever is being computed."""


Roots = tuple[Path, ...] | None
"""Folders below which scenes are read; any folder where there are none."""

Begin = Callable[[Settings, Path, Path, Roots], Computing]
"""Begins to compute with the settings of a service, its folder for maps, its table of jobs."""


class ComputingHere:
    """Computes in the process that asks."""

    def __init__(self, settings: Settings, results: Path, table: Path, roots: Roots) -> None:
        """Work with the scenes and jobs of a table, and with models of its own."""
        read_only_below(roots)
        self._table = JobTable(table, own=False)
        scenes = SceneRegistry(self._table)
        self.context = Context(settings, ModelCache(), scenes, results, self._table)

    @property
    def process(self) -> int:
        """See Computing."""
        return os.getpid()

    @property
    def speeds(self) -> Speeds:
        """See Computing."""
        return self.context.models.measured()

    def ask(self, work: Callable[[Context], T]) -> T:
        """See Computing."""
        return work(self.context)

    def run(
        self, request: JobRequest, folder: Path, progress: Progress, depends_on: str | None
    ) -> JobResult:
        """See Computing."""
        kind = KINDS[request.kind]
        if depends_on and kind.check(request, self.context).depends_on != depends_on:
            raise SceneUnreadable(
                "The scene's files, or the head, were changed after the job was queued.",
                "Ask again: it then reads what is there now.",
            )
        limited = until(self.context.settings.max_job_s, progress)
        return kind.run(request, self.context, folder, limited)

    def restart(self) -> None:
        """Do nothing: a process cannot end one of its threads."""

    def close(self) -> None:
        """Close the table; work that goes on fails."""
        self._table.close()


def register(request: SceneRequest, context: Context) -> SceneInfo:
    """Open a scene and keep it in the table, where the service finds it. See SceneRegistry."""
    return context.scenes.register(request)


def offered(context: Context) -> Capabilities:
    """Return what can be chosen here: the files of heads, encoders and describers are opened."""
    return capabilities(context.settings)
