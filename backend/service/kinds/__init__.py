"""The kinds of jobs: each module of this package is one, and no list elsewhere names them.

A module is named as its kind. It holds the kind's messages and its work, gathered in `KIND`:

    class CountRequest(KindRequest):
        kind: Literal["count"]
        scene: str

        @property
        def scene_read(self) -> str:
            return self.scene

    class CountResult(KindResult):
        kind: Literal["count"] = "count"
        ships: int

    def check(request: CountRequest, context: Context) -> Checked:
        context.scenes.get(request.scene)  # raises where there is no such scene
        return Checked()

    def run(
        request: CountRequest, context: Context, folder: Path, progress: Progress
    ) -> CountResult:
        with context.scenes.get(request.scene).open() as scene:
            return CountResult(ships=...)

    KIND = Kind(CountRequest, CountResult, check, run)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from backend.progress import Progress
from backend.service.context import Context
from backend.service.schemas import Message


class KindRequest(Message):
    """Base of what a job of one kind is asked; `kind` is a literal there."""

    kind: str

    @property
    def summary(self) -> str:
        """What is asked, in a few words for the log."""
        return self.kind

    @property
    def scene_read(self) -> str | None:
        """The id of the registered scene that the job reads; None when it reads none."""
        return None


class KindResult(Message):
    """Base of what a finished job of one kind leaves; `kind` is a literal there.

    A kind whose jobs leave files lists them as `files`.
    """

    kind: str


Request = TypeVar("Request", bound=KindRequest)

DEVICE, NETWORK = "device", "network"
"""The lanes of jobs: what computes, one at a time, and what waits for hosts."""


@dataclass(frozen=True)
class Checked:
    """What a check has found out about a job that can be done."""

    seconds: float | None = None
    """How long the work should take; None where that is not known."""
    depends_on: str | None = None
    """What the result depends on beside the request, such as the state of a scene's files.

    Jobs of equal requests share their work where this is equal, and a job fails where it has
    changed before its turn. None: neither.
    """


UNCHECKED = Checked()


@dataclass(frozen=True)
class Kind(Generic[Request]):
    """One kind of jobs."""

    request: type[Request]
    result: type[KindResult]
    check: Callable[[Request, Context], Checked]
    """Raise at once what would make the job fail."""
    run: Callable[[Request, Context, Path, Progress], KindResult]
    """Do the work, and leave its files in the given folder, which is empty.

    Progress is reported at least twice a second, where no lock is held: the time left is computed
    from it, a cancel is raised by it, and a question may be answered meanwhile.
    """
    lane: str = DEVICE
