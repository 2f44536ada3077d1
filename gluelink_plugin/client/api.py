"""HTTP with one backend, through QGIS's own network access: its proxy, certificates and log.

Nothing here waits: a call returns at once and one of its two functions is called later, on the
main thread. A call may ride in a lane; a newer call of the same lane makes the older one void.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsNetworkAccessManager
from qgis.PyQt.QtCore import QByteArray, QObject, QTimer, QUrl
from qgis.PyQt.QtNetwork import QHostAddress, QNetworkReply, QNetworkRequest

from .call import TIMEOUT_S, Call, Failed, Then, unwritable
from .codec import encode
from .download import Download

SLOW_TIMEOUT_S = 55  # opening a scene reads from a disk that may be far away

Attribute = QNetworkRequest.Attribute
network = QgsNetworkAccessManager.instance


class Api(QObject):
    """One backend's address, the right to talk to it, and the calls that are under way."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.address = ""
        self._token: str | None = None
        self._authcfg = ""
        self._tunnel = False
        self._calls: set[Call] = set()
        self._lanes: dict[str, Call] = {}
        self.outlasting: set[object] = set()
        """What is under way and outlasts cuts: uploads, downloads, and the job that is followed."""

    def point_to(
        self, address: str, token: str | None = None, authcfg: str = "", tunnel: bool = False
    ) -> None:
        """Talk to `address` (http://host:port) from now on; what is under way is dropped.

        With `tunnel` the backend is on another computer, whatever the address.
        """
        self.abort()
        self.address = address.rstrip("/")
        self._token = token
        self._authcfg = authcfg
        self._tunnel = tunnel

    @property
    def host(self) -> str:
        """Host and port, for people."""
        return str(QUrl(self.address).authority())

    @property
    def is_local(self) -> bool:
        """True when the backend runs on this computer, so that it can read our files."""
        return is_loopback(self.address) and not self._tunnel

    def get(self, path: str, kind: type | None, then: Then, failed: Failed, lane: str = "") -> None:
        """Ask for a message of type `kind`."""
        self._start(Call(network().get(self._request(path)), kind, then, failed), lane)

    def post(
        self, path: str, body: Any, kind: type, then: Then, failed: Failed, lane: str = ""
    ) -> None:
        """Send the message `body` and wait for one of type `kind`."""
        data = json.dumps(encode(body)).encode()
        headers = {"Content-Type": "application/json"}
        self.send("POST", path, data, headers, kind, then, failed, lane, SLOW_TIMEOUT_S)

    def send(
        self,
        verb: str,
        path: str,
        data: bytes,
        headers: Mapping[str, str],
        kind: type | None,
        then: Then,
        failed: Failed,
        lane: str = "",
        timeout_s: int = TIMEOUT_S,
    ) -> None:
        """Send bytes, and wait for a message of type `kind`, or for none."""
        request = self._request(path, headers)
        reply = network().sendCustomRequest(request, verb.encode(), QByteArray(data))
        self._start(Call(reply, kind, then, failed, timeout_s), lane)

    def delete(self, path: str, kind: type, then: Then, failed: Failed, lane: str = "") -> None:
        """Ask for the end of something."""
        reply = network().deleteResource(self._request(path))
        self._start(Call(reply, kind, then, failed), lane)

    def forget(self, *paths: str) -> None:
        """Delete one thing after another and do not wait: they are of no more use here."""
        if paths:
            reply = network().deleteResource(self._request(paths[0]))
            reply.finished.connect(reply.deleteLater)
            reply.finished.connect(lambda: self.forget(*paths[1:]))

    def download(self, path: str, target: Path, then: Then, failed: Failed, lane: str = "") -> None:
        """Fetch a file. `target` appears when it is whole; then `then(target)` is called.

        After a cut it goes on with the bytes that are missing.
        """

        def ask(headers: Mapping[str, str]) -> QNetworkReply:
            return network().get(self._request(path, headers))

        try:
            call = Download(ask, target, then, failed)
        except OSError as problem:
            failed(unwritable(target, problem))
        else:
            self._start(call, lane)

    def abort(self) -> None:
        """Drop every call; nobody is called back."""
        self._lanes.clear()
        self.outlasting.clear()
        while self._calls:
            self._calls.pop().abort()

    def drop_lane(self, lane: str) -> None:
        """Drop the lane's call, if there is one; nobody is called back."""
        call = self._lanes.pop(lane, None)
        if call in self._calls:
            self._end(call)
            call.abort()

    def _start(self, call: Call, lane: str = "") -> None:
        if lane:
            self.drop_lane(lane)
            self._lanes[lane] = call
        self._calls.add(call)
        if isinstance(call, Download):
            self.outlasting.add(call)
        call.reply.finished.connect(lambda: self._finish(call))

    def _finish(self, call: Call) -> None:
        if call not in self._calls:
            return
        wait_s = call.next_try_s()
        if wait_s is None:
            self._end(call)
            call.finish(self.host)
        else:
            QTimer.singleShot(int(wait_s * 1000), lambda: self._try_again(call))

    def _try_again(self, call: Call) -> None:
        if call in self._calls:
            call.try_again()
            call.reply.finished.connect(lambda: self._finish(call))

    def _end(self, call: Call) -> None:
        self._calls.discard(call)
        self.outlasting.discard(call)

    def _request(self, path: str, headers: Mapping[str, str] | None = None) -> QNetworkRequest:
        request = QNetworkRequest(QUrl(self.address + path))
        request.setAttribute(
            Attribute.RedirectPolicyAttribute, QNetworkRequest.RedirectPolicy.ManualRedirectPolicy
        )
        request.setAttribute(
            Attribute.CacheLoadControlAttribute, QNetworkRequest.CacheLoadControl.AlwaysNetwork
        )
        request.setAttribute(Attribute.CacheSaveControlAttribute, False)
        for name, value in (headers or {}).items():
            request.setRawHeader(name.encode(), value.encode())
        if self._token:
            request.setRawHeader(b"Authorization", f"Bearer {self._token}".encode())
        if self._authcfg:
            QgsApplication.authManager().updateNetworkRequest(request, self._authcfg)
        return request


def is_loopback(address: str) -> bool:
    """Return True when `address` (a URL) can only be this computer."""
    host = QUrl(address).host()
    return host == "localhost" or bool(QHostAddress(host).isLoopback())
