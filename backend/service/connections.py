"""Connections of clients: counted, closed when they are idle, refused without a line of log.

uvicorn closes a connection that is silent after a reply, and no other: one that never sends a whole
request would hold its descriptor for ever, and a process without descriptors accepts nobody.
"""

import asyncio
import socket
import sys
from functools import partial
from typing import Any

from fastapi.responses import Response
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from backend.errors import Busy
from backend.service.errors import mendable_response
from backend.service.settings import Settings

BACKLOG = 64
"""Connections that are accepted in one go, before any of them is counted."""

SPARE = BACKLOG + 64
"""Descriptors that are not for connections: those accepted in one go, and files of scenes."""

MUCH = 2**13
"""Bytes that are sent without waiting for more."""


class Gathered:
    """A transport that sends what one turn of the event loop writes in one go.

    Each call to the socket lets another thread of Python in, and waits until that lets go: uvicorn
    would send head and body of a reply one by one, and each would wait.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._unsent = bytearray()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send `data` when this turn of the loop is over, or once it is much.

        Only what the transport has counts for how much may wait for a slow client.
        """
        if not self._unsent:
            self._loop.call_soon(self.flush)
        self._unsent += data
        if len(self._unsent) >= MUCH:
            self.flush()

    def flush(self) -> None:
        """Send now what was written."""
        data, self._unsent = self._unsent, bytearray()
        if data:
            self._transport.write(data)

    def close(self) -> None:
        """Send what was written, and close."""
        self.flush()
        self._transport.close()


class Connection(H11Protocol):
    """One connection, which has `idle_s` for each thing that its client has to do.

    These are: to send the whole head of a request, the next bytes of its body, and to take the next
    bytes of its reply. While a reply is made, nothing is expected of a client.
    """

    def __init__(
        self,
        idle_s: float,
        most: int,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._idle_s, self._most = idle_s, most
        self._since = self.loop.time()
        """When the client last did what was expected of it."""
        self._unsent = 0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def awaits_request(self) -> bool:
        """Whether the next thing to come is a request."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count the connection; at the limit one that awaits a request makes room for it."""
        if len(self.connections) >= self._most and not self._make_room():
            self.transport = transport
            transport.write(_refusal())
            transport.close()
            return
        # asyncio does so only with sockets that were made with the number of the protocol. Without
        # it the second part of each reply waits for the client's delayed acknowledgement: 40 ms.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        gathered: Any = Gathered(transport, self.loop)
        super().connection_made(gathered)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        if self._timer:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; those of a head, or after a reply, do not prolong the wait for a request."""
        if not self.awaits_request:
            self._since = self.loop.time()
        super().data_received(data)

    def on_response_complete(self) -> None:
        """Send what is left of the reply, and begin to wait for the next request."""
        gathered: Any = self.transport
        gathered.flush()
        self._since = self.loop.time()
        super().on_response_complete()

    def _make_room(self) -> bool:
        """Close the connection that has awaited a request for the longest time, if there is one."""
        waiting = [one for one in self.connections if isinstance(one, Connection)]
        waiting = [one for one in waiting if one.awaits_request]
        if not waiting:
            return False
        longest = min(waiting, key=lambda one: one._since)
        self.connections.discard(longest)
        longest.transport.abort()
        return True

    def _watch(self) -> None:
        """Close the connection if its client is idle, or else look again soon."""
        unsent = self.transport.get_write_buffer_size()
        works = not self.awaits_request and not self.cycle.more_body
        if works and (not unsent or unsent != self._unsent):
            self._since = self.loop.time()
        self._unsent = unsent
        if self.loop.time() - self._since >= self._idle_s:
            self.transport.abort()
            return
        self._timer = self.loop.call_later(self._idle_s / 4, self._watch)


def connection_class(settings: Settings) -> Any:
    """Return what makes the connections of a service, for uvicorn's `http`."""
    most = min(settings.max_connections, max(8, _descriptors() - SPARE))
    return partial(Connection, settings.idle_s, most)


def _descriptors() -> int:
    """Return how many files and connections this process may have open."""
    if sys.platform == "win32":
        return 512  # what its select() takes
    import resource

    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return 2**16 if limit == resource.RLIM_INFINITY else limit


def _refusal() -> bytes:
    """Return the bytes of the reply to a connection beyond the limit."""
    reply: Response = mendable_response(
        Busy("Too many connections are at work.", "Try again when some have ended.")
    )
    headers = [*reply.raw_headers, (b"connection", b"close")]
    lines = [b"HTTP/1.1 503 Service Unavailable", *(b"%s: %s" % pair for pair in headers)]
    return b"\r\n".join([*lines, b"", bytes(reply.body)])
