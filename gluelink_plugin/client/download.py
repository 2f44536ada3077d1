"""A file of the backend, fetched whole or not at all, in as many pieces as the network makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from qgis.PyQt.QtNetwork import QNetworkReply

from .call import STATUS, WAITS_S, Call, Failed, NetworkError, Then, unwritable


class Download(Call):
    """A call whose answer is a file. Half a file never has the file's name.

    After a cut the rest is asked for, on the condition that the file is still the same one.
    """

    def __init__(
        self,
        ask: Callable[[Mapping[str, str]], QNetworkReply],
        target: Path,
        then: Then,
        failed: Failed,
    ) -> None:
        """Open the file, and ask for it.

        Raises:
            OSError: it cannot be written.
        """
        self._ask = ask
        self._target = target
        self._part = target.with_name(f"{target.name}.part")
        self._file = self._part.open("wb")
        self._problem: OSError | None = None
        self._tag = b""
        """The ETag of the file whose bytes have come."""
        self._received = 0
        self._begun = False
        """Whether bytes of this try have come."""
        self._most = 0
        """Bytes that had come at the best time; only more of them are a reason to try anew."""
        self._tries = 0
        super().__init__(ask({}), None, then, failed)

    def abort(self) -> None:
        """End it, and leave no part of the file."""
        super().abort()
        self._close()
        self._part.unlink(missing_ok=True)

    def next_try_s(self) -> float | None:
        """Return how long to wait after a cut; None after the last try, or where all has come."""
        self._write()
        self._timer.stop()
        status = self.reply.attribute(STATUS)
        is_cut = self.reply.error() != NetworkError.NoError and status in (None, 200, 206)
        is_elsewhere = status in (206, 416) and not self._begun and not is_cut
        if self._problem or not (is_cut or is_elsewhere) or self._tries == len(WAITS_S):
            return None
        if is_elsewhere:  # that is not the rest of what has come
            self._restart()
        self._tries += 1
        return WAITS_S[self._tries - 1]

    def try_again(self) -> None:
        """Ask for what is missing, or for all of it where nothing tells that it is the same."""
        self.reply.deleteLater()
        self._begun = False
        if not self._tag:
            self._restart()
        headers = {"Range": f"bytes={self._received}-", "If-Range": self._tag.decode()}
        self._watch(self._ask(headers if self._received else {}))

    def finish(self, host: str) -> None:
        """Call back with the file once it is whole, or with what went wrong."""
        self._close()
        if self._problem is None:
            super().finish(host)
        else:
            self.reply.deleteLater()
            self._failed(unwritable(self._target, self._problem))
        self._part.unlink(missing_ok=True)

    def _watch(self, reply: QNetworkReply) -> None:
        super()._watch(reply)
        reply.readyRead.connect(self._write)

    def _succeed(self, body: bytes, host: str) -> None:
        self._part.replace(self._target)
        self._then(self._target)

    def _write(self) -> None:
        if self._problem is not None:
            return
        try:
            if self._begun or self._begin():
                data = bytes(self.reply.readAll())
                self._file.write(data)
                self._received += len(data)
                if self._received > self._most:
                    self._most, self._tries = self._received, 0
        except OSError as problem:
            self._problem = problem
            self.reply.abort()

    def _begin(self) -> bool:
        """Return whether the reply has bytes that belong after those that have come."""
        status, tag = self.reply.attribute(STATUS), bytes(self.reply.rawHeader(b"ETag"))
        if status == 200:  # all of it: another file, or nothing had come
            self._restart()
            self._tag = b"" if tag.startswith(b"W/") else tag
        elif status == 206:
            given = bytes(self.reply.rawHeader(b"Content-Range"))
            if tag != self._tag or not given.startswith(f"bytes {self._received}-".encode()):
                return False
        else:
            return False
        self._begun = True
        return True

    def _restart(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._received, self._tag = 0, b""

    def _close(self) -> None:
        try:
            self._file.close()
        except OSError as problem:  # the last bytes are written here
            self._problem = self._problem or problem
