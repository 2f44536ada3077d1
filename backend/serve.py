"""`python -m backend.serve`: the service, for one computer unless it is told otherwise."""

import ipaddress
import json
import logging
import os
import secrets
import signal
import socket
import sys
import threading
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
import uvicorn
from pydantic import ValidationError

from backend import __version__, commands
from backend.errors import ConfigInvalid
from backend.service import Settings, State, create_app

TOKEN = "GLUELINK_TOKEN"

REMOTE_TOKEN_LENGTH = 16

END_S = 10.0
"""A process that has been told to end is gone after this long, whatever it is doing."""

log = logging.getLogger(__name__)

app = commands.new_app()


class Server(uvicorn.Server):
    """uvicorn that says on stdout when it listens, and stops the jobs before it waits for clients.

    An event stream ends with its job, so no client has to be cut off.
    """

    def __init__(self, config: uvicorn.Config, state: State, ready: dict[str, object]) -> None:
        super().__init__(config)
        self.service, self.ready = state, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then print the one line that the starter waits for."""
        await super().startup(sockets)
        print(json.dumps(self.ready), flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Cancel all jobs, then close the connections."""
        self.service.jobs.stop()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """What SIGINT and SIGTERM do."""
        super().handle_exit(sig, frame)
        self.end()

    def end(self) -> None:
        """Shut down soon; from any thread."""
        self.should_exit = True
        deadline = threading.Timer(END_S, os._exit, (1,))
        deadline.daemon = True
        deadline.start()


@app.command(epilog="Example: GLUELINK_TOKEN=… python -m backend.serve --port 8765")
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=65535)] = 0,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="A further Host header to answer: NAME or NAME:PORT. Repeatable."),
    ] = None,
    results: Annotated[
        Path | None, typer.Option(help="Keep maps in this folder, also after the end.")
    ] = None,
    stop_with_stdin: Annotated[
        bool,
        typer.Option("--stop-with-stdin", help="End when stdin closes, so no starter is outlived."),
    ] = False,
) -> None:
    """Serve the protocol of docs/service.md over HTTP.

    The token is read from GLUELINK_TOKEN, or drawn and printed. One JSON line on stdout says when
    the service is ready; the log goes to stderr.
    """
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    told = os.environ.get(TOKEN)
    check_reach(host, told)
    with listen(host, port) as listener:
        bound = listener.getsockname()[1]
        settings = make_settings(told, accepted_hosts(host, bound, allow_host or []), results)
        ready: dict[str, object] = {
            "gluelink": "ready",
            "host": host,
            "port": bound,
            "version": __version__,
        }
        if not told:
            ready["token"] = settings.token
        with closing(State(settings)) as state:
            run(state, listener, ready, stop_with_stdin)
    # A cancelled job may still be inside torch; Python's own teardown would wait for it or crash.
    logging.shutdown()
    os._exit(0)


def run(
    state: State, listener: socket.socket, ready: dict[str, object], stop_with_stdin: bool
) -> None:
    """Serve on `listener` until a signal comes or, if asked for, stdin closes."""
    config = uvicorn.Config(
        create_app(state),
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    server = Server(config, state, ready)
    # uvicorn hands the signal on when it has shut down; here the end is the end, with exit code 0.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    if stop_with_stdin:
        threading.Thread(target=_watch_stdin, args=(server,), daemon=True).start()
    server.run(sockets=[listener])


def _watch_stdin(server: Server) -> None:
    """Nothing is expected on stdin; its end means that whoever started us is gone.

    Read below Python's buffers, whose lock would hold up the end of the process.
    """
    while os.read(sys.stdin.fileno(), 4096):
        pass
    log.info("stdin closed")
    server.end()


def check_reach(host: str, token: str | None) -> None:
    """Refuse to listen to other computers without a token that somebody chose."""
    if is_loopback(host):
        return
    if not token or len(token) < REMOTE_TOKEN_LENGTH:
        raise ConfigInvalid(
            f"--host {host} lets other computers in, and {TOKEN} holds "
            + (f"only {len(token)} characters." if token else "no token."),
            f"Set {TOKEN} to {REMOTE_TOKEN_LENGTH} random characters or more, or keep 127.0.0.1 "
            "and use an SSH tunnel.",
        )


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def accepted_hosts(host: str, port: int, more: list[str]) -> frozenset[str]:
    """The Host headers of this service: loopback names, the bound address, and `more`."""
    names = {"127.0.0.1", "localhost", "[::1]"}
    if host not in ("0.0.0.0", "::"):
        names.add(f"[{host}]" if ":" in host else host)
    return frozenset({f"{name}:{port}".lower() for name in names} | {m.lower() for m in more})


def make_settings(token: str | None, hosts: frozenset[str], results: Path | None) -> Settings:
    """The settings, with a token drawn where none was given. Raises ConfigInvalid."""
    try:
        return Settings(token=token or secrets.token_urlsafe(32), hosts=hosts, results=results)
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigInvalid(
            f"GLUELINK_{str(first['loc'][0]).upper()} is not usable: {first['msg']}.",
            "Change or unset it; a token is made of visible ASCII characters.",
        ) from None


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens already, so that the port is known before anything else starts."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise ConfigInvalid(
            f"Cannot listen on {host}, port {port}: {error.strerror or error}.",
            "Choose another port; 0 takes a free one.",
        ) from error


if __name__ == "__main__":
    commands.run(app)
