"""The service's process: it says when it listens, and stops its jobs before it ends."""

import json
import logging
import os
import signal
import socket
import sys
import threading
from types import FrameType

import uvicorn

from backend.service.app import create_app
from backend.service.connections import BACKLOG, connection_class
from backend.service.service import Service

REPLIES_S = 10
"""How long replies that are under way may still take, once the service is asked to end."""

END_S = REPLIES_S + 5.0
"""How long the process lives at most after that, whatever it is doing."""

SWITCH_S = 0.001
"""After how long a thread that computes in Python lets another one in.

A reply takes several turns: with Python's own 5 ms, health would wait for 15.
"""

log = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """uvicorn that says when it listens and when it ends, and stops the jobs before it waits.

    An event stream ends with its job or with the service, so no client has to be cut off.
    """

    def __init__(self, config: uvicorn.Config, service: Service, ready: dict[str, object]) -> None:
        super().__init__(config)
        self.service, self.ready = service, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then print the one line that the starter waits for."""
        await super().startup(sockets)
        print(json.dumps(self.ready), flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop the work, take no more requests, and let replies end."""
        self.service.jobs.stop()
        log.info(
            "Ending: no more requests are taken; %d connections have up to %d s for their replies",
            len(self.server_state.connections),
            REPLIES_S,
        )
        await super().shutdown(sockets)
        log.info("Ended")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End on SIGINT and SIGTERM."""
        super().handle_exit(sig, frame)
        self.end()

    def end(self) -> None:
        """Shut down soon; from any thread."""
        self.should_exit = True
        deadline = threading.Timer(END_S, os._exit, (1,))
        deadline.daemon = True
        deadline.start()


def serve_until_ended(
    service: Service, listener: socket.socket, ready: dict[str, object], stop_with_stdin: bool
) -> None:
    """Serve on `listener` until a signal comes or, if asked for, stdin closes."""
    app = create_app(service)
    config = uvicorn.Config(
        app,
        http=connection_class(service.settings),
        backlog=BACKLOG,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=REPLIES_S,
    )
    server = Server(config, service, ready)
    app.state.connections = server.server_state.connections
    sys.setswitchinterval(SWITCH_S)
    # uvicorn raises the signal anew when it has shut down; here the end is the end, exit code 0.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    if stop_with_stdin:
        threading.Thread(target=_watch_stdin, args=(server,), daemon=True).start()
    server.run(sockets=[listener])


def _watch_stdin(server: Server) -> None:
    """End the server when stdin ends, which means that whoever started it is gone.

    Reads below Python's buffers, whose lock would hold up the end of the process.
    """
    while os.read(sys.stdin.fileno(), 4096):
        pass
    log.info("stdin closed")
    server.service.abandon()
    server.end()
