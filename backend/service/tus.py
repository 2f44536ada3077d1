"""The routes of uploads: the tus protocol 1.0.0, which clients in many languages speak.

Source: https://tus.io/protocols/resumable-upload, its core and the extensions creation, expiration,
termination and checksum. The header of the version may be left out.
"""

import base64
import binascii
from collections.abc import Callable, Coroutine
from email.utils import format_datetime
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Header, Request, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from backend.errors import GlueLinkError, RequestInvalid, VersionUnsupported
from backend.service.errors import mendable_response, printable
from backend.service.messages import BoundedRoute
from backend.service.routes import GUARDED, Running, failures
from backend.service.schemas import UploadInfo, UploadList

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination,checksum"
ALGORITHMS = ("sha256", "sha1")

BYTES = "application/offset+octet-stream"

DRAIN_BYTES = 64 * 1024**2
"""How much of a refused body is still read, so that the client gets the reply."""

SILENCE_S = 1.0
"""A client that sends nothing for so long is not waited for."""


class TusRoute(BoundedRoute):
    """A route that speaks one version of tus, and says so in every reply."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of requests."""
        handle = super().get_route_handler()

        async def speak(request: Request) -> Response:
            body = Body(request.receive)
            try:
                _require_version(request.headers.get("tus-resumable", VERSION))
                response = await handle(Request(request.scope, body.receive))
            except GlueLinkError as error:
                await body.drain()
                response = mendable_response(error)
                response.headers["Tus-Version"] = VERSION
            response.headers["Tus-Resumable"] = VERSION
            return response

        return speak


class Body:
    """The body of a request, of which some may be left to read."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._more = True

    async def receive(self) -> Message:
        """Return the next message of the server."""
        message = await self._receive()
        self._more = message.get("more_body", False)
        return message

    async def drain(self) -> None:
        """Read on: a reply is lost when the connection closes on a client that still sends."""
        read = 0
        while self._more and read < DRAIN_BYTES:
            with anyio.move_on_after(SILENCE_S) as silence:
                read += len((await self.receive()).get("body", b""))
            if silence.cancelled_caught:
                return


uploads = APIRouter(prefix="/v1/uploads", route_class=TusRoute, **GUARDED)


@uploads.options("", status_code=204)
async def get_tus_options(service: Running) -> Response:
    """Say what this service knows of tus."""
    headers = {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(service.settings.max_upload_bytes),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return Response(status_code=204, headers=headers)


@uploads.get("")
async def list_uploads(service: Running) -> UploadList:
    """List all files that clients send or have sent, the last changed first."""
    return UploadList(uploads=service.uploads.all())


@uploads.post("", status_code=201, responses=failures(404, 412, 413, 507))
async def begin_upload(
    service: Running,
    response: Response,
    upload_length: Annotated[int, Header(description="Bytes of the file.")],
    upload_metadata: Annotated[
        str,
        Header(
            description="`name` or `filename`, a space and the file's name in base64; after a "
            "comma, `beside` and the id of the upload whose folder it is to share."
        ),
    ],
) -> UploadInfo:
    """Begin to send a GeoTIFF. `Location` is where its bytes go."""
    known = _metadata(upload_metadata)
    name = known.get("name", known.get("filename"))
    if name is None:
        raise RequestInvalid(
            "The upload has no name.", "Send Upload-Metadata: name, a space, the name in base64."
        )
    info = await service.uploads.create(name, upload_length, known.get("beside"))
    response.headers["Location"] = f"{uploads.prefix}/{info.id}"
    response.headers["Upload-Expires"] = format_datetime(info.expires, usegmt=True)
    return info


@uploads.get("/{upload}", responses=failures(404))
async def get_upload(upload: str, service: Running) -> UploadInfo:
    """Return an upload as it stands, and where its file lies once it is whole."""
    return service.uploads.get(upload)


@uploads.head("/{upload}", responses=failures(404, 409, 412))
async def get_offset(upload: str, service: Running) -> Response:
    """Say how many bytes have come, and end a request that still sends some."""
    info = await service.uploads.hold(upload)
    return Response(
        headers={
            "Upload-Offset": str(info.received),
            "Upload-Length": str(info.bytes),
            "Upload-Expires": format_datetime(info.expires, usegmt=True),
            "Cache-Control": "no-store",
        }
    )


@uploads.patch(
    "/{upload}",
    status_code=204,
    responses=failures(404, 409, 412, 413, 415, 460, 507),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {BYTES: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def go_on_with_upload(
    upload: str,
    service: Running,
    request: Request,
    upload_offset: Annotated[int, Header(description="How many bytes have come.")],
    upload_checksum: Annotated[
        str | None,
        Header(description="`sha256` or `sha1`, a space and the digest of the body in base64."),
    ] = None,
) -> Response:
    """Send the next bytes. With a checksum all of them count or none, else those that come."""
    kind = request.headers.get("content-type", "")
    if kind != BYTES:
        raise HTTPException(415, f'its Content-Type is "{printable(kind)}", not {BYTES}')
    checksum = _checksum(upload_checksum) if upload_checksum else None
    try:
        info = await service.uploads.receive(upload, upload_offset, request.stream(), checksum)
    except ClientDisconnect:  # nobody hears the reply
        raise RequestInvalid("The connection was cut.", "Ask where the upload stands.") from None
    headers = {
        "Upload-Offset": str(info.received),
        "Upload-Expires": format_datetime(info.expires, usegmt=True),
    }
    return Response(status_code=204, headers=headers)


@uploads.delete("/{upload}", status_code=204, responses=failures(404, 409, 412))
async def forget_upload(upload: str, service: Running) -> None:
    """Delete a file that was sent, or what has come of it."""
    await service.uploads.forget(upload)


def _metadata(header: str) -> dict[str, str]:
    """Return the pairs of an Upload-Metadata header.

    Raises:
        RequestInvalid: a value is not text in base64.
    """
    pairs = [pair.strip().partition(" ") for pair in header.split(",")]
    try:
        return {key: base64.b64decode(value, validate=True).decode() for key, _, value in pairs}
    except (binascii.Error, ValueError):
        raise RequestInvalid(
            f'Upload-Metadata is "{printable(header)}"; names with values in base64 were expected.',
            "Send each value as base64 of its UTF-8.",
        ) from None


def _checksum(header: str) -> tuple[str, bytes]:
    """Return algorithm and digest of an Upload-Checksum header.

    Raises:
        RequestInvalid: it is another algorithm, or no base64.
    """
    algorithm, _, digest = header.partition(" ")
    try:
        if algorithm in ALGORITHMS:
            return algorithm, base64.b64decode(digest, validate=True)
    except (binascii.Error, ValueError):
        pass
    raise RequestInvalid(
        f'Upload-Checksum is "{printable(header)}"; {" or ".join(ALGORITHMS)} and a digest in '
        "base64 were expected.",
        "Send sha256, a space and the digest.",
    )


def _require_version(version: str) -> None:
    if version != VERSION:
        raise VersionUnsupported(
            f'The request speaks tus "{printable(version)}"; here it is {VERSION}.',
            "Use a client of that version.",
        )
