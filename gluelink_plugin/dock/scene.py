"""The scene part: what is asked, and one line of checks with their cure."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsMapLayerModel,
    QgsMapLayerProxyModel,
    QgsProject,
    QgsProviderRegistry,
    QgsRasterLayer,
)
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..client.backend import State
from ..client.protocol import ErrorBody, SceneInfo
from ..layers.result import is_result
from ..layers.scene import SceneSource, add_scene, source_of
from .session import Session
from .widgets import form, heading, make_narrow, set_hint

UNITS = {"db": "dB", "linear": "linear power", "dn": "digital numbers"}
FILES = (
    "Scenes, tiles and their indexes (*.tif *.tiff *.vrt *.img *.npy *.gpkg *.csv);;All files (*)"
)
NO_RASTERS = (".npy", ".gpkg", ".csv")
ADDITIONAL = QgsMapLayerModel.ItemDataRole.AdditionalRole


class SceneView(QWidget):
    """Chooses the scene, its units and its date; shows what the backend found in it.

    A scene is a layer, or what no layer can show: a folder, a tile or an index of an embedding
    product, a file on the backend's computer.
    """

    search_asked = pyqtSignal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.layers = make_narrow(QgsMapLayerComboBox())
        self.layers.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        self.layers.setAllowEmptyLayer(True)
        others = set(QgsProviderRegistry.instance().providerList()) - {"gdal"}
        self.layers.setExcludedProviders(sorted(others))
        self._others: dict[str, SceneSource] = {}
        self.units = make_narrow(QComboBox())
        self.date = QLineEdit()
        self.date.setToolTip("Year-month-day; of an embedding product its year")
        self._mark = QLabel()
        self._mark.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.checks = QLabel()
        self.checks.setWordWrap(True)
        self._lay_out()
        self._list_units()
        self._hide_results()
        # `layerChanged` does not tell of entries that are no layers.
        self.layers.currentIndexChanged.connect(self._chosen)
        self.units.activated.connect(self._units_chosen)
        self.date.editingFinished.connect(self._date_stated)
        session.scene_changed.connect(self.refresh)
        project = QgsProject.instance()
        project.layersAdded.connect(self._hide_results)
        project.readProject.connect(self._hide_results)
        project.cleared.connect(self._forget_others)
        self._chosen()
        self.refresh()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.layers)
        row.addWidget(self._menu_button())
        found = QHBoxLayout()
        found.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        found.addWidget(self.checks, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(heading("Scene"))
        column.addLayout(
            form(
                ("&Source", row, self.layers),
                ("&Units", self.units, self.units),
                ("&Date", self.date, self.date),
            )
        )
        column.addLayout(found)

    def _menu_button(self) -> QToolButton:
        menu = QMenu(self)
        menu.addAction("Open a file…", self.open_file)
        menu.addAction("Open a folder…", self.open_folder)
        menu.addAction("Search a catalogue…", self.search_asked.emit)
        button = QToolButton()
        button.setIcon(QgsApplication.getThemeIcon("/mActionFileOpen.svg"))
        button.setToolTip("Open a file or a folder, or search a catalogue")
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def open_file(self) -> None:
        """Ask for a file and choose it."""
        path, _ = QFileDialog.getOpenFileName(self, "Open a scene", "", FILES)
        if path:
            self.add_file(Path(path))

    def open_folder(self) -> None:
        """Ask for a folder and choose it."""
        path = QFileDialog.getExistingDirectory(self, "Open a folder of VV and VH, or of tiles")
        if path:
            self.add_path(SceneSource(path, Path(path).name))

    def add_fetched(self, scene: SceneInfo) -> None:
        """Choose a scene that the backend has fetched to its own computer."""
        path = scene.files[0]
        if self._session.backend.api.is_local and Path(path).is_file():
            self.add_file(Path(path))
        else:  # elsewhere, or at the other end of a tunnel
            self.add_path(SceneSource(path, scene.name, there=True))

    def add_path(self, source: SceneSource) -> None:
        """Offer, beside the layers, what none of them shows, and choose it."""
        name = source.name
        if name in self._others and self._others[name] != source:
            name = f"{name} ({source.path})"
        self._others[name] = source
        self.layers.blockSignals(True)
        self.layers.setAdditionalItems(list(self._others))
        self.layers.blockSignals(False)
        rows = [i for i in range(self.layers.count()) if self.layers.itemData(i, ADDITIONAL)]
        self.layers.setCurrentIndex(next(i for i in rows if self.layers.itemText(i) == name))
        self._chosen()

    def add_file(self, path: Path) -> None:
        """Add the file as a layer, where it can be one, and choose it."""
        if path.suffix.lower() in NO_RASTERS:
            self.add_path(SceneSource(str(path), path.name))
            return
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

    def state_date(self) -> None:
        """Go to the date: the cure for one that is missing, or for a year that is unclear."""
        self.date.setFocus()
        self.date.selectAll()

    def remove(self) -> None:
        """Listen to the project no more."""
        project = QgsProject.instance()
        project.cleared.disconnect(self._forget_others)
        project.layersAdded.disconnect(self._hide_results)
        project.readProject.disconnect(self._hide_results)

    def refresh(self) -> None:
        """Show what is known of the scene."""
        self._list_units()
        self._show_date()
        scene = self._session.scene
        mark = ""
        if scene is not None:
            text, mark = _found(scene)
        elif self._session.source is None:
            text = "Choose a Sentinel-1 layer, open a file or a folder, or search a catalogue."
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

    def _chosen(self, _place: int = -1) -> None:
        layer, source = self.layers.currentLayer(), None
        if self.layers.currentData(ADDITIONAL):
            source = self._others.get(self.layers.currentText())
        try:
            self._session.set_source(source_of(layer) if layer is not None else source)
        except ValueError as error:
            self._session.set_source(None)
            self._session.troubled.emit("scene", ErrorBody("scene_unreadable", str(error)))
        source = self._session.source
        self.layers.setToolTip(source.path if source is not None else "")

    def _forget_others(self) -> None:
        """They belong to the work that was done in the project before."""
        self._others.clear()
        self.layers.setAdditionalItems([])
        self._chosen()

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
        radar = scene is None or scene.units in UNITS
        self.units.setEnabled(self._session.source is not None and radar)

    def _show_date(self) -> None:
        scene = self._session.scene
        detected = scene is not None and self._session.date is None
        known = (_date(scene) or "none was found") if detected else ""
        set_hint(self.date, f"Automatic ({known})" if known else "Automatic")
        self.date.setText(self._session.date or "")
        self.date.setEnabled(self._session.source is not None)

    def _date_stated(self) -> None:
        self._session.set_date(self.date.text().strip() or None)

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


def _date(scene: SceneInfo) -> str:
    """The date, or the year of an embedding product; empty where none was found."""
    date = scene.date or ""
    return date if scene.units in UNITS else date[:4]


def _found(scene: SceneInfo) -> tuple[str, str]:
    """The line of checks and the icon before it."""
    pixel = sum(scene.pixel_m) / 2
    radar = ["VV and VH"] if scene.units in UNITS else []
    facts = [*radar, _units(scene), f"{pixel:.3g} m", scene.crs, _date(scene) or "no date"]
    kind = scene.product_type or ("" if radar else scene.source)
    if kind:
        facts.insert(len(radar), kind)
    lines = [" · ".join(facts)]
    warnings = [check for check in scene.checks if check.level == "warning"]
    lines += [f"{check.text} {check.remedy}".strip() for check in warnings]
    return "\n".join(lines), "/mIconWarning.svg" if warnings else "/mIconSuccess.svg"
