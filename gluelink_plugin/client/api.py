"""HTTP with one backend, through QGIS's own network access: its proxy, certificates and log.

Nothing here waits: a call returns at once and one of its two functions is called later, on the
main thread. A call may ride in a lane; a newer call of the same lane makes the older one void.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsNetworkAccessManager
from qgis.PyQt.QtCore import QByteArray, QIODevice, QObject, QTimer, QUrl
from qgis.PyQt.QtNetwork import QHostAddress, QNetworkReply, QNetworkRequest

from .protocol import ErrorBody, ErrorReply, ProtocolError, decode, encode

Then = Callable[[Any], None]
Failed = Callable[[ErrorBody], None]

TIMEOUT_S = 20  # without a byte from the backend
SLOW_TIMEOUT_S = 55  # opening a scene reads from a disk that may be far away

Attribute = QNetworkRequest.Attribute
STATUS = Attribute.HttpStatusCodeAttribute
NetworkError = QNetworkReply.NetworkError
network = QgsNetworkAccessManager.instance


class Api(QObject):
    """One backend's address, the right to talk to it, and the calls that are under way."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.address = ""
        self._token: str | None = None
        self._authcfg = ""
        self._calls: set[_Call] = set()
        self._lanes: dict[str, _Call] = {}

    def point_to(self, address: str, token: str | None = None, authcfg: str = "") -> None:
        """Talk to `address` (http://host:port) from now on; what is under way is dropped."""
        self.abort()
        self.address = address.rstrip("/")
        self._token = token
        self._authcfg = authcfg

    @property
    def host(self) -> str:
        """Host and port, for people."""
        return str(QUrl(self.address).authority())

    @property
    def is_local(self) -> bool:
        """True when the backend runs on this computer, so that it can read our files."""
        return is_loopback(self.address)

    def get(self, path: str, kind: type | None, then: Then, failed: Failed, lane: str = "") -> None:
        """Ask for a message of type `kind`."""
        self._start(
            _Call(network().get(self._request(path)), kind, then, failed),
            lane,
        )

    def post(
        self, path: str, body: Any, kind: type, then: Then, failed: Failed, lane: str = ""
    ) -> None:
        """Send the message `body` and wait for one of type `kind`."""
        request = self._request(path)
        request.setHeader(QNetworkRequest.KnownHeaders.ContentTypeHeader, "application/json")
        data = QByteArray(json.dumps(encode(body)).encode())
        call = _Call(
            network().post(request, data),
            kind,
            then,
            failed,
            SLOW_TIMEOUT_S,
        )
        self._start(call, lane)

    def delete(self, path: str, kind: type, then: Then, failed: Failed, lane: str = "") -> None:
        """Ask for the end of something."""
        reply = network().deleteResource(self._request(path))
        self._start(_Call(reply, kind, then, failed), lane)

    def forget(self, path: str) -> None:
        """Delete something and do not wait: it is of no more use here, whatever comes of it."""
        reply = network().deleteResource(self._request(path))
        reply.finished.connect(reply.deleteLater)

    def upload(
        self, path: str, body: QIODevice, kind: type, then: Then, failed: Failed, lane: str = ""
    ) -> None:
        """Send the bytes of an open device, piece by piece, and close it."""
        request = self._request(path)
        request.setHeader(
            QNetworkRequest.KnownHeaders.ContentTypeHeader, "application/octet-stream"
        )
        request.setAttribute(Attribute.DoNotBufferUploadDataAttribute, True)
        reply = network().post(request, body)
        body.setParent(reply)
        reply.finished.connect(body.close)
        self._start(_Call(reply, kind, then, failed, SLOW_TIMEOUT_S), lane)

    def download(self, path: str, target: Path, then: Then, failed: Failed, lane: str = "") -> None:
        """Fetch a file. `target` appears when it is whole; then `then(target)` is called."""
        reply = network().get(self._request(path))
        try:
            self._start(_Download(reply, target, then, failed), lane)
        except OSError as problem:
            reply.abort()
            reply.deleteLater()
            failed(unwritable(target, problem))

    def abort(self) -> None:
        """Drop every call; nobody is called back."""
        self._lanes.clear()
        while self._calls:
            self._calls.pop().abort()

    def drop_lane(self, lane: str) -> None:
        """Drop the lane's call, if there is one; nobody is called back."""
        call = self._lanes.pop(lane, None)
        if call in self._calls:
            self._calls.discard(call)
            call.abort()

    def _start(self, call: _Call, lane: str = "") -> None:
        if lane:
            self.drop_lane(lane)
            self._lanes[lane] = call
        self._calls.add(call)
        call.reply.finished.connect(lambda: self._finish(call))

    def _finish(self, call: _Call) -> None:
        if call in self._calls:
            self._calls.discard(call)
            call.finish(self.host)

    def _request(self, path: str) -> QNetworkRequest:
        request = QNetworkRequest(QUrl(self.address + path))
        request.setAttribute(
            Attribute.RedirectPolicyAttribute, QNetworkRequest.RedirectPolicy.ManualRedirectPolicy
        )
        request.setAttribute(
            Attribute.CacheLoadControlAttribute, QNetworkRequest.CacheLoadControl.AlwaysNetwork
        )
        request.setAttribute(Attribute.CacheSaveControlAttribute, False)
        if self._token:
            request.setRawHeader(b"Authorization", f"Bearer {self._token}".encode())
        if self._authcfg:
            QgsApplication.authManager().updateNetworkRequest(request, self._authcfg)
        return request


