"""What changed between two maps of one phrase: the later one minus the earlier one, as a layer."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from qgis.core import (
    QgsColorRampShader,
    QgsGradientColorRamp,
    QgsGradientStop,
    QgsLayerNotesUtils,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
    QgsTask,
)
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtGui import QColor

from ..layers.result import BEST_PROPERTY, free_path, scale_of, shown_band
from ..layers.scene import open_raster
from ..layers.style import legend
from ..processing.comparedates import difference
from ..processing.raster import phrase_of, read_file, write_file
from ..translation import tr
from ..words import signed

LESS, NOTHING, MORE = QColor(33, 102, 172), QColor(247, 247, 247, 0), QColor(178, 24, 43)
QUIET = 0.25
"""Of the range, which is clear: what changes little anywhere, as by speckle."""
CLEAR_CHANGE = 0.98
"""The share of the cells whose change is smaller than the one in full colour."""
LEAST = 1e-3


@dataclass(frozen=True)
class Change:
    """The file of a change."""

    path: Path
    phrase: str
    reach: float
    """The change that is drawn in full colour, either way."""
    cells: int
    """Cells that both maps have."""


class ChangeTask(QgsTask):
    """Subtracts two maps in a thread of QGIS's task manager."""

    ended = pyqtSignal()

    def __init__(self, earlier: QgsRasterLayer, later: QgsRasterLayer) -> None:
        phrase = phrase_of(later, shown_band(later))
        super().__init__(tr("Change of {phrase}", phrase=phrase))
        self._maps = [(Path(each.source()), shown_band(each)) for each in (earlier, later)]
        source = self._maps[1][0]
        self._target = free_path(source.with_name(f"{source.stem}_change.tif"))
        self._phrase = phrase
        self.names = (earlier.name(), later.name())
        self.found: Change | None = None
        self.problem = ""

    def run(self) -> bool:
        """Write the file; an error is kept, for one that escapes would end QGIS."""
        try:
            before, after = (read_file(*each) for each in self._maps)
            change, grid = difference(before, after)
            known = change[np.isfinite(change)]
            write_file(self._target, [change], [f"change of {self._phrase}"], grid)
            reach = float(np.quantile(np.abs(known), CLEAR_CHANGE))
            self.found = Change(self._target, self._phrase, max(LEAST, reach), len(known))
        except (QgsProcessingException, MemoryError, OSError, RuntimeError) as problem:
            self.problem = str(problem) or tr("The map is too large for the memory.")
        return self.found is not None

    def finished(self, _result: bool) -> None:
        """Tell the section, on the main thread."""
        self.ended.emit()


def in_order(layers: list[QgsRasterLayer]) -> list[QgsRasterLayer]:
    """Return two maps, the one of the earlier day first; as they are where a day is not known."""
    days = [each.temporalProperties().fixedTemporalRange().begin() for each in layers]
    swapped = all(day.isValid() for day in days) and days[0] > days[1]
    return layers[::-1] if swapped else layers


def can_change(layers: list[QgsRasterLayer]) -> bool:
    """Return whether these are two files of one phrase, by one encoder and head."""
    if len(layers) != 2 or layers[0].source() == layers[1].source():
        return False
    one, other = (scale_of(each, shown_band(each)) for each in layers)
    return bool(one == other)


def add_change(found: Change, names: tuple[str, str]) -> QgsRasterLayer:
    """Add the layer above all maps: red where its phrase fits better then, blue where less.

    Raises:
        ValueError: QGIS cannot read the file.
    """
    scenes = [name.rpartition(" · ")[2] for name in names]
    name = tr(
        "change of {phrase} · {earlier} to {later}",
        phrase=found.phrase,
        earlier=scenes[0],
        later=scenes[1],
    )
    layer = open_raster(found.path, name)
    if not layer.isValid():
        raise ValueError(tr("QGIS cannot read the result {path}.", path=found.path))
    layer.setRenderer(_renderer(layer, found.reach))
    layer.setCustomProperty(BEST_PROPERTY, True)
    QgsLayerNotesUtils.setLayerNotes(
        layer,
        f"<p>Made with GLUE-Link: {escape(names[1])} minus {escape(names[0])}, in the "
        f"{found.cells:,} cells that both have. Red where the phrase fits better in the later "
        "map, blue where it fits less; clear where little has changed. What differs between "
        "orbits or product types has not changed on the ground.</p>",
    )
    project = QgsProject.instance()
    project.addMapLayer(layer, False)
    project.layerTreeRoot().insertLayer(0, layer)
    return layer


def _renderer(layer: QgsRasterLayer, reach: float) -> QgsSingleBandPseudoColorRenderer:
    quiet = [QgsGradientStop(0.5 + side * QUIET / 2, NOTHING) for side in (-1, 1)]
    ramp = QgsGradientColorRamp(LESS, MORE, False, quiet)
    function = QgsColorRampShader(-reach, reach, ramp)
    function.classifyColorRamp(ramp.count(), 1, layer.extent(), None)
    settings = legend(2)
    settings.setMinimumLabel(tr("{value} fits less", value=signed(-reach, 3)))
    settings.setMaximumLabel(tr("{value} fits better", value=signed(reach, 3)))
    function.setLegendSettings(settings)
    shader = QgsRasterShader(-reach, reach)
    shader.setRasterShaderFunction(function)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader)
    renderer.setClassificationMin(-reach)
    renderer.setClassificationMax(reach)
    return renderer
