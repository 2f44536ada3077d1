"""A backend that answers with recorded replies, and with whatever a test puts in their place.

For what the real one cannot show: options and kinds of jobs that it does not have.
"""

from __future__ import annotations

import copy
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.contract import EXCHANGES


class Handler(BaseHTTPRequestHandler):
    server: ScriptedBackend

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = f"{self.command} {self.path}"
        self.server.asked.append((request, json.loads(body) if body else None))
        reply = json.dumps(self.server.replies.get(request, {})).encode()
        self.send_response(200 if request in self.server.replies else 404)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    do_GET = do_POST = do_DELETE = answer

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class ScriptedBackend(ThreadingHTTPServer):
    """Serves until `stop`; `replies` and `asked` go by method and path."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies: dict[str, Any] = {
            "GET /v1/health": self.recorded("Health"),
            "GET /v1/capabilities": self.recorded("Capabilities"),
            "POST /v1/scenes": self.recorded("SceneInfo"),
            "POST /v1/estimates": self.recorded("Estimate"),
        }
        self.asked: list[tuple[str, Any]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def options(self) -> list[dict[str, Any]]:
        """The scene options that it says it has."""
        return self.replies["GET /v1/capabilities"]["scene_options"]

    def recorded(self, message: str) -> Any:
        """Return a copy of the first recorded reply of this message."""
        return copy.deepcopy(
            next(each["reply"] for each in EXCHANGES if each["message"] == message)
        )

    def bodies(self, request: str) -> list[Any]:
        """Return what was sent with each request, such as "POST /v1/jobs"."""
        return [body for asked, body in self.asked if asked == request]

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
