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
    QgsProject,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor

from ..layers.file_task import FileTask
from ..layers.result import BEST_PROPERTY, scale_of, shown_band
from ..layers.scene import open_result
from ..layers.style import legend
from ..layers.view import view_of
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
    per_cent: bool
    """Whether the maps hold shares, from 0 to 1, and not cosines."""

    def in_words(self, value: float) -> str:
        """Return a change as people read it: +0.125, or +12.5 %."""
        return f"{signed(100 * value, 1)} %" if self.per_cent else signed(value, 3)


class ChangeTask(FileTask):
    """Subtracts two maps."""

    def __init__(self, earlier: QgsRasterLayer, later: QgsRasterLayer) -> None:
        phrase, source = phrase_of(later, shown_band(later)), Path(later.source())
        target = source.with_name(f"{source.stem}_change.tif")
        super().__init__(tr("Change of {phrase}", phrase=phrase), target)
        self._maps = [(Path(each.source()), shown_band(each)) for each in (earlier, later)]
        self._phrase = phrase
        view = view_of(later)
        self._per_cent = view is not None and view.per_cent
        self.names = (earlier.name(), later.name())
        self.ids = (earlier.id(), later.id())

    def make(self) -> Change | None:
        """Write the later map minus the earlier one."""
        before, after = (read_file(*each) for each in self._maps)
        change, grid = difference(before, after)
        if self.isCanceled():
            return None
        known = change[np.isfinite(change)]
        write_file(self.target, [change], [f"change of {self._phrase}"], grid)
        reach = max(LEAST, float(np.quantile(np.abs(known), CLEAR_CHANGE)))
        return Change(self.target, self._phrase, reach, len(known), self._per_cent)


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
    layer = open_result(found.path, name)
    layer.setRenderer(_renderer(layer, found))
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


def _renderer(layer: QgsRasterLayer, found: Change) -> QgsSingleBandPseudoColorRenderer:
    reach = found.reach
    quiet = [QgsGradientStop(0.5 + side * QUIET / 2, NOTHING) for side in (-1, 1)]
    ramp = QgsGradientColorRamp(LESS, MORE, False, quiet)
    function = QgsColorRampShader(-reach, reach, ramp)
    function.classifyColorRamp(ramp.count(), 1, layer.extent(), None)
    settings = legend(2)
    settings.setMinimumLabel(tr("{value} fits less", value=found.in_words(-reach)))
    settings.setMaximumLabel(tr("{value} fits better", value=found.in_words(reach)))
    function.setLegendSettings(settings)
    shader = QgsRasterShader(-reach, reach)
    shader.setRasterShaderFunction(function)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader)
    renderer.setClassificationMin(-reach)
    renderer.setClassificationMax(reach)
    return renderer
