"""The map of what is being typed, where all of the area is encoded: asked anew after each pause.

At most one question is under way. What was typed meanwhile is asked when it has ended, and its
answer is dropped. The backend refuses a question for which it would have to encode anything.
"""

from __future__ import annotations

import time
from pathlib import Path

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QObject, QTemporaryDir, QTimer, pyqtSignal

from .client.backend import State
from .client.job import JobRun
from .client.protocol import ErrorBody, Job
from .jobs.alignment import AlignmentRequest, AlignmentResult, style_band
from .layers.live import LiveLayer
from .question import Question
from .session import Session
from .translation import tr
from .words import decimal

PAUSE_MS = 250
"""Of typing, before what is typed is asked."""
ASK_EVERY_MS = 25
"""How often a live answer is looked for, which takes a fraction of a second."""


class LiveRun(JobRun):
    """Asks for one phrase over an area that is encoded, and fetches the map to a file."""

    lane = "live"
    ask_every_ms = ASK_EVERY_MS

    def __init__(self, session: Session, request: AlignmentRequest, path: Path) -> None:
        super().__init__(session.backend.api, request)
        self.asked = request
        self._path = path

    def collect(self, job: Job, result: AlignmentResult) -> None:
        """Fetch the file of the map, unless something else has been typed."""
        name = next(file.name for file in result.files if file.name.endswith(".tif"))
        self._api.download(
            f"/v1/jobs/{job.id}/files/{name}",
            self._path,
            lambda path: self.done.emit(job, (path, result)),
            self.failed.emit,
            lane=self.lane,
        )


