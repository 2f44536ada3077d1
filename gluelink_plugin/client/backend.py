"""The backend as the plugin sees it: missing, stopped, starting or ready."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import ClassVar

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..settings import Settings, load_settings
from ..translation import tr
from .api import Api, is_loopback
from .process import BackendProcess
from .protocol import Capabilities, Device, ErrorBody, Health

HEALTH_EVERY_S = 10
MISSES, MISSES_WHILE_AT_WORK = 2, 12


Reach = tuple[str, str, str, bool]
"""Address, token, authentication entry, and whether it is the end of a tunnel."""


class State(Enum):
    """Where the backend stands."""

    MISSING = "not installed"
    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"


class Backend(QObject):
    """Starts or finds the backend, asks what it can do, and notices when it goes away."""

    ready: ClassVar[dict[int, Reach]] = {}
    """Those that can be asked now, for whoever asks without a panel; the latest is the last."""

    changed = pyqtSignal()
    configured = pyqtSignal()
    lost = pyqtSignal(object)  # ErrorBody: it did not start, or it went away unasked
    logged = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.api = Api(self)
        self.capabilities: Capabilities | None = None
        self.device: Device | None = None
        self._process = BackendProcess(self)
        self._process.ready.connect(self._connect)
        self._process.ended.connect(self._process_ended)
        self._process.logged.connect(self.logged)
        self._pulse = QTimer(self, singleShot=True, timeout=self.ask_health)
        self._misses = 0
        self._starting = False
        self._reach: Reach = ("", "", "", False)
        self.settings = load_settings()

    @property
    def state(self) -> State:
        """Where the backend stands now."""
        if self.capabilities is not None:
            return State.READY
        if self._starting:
            return State.STARTING
        return State.STOPPED if self.settings.address or self.settings.installed else State.MISSING

    @property
    def is_ours(self) -> bool:
        """True when the plugin starts and stops the backend itself."""
        return not self.settings.address

    @property
    def stays_here(self) -> bool:
        """True when nothing is sent to another computer."""
        here = is_loopback(self.settings.address) and not self.settings.tunnel
        return self.is_ours or here

    def configure(self, settings: Settings) -> None:
        """Use these settings, after stopping or leaving the backend of the earlier ones."""
        self.stop()
        self.settings = settings
        self.configured.emit()
        self.changed.emit()

    def start(self) -> None:
        """Start our backend, or look for the one at the address."""
        if self.state is not State.STOPPED:
            self.changed.emit()  # it may have been installed or removed meanwhile
            return
        self._starting = True
        if self.is_ours:
            self._start_process()
        else:
            self._connect(self.settings.address, self.settings.token, self.settings.authcfg)
        self.changed.emit()

    def stop(self) -> None:
        """Stop our backend, or leave the one at the address alone."""
        self._forget()
        self._process.stop()
        self.changed.emit()

    def close(self) -> None:
        """Leave nothing running, before returning."""
        self._forget()
        self._process.stop_now()

    def _connect(self, address: str, token: str, authcfg: str = "") -> None:
        self._reach = (address, token, authcfg, not self.is_ours and self.settings.tunnel)
        self.api.point_to(*self._reach)
        self.api.get("/v1/capabilities", Capabilities, self._answered, self._gone)

    def _answered(self, capabilities: Capabilities) -> None:
        self._starting = False
        self.ready[id(self)] = self._reach
        self.capabilities = capabilities
        self.device = capabilities.device
        self._misses = 0
        self._pulse.start(HEALTH_EVERY_S * 1000)
        self.changed.emit()

    def ask_health(self) -> None:
        """Ask now whether it still runs; one that does not answer is asked twice."""
        if self.capabilities is not None:
            self.api.get("/v1/health", Health, self._heard, self._missed, lane="health")

    def _missed(self, error: ErrorBody) -> None:
        """Ask again; more often while something is under way that outlasts cuts and restarts."""
        self._misses += 1
        most = MISSES_WHILE_AT_WORK if self.api.outlasting else MISSES
        if self._misses >= most or error.code != "unreachable":
            self._gone(error)
        else:
            self._pulse.start(1000 * min(self._misses, HEALTH_EVERY_S))

    def _heard(self, health: Health) -> None:
        self._misses = 0
        self._pulse.start(HEALTH_EVERY_S * 1000)
        if health.device != self.device:
            self.device = health.device
            self.changed.emit()

    def _gone(self, error: ErrorBody) -> None:
        self._forget()
        self._process.stop()
        self.changed.emit()
        self.lost.emit(error)

    def _start_process(self) -> None:
        # One that is still stopping is followed by the new one when it has ended.
        if not self._process.running:
            self._process.start(self.settings.interpreter, Path(self.settings.folder))

    def _process_ended(self, why: str) -> None:
        if not self.is_ours:
            return  # another backend has taken its place meanwhile
        if self._starting and not why:
            self._start_process()
            return
        self._forget()
        self.changed.emit()
        if why:
            self.lost.emit(ErrorBody("backend_ended", why, tr("Start it again, or read its log.")))

    def _forget(self) -> None:
        self.ready.pop(id(self), None)
        self._starting = False
        self._pulse.stop()
        self.api.abort()
        self.capabilities = None
        self.device = None
