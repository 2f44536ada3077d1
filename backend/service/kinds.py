"""The kinds of jobs. A new kind is one module with `check` and `run`, and one line here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backend.progress import Progress
from backend.service import alignment
from backend.service.engine import Engine
from backend.service.scenes import SceneEntry
from backend.service.schemas import JobRequest, JobResult
from backend.service.settings import Settings


@dataclass(frozen=True)
class Kind:
    """`check` refuses at once what cannot succeed; `run` does the work and leaves files."""

    check: Callable[[JobRequest, SceneEntry, Engine, Settings], None]
    run: Callable[[JobRequest, SceneEntry, Engine, Path, Progress], JobResult]


KINDS: dict[str, Kind] = {
    "alignment": Kind(alignment.check, alignment.run),
}
