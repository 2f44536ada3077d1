"""Connections: idle ones are closed, too many are refused, and the log stays short."""

import asyncio
import socket
from contextlib import ExitStack, suppress
from functools import partial

import httpx
import pytest
from starlette.types import Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

from backend.serve import listen
from backend.service.connections import Gathered, connection_class
from backend.service.settings import Settings
from tests.protocol.server import TOKEN, Server

LIMIT = 16  # of the server of these tests


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def ends(connection: socket.socket) -> bytes:
    """All that comes until the service closes the connection; fails when it does not."""
    parts = []
    with suppress(ConnectionResetError):
        while part := connection.recv(4096):
            parts.append(part)
    return b"".join(parts)


HEAD = b"POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"


STOPPED = [
    b"",
    HEAD,
    HEAD + b"Content-Length: 10\r\n\r\n",
    HEAD + b"Authorization: Bearer %s\r\nContent-Length: 10\r\n\r\n{",
    HEAD + b"Authorization: Bearer %s\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
]


def test_clients_that_stop_in_the_middle_are_cut_off(server: Server) -> None:
    with ExitStack() as stack:
        stopped = [stack.enter_context(connect(server)) for _ in STOPPED]
        for connection, sent in zip(stopped, STOPPED, strict=True):
            values: tuple[object, ...] = (server.port, TOKEN.encode())[: sent.count(b"%")]
            connection.sendall(sent % values)
        for connection in stopped:
            ends(connection)


def test_bytes_after_a_refusal_do_not_keep_a_connection_open(server: Server) -> None:
    with connect(server) as connection:
        connection.sendall(HEAD % server.port + b"Content-Length: 9999999\r\n\r\n")
        connection.settimeout(0.2)
        with suppress(OSError):
            for _ in range(100):  # 20 s, where a second is allowed
                connection.sendall(b" ")
                with suppress(TimeoutError):
                    if not connection.recv(4096):
                        return
            pytest.fail("it is still open")


def test_idle_connections_beyond_the_limit_leave_the_service_open(server: Server) -> None:
    size = server.log.stat().st_size
    with ExitStack() as stack:
        for _ in range(LIMIT * 3):
            stack.enter_context(connect(server))
        assert httpx.get(f"{server.address}/v1/health", timeout=20).status_code == 200
    assert server.log.stat().st_size - size < 2000


def test_nobody_at_work_is_cut_off_for_a_newcomer(server: Server) -> None:
    head = HEAD % server.port + b"Authorization: Bearer %s\r\n" % TOKEN.encode()
    with ExitStack() as stack:
        working = [stack.enter_context(connect(server)) for _ in range(LIMIT)]
        for connection in working:
            connection.sendall(head + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        for connection in working:  # so each of them is being answered now
            assert connection.recv(100).startswith(b"HTTP/1.1 100")
        late = stack.enter_context(connect(server))
        assert b"Too many connections" in ends(late)
        for connection in working:
            connection.sendall(b"{}")
        assert all(connection.recv(100).startswith(b"HTTP/1.1 422") for connection in working)


def test_a_reply_never_waits_for_an_acknowledgement() -> None:
    async def option_of_a_connection() -> int:
        made = connection_class(Settings(token="t"))
        protocols = []

        def make() -> asyncio.Protocol:
            protocols.append(made(Config(lambda: None), ServerState(), {}))
            return protocols[-1]

        loop, listener = asyncio.get_running_loop(), listen("127.0.0.1", 0)
        async with await loop.create_server(make, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname())
            while not protocols or not protocols[0].transport:
                await asyncio.sleep(0)
            own = protocols[0].transport.get_extra_info("socket")
            writer.close()
            return own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    assert asyncio.run(option_of_a_connection())


class Writes(asyncio.Transport):
    """Keeps each write, where a socket would be asked."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.all.append(bytes(data))

    def close(self) -> None:
        self.all.append(b"closed")


def test_what_a_turn_of_the_loop_writes_is_sent_in_one_go_and_before_the_end() -> None:
    async def sent() -> list[bytes]:
        writes = Writes()
        gathered = Gathered(writes, asyncio.get_running_loop())
        for part in (b"head, ", b"", b"body"):
            gathered.write(part)
        await asyncio.sleep(0)
        gathered.write(b"first ")
        gathered.write(b"event")
        await asyncio.sleep(0)
        gathered.write(b"last")
        gathered.close()
        await asyncio.sleep(0)
        return writes.all

    assert asyncio.run(sent()) == [b"head, body", b"first event", b"last", b"closed"]


def test_a_client_that_takes_nothing_holds_up_its_reply_and_not_the_memory() -> None:
    piece, pieces = bytes(2**12), 6000  # 25 MB, of which sockets take a few

    async def accepted() -> int:
        made, sent = connection_class(Settings(token="t")), 0

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            nonlocal sent
            await send({"type": "http.response.start", "status": 200, "headers": []})
            for _ in range(pieces):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                sent += 1

        config = Config(app, log_config=None, access_log=False)
        config.load()
        loop, listener = asyncio.get_running_loop(), listen("127.0.0.1", 0)
        make = partial(made, config, ServerState(), {})
        async with await loop.create_server(make, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname(), limit=2**10)
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            await asyncio.sleep(0.5)
            held = sent
            writer.transport.abort()
            await asyncio.sleep(0.1)
            return held

    assert 0 < asyncio.run(accepted()) < pieces
