"""Files that are sent to a backend elsewhere, by tus: cut at any moment, they go on.

Source: https://tus.io/protocols/resumable-upload, version 1.0.0.
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Sequence
from pathlib import Path

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..translation import tr
from ..words import sizes_in_words
from .api import Api
from .call import WAITS_S
from .protocol import ErrorBody, UploadInfo

ROUTE = "/v1/uploads"
LEAST_PIECE, MOST_PIECE = 2**20, 2**23
PIECE_S = 1.0  # about what a piece should take: it is what a cut costs, and how often there is news

# What may be otherwise the next time.
TRANSIENT = ("unreachable", "busy", "upload_conflict", "checksum_mismatch")


class Upload(QObject):
    """Sends files one after another into one folder, piece by piece, each with its checksum.

    It ends with `done` or `failed`. When it has failed or was stopped, `start` goes on with it.
    """

    moved = pyqtSignal()
    done = pyqtSignal(str)  # where the first file lies on the backend's computer
    failed = pyqtSignal(object)  # ErrorBody

    def __init__(self, api: Api, paths: Sequence[Path], lane: str) -> None:
        """Prepare to send files.

        Raises:
            OSError: one of them cannot be read.
        """
        super().__init__()
        self._api = api
        self._lane = lane
        self._files = [_File(path) for path in paths]
        self._tries = 0
        self._piece = LEAST_PIECE
        self._length = 0
        self._began = 0.0
        self._clock = QTimer(self, singleShot=True, timeout=self._ask)

    @property
    def name(self) -> str:
        """The name of the first file."""
        return self._files[0].path.name

    @property
    def sent(self) -> int:
        """Bytes that the backend has."""
        return sum(file.received for file in self._files)

    @property
    def total(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self._files)

    def cut(self, why: str = "") -> ErrorBody:
        """Return how far it has come, and why no farther."""
        share = sizes_in_words(self.sent, self.total)
        progress = tr("{file} was sent as far as {share}.", file=self.name, share=share)
        return ErrorBody("upload_cut", f"{why} {progress}".strip())

    @property
    def routes(self) -> list[str]:
        """Where the uploads can be deleted, those that were begun."""
        return [f"{ROUTE}/{file.id}" for file in self._files if file.id]

    def start(self) -> None:
        """Begin, or go on with what is still there."""
        self._api.outlasting.add(self)
        self._tries = 0
        for file in self._files:
            file.place = ""
        self._ask()

    def stop(self) -> None:
        """Send no more; what was sent stays there, and nobody is called back."""
        self._clock.stop()
        self._api.drop_lane(self._lane)
        self._api.outlasting.discard(self)

    @property
    def _current(self) -> _File | None:
        return next((file for file in self._files if not file.place), None)

    def _ask(self) -> None:
        """Ask where the next file stands, or begin it."""
        file = self._current
        if file is None:
            self._api.outlasting.discard(self)
            self.done.emit(self._files[0].place)
        elif file.id:
            self._api.get(
                f"{ROUTE}/{file.id}", UploadInfo, self._heard, self._unheard, lane=self._lane
            )
        else:
            headers = {"Upload-Length": str(file.size), "Upload-Metadata": self._metadata(file)}
            self._send("POST", ROUTE, b"", headers, UploadInfo)

    def _heard(self, info: UploadInfo | None) -> None:
        """Take in where the file stands, after a piece (None) or a question; send what follows."""
        file = self._current
        if file is None:
            return
        if info is None:
            self._tries = 0
            took = time.monotonic() - self._began
            file.received += self._length
            self._piece = min(2 * self._piece, MOST_PIECE) if took < PIECE_S else LEAST_PIECE
        else:
            file.id, file.received, file.place = info.id, info.received, info.path or ""
        self.moved.emit()
        if file.place or file.received == file.size:
            self._ask()
        else:
            self._send_piece(file)

    def _send_piece(self, file: _File) -> None:
        try:
            data = file.read(self._piece)
        except OSError as problem:
            self._fail(ErrorBody("scene_unreadable", f"{file.path}: {problem.strerror}."))
            return
        self._length, self._began = len(data), time.monotonic()
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        headers = {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(file.received),
            "Upload-Checksum": f"sha256 {digest}",
        }
        self._send("PATCH", f"{ROUTE}/{file.id}", data, headers, None)

    def _send(
        self, verb: str, path: str, data: bytes, headers: dict[str, str], kind: type | None
    ) -> None:
        headers = {**headers, "Tus-Resumable": "1.0.0"}
        self._api.send(verb, path, data, headers, kind, self._heard, self._unheard, self._lane)

    def _unheard(self, error: ErrorBody) -> None:
        """Wait for the next try, or give up."""
        file = self._current
        forgotten = error.code == "upload_unknown" and file is not None and file.id
        if forgotten and file is not None:
            file.forget()
        self._piece = LEAST_PIECE
        if (error.code in TRANSIENT or forgotten) and self._tries < len(WAITS_S):
            self._clock.start(int(WAITS_S[self._tries] * 1000))
            self._tries += 1
        else:
            self._fail(error)

    def _fail(self, error: ErrorBody) -> None:
        self._api.outlasting.discard(self)
        self.failed.emit(error)

    def _metadata(self, file: _File) -> str:
        pairs = {"name": plain_name(file.path)}
        if file is not self._files[0]:
            pairs["beside"] = self._files[0].id
        coded = {key: base64.b64encode(value.encode()).decode() for key, value in pairs.items()}
        return ",".join(f"{key} {value}" for key, value in coded.items())


class _File:
    """A file that is sent, and how far it has come."""

    def __init__(self, path: Path) -> None:
        """Look at a file.

        Raises:
            OSError: it cannot be read.
        """
        self.path = path
        self.id = ""
        self.received = 0
        self.place = ""
        """Where it lies there; empty until it is whole."""
        with path.open("rb"):
            self._look()

    def read(self, most: int) -> bytes:
        """Return the next bytes.

        Raises:
            OSError: it cannot be read, or has changed since its first bytes were sent.
        """
        state = self._state
        self._look()
        if state != self._state:
            self.forget()
            raise OSError(0, tr("it has changed while it was sent"))
        with self.path.open("rb") as file:
            file.seek(self.received)
            return file.read(most)

    def forget(self) -> None:
        """Begin anew."""
        self.id, self.received, self.place = "", 0, ""

    def _look(self) -> None:
        found = self.path.stat()
        self.size = found.st_size
        self._state = (found.st_size, found.st_mtime_ns)


def plain_name(path: Path) -> str:
    """Return a file's name as any system can store it; Copernicus Browser writes times as 00:00."""
    return re.sub(r'[\\/:*?"<>|]', "-", path.name)
