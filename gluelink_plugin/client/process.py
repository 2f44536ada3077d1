"""The backend's process where the plugin starts it: it ends with its stdin, so with QGIS."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from qgis.PyQt.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, pyqtSignal

from ..translation import tr

READY_TIMEOUT_S = 180  # a cold start reads torch from disk
STOP_TIMEOUT_S = 4

# What QGIS sets for its own Python, GDAL and PROJ would break those of the backend.
OURS = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
OUR_PREFIXES = ("PROJ_", "GDAL_")


class BackendProcess(QObject):
    """Starts `python -m backend.serve`, reads where it listens, and stops this process only."""

    ready = pyqtSignal(str, str)  # address, token
    ended = pyqtSignal(str)  # why, in one sentence; empty when `stop` was called
    logged = pyqtSignal(str)  # one line

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._token: str | None = None
        self._is_ready = False
        self._is_stopping = False
        self._last_line = ""
        self._timeout = QTimer(self, singleShot=True, timeout=self._give_up)

    @property
    def running(self) -> bool:
        """True from the start of the process to its end."""
        return self._process is not None

    def start(self, python: Path, folder: Path) -> None:
        """Start the backend of the clone `folder` with its own Python."""
        if self._process is not None:
            return
        self._is_ready = self._is_stopping = False
        self._last_line = ""
        self._token = secrets.token_urlsafe(32)
        process = self._process = QProcess(
            self,
            readyReadStandardOutput=self._read_output,
            readyReadStandardError=self._read_log,
            finished=self._finished,
            errorOccurred=self._failed,
        )
        process.setProcessEnvironment(clean_environment(self._token))
        process.setWorkingDirectory(str(folder))
        self._timeout.start(READY_TIMEOUT_S * 1000)
        process.start(str(python), ["-m", "backend.serve", "--port", "0", "--stop-with-stdin"])

    def stop(self) -> None:
        """Ask it to end; `ended` follows. It is killed when it does not."""
        if self._process is None:
            return
        self._is_stopping = True
        self._process.closeWriteChannel()
        self._timeout.start(STOP_TIMEOUT_S * 1000)

    def stop_now(self) -> None:
        """End it before returning, because the plugin is being unloaded."""
        process, self._process = self._process, None
        self._timeout.stop()
        if process is None:
            return
        process.blockSignals(True)
        process.closeWriteChannel()
        if not process.waitForFinished(1500):
            process.kill()
            process.waitForFinished(1500)
        process.deleteLater()

    def _read_output(self) -> None:
        while self._process is not None and self._process.canReadLine():
            line = bytes(self._process.readLine()).decode(errors="replace").strip()
            address = _ready_line(line)
            if address and not self._is_ready:
                self._is_ready = True
                self._timeout.stop()
                self.ready.emit(address, self._token)
            elif line:
                self.logged.emit(line)

    def _read_log(self) -> None:
        if self._process is None:
            return
        text = bytes(self._process.readAllStandardError()).decode(errors="replace")
        for line in text.split("\n"):
            if line.strip():
                self._last_line = line.strip()
                self.logged.emit(line.rstrip())

    def _failed(self, error: QProcess.ProcessError) -> None:
        # Every other error is followed by `finished`.
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            self._end(
                tr(
                    "The backend could not be started: {reason}.",
                    reason=self._process.errorString(),
                )
            )

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read_log()
        if self._is_stopping:
            self._end("")
        elif status == QProcess.ExitStatus.CrashExit:
            self._end(tr("The backend was killed or crashed."))
        else:
            last = f": {self._last_line}" if self._last_line else ""
            ended = tr("The backend ended by itself with exit code {code}", code=code)
            self._end(f"{ended}{last}")

    def _end(self, why: str) -> None:
        process, self._process = self._process, None
        self._timeout.stop()
        if process is not None:
            process.deleteLater()
        self.ended.emit(why)

    def _give_up(self) -> None:
        if self._process is None:
            return
        if not self._is_stopping:
            self.logged.emit(f"The backend was not ready after {READY_TIMEOUT_S} s and is stopped.")
        self._process.kill()


def clean_environment(token: str) -> QProcessEnvironment:
    """Return this process's environment without what is QGIS's own, with the backend's token."""
    environment = QProcessEnvironment.systemEnvironment()
    for name in list(environment.keys()):
        if name in OURS or name.startswith(OUR_PREFIXES):
            environment.remove(name)
    environment.insert("GLUELINK_TOKEN", token)
    environment.insert("PYTHONUNBUFFERED", "1")
    return environment


def _ready_line(line: str) -> str:
    """Return the address in the backend's ready line; empty in any other line."""
    try:
        message = json.loads(line)
        is_ready = message["gluelink"] == "ready"
        return f"http://{message['host']}:{message['port']}" if is_ready else ""
    except (KeyError, TypeError, ValueError):
        return ""
