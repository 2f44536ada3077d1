"""A real server of OpenAI-compatible chat completions that says what a test wants."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.support.serving import bound, running


@dataclass
class Chat:
    """What was asked, and how to answer."""

    answer: Callable[[dict[str, Any]], str] = lambda asked: "a ship"
    fault: str = ""
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    chat: Chat

    def log_message(self, *about: object) -> None:
        pass

    def do_POST(self) -> None:
        chat = self.chat
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        chat.asked.append(asked)
        chat.keys.append(self.headers.get("Authorization"))
        if self.path != "/v1/chat/completions":
            self._say(404, b"not here")
        elif chat.fault == "stall":
            chat.over.wait(20)
        elif chat.fault == "redirect":
            self._say(307, b"", {"Location": "http://127.0.0.1:9/v1/chat/completions"})
        elif chat.fault == "short":
            self._say(200, _completion("a ship"), length=10_000)
        elif chat.fault == "busy" and len(chat.asked) == 1:
            self._say(503, b"")
        elif chat.fault not in ("", "busy"):
            self._say(200, chat.fault.encode())
        else:
            self._say(200, _completion(chat.answer(asked)))

    def _say(
        self, status: int, body: bytes, headers: dict[str, str] | None = None, length: int = -1
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length if length >= 0 else len(body)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(body)


def _completion(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    return json.dumps({"model": "small", "choices": choices}).encode()


@contextlib.contextmanager
def chatting() -> Iterator[Chat]:
    """Run the server until the block ends."""
    chat = Chat()
    server = bound(_Handler, chat=chat)
    chat.url = f"http://127.0.0.1:{server.server_port}/v1"
    with running(server, chat.over):
        yield chat
