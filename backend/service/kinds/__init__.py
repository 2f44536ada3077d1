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

    def check(request: CountRequest, context: Context) -> None: ...
    def run(
        request: CountRequest, context: Context, folder: Path, progress: Progress
    ) -> CountResult: ...

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


@dataclass(frozen=True)
class Kind(Generic[Request]):
    """One kind of jobs."""

    request: type[Request]
    result: type[KindResult]
    check: Callable[[Request, Context], None]
    """Raise at once what would make the job fail."""
    run: Callable[[Request, Context, Path, Progress], KindResult]
    """Do the work, and leave its files in the given folder, which is empty.

    Progress is reported at least twice a second: the time left is computed from it, and a cancel is
    raised by it.
    """
