"""What computes: checks of requests, estimates, and the work of jobs."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from backend.errors import SceneUnreadable
from backend.io.roots import read_only_below
from backend.progress import Progress
from backend.service.context import Context
from backend.service.jobs import KINDS, JobRequest, JobResult
from backend.service.kinds import Checked
from backend.service.kinds.alignment import Estimate, EstimateRequest, estimate
from backend.service.limits import until
from backend.service.model_cache import ModelCache
from backend.service.scenes import SceneRegistry
from backend.service.settings import Settings
from backend.service.table import JobTable


class Computing(Protocol):
    """What a service asks to compute, in this process or in another one; from any thread.

    Raises:
        JobKilled: by each of its calls, where the process that computes has ended.
    """

    @property
    def process(self) -> int:
        """The number of the process that computes."""

    def check(self, request: JobRequest) -> Checked:
        """Return what is found out about a job; raises at once what would make it fail."""

    def estimate(self, request: EstimateRequest) -> Estimate:
        """Return what a job over an area would cost."""

    def run(
        self, request: JobRequest, folder: Path, progress: Progress, depends_on: str | None
    ) -> JobResult:
        """Do a job's work, on what it was asked of, and leave its files in `folder`.

        Raises:
            SceneUnreadable: that has changed since.
        """

    def measured(self) -> dict[str, tuple[int, float]]:
        """Return windows and seconds of each encoder that has encoded here."""

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
        self._table = JobTable(table)
        scenes = SceneRegistry(self._table)
        self.context = Context(settings, ModelCache(), scenes, results, self._table)

    @property
    def process(self) -> int:
        """See Computing."""
        return os.getpid()

    def check(self, request: JobRequest) -> Checked:
        """See Computing."""
        return KINDS[request.kind].check(request, self.context)

    def estimate(self, request: EstimateRequest) -> Estimate:
        """See Computing."""
        return estimate(request, self.context)

    def run(
        self, request: JobRequest, folder: Path, progress: Progress, depends_on: str | None
    ) -> JobResult:
        """See Computing."""
        if depends_on and self.check(request).depends_on != depends_on:
            raise SceneUnreadable(
                "The scene's files, or the head, were changed after the job was queued.",
                "Ask again: it then reads what is there now.",
            )
        limited = until(self.context.settings.max_job_s, progress)
        return KINDS[request.kind].run(request, self.context, folder, limited)

    def measured(self) -> dict[str, tuple[int, float]]:
        """See Computing."""
        return self.context.models.measured()

    def restart(self) -> None:
        """Do nothing: a process cannot end one of its threads."""

    def close(self) -> None:
        """Close the table; work that goes on fails."""
        self._table.close()
