"""Who may talk to the service: checked before anything of a request is read."""

import hmac

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.errors import GlueLinkError, HostRefused, Unauthorized
from backend.service.errors import mendable_response, printable
from backend.service.settings import Settings

OPEN_PATHS = frozenset({"/v1/health"})
"""These need no token."""

STREAMED = "/v1/uploads/"
"""Bodies that are sent there are never held in memory, and their handler counts the bytes."""

DRAINED = 8
"""How much of a refused message is still read, as a multiple of the largest one."""


class Gate:
    """ASGI middleware: Host header, token, size of messages.

    The Host header is checked because a web page can make a browser call a loopback address under
    a name of its own (DNS rebinding); the token because other users of this computer can call it.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.hosts = settings.hosts
        self.secret = settings.token.encode()
        self.largest = settings.max_message_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            self._check_host(headers.get("host", ""))
            if scope["path"] not in OPEN_PATHS:
                self._check_token(headers.get("authorization", ""))
        except GlueLinkError as error:
            await mendable_response(error)(scope, receive, send)
            return
        streamed = scope["method"] == "PATCH" and scope["path"].startswith(STREAMED)
        limited = receive if streamed else _limited(receive, self.largest)
        await self.app(scope, limited, send)

    def _check_host(self, host: str) -> None:
        host = host.lower()
        if host not in self.hosts and host.rpartition(":")[0] not in self.hosts:
            raise HostRefused(
                f'The service does not answer to the host "{printable(host)}".',
                f"Start it with --allow-host {printable(host) or 'NAME'} if this name is yours.",
            )

    def _check_token(self, authorization: str) -> None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthorized(
                "The request has no token.",
                "Send the header Authorization: Bearer TOKEN, with the token of this backend.",
            )
        if not hmac.compare_digest(token.strip().encode("latin-1"), self.secret):
            raise Unauthorized(
                "The token is not the one of this backend.",
                "Copy the token the backend was started with, or start it again.",
            )


def _limited(receive: Receive, largest: int) -> Receive:
    """Return `receive` limited to so many bytes in all, whatever the headers claim."""
    total = 0

    async def counted() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > largest:
            # Read on for a while: a reply is lost when the connection closes on a sender.
            while message.get("more_body") and total < DRAINED * largest:
                message = await receive()
                total += len(message.get("body", b""))
            raise HTTPException(413, f"The message is larger than {largest:,} bytes.")
        return message

    return counted
