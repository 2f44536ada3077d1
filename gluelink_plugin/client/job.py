"""One job from its request to what it leaves, followed by asking now and then."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsTask
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from .api import Api, unwritable
from .protocol import AlignmentRequest, ErrorBody, FetchRequest, FetchResult, Job, SceneInfo

ASK_EVERY_MS = 250
ASK_SOON_MS = 80
LOST_AFTER = 8  # questions without an answer, one after the other


class JobRun(QObject):
    """Submits a job, follows it, fetches its result. Ends with one of the last three signals.

    What a job leaves is a file, which is third_party to this computer, or a registered scene.
    """

    changed = pyqtSignal(object)  # Job
    done = pyqtSignal(object, object)  # Job, Path of the file or SceneInfo
    failed = pyqtSignal(object)  # ErrorBody
    cancelled = pyqtSignal()

    def __init__(
        self,
        api: Api,
        request: AlignmentRequest | FetchRequest,
        new_path: Callable[[], Path] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """`new_path` names the file of a result, where one is left; it may raise OSError."""
        super().__init__(parent)
        self.request = request
        self.job: Job | None = None
        self.cancelling = False
        self._api = api
        self._new_path = new_path
        self._silent = 0
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self._ask)

    def start(self) -> None:
        """Submit the job."""
        self._api.post("/v1/jobs", self.request, Job, self._heard, self.failed.emit, lane="job")

    def cancel(self) -> None:
        """Ask the backend to stop the job; `cancelled` follows."""
        if self.cancelling:
            return
        self.cancelling = True
        if self.job is not None:
            self._send_cancel(self.job)

    def drop(self) -> None:
        """Follow it no longer; where it still runs, the backend is told to stop it."""
        self._clock.stop()
        self._api.drop_lane("job")
        if self.job is not None and not self.job.over:
            self._api.forget(f"/v1/jobs/{self.job.id}")
        self.deleteLater()

    def _send_cancel(self, job: Job) -> None:
        self._clock.stop()
        self._api.delete(f"/v1/jobs/{job.id}", Job, self._heard, self.failed.emit, lane="job")

    def _ask(self) -> None:
        if self.job is not None:
            path = f"/v1/jobs/{self.job.id}"
            self._api.get(path, Job, self._heard, self._unheard, lane="job")

    def _heard(self, job: Job) -> None:
        first = self.job is None
        self._silent = 0
        self.job = job
        self.changed.emit(job)
        if first and self.cancelling and not job.over:
            self._send_cancel(job)
        elif not job.over:
            self._clock.start(ASK_SOON_MS if self.cancelling else ASK_EVERY_MS)
        elif self.cancelling or job.state == "cancelled":
            self.cancelled.emit()
        elif job.state == "failed" or job.result is None:
            self.failed.emit(job.error or ErrorBody("error", "The job failed without a reason."))
        elif isinstance(job.result, FetchResult):
            path = f"/v1/scenes/{job.result.scene}"
            self._api.get(path, SceneInfo, self._arrived, self.failed.emit, lane="job")
        else:
            self._download(job)

    def _unheard(self, error: ErrorBody) -> None:
        self._silent += 1
        if error.code != "unreachable" or self._silent >= LOST_AFTER:
            self.failed.emit(error)
        else:
            self._clock.start(ASK_EVERY_MS)

    def _download(self, job: Job) -> None:
        name = next((f.name for f in job.result.files if f.name.endswith(".tif")), "")
        try:
            path = self._new_path()
        except OSError as error:
            self.failed.emit(unwritable(Path(error.filename), error))
            return
        self._api.download(
            f"/v1/jobs/{job.id}/files/{name}", path, self._arrived, self.failed.emit, lane="job"
        )

    def _arrived(self, left: Path | SceneInfo) -> None:
        self.done.emit(self.job, left)


class JobTask(QgsTask):
    """A job in QGIS's task manager. The backend does the work; the task shows it and waits."""

    cancel_asked = pyqtSignal()

    def __init__(self, title: str) -> None:
        super().__init__(title, QgsTask.Flag.CanCancel)
        self._over = threading.Event()
        self._succeeded = False

    def run(self) -> bool:
        """Wait, in a thread of the manager, until the job is over or QGIS wants the task gone."""
        while not self._over.wait(0.1):
            if self.isCanceled():
                return False
        return self._succeeded

    def cancel(self) -> None:
        """Called by the task manager's cross, and when QGIS closes."""
        super().cancel()
        if not self._over.is_set():
            self.cancel_asked.emit()

    def settle(self, succeeded: bool) -> None:
        """The job is over."""
        self._succeeded = succeeded
        self._over.set()
