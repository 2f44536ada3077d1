"""`python -m backend.serve`: the service, for one computer unless it is told otherwise."""

from __future__ import annotations

import ipaddress
import logging
import os
import secrets
import socket
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backend import __version__
from backend.commands import new_app, run
from backend.errors import ConfigInvalid
from backend.service.logs import LogForm, start_log

if TYPE_CHECKING:
    from backend.service.settings import Settings

TOKEN = "GLUELINK_TOKEN"

REMOTE_TOKEN_LENGTH = 16

app = new_app()


@app.command(epilog="Example: GLUELINK_TOKEN=… python -m backend.serve --port 8765")
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=65535)] = 0,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="A further Host header to answer: NAME or NAME:PORT. Repeatable."),
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option(help="Keep queue, scenes and uploads in this folder; the next start goes on."),
    ] = None,
    results: Annotated[
        Path | None, typer.Option(help="Keep maps in this folder, for good.")
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option(help="Keep what is encoded in this folder; the user's when left out."),
    ] = None,
    no_store: Annotated[
        bool, typer.Option("--no-store", help="Keep nothing of what is encoded.")
    ] = False,
    root: Annotated[
        list[Path] | None,
        typer.Option(
            help="Read scenes below this folder only, beside uploads and fetched ones. Repeatable."
        ),
    ] = None,
    log: Annotated[
        LogForm, typer.Option(help="The log for people, or as lines of JSON.")
    ] = "plain",
    stop_with_stdin: Annotated[
        bool,
        typer.Option("--stop-with-stdin", help="End when stdin closes, so no starter is outlived."),
    ] = False,
) -> None:
    """Serve the protocol of docs/service.md over HTTP.

    The token is read from GLUELINK_TOKEN, or drawn and printed. One JSON line on stdout says when
    the service is ready; the log goes to stderr.
    """
    start_log(log)
    os.umask(0o077)  # what it writes is for its user alone: maps, uploads, phrases
    given_token = os.environ.get(TOKEN)
    check_reach(host, given_token)
    with listen(host, port) as listener:
        from backend.service.compute_process import ComputeProcess
        from backend.service.server import serve_until_ended
        from backend.service.service import Service

        bound = listener.getsockname()[1]
        hosts = accepted_hosts(host, bound, allow_host or [])
        stated: dict[str, Any] = stated_roots(host, root)
        if store or no_store:
            stated["store"] = None if no_store else store
        stated |= {"state": state} if state else {}
        settings = make_settings(given_token, hosts, results, **stated)
        ready: dict[str, object] = {"gluelink": "ready", "host": host, "port": bound}
        ready |= {"version": __version__} | ({} if given_token else {"token": settings.token})
        with (
            closing(ComputeProcess(log, listener)) as computing,
            closing(Service(settings, stop_with_stdin, computing.begin)) as service,
        ):
            serve_until_ended(service, listener, ready, stop_with_stdin)
    # A cancelled job may still be inside torch; Python's own teardown would wait for it or crash.
    logging.shutdown()
    os._exit(0)


def check_reach(host: str, token: str | None) -> None:
    """Refuse to listen to other computers without a token that somebody chose.

    Raises:
        ConfigInvalid: the host lets others in, and the token is short or missing.
    """
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
    """Return whether only this computer can reach `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def stated_roots(host: str, root: list[Path] | None) -> dict[str, Any]:
    """Return the setting `roots`, unless it is left to its variable.

    Where other computers are let in, no folder is read that was not stated.

    Raises:
        ConfigInvalid: one is not a folder.
    """
    for folder in root or []:
        if not folder.is_dir():
            raise ConfigInvalid(f"--root {folder} is not a folder.", "Give one that is there.")
    if not root and (is_loopback(host) or "GLUELINK_ROOTS" in os.environ):
        return {}
    return {"roots": tuple(root or ())}


def accepted_hosts(host: str, port: int, more: list[str]) -> frozenset[str]:
    """Return the Host headers of this service: loopback names, the bound address, and `more`."""
    names = {"127.0.0.1", "localhost", "[::1]"}
    if host not in ("0.0.0.0", "::"):
        names.add(f"[{host}]" if ":" in host else host)
    return frozenset({f"{name}:{port}".lower() for name in names} | {m.lower() for m in more})


def make_settings(
    token: str | None, hosts: frozenset[str], results: Path | None, **stated: Any
) -> Settings:
    """Return the settings, with a token drawn where none was given.

    Raises:
        ConfigInvalid: a variable GLUELINK_… holds something impossible.
    """
    from pydantic import ValidationError

    from backend.service.settings import Settings

    try:
        return Settings(
            token=token or secrets.token_urlsafe(32), hosts=hosts, results=results, **stated
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigInvalid(
            f"GLUELINK_{str(first['loc'][0]).upper()} is not usable: {first['msg']}.",
            "Change or unset it; a token is made of visible ASCII characters.",
        ) from None


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens, so that the port is known before anything else starts.

    Raises:
        ConfigInvalid: the port is taken, or the host is not an address of this computer.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise ConfigInvalid(
            f"Cannot listen on {host}, port {port}: {error.strerror or error}.",
            "Choose another port; 0 takes a free one.",
        ) from error


if __name__ == "__main__":
    run(app)
