"""The scene part: which raster is asked, and one line of checks with their cure."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsMapLayer,
    QgsMapLayerProxyModel,
    QgsProject,
    QgsProviderRegistry,
    QgsRasterLayer,
)
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..client.backend import State
from ..client.protocol import ErrorBody, SceneInfo
from ..layers.result import is_result
from ..layers.scene import add_scene, source_of
from .session import Session
from .widgets import form, heading, make_narrow

UNITS = {"db": "dB", "linear": "linear power", "dn": "digital numbers"}
FILES = "Rasters (*.tif *.tiff *.vrt *.img);;All files (*)"


class SceneView(QWidget):
    """Chooses the scene's layer and its units; shows what the backend found in it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.layers = make_narrow(QgsMapLayerComboBox())
        self.layers.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        self.layers.setAllowEmptyLayer(True)
        others = set(QgsProviderRegistry.instance().providerList()) - {"gdal"}
        self.layers.setExcludedProviders(sorted(others))
        self.units = make_narrow(QComboBox())
        self._mark = QLabel()
        self._mark.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.checks = QLabel()
        self.checks.setWordWrap(True)
        self._lay_out()
        self._list_units()
        self._hide_results()
        self.layers.layerChanged.connect(self._layer_changed)
        self.units.activated.connect(self._units_chosen)
        session.scene_changed.connect(self.refresh)
        project = QgsProject.instance()
        project.layersAdded.connect(self._hide_results)
        project.readProject.connect(self._hide_results)
        self._layer_changed(self.layers.currentLayer())

    def _lay_out(self) -> None:
        open_file = QToolButton()
        open_file.setText("…")
        open_file.setToolTip("Open a file and add it to the project")
        open_file.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        open_file.clicked.connect(self.open_file)
        row = QHBoxLayout()
        row.addWidget(self.layers)
        row.addWidget(open_file)
        found = QHBoxLayout()
        found.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        found.addWidget(self.checks, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(heading("Scene"))
        column.addLayout(form(("&Layer", row, self.layers), ("&Units", self.units, self.units)))
        column.addLayout(found)

    def open_file(self) -> None:
        """Ask for a file, add it as a layer and choose it."""
        path, _ = QFileDialog.getOpenFileName(self, "Open a radar scene", "", FILES)
        if path:
            self.add_file(Path(path))

    def add_file(self, path: Path) -> None:
        """Add the file as a layer and choose it."""
        try:
            layer = add_scene(path)
        except ValueError as error:
            self._session.troubled.emit("scene", ErrorBody("scene_unreadable", str(error)))
        else:
            self.layers.setLayer(layer)

    def choose_units(self) -> None:
        """Open the list of units: the cure for unclear ones."""
        self.units.setFocus()
        self.units.showPopup()

    def remove(self) -> None:
        """Listen to the project no more."""
        project = QgsProject.instance()
        project.layersAdded.disconnect(self._hide_results)
        project.readProject.disconnect(self._hide_results)

    def refresh(self) -> None:
        """Show what is known of the scene."""
        self._list_units()
        scene = self._session.scene
        mark = ""
        if scene is not None:
            text, mark = _found(scene)
        elif self._session.source is None:
            text = "Choose a Sentinel-1 layer with VV and VH."
        elif self._session.checking:
            text = "Checking the scene…"
        elif self._session.refusal is not None:
            text, mark = "This scene will not do.", "/mIconWarning.svg"
        elif self._session.backend.state is not State.READY:
            text = "It is checked once the backend has started."
        else:
            text = ""
        self.checks.setText(text)
        self._mark.setVisible(bool(mark))
        if mark:
            side = self.fontMetrics().height()
            self._mark.setPixmap(QgsApplication.getThemeIcon(mark).pixmap(QSize(side, side)))

    def _layer_changed(self, layer: QgsMapLayer | None) -> None:
        if layer is None:
            self._session.set_source(None)
            self.refresh()
            return
        try:
            self._session.set_source(source_of(layer))
        except ValueError as error:
            self._session.set_source(None)
            self._session.troubled.emit("scene", ErrorBody("scene_unreadable", str(error)))

    def _list_units(self) -> None:
        scene = self._session.scene
        detected = scene is not None and self._session.units is None
        automatic = f"Automatic ({_units(scene)})" if detected else "Automatic"
        self.units.clear()
        self.units.addItem(automatic, None)
        for name, words in UNITS.items():
            self.units.addItem(words, name)
        self.units.setCurrentIndex(self.units.findData(self._session.units))
        self.units.setToolTip(scene.units_reason if scene is not None else "")
        self.units.setEnabled(self._session.source is not None)

    def _units_chosen(self, _place: int) -> None:
        self._session.set_units(self.units.currentData())

    def _hide_results(self, *_layers: object) -> None:
        rasters = [
            layer
            for layer in QgsProject.instance().mapLayers().values()
            if isinstance(layer, QgsRasterLayer) and is_result(layer)
        ]
        self.layers.setExceptedLayerList(rasters)


def _units(scene: SceneInfo) -> str:
    """The units in words; an embedding product has none that could be chosen."""
    return UNITS.get(scene.units, "annual embedding")


def _found(scene: SceneInfo) -> tuple[str, str]:
    """The line of checks and the icon before it."""
    pixel = sum(scene.pixel_m) / 2
    radar = ["VV and VH"] if scene.units in UNITS else []
    facts = [*radar, _units(scene), f"{pixel:.3g} m", scene.crs, scene.date or "no date"]
    if scene.product:
        facts.insert(len(radar), scene.product)
    lines = [" · ".join(facts)]
    warnings = [check for check in scene.checks if check.level == "warning"]
    lines += [f"{check.text} {check.remedy}".strip() for check in warnings]
    return "\n".join(lines), "/mIconWarning.svg" if warnings else "/mIconSuccess.svg"
