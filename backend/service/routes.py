"""The routes. Each one only translates between HTTP and the service.

What opens files of others or asks hosts may hang, or end its process: it is done where jobs are
computed (`service.ask`). Health and a single job are answered without any thread, so nothing can
hold them up.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from functools import partial
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Header, Request, Response, Security
from fastapi.responses import FileResponse, StreamingResponse
from fastapi.security import HTTPBearer
from fastapi.sse import EventSourceResponse, ServerSentEvent

from backend import __version__
from backend.errors import RangeInvalid
from backend.service import imagery
from backend.service.computing import offered, register
from backend.service.device import describe_device
from backend.service.encoded import EncodedList, encoded
from backend.service.errors import printable
from backend.service.imagery import CatalogueList, FoundScenes, ImagerySearch, NewestScene
from backend.service.jobs import Job, JobList, JobRequest
from backend.service.kinds.alignment import Estimate, EstimateRequest, estimate
from backend.service.messages import BoundedRoute
from backend.service.queue import ENDED
from backend.service.schemas import (
    Capabilities,
    ErrorReply,
    Health,
    SceneInfo,
    SceneList,
    SceneRequest,
)
from backend.service.service import Service

AT_ONCE = 32
"""Jobs of a list that are sent before others are answered."""

EVENT_S = 0.05
"""How often the event stream looks at its job."""

FILES: dict[str, Any] = {
    kind: {} for kind in ("image/tiff", "text/plain", "text/csv", "text/x-tex", "application/json")
}
"""The files of results, by media type."""

REASONS = {
    400: "The body cannot be read.",
    401: "No token, or a wrong one.",
    404: "No such scene, job or file.",
    409: "Not possible in the present state, such as weights that are missing.",
    412: "The request speaks another version of tus.",
    413: "The body is too large, or the job would be.",
    415: "The body is of another kind.",
    416: "The range does not lie in the file.",
    421: "The Host header is not a name of this service.",
    422: "The request is understood but cannot be done.",
    460: "The checksum is that of another body.",
    500: "Something unforeseen; the log tells more.",
    502: "A STAC catalogue cannot be reached, or does not answer well.",
    503: "The queue is full, or too many files are being opened.",
    507: "The disk or the memory is full.",
}


def failures(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the documented replies of these statuses: JSON, whatever a success would be."""
    reply = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorReply"}}}
    return {s: {"description": REASONS[s], "content": reply} for s in statuses}


async def get_service(request: Request) -> Service:
    """Return the service that the application was made for."""
    service: Service = request.app.state.service
    return service


Running = Annotated[Service, Depends(get_service)]

# The model brings the schema into the contract, to which `failures` refers.
open_to_all = APIRouter(
    prefix="/v1",
    route_class=BoundedRoute,
    responses=failures(421) | {500: {"model": ErrorReply, "description": REASONS[500]}},
)

# The token is checked in `security.Gate`; this only writes it into the contract.
GUARDED: dict[str, Any] = {
    "responses": failures(401, 421, 422, 500, 503),
    "dependencies": [Security(HTTPBearer(auto_error=False))],
}

guarded = APIRouter(prefix="/v1", route_class=BoundedRoute, **GUARDED)


@open_to_all.get("/health")
async def health() -> Health:
    """Check that the service is alive; the one route that needs no token."""
    return Health(version=__version__, device=describe_device())


@guarded.get("/capabilities")
async def get_capabilities(service: Running) -> Capabilities:
    """List all that can be chosen here."""
    return await service.slowly(service.ask, offered)


@guarded.get("/scenes")
def list_scenes(service: Running) -> SceneList:
    """List all registered scenes."""
    return SceneList(scenes=service.scenes.all())


@guarded.post("/scenes", status_code=201, responses=failures(400, 413, 507))
async def register_scene(message: SceneRequest, service: Running) -> SceneInfo:
    """Register a scene that lies on the backend's computer."""
    return await service.slowly(service.ask, partial(register, message))


@guarded.get("/scenes/{scene}", responses=failures(404))
def get_scene(scene: str, service: Running) -> SceneInfo:
    """Return one scene, as it will be read."""
    return service.scenes.get(scene).info


@guarded.delete("/scenes/{scene}", status_code=204, responses=failures(404, 409, 507))
def forget_scene(scene: str, service: Running) -> None:
    """Forget a scene; its files are left alone, uploads as well."""
    service.scenes.forget(scene, used_by=service.jobs.reader_of(scene))


@guarded.get("/imagery/catalogues")
def list_catalogues() -> CatalogueList:
    """List the STAC catalogues that can be searched."""
    return imagery.catalogues()


