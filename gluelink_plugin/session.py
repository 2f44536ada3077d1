"""What the panel works on: a backend, a scene, an area, an encoder with its head, at most one job.

Views show its state and change it by calling its methods only; it knows no widget.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from qgis.core import QgsApplication, QgsRasterLayer
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from .client.backend import State
from .client.job import JobRun, JobTask
from .client.protocol import (
    ErrorBody,
    Estimate,
    EstimateRequest,
    Job,
)
from .layers.result import Recipe
from .layers.runs import KeptRun
from .maptools.area import Area
from .scene_session import SceneSession
from .settings import bundled_wheel
from .translation import mark, tr

ESTIMATE_AFTER_MS = 250

NOT_RUNNING = ErrorBody(
    "not_running", mark("The backend is not running."), mark("Start it and try again.")
)
NOT_INSTALLED = ErrorBody(
    "not_installed",
    mark("The backend is not installed."),
    mark("Run the two commands at the top of this panel in a terminal, then look again."),
)
NOT_SET_UP = ErrorBody(
    "not_set_up",
    mark("The backend is not installed."),
    mark("Press “Set up” at the top of this panel."),
)
NOT_CONNECTED = ErrorBody(
    "not_running", mark("No backend is connected."), mark("Connect, and try again.")
)
NO_SCENE = ErrorBody(
    "no_scene",
    mark("There is no scene to ask."),
    mark("Choose a layer, open a file, or search a catalogue."),
)

NewRun = Callable[[], JobRun]


class Session(SceneSession):
    """Registers scenes, estimates areas and runs jobs; every answer comes as a signal.

    `troubled(part, error)` says what is wrong in a part of the panel ("backend", "scene", "area",
    "job"), and `settled(part)` that it is so no longer.
    """

    asking = pyqtSignal()  # a job is about to be asked; who knows better what it is of says so now
    scene_fetched = pyqtSignal(object)  # SceneInfo: the backend has it, the panel may offer it
    estimate_changed = pyqtSignal()
    pair_changed = pyqtSignal()
    job_changed = pyqtSignal()
    job_done = pyqtSignal(str)  # a sentence about it, also about one that was stopped
    describer_changed = pyqtSignal()
    described = pyqtSignal(object)  # jobs.describe.Outcome: what was said of the scene
    map_changed = pyqtSignal(object)  # QgsRasterLayer: a live map has other values now
    map_added = pyqtSignal(object)  # QgsRasterLayer: the one to look at
    run_kept = pyqtSignal(object)  # KeptRun: what the map is of, and how long it took
    contacted = pyqtSignal()
    logged = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.backend.changed.connect(self._backend_changed)
        self.backend.lost.connect(self._backend_lost)
        self.backend.configured.connect(self.settle_backend)
        self.backend.logged.connect(self.logged)
        self.area: Area | None = None
        self.area_problem: ErrorBody | None = None
        self.pair: tuple[str, str | None] = ("", None)
        """The encoder and the head; ("", None) while none is known."""
        self.describer: str | None = None
        """The model that describes beside the measurements; None for them alone."""
        self.estimate: Estimate | None = None
        self.footprint: dict[str, Any] | None = None
        """GeoJSON in degrees of what is encoded of the scene by the encoder; None for nothing."""
        self.run: JobRun | None = None
        self.hosts: list[str] = []
        """Servers elsewhere that were asked for scenes: they were told an area and dates."""
        self.has_answered = False
        """Whether this backend has answered a phrase, so that its models are loaded."""
        self._asked_at = 0.0
        self._waiting: NewRun | None = None
        self._task: JobTask | None = None
        self._estimating = False
        self._was_ready = False
        self.cut_off: Recipe | None = None
        """What asks again what has ended with the backend; None where nothing has."""
        self._cut_off: tuple[str, str] | None = None
        self._estimate_soon = QTimer(
            self, singleShot=True, interval=ESTIMATE_AFTER_MS, timeout=self._ask_estimate
        )

    @property
    def busy(self) -> bool:
        """True while a job runs or waits for the scene."""
        return self.run is not None or self._waiting is not None

    @property
    def estimating(self) -> bool:
        """True while it is worked out what the area costs."""
        return self._estimating and self.scene is not None and self.backend.state is State.READY

    @property
    def unready(self) -> ErrorBody:
        """What is to be said while there is no backend."""
        if self.backend.state is State.MISSING:
            return _translated(NOT_SET_UP if bundled_wheel() else NOT_INSTALLED)
        return _translated(NOT_RUNNING if self.backend.is_ours else NOT_CONNECTED)

    def show_map(self, layer: QgsRasterLayer) -> None:
        """Let the user see a map that was added; its phrase has loaded the backend's models."""
        self.has_answered = True
        self.look_at(layer)

    def look_at(self, layer: QgsRasterLayer) -> None:
        """Let the user see a map that was made of another one, without the backend."""
        self.map_added.emit(layer)

    def describe(self, outcome: Any) -> None:
        """Let the user read what was said of the scene."""
        self.has_answered = True
        self.described.emit(outcome)

    def keep_run(self, run: KeptRun) -> None:
        """Let a run be listed that has ended well."""
        self.run_kept.emit(run)

    def contact(self, host: str) -> None:
        """Note that a server elsewhere is asked."""
        if host and host not in self.hosts:
            self.hosts.append(host)
            self.contacted.emit()

    def _scene_left(self) -> None:
        self.footprint = None
        self._estimate_later()

    def _scene_known(self) -> None:
        self._estimate_later()
        if self._waiting is not None:
            self.ask(self._waiting)

    def _scene_refused(self) -> None:
        self._waiting = None
        self.job_changed.emit()

    # The area, the encoder and the head

    def set_area(self, area: Area | None) -> None:
        """Choose where; None is the whole scene."""
        self.area = area
        self.area_problem = None
        self._estimate_later()

    def refuse_area(self, problem: ErrorBody) -> None:
        """Note that there is no area, and why."""
        self.area_problem = problem
        self._estimate_later()
        self.report("area", problem)

    def aoi(self) -> dict[str, Any]:
        """Return the area as the fields of a request; none for the whole scene."""
        if self.area is None:
            return {}
        return {"aoi": self.area.as_geojson(), "aoi_crs": self.area.crs_name()}

    def set_pair(self, encoder: str, head: str | None) -> None:
        """Choose the encoder, which also decides what an area costs, and the head."""
        before, self.pair = self.pair, (encoder, head)
        if encoder != before[0]:
            self.footprint = None
            self._estimate_later()
        if self.pair != before:
            self.pair_changed.emit()

    def set_describer(self, name: str | None) -> None:
        """Choose the model that describes beside the measurements; None for them alone."""
        if name != self.describer:
            self.describer = name
            self.describer_changed.emit()

    def _estimate_later(self) -> None:
        self.backend.api.drop_lane("estimate")
        self.estimate = None
        self._estimating = self.area_problem is None
        self.estimate_changed.emit()
        self._estimate_soon.start()

    def _ask_estimate(self) -> None:
        if self.area_problem is not None:
            return
        encoder = self.pair[0]
        if self.scene is None or not encoder or self.backend.state is not State.READY:
            self.settled.emit("area")
            return
        request = EstimateRequest(self.scene.id, encoder, **self.aoi())
        self.backend.api.post(
            "/v1/estimates",
            request,
            Estimate,
            self._estimated,
            self._not_estimated,
            lane="estimate",
        )

    def _not_estimated(self, error: ErrorBody) -> None:
        self._estimating = False
        self.estimate_changed.emit()
        self.report("area", error)

    def _estimated(self, estimate: Estimate) -> None:
        self.estimate, self.footprint = estimate, estimate.footprint
        self._estimating = False
        self.estimate_changed.emit()
        if estimate.refusal is not None:
            self.report("area", estimate.refusal)
        else:
            self.settled.emit("area")

    # The job

    def ask(self, new_run: NewRun) -> None:
        """Run a job on the scene as soon as the scene is checked; only one job runs at a time.

        `new_run` is called then: the encoder that fits the scene is known by the check.
        """
        if self.run is not None:
            return
        if self._waiting is None:
            self._asked_at = time.monotonic()
        self._waiting = None
        self.asking.emit()
        self.settled.emit("job")
        if self.source is None:
            self.report("job", _translated(NO_SCENE))
        elif self.backend.state in (State.MISSING, State.STOPPED):
            self.report("job", self.unready)
        elif self.refusal is not None:
            self.report("scene", self.refusal)
        elif self.area_problem is not None:
            self.report("area", self.area_problem)
        elif self.scene is None:
            self._waiting = new_run
        else:
            self._start(new_run())
        self.job_changed.emit()

    def start(self, new_run: NewRun) -> None:
        """Run a job that needs no scene; only one job runs at a time."""
        if not self.busy:
            self._asked_at = time.monotonic()
            self.settled.emit("job")
            self._start(new_run())
            self.job_changed.emit()

    def cancel(self) -> None:
        """Stop the job, if there is one."""
        waited, self._waiting = self._waiting, None
        if self.run is not None:
            self.run.cancel()
        self.job_changed.emit()
        if waited is not None:
            self.job_done.emit(tr("Cancelled."))

    def stop_backend(self) -> None:
        """Stop our backend, or leave another; a job ends with it, and that is said."""
        run = self.run
        self.backend.stop()
        if run is not None:
            stopped = tr("“{run}” was stopped.", run=run.request.summary)
            self.job_done.emit(f"{stopped} {run.left}".strip())

    def close(self) -> None:
        """Stop everything, before returning."""
        self._end_job(False)
        self._forget_scene(True)
        self._estimate_soon.stop()
        self.backend.close()

    def _start(self, run: JobRun) -> None:
        run.setParent(self)
        run.asked_at = self._asked_at
        run.changed.connect(self._job_moved)
        run.done.connect(lambda job, collected: self._job_done(run, job, collected))
        run.failed.connect(self._job_failed)
        run.cancelled.connect(self._job_cancelled)
        self.run = run
        # Kept until the next one: a task without a Python reference never runs.
        self._task = JobTask(run)
        self._task.cancel_asked.connect(self.cancel)
        QgsApplication.taskManager().addTask(self._task)
        run.start()

    def _job_moved(self, job: Job) -> None:
        if self._task is not None and job.total and not job.over:
            self._task.setProgress(100.0 * job.done / job.total)
        self.job_changed.emit()

    def _job_done(self, run: JobRun, job: Job, collected: Any) -> None:
        self._end_job(True)
        try:
            self.job_done.emit(run.show(job, job.result, collected))
        except ValueError as error:
            self.report("job", ErrorBody("output_unreadable", str(error)))
        self._ask_estimate()  # more is encoded, and the backend knows its pace better

    def _job_cancelled(self) -> None:
        left = self.run.left if self.run is not None else ""
        self._end_job(False)
        self.job_done.emit(f"{tr('Cancelled.')} {left}".strip())
        self._ask_estimate()  # what was encoded until then is kept

    def _job_failed(self, error: ErrorBody) -> None:
        self._end_job(False)
        self.report("job", error)
        if error.code != "unreachable":
            self._ask_estimate()

    def _end_job(self, succeeded: bool) -> None:
        self._waiting = None
        run, self.run = self.run, None
        if run is not None and self._task is not None:
            self._task.settle(succeeded)
            run.drop()
        self.settled.emit("stop")
        self.job_changed.emit()

    # The backend

    def settle_backend(self) -> None:
        """Take back what was said of a backend that is used no longer."""
        self.settled.emit("backend")
        self.settled.emit("job")

    def _backend_changed(self) -> None:
        ready = self.backend.state is State.READY
        if ready == self._was_ready:
            return
        self._was_ready = ready
        self.has_answered = False
        run = self.run
        self._cut_off = (run.request.summary, run.left) if run is not None else None
        self.cut_off = run.recipe if run is not None else None
        if ready:
            self.settled.emit("backend")
            self.settled.emit("job")
        else:
            self._end_job(False)
        self.register()

    def _backend_lost(self, error: ErrorBody) -> None:
        self._waiting = None
        self.job_changed.emit()
        if self._cut_off is not None:
            summary, left = self._cut_off
            ended = tr("The run of “{run}” ended with it.", run=summary)
            code = "run_ended" if self.cut_off is not None else error.code
            error = ErrorBody(code, f"{error.message} {ended} {left}".strip(), error.remedy)
        self.report("backend", error)


def _translated(error: ErrorBody) -> ErrorBody:
    return ErrorBody(error.code, tr(error.message), tr(error.remedy))