class LiveMap(QObject):
    """Follows what is typed with one temporary layer, which goes when the map of a run comes."""

    changed = pyqtSignal()
    shown = pyqtSignal(object)  # QgsRasterLayer, which shows what is typed now

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._is_on = True
        self._typed: Question | None = None
        """Of one phrase, or of examples alone."""
        self._has_moved_on = False
        """Whether something else was typed after a run was asked."""
        self._kept: Question | None = None
        """What the map of a run shows."""
        self._shown: AlignmentRequest | None = None
        self._run: LiveRun | None = None
        self._problem = ""
        self._folder = QTemporaryDir()
        self._number = 0
        self._layer = LiveLayer()
        self.took_s: float | None = None
        """Seconds from the end of the pause to the layer, of what is shown."""
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS, timeout=self._ask)
        session.backend.changed.connect(self._backend_changed)
        session.estimate_changed.connect(self._place_changed)
        session.scene_changed.connect(self._place_changed)
        session.pair_changed.connect(self._place_changed)
        session.asking.connect(self._pause)
        session.map_added.connect(self._settled)
        QgsProject.instance().writeProject.connect(self._saved)

    @property
    def can_follow(self) -> bool:
        """Whether the backend can answer at once, and nothing else is under way."""
        session = self._session
        estimate = session.estimate
        return (
            session.backend.state is State.READY
            and session.scene is not None
            and session.pair[1] is not None
            and estimate is not None
            and estimate.refusal is None
            and estimate.lacking == 0
            and estimate.cells > 0
        )

    @property
    def words(self) -> str:
        """What it does now, in a few words."""
        if not self._is_on:
            return tr("off: the map waits for Enter")
        if self._problem:
            return self._problem
        if not self.can_follow:
            return tr("follows the typing where all is encoded")
        if self._run is not None:
            return tr("asking…")
        if self.took_s is not None and self._layer.layer is not None:
            return tr("answered in {seconds} s; Enter keeps it", seconds=decimal(self.took_s, 1))
        return tr("the map follows the typing")

    def switch(self, is_on: bool) -> None:
        """Follow the typing, or stop following it and take the layer away."""
        self._is_on = is_on
        if is_on:
            self._soon.start()
        else:
            self._drop()
        self.changed.emit()

    def follow(self, question: Question) -> None:
        """Take in what is typed and pressed; it is asked after a pause.

        Where nothing is looked for nothing is shown.
        """
        typed = question if question.has_aim else None
        if typed == self._typed:
            return
        self._typed, self._kept, self._has_moved_on = typed, None, True
        if self._run is not None and self._run.asked != self._request():
            self._run.cancel()
        if not self._is_on:
            return
        if typed is None:
            self._soon.stop()
            self._take_away()
        else:
            self._soon.start()
        self.changed.emit()

    def close(self) -> None:
        """Take the layer away and stop listening."""
        QgsProject.instance().writeProject.disconnect(self._saved)
        self._soon.stop()
        self._give_up()
        self._take_away()

    def _request(self) -> AlignmentRequest | None:
        """Return what would be asked now; None while nothing is typed, or there is no scene."""
        session = self._session
        if self._typed is None or session.scene is None:
            return None
        encoder, head = session.pair
        return AlignmentRequest(
            session.scene.id,
            encoder=encoder,
            head=head,
            only_encoded=True,
            **self._typed.fields(),
            **session.aoi(),
        )

    def _ask(self) -> None:
        """Ask what is typed, where nothing is under way; else that is asked when it has ended."""
        request = self._request()
        if self._run is not None or request is None or not self._is_on:
            return
        if not self.can_follow or self._session.busy:
            return
        if request == self._shown or self._typed == self._kept:
            return
        self._number += 1
        path = Path(self._folder.path()) / f"live-{self._number}.tif"
        self._problem = ""
        run = self._run = LiveRun(self._session, request, path)
        run.setParent(self)
        run.done.connect(lambda _job, found: self._answered(run, *found))
        run.failed.connect(lambda error: self._over(run, error))
        run.cancelled.connect(lambda: self._over(run))
        run.start()
        self.changed.emit()

    def _answered(self, run: LiveRun, path: Path, result: AlignmentResult) -> None:
        source = self._session.source
        if run is self._run and run.asked == self._request() and source is not None:
            statistics = result.phrases[0]
            try:
                layer = self._layer.show(
                    path,
                    tr("{phrase} (live)", phrase=statistics.phrase),
                    source,
                    lambda layer: style_band(layer, statistics, run.asked),
                )
            except ValueError as error:
                self._over(run, ErrorBody("output_unreadable", str(error)))
                return
            self._shown = run.asked
            self.took_s = time.monotonic() - run.asked_at
            self.shown.emit(layer)
            self._session.map_changed.emit(layer)
        self._over(run)

    def _over(self, run: LiveRun, error: ErrorBody | None = None) -> None:
        """Go on with what was typed meanwhile."""
        if run is not self._run:
            return
        self._run = None
        run.drop()
        stale = run.asked != self._request()
        if error is not None and not stale and error.code != "not_encoded":
            self._problem = error.message
        if stale and not self._soon.isActive():
            self._ask()
        self.changed.emit()

    def _place_changed(self) -> None:
        """Take away a map of another place, scene, encoder or head, and ask anew."""
        request = self._request()
        if self._run is not None and self._run.asked != request:
            self._run.cancel()
        if self._shown is not None and self._shown != request:
            self._take_away()
        self._problem = ""
        if self._is_on and request is not None and self._shown is None:
            self._soon.start()
        self.changed.emit()

    def _pause(self) -> None:
        """Leave the backend to the run that begins; what is shown stays until its map comes."""
        self._has_moved_on = False
        self._soon.stop()
        if self._run is not None:
            self._run.cancel()

    def _settled(self, _layer: QgsRasterLayer) -> None:
        """Make room for the map of a run."""
        self._layer.remove(show_earlier=False)
        self._shown, self._kept = None, None if self._has_moved_on else self._typed
        self._has_moved_on = False
        self.changed.emit()

    def _saved(self, _document: object) -> None:
        """Keep a temporary layer out of a project that is being saved."""
        self._take_away()

    def _drop(self) -> None:
        self._soon.stop()
        self._problem = ""
        if self._run is not None:
            self._run.cancel()
        self._take_away()

    def _take_away(self) -> None:
        self._shown = None
        self._layer.remove()

    def _backend_changed(self) -> None:
        """Give up a question to a backend that has gone, which will never answer."""
        if self._session.backend.state is not State.READY:
            self._give_up()
        self.changed.emit()

    def _give_up(self) -> None:
        run, self._run = self._run, None
        if run is not None:
            run.drop()