@guarded.get("/imagery/catalogues/{name}/newest", responses=failures(404, 409))
async def newest_scene(name: str, service: Running) -> NewestScene:
    """Ask a STAC catalogue for the day of its newest scene."""
    return await service.slowly(service.computing.ask, partial(imagery.newest, name))


@guarded.post("/imagery/search", responses=failures(400, 404, 409, 413, 502))
async def search_imagery(message: ImagerySearch, service: Running) -> FoundScenes:
    """Ask a STAC catalogue which scenes it has of an area."""
    return await service.slowly(service.computing.ask, partial(imagery.search, message))


@guarded.post("/estimates", responses=failures(400, 404, 409, 413))
async def make_estimate(message: EstimateRequest, service: Running) -> Estimate:
    """Return what a job over this area would cost."""
    return await service.slowly(service.ask, partial(estimate, message))


@guarded.get("/encoded")
async def list_encoded(service: Running) -> EncodedList:
    """List what is encoded already, of every scene and by every encoder."""
    return await service.slowly(service.ask, encoded)


@guarded.post("/jobs", status_code=202, responses=failures(400, 404, 409, 413, 503, 507))
async def submit_job(message: Annotated[JobRequest, Body()], service: Running) -> Job:
    """Queue a job of any kind. What cannot succeed is refused here."""
    return await service.slowly(service.submit, message)


@guarded.get("/jobs", response_model=JobList)
async def list_jobs(service: Running) -> Response:
    """List all jobs that are kept, newest first."""
    return StreamingResponse(_job_list(service.jobs.texts()), media_type="application/json")


async def _job_list(jobs: Iterator[str]) -> AsyncIterator[str]:
    """Yield the list of jobs, each as its text, in pieces.

    As one message, a thousand would be written in one go, and nothing else is answered meanwhile.
    """
    yield '{"jobs":['
    comma = ""
    while piece := ",".join(islice(jobs, AT_ONCE)):
        yield comma + piece
        comma = ","
        await asyncio.sleep(0)
    yield "]}"


@guarded.get("/jobs/{job}", responses=failures(404))
async def get_job(job: str, service: Running) -> Job:
    """Return a job as it stands."""
    return service.jobs.get(job)


@guarded.delete("/jobs/{job}", status_code=202, responses=failures(404))
def cancel_job(job: str, service: Running) -> Job:
    """Cancel a job: at once while it waits; while it runs it is "Cancelling" until work stops."""
    return service.jobs.cancel(job)


@guarded.get("/jobs/{job}/events", response_class=EventSourceResponse, responses=failures(404))
async def watch_job(
    first: Annotated[Job, Depends(get_job)],
    service: Running,
    last_event_id: Annotated[str, Header(description="The last event that was read.")] = "",
) -> AsyncIterator[Job]:
    """Send the job after every change, as server-sent events; the stream ends with the job.

    The id of an event stands for the job as it is then: a client that comes back with it is sent
    what has changed since, also after a restart of the service.
    """
    current, event = first, _event(first)
    if event.id != last_event_id:
        yield event
    while current.state not in ENDED and not service.jobs.closed:
        await asyncio.sleep(EVENT_S)
        before, current = current, service.jobs.get(first.id)
        if current is not before:
            yield _event(current)


def _event(job: Job) -> Any:
    """Return a job as an event, whose id is that of its contents."""
    text = job.model_dump_json()
    identity = hashlib.sha256(text.encode()).hexdigest()[:16]
    return ServerSentEvent(raw_data=text, id=identity)


@guarded.get(
    "/jobs/{job}/files/{name}",
    response_class=FileResponse,
    responses={
        200: {"content": FILES, "description": "The whole file."},
        206: {"content": FILES, "description": "The range that was asked for."},
        **failures(404, 416),
    },
)
def get_file(job: str, name: str, request: Request, service: Running) -> FileResponse:
    """Return a file of a result, whole or one range of it."""
    path, file = service.jobs.file(job, name)
    check_range(request.headers.get("range"), file.bytes)
    return FileResponse(path, media_type=file.media_type, filename=name)


def check_range(header: str | None, size: int) -> None:
    """Raise RangeInvalid unless `header` is absent or one range within `size` bytes."""
    if header is None:
        return
    match = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", header.strip().lower())
    first, last = match.groups() if match else ("", "")
    from_start = first and int(first) < size and int(first) <= int(last or size)
    from_end = not first and int(last or 0) > 0
    if not (from_start or from_end):
        raise RangeInvalid(
            f'The range "{printable(header)}" was asked of a file of {size} bytes.',
            "Ask for one range, such as bytes=0-1023.",
        )
