"""What all jobs share that ask the scene of the panel."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from qgis.core import QgsProject, QgsRectangle

from ..client.job import JobRun
from ..client.protocol import JobRequest, SceneInfo
from ..layers.result import Recipe, portable
from ..layers.runs import KeptRun
from ..layers.scene import SceneSource
from ..session import Session
from ..translation import tr


def scene_of(session: Session) -> tuple[SceneInfo, SceneSource]:
    """Return the scene of the panel, as the backend and as QGIS know it.

    Raises:
        ValueError: there is none.
    """
    if session.scene is None or session.source is None:
        raise ValueError(tr("There is no scene to ask."))
    return session.scene, session.source


class SceneRun(JobRun):
    """A job on the scene of the panel, which can be asked again and is kept with the project."""

    def __init__(self, session: Session, source: SceneSource, request: JobRequest) -> None:
        super().__init__(session.backend.api, request, f"{request.summary} · {source.name}")
        self._session, self._source = session, source
        self._options = dict(session.options)
        self._request = portable(asdict(request))
        self.left = tr("What is encoded by now is kept.")
        self.recipe = Recipe(source.path, self._request, self._options, source.on_backend)
        layer = QgsProject.instance().mapLayer(source.layer_id)
        self.layers = [layer] if layer is not None else []

    def kept(self, km2: float, extent: QgsRectangle, crs: str, **more: Any) -> KeptRun:
        """Return what is listed of this run, which has just ended."""
        return KeptRun(
            scene=self._source,
            options=self._options,
            request=self._request,
            asked=datetime.now().isoformat(timespec="seconds"),
            seconds=self.waited_s,
            km2=km2,
            extent=(extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()),
            crs=crs,
            **more,
        )
