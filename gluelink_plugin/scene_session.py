"""The scene of the panel: what is chosen, stated and sent of it, and what the backend finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from .client.backend import Backend, State
from .client.protocol import ErrorBody, SceneInfo, SceneRequest
from .client.upload import Upload
from .layers.pair import partner_of, sent_alone
from .layers.scene import SceneSource, not_sendable
from .translation import tr


class SceneSession(QObject):
    """Has the backend check a scene, which it sends first where the backend is elsewhere.

    `Session` goes on with the scene once it is known; it says how in the last three methods.
    """

    scene_changed = pyqtSignal()
    troubled = pyqtSignal(str, object)
    settled = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.backend = Backend(self)
        self.source: SceneSource | None = None
        self.options: dict[str, Any] = {}
        """What is stated of the scene, by the names of the backend's scene options."""
        self.scene: SceneInfo | None = None
        self.checking = False
        self.upload: Upload | None = None
        """What is sent of the source, or was, to a backend elsewhere."""
        self.refusal: ErrorBody | None = None

    def report(self, part: str, error: ErrorBody) -> None:
        """Say what is wrong; where the backend did not answer, find out whether it still runs."""
        self.troubled.emit(part, error)
        if error.code == "unreachable":
            self.backend.ask_health()

    def set_source(self, source: SceneSource | None) -> None:
        """Choose what is asked; what was stated of the last one does not hold for this one."""
        if source != self.source:
            self._forget_scene(True)
            self.source = source
            self.options = {}
            self.register()

    def set_option(self, name: str, value: Any) -> None:
        """State something about the scene; None takes it back."""
        if value != self.options.get(name):
            self.set_options({**self.options, name: value})

    def set_options(self, options: dict[str, Any]) -> None:
        """State all that is known about the scene, and nothing else."""
        stated = {name: value for name, value in options.items() if value is not None}
        if stated != self.options:
            self.options = stated
            self.register()

    def register(self) -> None:
        """Have the backend check the source; what was sent of it is not sent again."""
        self._forget_scene(False)
        api = self.backend.api
        if self.source is None or self.backend.state is not State.READY:
            self.scene_changed.emit()
            return
        self.checking = True
        self.scene_changed.emit()
        source = self.source
        if api.is_local or source.on_backend:
            self.upload = None
            self._register_path(source.path)
        elif source.sendable:
            self._send(Path(source.path))
        else:
            self._refused(not_sendable(source.name))

    def _register_path(self, path: str) -> None:
        """Register what lies at a path of the backend's computer."""
        if self.source is not None:
            api, request = self.backend.api, SceneRequest(path, self.source.name, self.options)
            api.post("/v1/scenes", request, SceneInfo, self._registered, self._refused, "scene")

    def _send(self, path: Path) -> None:
        """Send a file, and the other one of its pair; what was sent before is not sent again."""
        if self.upload is None:
            try:
                partner = partner_of(path)
                paths = [path, partner] if partner else [path]
                upload = Upload(self.backend.api, paths, "scene")
            except OSError as problem:
                text = tr(
                    "{file} cannot be read: {reason}.",
                    file=problem.filename,
                    reason=problem.strerror,
                )
                self._refused(ErrorBody("scene_unreadable", text))
                return
            upload.moved.connect(self.scene_changed)
            upload.done.connect(self._register_path)
            upload.failed.connect(self._unsent)
            self.upload = upload
        self.upload.start()

    def _unsent(self, error: ErrorBody) -> None:
        """Say how far the upload has come; it can go on there."""
        if self.upload is not None and error.code == "unreachable":
            error = self.upload.cut(error.message)
        self._refused(error)

    @property
    def sending(self) -> bool:
        """True while a file is on its way to a backend elsewhere."""
        return self.checking and self.upload is not None and self.upload.sent < self.upload.total

    def stop_sending(self) -> None:
        """Send no more of the scene; `register` goes on with it."""
        if self.upload is not None and self.sending:
            self.upload.stop()
            self._refused(self.upload.cut())

    def _forget_scene(self, upload_too: bool) -> None:
        """Leave the scene, and what was sent of it where it is of no more use."""
        self.checking = False
        api, unused = self.backend.api, []
        api.drop_lane("scene")
        if self.upload is not None:
            self.upload.stop()
        # What is not used there fills a disk; a local scene is but a line in a list.
        if self.scene is not None and not api.is_local:
            unused.append(f"/v1/scenes/{self.scene.id}")
        if self.upload is not None and upload_too:
            unused += self.upload.routes
            self.upload = None
        if self.backend.state is State.READY:
            api.forget(*unused)
        self.scene = self.refusal = None
        self._scene_left()
        self.settled.emit("scene")

    def _registered(self, scene: SceneInfo) -> None:
        self.checking = False
        self.scene = scene
        self.scene_changed.emit()
        self._scene_known()

    def _refused(self, error: ErrorBody) -> None:
        self.checking = False
        if self.upload is not None and len(self.upload.routes) < 2 and self.source is not None:
            error = sent_alone(Path(self.source.path), error)
        self.refusal = error
        self.scene_changed.emit()
        self._scene_refused()
        self.report("scene", error)

    def _scene_left(self) -> None:
        """Forget what was known of the scene."""

    def _scene_known(self) -> None:
        """Go on with the scene, which the backend has checked."""

    def _scene_refused(self) -> None:
        """Give up what waits for the scene."""
