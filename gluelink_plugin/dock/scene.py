"""The scene section: what is asked, what is stated of it, and a line of what was found in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsMapLayerModel,
    QgsMapLayerProxyModel,
    QgsProject,
    QgsProviderRegistry,
    QgsRasterLayer,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
)

from ..client.backend import State
from ..client.protocol import EMBEDDING, ErrorBody, Finding, SceneInfo, SceneOption
from ..layers.project import keep_describer, keep_scene, kept_describer, kept_scene
from ..layers.result import Recipe, gather_results, is_no_scene
from ..layers.scene import SceneSource, add_scene, is_sendable, source_of
from ..session import Session
from ..translation import mark, tr
from ..words import significant, sizes_in_words
from .catalogue import CatalogueDialog
from .combos import LayerCombo
from .options import OptionForm
from .remedies import Action, without_flags
from .section import Section
from .widgets import fill, form, make_narrow, menu_button, set_tab_order

SUFFIXES = ("tif", "tiff", "img", "nc", "vrt", "dim", "npy", "gpkg", "csv")
BOTH_CASES = [f"*.{each}" for suffix in SUFFIXES for each in (suffix, suffix.upper())]
FILES = mark("Scenes, tiles and their indexes")
NO_RASTERS = (".npy", ".gpkg", ".csv", ".dim", ".nc")  # to QGIS, or several rasters in one
WORD_JOINER = "\u2060"  # no line breaks there
SURE = 0.95  # below this a finding is shown with what it rests on, and a question mark
ADDITIONAL = QgsMapLayerModel.ItemDataRole.AdditionalRole


class SceneView(Section):
    """Chooses the scene and what is stated of it; shows what the backend found in it.

    A scene is a layer, or what no layer can show: a folder, a tile or an index of an embedding,
    a file on the backend's computer.
    """

    name = "scene"
    title = mark("Scene")

    def __init__(self, session: Session, canvas: QgsMapCanvas) -> None:
        super().__init__(session, canvas)
        self.layers = make_narrow(LayerCombo())
        self.layers.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        self.layers.setAllowEmptyLayer(True)
        others = set(QgsProviderRegistry.instance().providerList()) - {"gdal"}
        self.layers.setExcludedProviders(sorted(others))
        self._others: dict[str, SceneSource] = {}
        self._open = menu_button(
            "/mActionFileOpen.svg",
            tr("Open a file or a folder, or search a catalogue"),
            {
                tr("Open a file…"): self.open_file,
                tr("Open a folder…"): self.open_folder,
                tr("Search a catalogue…"): self.search,
            },
        )
        self.options = OptionForm()
        self._drawn: list[SceneOption] = []
        self._mark = QLabel(alignment=Qt.AlignmentFlag.AlignTop)
        self.checks = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.catalogue = CatalogueDialog(session, canvas, self)
        source = form((tr("&Source"), fill(QHBoxLayout(), self.layers, self._open), self.layers))
        icon = (self._mark, 0, Qt.AlignmentFlag.AlignTop)
        fill(self.column, source, self.options, fill(QHBoxLayout(), icon, (self.checks, 1)))
        self._hide_results()
        # `layerChanged` does not report entries that are not layers.
        self.layers.currentIndexChanged.connect(self._chosen)
        self.options.stated.connect(session.set_option)
        self.catalogue.asked.connect(self.asked)
        session.scene_changed.connect(self.refresh)
        session.scene_fetched.connect(self.add_fetched)
        session.backend.changed.connect(self._list_options)
        project = QgsProject.instance()
        project.layersAdded.connect(self._hide_results)
        project.readProject.connect(self._project_read)
        project.writeProject.connect(self._project_written)
        project.cleared.connect(self._forget_others)
        self._chosen()
        self.refresh()

    def actions(self) -> dict[Action, Callable[[], None]]:
        """Return the ways to a scene, and to what is stated of it."""
        return {
            Action.SEND: self._session.register,
            Action.OPEN_FILE: self.open_file,
            Action.SEARCH: self.search,
            Action.UNITS: lambda: self.options.edit("units"),
            Action.BANDS: lambda: self.options.edit("bands"),
            Action.DATE: lambda: self.options.edit("date"),
        }

    def open_file(self) -> None:
        """Ask for a file and choose it."""
        files = f"{tr(FILES)} ({' '.join(BOTH_CASES)})"
        path, _ = QFileDialog.getOpenFileName(self, tr("Open a scene"), "", files)
        if path:
            self.add_file(Path(path))

    def open_folder(self) -> None:
        """Ask for a folder and choose it."""
        path = QFileDialog.getExistingDirectory(self, tr("Open a folder of VV and VH, or of tiles"))
        if path:
            self.add_path(SceneSource(path, Path(path).name))

    def search(self) -> None:
        """Let the user search the catalogues that the backend knows."""
        if self._session.backend.state is State.READY:
            self.catalogue.show()
            self.catalogue.raise_()
        else:
            self._session.report("job", self._session.unready)

    def add_fetched(self, scene: SceneInfo) -> None:
        """Choose a scene that the backend has fetched to its own computer."""
        path = scene.files[0]
        if len(scene.files) > 1:  # a file a UTM zone, in a folder of their own
            path = path[: max(path.rfind("/"), path.rfind("\\"))]
        if self._session.backend.api.is_local and Path(path).is_file():
            self.add_file(Path(path))
        else:  # a folder, or elsewhere, or at the other end of a tunnel
            self.add_path(SceneSource(path, scene.name, on_backend=True))

    def choose_recipe(self, recipe: Recipe) -> bool:
        """Choose the scene of a map, which may be in the list already, and state the same of it.

        Return False where it cannot be read, which is said: then another scene is still chosen.
        """
        path = Path(recipe.scene)
        if path.is_file() and not recipe.on_backend:
            if not self.add_file(path):
                return False
        else:
            self.add_path(SceneSource(recipe.scene, path.name, on_backend=recipe.on_backend))
        if recipe.options is not None:
            self._session.set_options(recipe.options)
        return True

    def add_path(self, source: SceneSource) -> None:
        """Add a choice beside the layers, for what no layer shows, and choose it."""
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

    def add_file(self, path: Path) -> bool:
        """Add the file as a layer, where it can be one, and choose it; return whether it was."""
        if path.suffix.lower() in NO_RASTERS:
            self.add_path(SceneSource(str(path), path.name, sendable=is_sendable(path)))
            return True
        try:
            layer = add_scene(path)
        except ValueError as error:
            self._session.report("scene", ErrorBody("scene_unreadable", str(error)))
            return False
        self.layers.setLayer(layer)
        return True

    def remove(self) -> None:
        """Stop listening to the project, and take the catalogue's outline off the map."""
        self.catalogue.remove()
        project = QgsProject.instance()
        project.cleared.disconnect(self._forget_others)
        project.layersAdded.disconnect(self._hide_results)
        project.readProject.disconnect(self._project_read)
        project.writeProject.disconnect(self._project_written)

    def refresh(self) -> None:
        """Show what is known of the scene."""
        scene, source = self._session.scene, self._session.source
        self.options.refresh(scene, source is not None, self._session.options)
        icon = tip = ""
        if scene is not None:
            text, icon = self._found(scene)
            tip = "\n".join(_evidence(finding) for finding in scene.findings)
        elif source is None:
            text = tr("Choose a Sentinel-1 layer, open a file or a folder, or search a catalogue.")
        elif self._session.sending and self._session.upload is not None:
            upload = self._session.upload
            text = tr(
                "Sending {file}: {progress}…",
                file=upload.name,
                progress=sizes_in_words(upload.sent, upload.total),
            )
        elif self._session.checking:
            text = tr("Checking the scene…")
        elif self._session.refusal is not None:
            text, icon = tr("This scene cannot be used."), "/mIconWarning.svg"
        elif self._session.backend.state is not State.READY:
            text = tr("The scene is checked once the backend has started.")
        else:
            text = ""
        self.checks.setText(text.replace("EPSG:", f"EPSG:{WORD_JOINER}"))
        self.checks.setToolTip(tip)
        self._mark.setVisible(bool(icon))
        if icon:
            side = self.fontMetrics().height()
            self._mark.setPixmap(QgsApplication.getThemeIcon(icon).pixmap(QSize(side, side)))

    def _chosen(self, _place: int = -1) -> None:
        layer, source = self.layers.currentLayer(), None
        if self.layers.currentData(ADDITIONAL):
            source = self._others.get(self.layers.currentText())
        try:
            self._session.set_source(source_of(layer) if layer is not None else source)
        except ValueError as error:
            self._session.set_source(None)
            self._session.report("scene", ErrorBody("scene_unreadable", str(error)))
        source = self._session.source
        self.layers.setToolTip(source.path if source is not None else "")

    def _forget_others(self) -> None:
        """Remove the choices beside the layers, which belong to the project that was closed."""
        self._others.clear()
        self._session.set_describer(None)
        self.layers.setAdditionalItems([])
        self._chosen()

    def _project_written(self, _document: object) -> None:
        """Keep the scene, what is stated of it, and the maps with the project that is saved."""
        keep_scene(self._session.source, self._session.options)
        keep_describer(self._session.describer)
        for problem in gather_results():
            self._session.report("job", ErrorBody("output_unwritable", problem))

    def _project_read(self, _document: object = None) -> None:
        """Choose the scene that the project was saved with."""
        self._hide_results()
        self._session.set_describer(kept_describer())
        source, options = kept_scene()
        if source is None:
            return
        layer = QgsProject.instance().mapLayer(source.layer_id)
        if layer is not None:
            self.layers.setLayer(layer)
        elif not source.layer_id:
            self.add_path(source)
        if self._session.source is not None:
            self._session.set_options(options)

    def _list_options(self) -> None:
        """Draw the options that the backend knows; while it is stopped, the last ones stay."""
        capabilities = self._session.backend.capabilities
        if capabilities is not None and capabilities.scene_options != self._drawn:
            self._drawn = capabilities.scene_options
            self.options.draw(self._drawn)
            set_tab_order(self.layers, self._open, self.options)
            self.refresh()

    def _hide_results(self, *_layers: object) -> None:
        rasters = [
            layer
            for layer in QgsProject.instance().mapLayers().values()
            if isinstance(layer, QgsRasterLayer) and is_no_scene(layer)
        ]
        self.layers.setExceptedLayerList(rasters)

    def _found(self, scene: SceneInfo) -> tuple[str, str]:
        """Return the line of what was found, with the warnings, and the icon before it."""
        facts = [_fact(finding) for finding in scene.findings] or self._known(scene)
        warnings = [check for check in scene.checks if check.level == "warning"]
        lines = [f"{check.text} {without_flags(check.remedy)}".strip() for check in warnings]
        icon = "/mIconWarning.svg" if warnings else "/mIconSuccess.svg"
        return "\n".join([" · ".join(facts), *lines]), icon

    def _known(self, scene: SceneInfo) -> list[str]:
        """Return what is known of a scene whose backend sends no findings, as of embeddings."""
        pixel = sum(scene.pixel_m) / 2
        is_radar = scene.units != EMBEDDING
        facts = [tr("VV and VH")] if is_radar else [scene.source]
        facts += [scene.product_type] if is_radar and scene.product_type else []
        facts += [self.options.words("units", scene), f"{significant(pixel, 3)} m", scene.crs]
        return [*facts, self.options.words("date", scene) or tr("no date")]


def _fact(finding: Finding) -> str:
    """Return a finding as it stands in the line."""
    if finding.confidence >= SURE:
        return finding.value
    return f"{finding.value} ({finding.evidence}?)"


def _evidence(finding: Finding) -> str:
    """Return a finding with all that it rests on, for the tooltip."""
    about = finding.about[:1].upper() + finding.about[1:]
    return f"{about}: {finding.value} ({finding.evidence}, {finding.confidence:.0%})"
