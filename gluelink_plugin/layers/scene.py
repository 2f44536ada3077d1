"""Radar scenes as layers: which file a layer shows, and how a new one looks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qgis.core import (
    QgsBilinearRasterResampler,
    QgsContrastEnhancement,
    QgsMapLayer,
    QgsProject,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsRasterMinMaxOrigin,
    QgsSingleBandGrayRenderer,
)

from .style import legend

SAMPLE_PX = 250_000  # enough for a stretch
DARKEST, BRIGHTEST = 0.02, 0.99
DIMMED = -45  # of 255, so that the map's colours stand out from the grey


@dataclass(frozen=True)
class SceneSource:
    """What is asked: a file, under the name it has for the user, and its layer in the project."""

    path: Path
    name: str
    layer_id: str


def source_of(layer: QgsMapLayer) -> SceneSource:
    """The file behind `layer`; ValueError, with a sentence, where there is none."""
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    path = Path(parts.get("path", ""))
    if parts.get("vsiPrefix") or not path.is_file():
        raise ValueError(f"The layer “{layer.name()}” shows no file on this computer.")
    return SceneSource(path, layer.name(), layer.id())


def add_scene(path: Path) -> QgsRasterLayer:
    """Add the file to the project as one more layer, VV in grey; ValueError if it is no raster."""
    layer = QgsRasterLayer(str(path), path.stem)
    if not layer.isValid():
        raise ValueError(f"QGIS cannot read {path.name} as a raster.")
    style_scene(layer)
    QgsProject.instance().addMapLayer(layer)
    return layer


def style_scene(layer: QgsRasterLayer) -> None:
    """The first band in grey between two of its percentiles, dimmed, its speckle smoothed."""
    provider = layer.dataProvider()
    low, high = provider.cumulativeCut(1, DARKEST, BRIGHTEST, layer.extent(), SAMPLE_PX)
    stretch = QgsContrastEnhancement(provider.dataType(1))
    stretch.setContrastEnhancementAlgorithm(
        QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    )
    stretch.setMinimumValue(low)
    stretch.setMaximumValue(high)
    renderer = QgsSingleBandGrayRenderer(provider, 1)
    renderer.setContrastEnhancement(stretch)
    origin = QgsRasterMinMaxOrigin()
    origin.setLimits(QgsRasterMinMaxOrigin.Limits.CumulativeCut)
    origin.setCumulativeCutLower(DARKEST)
    origin.setCumulativeCutUpper(BRIGHTEST)
    renderer.setMinMaxOrigin(origin)
    renderer.setLegendSettings(legend(1 if high - low > 2 else 3))
    layer.setRenderer(renderer)
    layer.brightnessFilter().setBrightness(DIMMED)
    resampling = layer.resampleFilter()
    resampling.setZoomedInResampler(QgsBilinearRasterResampler())
    resampling.setZoomedOutResampler(QgsBilinearRasterResampler())
