"""A job as a message, and all kinds that its request and its result can be of."""

import pkgutil
from functools import reduce
from importlib import import_module
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Discriminator, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

from backend.service import kinds
from backend.service.errors import SENTENCE, printable
from backend.service.kinds import Kind, KindRequest, KindResult
from backend.service.schemas import ErrorBody, Message

KINDS: dict[str, Kind[Any]] = {
    name: import_module(f"{kinds.__name__}.{name}").KIND
    for name in sorted(module.name for module in pkgutil.iter_modules(kinds.__path__))
}
"""All kinds of jobs, by name: the modules of `backend.service.kinds`."""

DEFAULT_KIND = "alignment"
"""The kind of a request that names none."""

JobState = Literal["queued", "running", "done", "failed", "cancelled"]


def _validate(request: Any, union: ValidatorFunctionWrapHandler) -> KindRequest:
    """Return the request as the message of its kind.

    The union could choose as well, but would put the kind into the name of every bad field.
    """
    if isinstance(request, KindRequest):
        return request
    kind = request.get("kind", DEFAULT_KIND) if isinstance(request, dict) else DEFAULT_KIND
    if not isinstance(kind, str) or kind not in KINDS:
        message = "There is no kind of job {kind}; the kinds are {known}."
        context = {"kind": printable(repr(kind)), "known": ", ".join(KINDS)}
        raise PydanticCustomError(SENTENCE, message, context)
    return KINDS[kind].request.model_validate(request)


if TYPE_CHECKING:
    JobRequest = KindRequest
    JobResult = KindResult
else:
    _requests = reduce(or_, (kind.request for kind in KINDS.values()))
    _results = reduce(or_, (kind.result for kind in KINDS.values()))
    JobRequest = Annotated[_requests, Discriminator("kind"), WrapValidator(_validate)]
    JobResult = Annotated[_results, Discriminator("kind")]


class Job(Message):
    """A job as it stands."""

    id: str
    kind: str
    """The kind of its request and of its result."""
    state: JobState
    stage: str
    """What is being done, in words; "Cancelling" from a cancel until the work has stopped."""
    done: int
    """How much of this stage is done, of `total`."""
    total: int
    seconds_left: float | None
    """Time left in this stage; null while it is unknown."""
    created: str
    """ISO time, in UTC."""
    request: JobRequest
    result: JobResult | None = None
    error: ErrorBody | None = None


class JobList(Message):
    """All jobs that are kept, newest first."""

    jobs: list[Job]