class _Call:
    """One request that is under way: its reply, its timeout and whom to tell."""

    def __init__(
        self,
        reply: QNetworkReply,
        kind: type | None,
        then: Then,
        failed: Failed,
        timeout_s: int = TIMEOUT_S,
    ) -> None:
        self.reply = reply
        self._kind = kind
        self._then = then
        self._failed = failed
        self._timer = QTimer(reply, singleShot=True, timeout=reply.abort)
        self._timer.start(timeout_s * 1000)
        reply.uploadProgress.connect(self._alive)
        reply.downloadProgress.connect(self._alive)

    def abort(self) -> None:
        """End it without calling back."""
        self._timer.stop()
        self.reply.abort()
        self.reply.deleteLater()

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

    def _succeed(self, body: bytes, host: str) -> None:
        if self._kind is None:
            self._then(None)
            return
        try:
            answer: Any = decode(self._kind, json.loads(body))
        except (ProtocolError, ValueError):
            self._failed(_stranger(host, "an answer that is not in its protocol"))
            return
        self._then(answer)

    def _alive(self, _done: int, _total: int) -> None:
        self._timer.start()


class _Download(_Call):
    """A call whose answer is a file. Half a file never has the file's name."""

    def __init__(self, reply: QNetworkReply, target: Path, then: Then, failed: Failed) -> None:
        """Open the file.

        Raises:
            OSError: it cannot be written.
        """
        super().__init__(reply, None, then, failed)
        self._target = target
        self._part = target.with_name(f"{target.name}.part")
        self._file = self._part.open("wb")
        self._problem: OSError | None = None
        reply.readyRead.connect(self._write)

    def abort(self) -> None:
        """End it, and leave no part of the file."""
        super().abort()
        self._close()
        self._part.unlink(missing_ok=True)

    def finish(self, host: str) -> None:
        """Call back with the file once it is whole, or with what went wrong."""
        self._write()
        self._close()
        if self._problem is None:
            super().finish(host)
        else:
            self.reply.deleteLater()
            self._failed(unwritable(self._target, self._problem))
        self._part.unlink(missing_ok=True)

    def _succeed(self, body: bytes, host: str) -> None:
        self._part.replace(self._target)
        self._then(self._target)

    def _write(self) -> None:
        if self._problem is None and self.reply.attribute(STATUS) == 200:
            try:
                self._file.write(bytes(self.reply.readAll()))
            except OSError as problem:
                self._problem = problem
                self.reply.abort()

    def _close(self) -> None:
        try:
            self._file.close()
        except OSError as problem:  # the last bytes are written here
            self._problem = self._problem or problem


def is_loopback(address: str) -> bool:
    """Return True when `address` (a URL) can only be this computer."""
    host = QUrl(address).host()
    return host == "localhost" or bool(QHostAddress(host).isLoopback())


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
            f"The proxy between QGIS and the backend at {host} does not answer.",
            f"Exclude {host} from the proxy in Settings › Options › Network.",
        )
    return ErrorBody("unreachable", f"The backend does not answer at {host}.")


def _refusal(status: int, body: bytes, host: str) -> ErrorBody:
    try:
        return decode(ErrorReply, json.loads(body)).error
    except (ProtocolError, ValueError):
        return _stranger(host, f"status {status}")


def _stranger(host: str, what: str) -> ErrorBody:
    return ErrorBody(
        "strange_answer",
        f"Something other than GLUE-Link answers at {host}: {what}.",
        f"If it is a proxy, exclude {host} from it in Settings › Options › Network.",
    )


def unwritable(path: Path, problem: OSError) -> ErrorBody:
    """Return an error about a result's file that the system refused, and why."""
    return ErrorBody(
        "output_unwritable",
        f"The result cannot be written to {path}: {problem.strerror}.",
        "Free some space, or save the project in another folder.",
    )
