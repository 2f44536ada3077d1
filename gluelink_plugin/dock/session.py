"""What the panel works on: a backend, a scene, an area and at most one job.

The views call it and show what it says; it knows no widget.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QObject, QTimer, QUrl, QUrlQuery, pyqtSignal

from ..client.backend import Backend, State
from ..client.job import JobRun, JobTask
from ..client.protocol import (
    AlignmentRequest,
    ErrorBody,
    Estimate,
    EstimateRequest,
    FetchRequest,
    Job,
    SceneInfo,
    SceneRequest,
)
from ..layers.scene import SceneSource
from ..maptools.area import Area

ESTIMATE_AFTER_MS = 250

NOT_RUNNING = ErrorBody("not_running", "The backend is not running.", "Start it and try again.")
NO_SCENE = ErrorBody(
    "no_scene", "There is no scene to ask.", "Choose a layer, open a file, or search a catalogue."
)


@dataclass(frozen=True)
class Question:
    """What the ask view builds: the phrases and the pair that answers them."""

    phrases: list[str]
    encoder: str
    head: str | None


class Session(QObject):
    """Registers scenes, estimates areas and runs jobs; every answer comes as a signal.

    `troubled(part, error)` and `settled(part)` say what is wrong in which part of the panel
    ("backend", "scene", "area", "job"), and that it is so no longer.
    """

    scene_changed = pyqtSignal()
    estimate_changed = pyqtSignal()
    job_changed = pyqtSignal()
    job_done = pyqtSignal(object, object, str)  # Job, Path, the scene's name
    fetched = pyqtSignal(object, object)  # Job, SceneInfo
    troubled = pyqtSignal(str, object)
    settled = pyqtSignal(str)

    def __init__(
        self, new_path: Callable[[str, list[str]], Path], parent: QObject | None = None
    ) -> None:
        """`new_path(scene name, phrases)` names the file of a result; it may raise OSError."""
        super().__init__(parent)
        self.backend = Backend(self)
        self.backend.changed.connect(self._backend_changed)
        self.backend.lost.connect(self._backend_lost)
        self.source: SceneSource | None = None
        self.units: str | None = None
        self.date: str | None = None
        self.scene: SceneInfo | None = None
        self.checking = False
        self.area: Area | None = None
        self.area_problem: ErrorBody | None = None
        self.encoder = ""
        self.estimate: Estimate | None = None
        self.refusal: ErrorBody | None = None
        self.waiting: Question | None = None
        self.run: JobRun | None = None
        self._task: JobTask | None = None
        self._new_path = new_path
        self._was_ready = False
        self._cut_off = ""
        self._estimate_soon = QTimer(self)
        self._estimate_soon.setSingleShot(True)
        self._estimate_soon.setInterval(ESTIMATE_AFTER_MS)
        self._estimate_soon.timeout.connect(self._ask_estimate)

    @property
    def busy(self) -> bool:
        """True while a job runs or waits for the scene."""
        return self.run is not None or self.waiting is not None

    # The scene

    def set_source(self, source: SceneSource | None) -> None:
        """Choose what is asked; what was stated of the last one does not hold for this one."""
        if source != self.source:
            self.source = source
            self.units = self.date = None
            self._register()

    def set_units(self, units: str | None) -> None:
        """Overrule the units that were detected; None detects them again."""
        if units != self.units:
            self.units = units
            self._register()

    def set_date(self, date: str | None) -> None:
        """State the date, or a product's year; None detects it again."""
        if date != self.date:
            self.date = date
            self._register()

    def _register(self) -> None:
        self._forget_scene()
        api = self.backend.api
        if self.source is None or self.backend.state is not State.READY:
            self.scene_changed.emit()
            return
        self.checking = True
        self.scene_changed.emit()
        source = self.source
        if api.is_local or source.there:
            request = SceneRequest(source.path, source.name, self.units, self.date)
            api.post("/v1/scenes", request, SceneInfo, self._registered, self._refused, "scene")
        elif source.sendable:
            self._upload(Path(source.path))
        else:
            self._refused(_not_sendable(source.name))

    def _upload(self, path: Path) -> None:
        options = QUrlQuery()
        for name, value in (("name", path.name), ("units", self.units), ("date", self.date)):
            if value is not None:
                options.addQueryItem(name, value)
        route = "/v1/scenes/upload?"
        route += options.toString(QUrl.ComponentFormattingOption.FullyEncoded)
        api = self.backend.api
        api.upload(route, path, SceneInfo, self._registered, self._refused, "scene")

    def _forget_scene(self) -> None:
        self.checking = False
        api = self.backend.api
        api.drop_lane("scene")
        # What was uploaded fills a disk over there; a local scene is but a line in a list.
        if self.scene is not None and self.backend.state is State.READY and not api.is_local:
            api.forget(f"/v1/scenes/{self.scene.id}")
        self.scene = self.refusal = None
        self._estimate_later()
        self.settled.emit("scene")

    def _registered(self, scene: SceneInfo) -> None:
        self.checking = False
        self.scene = scene
        self.scene_changed.emit()
        self._estimate_later()
        if self.waiting is not None:
            self.ask(self.waiting)

    def _refused(self, error: ErrorBody) -> None:
        self.checking = False
        self.refusal = error
        self.waiting = None
        self.scene_changed.emit()
        self.job_changed.emit()
        self._tell("scene", error)

    # The area

    def set_area(self, area: Area | None) -> None:
        """Choose where; None is the whole scene."""
        self.area = area
        self.area_problem = None
        self._estimate_later()

    def refuse_area(self, problem: ErrorBody) -> None:
        """There is no area, and why."""
        self.area_problem = problem
        self._estimate_later()
        self.troubled.emit("area", problem)

    def set_encoder(self, encoder: str) -> None:
        """The encoder counts, too, in what an area costs."""
        if encoder != self.encoder:
            self.encoder = encoder
            self._estimate_later()

    def _estimate_later(self) -> None:
        self.backend.api.drop_lane("estimate")
        self.estimate = None
        self.estimate_changed.emit()
        self._estimate_soon.start()

    def _ask_estimate(self) -> None:
        if self.area_problem is not None:
            return
        if self.scene is None or not self.encoder or self.backend.state is not State.READY:
            self.settled.emit("area")
            return
        request = EstimateRequest(self.scene.id, self.encoder, **self._aoi())
        self.backend.api.post(
            "/v1/estimates", request, Estimate, self._estimated, self._not_estimated, "estimate"
        )

    def _aoi(self) -> dict[str, Any]:
        if self.area is None:
            return {}
        return {"aoi": self.area.as_geojson(), "aoi_crs": self.area.crs_name()}

    def _estimated(self, estimate: Estimate) -> None:
        self.estimate = estimate
        self.estimate_changed.emit()
        self.settled.emit("area")

    def _not_estimated(self, error: ErrorBody) -> None:
        self._tell("area", error)

    # The job

    def ask(self, question: Question) -> None:
        """Run a job, as soon as the backend has started and the scene is checked."""
        if self.run is not None:
            return
        self.waiting = None
        self.settled.emit("job")
        if self.source is None:
            self.troubled.emit("job", NO_SCENE)
        elif self.backend.state in (State.MISSING, State.STOPPED):
            self.troubled.emit("job", NOT_RUNNING)
        elif self.refusal is not None:
            self.troubled.emit("scene", self.refusal)
        elif self.area_problem is not None:
            self.troubled.emit("area", self.area_problem)
        elif self.scene is None:
            self.waiting = question
        else:
            self._run(question, self.scene)
        self.job_changed.emit()

    def fetch(self, request: FetchRequest) -> None:
        """Have a scene of a catalogue fetched; only one job runs at a time."""
        if self.busy:
            return
        self.settled.emit("job")
        self._start(request, JobTask(f"Fetching {request.told}"), self.fetched.emit)
        self.job_changed.emit()

    def cancel(self) -> None:
        """Stop the job, if there is one."""
        self.waiting = None
        if self.run is not None:
            self.run.cancel()
        self.job_changed.emit()

    def close(self) -> None:
        """Stop everything, before returning."""
        self._end_job(False)
        self._forget_scene()
        self._estimate_soon.stop()
        self.backend.close()

    def _run(self, question: Question, scene: SceneInfo) -> None:
        request = AlignmentRequest(
            scene.id, question.phrases, question.encoder, question.head, **self._aoi()
        )
        task = JobTask(f"{request.told} · {scene.name}")
        if self.source is not None and self.source.layer_id:
            layer = QgsProject.instance().mapLayer(self.source.layer_id)
            task.setDependentLayers([layer] if layer else [])
        self._start(
            request,
            task,
            lambda job, path: self.job_done.emit(job, path, scene.name),
            lambda: self._new_path(scene.name, question.phrases),
        )

    def _start(
        self,
        request: AlignmentRequest | FetchRequest,
        task: JobTask,
        done: Callable[[Job, Any], None],
        new_path: Callable[[], Path] | None = None,
    ) -> None:
        """Run a job; `done` is called with it and what it has left."""
        self.run = JobRun(self.backend.api, request, new_path, self)
        self.run.changed.connect(self._job_moved)
        self.run.done.connect(lambda job, left: self._job_done(done, job, left))
        self.run.failed.connect(self._job_failed)
        self.run.cancelled.connect(lambda: self._end_job(False))
        # Kept until the next one: a task without a Python reference never runs.
        self._task = task
        task.cancel_asked.connect(self.cancel)
        QgsApplication.taskManager().addTask(task)
        self.run.start()

    def _job_moved(self, job: Job) -> None:
        if job.total and not job.over:
            self._task.setProgress(100.0 * job.done / job.total)
        self.job_changed.emit()

    def _job_done(self, done: Callable[[Job, Any], None], job: Job, left: Path | SceneInfo) -> None:
        self._end_job(True)
        done(job, left)
        self._ask_estimate()  # the backend knows its pace better now

    def _job_failed(self, error: ErrorBody) -> None:
        self._end_job(False)
        self._tell("job", error)

    def _end_job(self, succeeded: bool) -> None:
        self.waiting = None
        run, self.run = self.run, None
        if run is not None:
            self._task.settle(succeeded)
            run.drop()
        self.job_changed.emit()

    # The backend

    def _tell(self, part: str, error: ErrorBody) -> None:
        """Say what the backend answered; where it did not, find out whether it is still there."""
        self.troubled.emit(part, error)
        if error.code == "unreachable":
            self.backend.ask_health()

    def _backend_changed(self) -> None:
        ready = self.backend.state is State.READY
        if ready == self._was_ready:
            return
        self._was_ready = ready
        self._cut_off = self.run.request.told if self.run is not None else ""
        if ready:
            self.settled.emit("backend")
            self.settled.emit("job")
        else:
            self._end_job(False)
        self._register()

    def _backend_lost(self, error: ErrorBody) -> None:
        self.waiting = None
        self.job_changed.emit()
        if self._cut_off:
            sentence = f"{error.message} The run of “{self._cut_off}” ended with it."
            error = ErrorBody(error.code, sentence, error.remedy)
        self.troubled.emit("backend", error)


def _not_sendable(name: str) -> ErrorBody:
    return ErrorBody(
        "not_sendable",
        f"“{name}” lies on this computer; a backend elsewhere can be sent one radar file only.",
        "Open a GeoTIFF with VV and VH, or use a backend on this computer.",
    )
