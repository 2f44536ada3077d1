"""One job from its request to what it leaves, followed by asking now and then."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Any

from qgis.core import QgsMapLayer, QgsTask
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..translation import mark, tr
from .api import Api
from .protocol import ErrorBody, Job, JobRequest

ASK_EVERY_MS = 250
ASK_SOON_MS = 80
SILENT_S = (0.25, 0.5, 1, 2)  # before each further question while no answer comes
NO_ANSWER = mark("The backend does not answer; asking again")


class JobRun(QObject):
    """Submits a job, follows it, collects its result. Ends with one of the last three signals.

    Each kind of job has a subclass; see `gluelink_plugin.jobs`.
    """

    changed = pyqtSignal(object)  # Job
    done = pyqtSignal(object, object)  # Job, and what was collected
    failed = pyqtSignal(object)  # ErrorBody
    cancelled = pyqtSignal()
    lane = "job"
    """Of its calls; jobs of one lane are followed one at a time."""
    ask_every_ms = ASK_EVERY_MS

    def __init__(self, api: Api, request: JobRequest, title: str = "") -> None:
        """Prepare a job; `title` is its name in QGIS's task manager."""
        super().__init__()
        self.request = request
        self.title = title or request.summary
        self.layers: list[QgsMapLayer] = []
        """The layers that the job needs; it is cancelled when one of them is removed."""
        self.left = ""
        """What stays of the job when it is stopped, in a sentence."""
        self.recipe: Any = None
        """The `layers.result.Recipe` that asks the same again; None where nothing does."""
        self.asked_at = time.monotonic()
        """When the user asked, on the monotonic clock."""
        self.job: Job | None = None
        self.cancelling = False
        self._api = api
        self._silent = 0
        self._clock = QTimer(self, singleShot=True, timeout=self._ask)

    @property
    def waited_s(self) -> float:
        """Seconds that the user has been waiting: for models, too, and for a scene's check."""
        return time.monotonic() - self.asked_at

    def collect(self, job: Job, _result: Any) -> None:
        """Bring what the job has left to this computer, and then emit `done` or `failed`."""
        self.done.emit(job, None)

    def show(self, job: Job, result: Any, collected: Any) -> str:
        """Show what the job has left, and return a sentence about it.

        Raises:
            ValueError: it cannot be shown; the sentence says why.
        """
        raise NotImplementedError

    def start(self) -> None:
        """Submit the job."""
        self._api.post("/v1/jobs", self.request, Job, self._heard, self.failed.emit, lane=self.lane)

    def cancel(self) -> None:
        """Ask the backend to stop the job; `cancelled` follows."""
        if self.cancelling:
            return
        self.cancelling = True
        if self.job is not None:
            self._send_cancel(self.job)

    def drop(self) -> None:
        """Stop following the job; where it still runs, tell the backend to stop it."""
        self._clock.stop()
        self._api.drop_lane(self.lane)
        self._api.outlasting.discard(self)
        if self.job is not None and not self.job.over:
            self._api.forget(f"/v1/jobs/{self.job.id}")
        self.deleteLater()

    def _send_cancel(self, job: Job) -> None:
        self._clock.stop()
        path = f"/v1/jobs/{job.id}"
        self._api.delete(path, Job, self._heard, self.failed.emit, lane=self.lane)

    def _ask(self) -> None:
        if self.job is not None:
            path = f"/v1/jobs/{self.job.id}"
            self._api.get(path, Job, self._heard, self._unheard, lane=self.lane)

    def _heard(self, job: Job) -> None:
        first = self.job is None
        self._silent = 0
        self._api.outlasting.add(self)
        self.job = job
        self.changed.emit(job)
        if first and self.cancelling and not job.over:
            self._send_cancel(job)
        elif not job.over:
            self._clock.start(ASK_SOON_MS if self.cancelling else self.ask_every_ms)
        elif self.cancelling or job.state == "cancelled":
            self.cancelled.emit()
        elif job.state == "failed" or job.result is None:
            self.failed.emit(
                job.error or ErrorBody("error", tr("The job failed without a reason."))
            )
        else:
            self.collect(job, job.result)

    def _unheard(self, error: ErrorBody) -> None:
        """Ask again: the job outlasts a cut and a restart. Whether it is lost, `Backend` says."""
        if error.code != "unreachable" or self.job is None:
            self.failed.emit(error)
            return
        self.job = replace(self.job, stage=NO_ANSWER, seconds_left=None)
        self.changed.emit(self.job)
        self._clock.start(int(1000 * SILENT_S[min(self._silent, len(SILENT_S) - 1)]))
        self._silent += 1


class JobTask(QgsTask):
    """A job in QGIS's task manager. The backend does the work; the task shows it and waits."""

    cancel_asked = pyqtSignal()

    def __init__(self, run: JobRun) -> None:
        super().__init__(run.title, QgsTask.Flag.CanCancel)
        self.setDependentLayers(run.layers)
        self._over = threading.Event()
        self._succeeded = False

    def run(self) -> bool:
        """Wait in a thread of the manager until the job is over or QGIS cancels the task."""
        while not self._over.wait(0.1):
            if self.isCanceled():
                return False
        return self._succeeded

    def cancel(self) -> None:
        """Pass on a cancel by the task manager's cross, or by QGIS when it closes."""
        super().cancel()
        if not self._over.is_set():
            self.cancel_asked.emit()

    def settle(self, succeeded: bool) -> None:
        """End the task, as the job has ended."""
        self._succeeded = succeeded
        self._over.set()
