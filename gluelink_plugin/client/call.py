"""One request that is under way, and its failures in the protocol's words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from ..translation import tr
from .codec import ProtocolError, decode
from .protocol import ErrorBody, ErrorReply

Then = Callable[[Any], None]
Failed = Callable[[ErrorBody], None]

TIMEOUT_S = 20  # without a byte from the backend
WAITS_S = (0.5, 1, 2, 4, 8, 16, 30)  # before each further try of an upload or a download

STATUS = QNetworkRequest.Attribute.HttpStatusCodeAttribute
NetworkError = QNetworkReply.NetworkError


class Call:
    """One request that is under way: its reply, its timeout and whom to tell."""

    def __init__(
        self,
        reply: QNetworkReply,
        kind: type | None,
        then: Then,
        failed: Failed,
        timeout_s: int = TIMEOUT_S,
    ) -> None:
        self._kind = kind
        self._then = then
        self._failed = failed
        self._timeout_s = timeout_s
        self._watch(reply)

    def abort(self) -> None:
        """End it without calling back."""
        self._timer.stop()
        self.reply.abort()
        self.reply.deleteLater()

    def next_try_s(self) -> float | None:
        """Return how long to wait before the next try; None where what has come is the end."""
        return None

    def try_again(self) -> None:
        """Send the request once more."""

    def finish(self, host: str) -> None:
        """Call back with the answer, or with an error in the protocol's words."""
        self._timer.stop()
        self.reply.deleteLater()
        status = self.reply.attribute(STATUS)
        body = bytes(self.reply.readAll())
        if status is not None and not 200 <= status < 300:
            self._failed(_refusal(status, body, host))
        elif self.reply.error() != NetworkError.NoError:
            self._failed(_unreachable(self.reply, host))
        else:
            self._succeed(body, host)

    def _watch(self, reply: QNetworkReply) -> None:
        """Wait for a reply, and never longer than the timeout for its next byte."""
        self.reply = reply
        self._timer = QTimer(reply, singleShot=True, timeout=reply.abort)
        self._timer.start(self._timeout_s * 1000)
        reply.uploadProgress.connect(self._alive)
        reply.downloadProgress.connect(self._alive)

    def _succeed(self, body: bytes, host: str) -> None:
        if self._kind is None:
            self._then(None)
            return
        try:
            answer: Any = decode(self._kind, json.loads(body))
        except (ProtocolError, ValueError):
            self._failed(_stranger(host, tr("an answer that is not in its protocol")))
            return
        self._then(answer)

    def _alive(self, _done: int, _total: int) -> None:
        self._timer.start()


def _unreachable(reply: QNetworkReply, host: str) -> ErrorBody:
    proxy_errors = (
        NetworkError.ProxyConnectionRefusedError,
        NetworkError.ProxyConnectionClosedError,
        NetworkError.ProxyNotFoundError,
        NetworkError.ProxyTimeoutError,
    )
    if reply.error() in proxy_errors:
        return ErrorBody(
            "unreachable",
            tr("The proxy between QGIS and the backend at {host} does not answer.", host=host),
            tr("Exclude {host} from the proxy in Settings › Options › Network.", host=host),
        )
    if reply.error() == NetworkError.HostNotFoundError:
        name = reply.url().host()
        return ErrorBody(
            "unreachable",
            tr("No computer of the name {name} can be found.", name=name),
            tr("Check the name in the settings, and the network."),
        )
    return ErrorBody("unreachable", tr("The backend does not answer at {host}.", host=host))


def _refusal(status: int, body: bytes, host: str) -> ErrorBody:
    try:
        return decode(ErrorReply, json.loads(body)).error
    except (ProtocolError, ValueError):
        return _stranger(host, tr("status {status}", status=status))


def _stranger(host: str, what: str) -> ErrorBody:
    return ErrorBody(
        "strange_answer",
        tr("Something other than GLUE-Link answers at {host}: {what}.", host=host, what=what),
        tr("If it is a proxy, exclude {host} from it in Settings › Options › Network.", host=host),
    )


def unwritable(path: Path, problem: OSError) -> ErrorBody:
    """Return an error about a result's file that the system refused, and why."""
    return ErrorBody(
        "output_unwritable",
        tr("The result cannot be written to {path}: {reason}.", path=path, reason=problem.strerror),
        tr("Free some space, or save the project in another folder."),
    )
