"""The kinds of jobs. A new kind is one module with `check` and `run`, and one line here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.progress import Progress
from backend.service import alignment, imagery
from backend.service.desk import Desk
from backend.service.schemas import JobResult


@dataclass(frozen=True)
class Kind:
    """`check` refuses at once what cannot succeed; `run` does the work and leaves files."""

    check: Callable[[Any, Desk], None]
    run: Callable[[Any, Desk, Path, Progress], JobResult]


KINDS: dict[str, Kind] = {
    "alignment": Kind(alignment.check, alignment.run),
    "fetch": Kind(imagery.check, imagery.run),
}
