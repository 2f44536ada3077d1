"""Exceptions as statuses and sentences: one table, and one form of reply for every failure."""

import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

import torch
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from backend import errors
from backend.errors import GlueLinkError
from backend.io.disk import is_full
from backend.io.roots import without_foreign_paths
from backend.service.schemas import ErrorBody, ErrorReply

STATUS: dict[type[GlueLinkError], int] = {
    errors.Unauthorized: 401,
    errors.ImageryMissing: 404,
    errors.JobUnknown: 404,
    errors.SceneUnknown: 404,
    errors.UploadUnknown: 404,
    errors.EncoderBroken: 409,
    errors.NotEncoded: 409,
    errors.ExtraMissing: 409,
    errors.SceneInUse: 409,
    errors.UploadConflict: 409,
    errors.WeightsInvalid: 409,
    errors.WeightsMissing: 409,
    errors.VersionUnsupported: 412,
    errors.JobTooLarge: 413,
    errors.TooLarge: 413,
    errors.RangeInvalid: 416,
    errors.HostRefused: 421,
    errors.AreaInvalid: 422,
    errors.AreaOutsideScene: 422,
    errors.BandMissing: 422,
    errors.ConfigInvalid: 422,
    errors.DateMissing: 422,
    errors.DatesTooFew: 422,
    errors.DescriberUnknown: 422,
    errors.EncoderUnknown: 422,
    errors.HeadInvalid: 422,
    errors.HeadMismatch: 422,
    errors.HeadUnknown: 422,
    errors.NotGeoreferenced: 422,
    errors.NotRadar: 422,
    errors.PhraseInvalid: 422,
    errors.PixelsUnfit: 422,
    errors.RecordInvalid: 422,
    errors.ReplyInvalid: 502,
    errors.RequestInvalid: 422,
    errors.SceneUnreadable: 422,
    errors.StoreInvalid: 422,
    errors.CorpusInvalid: 422,
    errors.BlocksFailed: 422,
    errors.ClusterUnreachable: 502,
    errors.SurveyInvalid: 422,
    errors.TextEncoderUnknown: 422,
    errors.TruthInvalid: 422,
    errors.BandsUnclear: 422,
    errors.UnitsUnclear: 422,
    errors.YearUnclear: 422,
    errors.ChecksumMismatch: 460,
    errors.CatalogueUnreachable: 502,
    errors.DownloadFailed: 502,
    errors.JobKilled: 500,
    errors.WorkerKilled: 507,
    errors.Busy: 503,
    errors.OutOfMemory: 507,
    errors.OutOfTime: 422,
    errors.DiskFull: 507,
    errors.OutputUnwritable: 507,
}
"""The status of every error a user can mend; a test keeps it complete."""

SENTENCE = "sentence"
"""The type of a validation error whose message is a whole sentence already."""

SEE_CONTRACT = "GET /v1/openapi.json describes every route and message."


def error_body(error: BaseException) -> ErrorBody:
    """Return any exception as code, sentence and remedy; the code of others is "internal"."""
    if isinstance(error, GlueLinkError):  # which may name a file that has no proper name
        message, remedy = (
            without_foreign_paths(t.encode("utf-8", "replace").decode())
            for t in (error.message, error.remedy)
        )
        return ErrorBody(code=error.code, message=message, remedy=remedy)
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return error_body(
            errors.OutOfMemory(
                "The memory of the device was too small for this job.",
                "Close other programs that use it, or run the backend on the CPU.",
            )
        )
    if is_full(error):
        return error_body(
            errors.DiskFull(
                "The disk is full.", "Make room, or another folder for maps (--results)."
            )
        )
    return ErrorBody(
        code="internal",
        message=f"Something unforeseen went wrong in the backend ({type(error).__name__}).",
        remedy="The backend's log tells more; please report it with the log.",
    )


def error_response(
    status: int, body: ErrorBody, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return the reply to any failure."""
    return JSONResponse(
        ErrorReply(error=body).model_dump(), status_code=status, headers=dict(headers or {})
    )


def mendable_response(error: GlueLinkError) -> JSONResponse:
    """Return the reply to an error that a user can mend, with the headers of its status."""
    headers = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "5"}}
    status = STATUS[type(error)]
    return error_response(status, error_body(error), headers.get(status))


async def _mendable(request: Request, error: GlueLinkError) -> JSONResponse:
    return mendable_response(error)


async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    body = ErrorBody(
        code=errors.RequestInvalid.code,
        message=validation_sentence(error.errors()),
        remedy=SEE_CONTRACT,
    )
    return error_response(422, body)


async def _refused(request: Request, error: HTTPException) -> JSONResponse:
    """Reply to 404, 405 and the like, which the framework raises itself."""
    path, allowed = request.url.path, (error.headers or {}).get("Allow", "")
    sentences = {
        404: ("not_found", f"There is nothing at {printable(path)}."),
        405: ("method_not_allowed", f"{path} does not take {request.method}, only {allowed}."),
        413: (errors.TooLarge.code, str(error.detail)),
    }
    refused = (errors.RequestInvalid.code, f"The request cannot be read: {error.detail}.")
    code, message = sentences.get(error.status_code, refused)
    body = ErrorBody(code=code, message=message, remedy=SEE_CONTRACT)
    return error_response(error.status_code, body, error.headers)


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    """Reply to a fault; the server gets the exception afterwards, and logs its traceback."""
    logging.getLogger(__name__).error("%s %s failed", request.method, request.url.path)
    body = error_body(error)
    status = 507 if body.code in (errors.DiskFull.code, errors.OutOfMemory.code) else 500
    return error_response(status, body)


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    GlueLinkError: _mendable,
    RequestValidationError: _invalid,
    HTTPException: _refused,
    Exception: _unforeseen,
}
"""They answer every failure with an ErrorReply."""


def printable(value: object, limit: int = 60) -> str:
    """Return `value` as it can stand in a sentence: one line, short, and valid Unicode."""
    text = value if isinstance(value, str) else repr(value)
    text = " ".join(text.encode("utf-8", "replace").decode().split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def validation_sentence(complaints: Sequence[Mapping[str, Any]]) -> str:
    """Return the first of pydantic's complaints as a sentence: field, value, what it should be."""
    more = f" (And {len(complaints) - 1} more.)" if len(complaints) > 1 else ""
    return _complaint(complaints[0]) + more


def _complaint(error: Mapping[str, Any]) -> str:
    place, kind, expected = _field(error["loc"]), error["type"], error["msg"]
    if kind == SENTENCE:
        return str(expected)
    if kind == "json_invalid":
        return (
            f"The body is not valid JSON: {error['ctx']['error']} at character {error['loc'][1]}."
        )
    if kind == "missing":
        return f"The request has no {place}, which is needed."
    if kind == "extra_forbidden":
        return f"The request has a {place}, which is not known here."
    if isinstance(error["input"], bytes):
        return "The body is not JSON, or its Content-Type is not application/json."
    for start in ("Input should ", "Value error, "):
        expected = expected.removeprefix(start)
    return f"The {place} is {printable(repr(error['input']))}; it should {expected}."


def _field(location: Sequence[str | int]) -> str:
    """Return ("body", "phrases", 0) as 'field "phrases[0]"', and ("body",) as 'body'."""
    where, *names = location
    if not names:
        return str(where)
    path = "".join(f"[{name}]" if isinstance(name, int) else f".{name}" for name in names)
    noun = {"query": "parameter", "path": "parameter", "header": "header"}.get(str(where), "field")
    return f'{noun} "{printable(path.lstrip("."))}"'
