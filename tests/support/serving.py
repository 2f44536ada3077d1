"""Runs an HTTP server of a test beside it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def running(server: ThreadingHTTPServer, over: threading.Event) -> Iterator[None]:
    """Answer requests until the block ends; `over` tells handlers that are stalled."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def bound(handler: type[BaseHTTPRequestHandler], **values: object) -> ThreadingHTTPServer:
    """Return a server on a free port whose handlers have these values."""
    return ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (handler,), values))
