"""A backend for an algorithm: every call waits for its answer, in the algorithm's own thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingException, QgsProcessingFeedback
from qgis.PyQt.QtCore import QEventLoop, QTimer

from ..backend_words import translated
from ..client.api import Api
from ..client.backend import Backend
from ..client.call import Failed, Then
from ..client.job import JobRun
from ..client.process import BackendProcess
from ..client.protocol import (
    Capabilities,
    ErrorBody,
    Job,
    JobRequest,
    SceneInfo,
    SceneRequest,
)
from ..client.upload import Upload
from ..layers.pair import partner_of
from ..settings import bundled_wheel, install_commands, load_settings
from ..translation import tr

LOOK_EVERY_MS = 100

Begin = Callable[[Then, Failed], None]


class FileRun(JobRun):
    """A job whose result is fetched as a file, or whose answer is all."""

    def __init__(self, api: Api, request: JobRequest, target: Path | None) -> None:
        super().__init__(api, request)
        self._target = target

    def collect(self, job: Job, result: Any) -> None:
        """Fetch the GeoTIFF."""
        if self._target is None:
            self.done.emit(job, result)
            return
        name = next(file.name for file in result.files if file.name.endswith(".tif"))
        self._api.download(
            f"/v1/jobs/{job.id}/files/{name}",
            self._target,
            lambda _path: self.done.emit(job, result),
            self.failed.emit,
            lane="job",
        )


class Service:
    """The panel's backend, that of the settings' address, or one that is started and ends again."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        self._feedback = feedback
        self._process: BackendProcess | None = None
        self.api = Api()

    def start(self) -> None:
        """Find a backend or start one.

        Raises:
            QgsProcessingException: there is none, or it does not start.
        """
        settings = load_settings()
        if Backend.ready:
            self.api.point_to(*list(Backend.ready.values())[-1])
        elif settings.address:
            self.api.point_to(settings.address, None, settings.authcfg, settings.tunnel)
        elif not settings.installed:
            remedy = tr("Press “Set up” in the panel of GLUE-Link, then try again.")
            if bundled_wheel() is None:
                commands = " && ".join(install_commands(settings))
                remedy = tr("Run this in a terminal, then try again: {command}", command=commands)
            raise QgsProcessingException(f"{tr('The backend is not installed.')} {remedy}")
        else:
            self._feedback.pushInfo(tr("Starting the backend…"))
            process = self._process = BackendProcess()
            process.logged.connect(self._feedback.pushDebugInfo)

            def begin(then: Then, failed: Failed) -> None:
                process.ready.connect(lambda address, token: then((address, token)))
                process.ended.connect(lambda why: failed(ErrorBody("backend_ended", why)))
                process.start(settings.interpreter, Path(settings.folder))

            self.api.point_to(*self.wait(begin))
        self.capabilities: Capabilities = self.get("/v1/capabilities", Capabilities)

    def close(self) -> None:
        """Drop what is under way, and end the process that was started."""
        self.api.abort()
        if self._process is not None:
            self._process.stop_now()

    def get(self, path: str, kind: type) -> Any:
        """Return a message. Raises QgsProcessingException."""
        return self.wait(lambda then, failed: self.api.get(path, kind, then, failed))

    def post(self, path: str, body: Any, kind: type) -> Any:
        """Send a message and return the answer. Raises QgsProcessingException."""
        return self.wait(lambda then, failed: self.api.post(path, body, kind, then, failed))

    def register(self, path: str, options: dict[str, Any]) -> SceneInfo:
        """Return what the backend finds in a scene; one elsewhere is sent the file first.

        Raises:
            QgsProcessingException: it cannot be used; the sentence says why, and what to do.
        """
        name = Path(path).stem
        if not self.api.is_local:
            path = self._send(Path(path))
        scene: SceneInfo = self.post("/v1/scenes", SceneRequest(path, name, options), SceneInfo)
        for check in scene.checks:
            if check.level == "warning":
                self._feedback.pushWarning(f"{check.text} {check.remedy}".strip())
        return scene

    def run(self, request: JobRequest, target: Path | None = None) -> Any:
        """Run a job to its end, fetch its file to `target`, and return its result.

        Raises:
            QgsProcessingException: it has failed, or was cancelled.
        """
        run = FileRun(self.api, request, target)

        def begin(then: Then, failed: Failed) -> None:
            run.done.connect(lambda _job, result: then(result))
            run.failed.connect(failed)
            run.cancelled.connect(lambda: failed(_cancelled()))
            run.changed.connect(self._show)
            run.start()

        try:
            return self.wait(begin, run.cancel)
        finally:
            run.drop()

    def wait(self, begin: Begin, cancel: Callable[[], None] | None = None) -> Any:
        """Let Qt work until what is begun has its answer.

        Raises:
            QgsProcessingException: it fails, or the user cancels the algorithm.
        """
        loop, outcomes = QEventLoop(), []

        def settle(answer: Any, error: ErrorBody | None) -> None:
            outcomes.append((answer, error))
            loop.quit()

        def look() -> None:
            if self._feedback.isCanceled():
                cancel() if cancel is not None else settle(None, _cancelled())

        clock = QTimer(interval=LOOK_EVERY_MS, timeout=look)
        clock.start()
        begin(lambda answer: settle(answer, None), lambda error: settle(None, error))
        if not outcomes:
            loop.exec()
        clock.stop()
        answer, error = outcomes[0]
        if error is not None:
            raise QgsProcessingException(f"{error.message} {error.remedy}".strip())
        return answer

    def _send(self, path: Path) -> str:
        """Send a scene to a backend elsewhere, and return where it lies there."""
        partner = partner_of(path)
        upload = Upload(self.api, [path, partner] if partner else [path], "scene")

        def begin(then: Then, failed: Failed) -> None:
            upload.done.connect(then)
            upload.failed.connect(failed)
            upload.start()

        self._feedback.pushInfo(tr("Sending {file}…", file=path.name))
        return str(self.wait(begin))

    def _show(self, job: Job) -> None:
        if job.total:
            self._feedback.setProgress(100.0 * job.done / job.total)
        self._feedback.setProgressText(translated(job.stage))


def _cancelled() -> ErrorBody:
    return ErrorBody("cancelled", tr("Cancelled."))


@contextmanager
def open_service(feedback: QgsProcessingFeedback) -> Iterator[Service]:
    """Yield a backend that is ready.

    Raises:
        QgsProcessingException: there is none, or it does not start.
    """
    service = Service(feedback)
    try:
        service.start()
        yield service
    finally:
        service.close()
