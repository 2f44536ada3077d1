"""Scenes as layers: which file a layer shows, and how a new one looks."""

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
    QgsRectangle,
    QgsSingleBandGrayRenderer,
)

from ..client.protocol import SceneInfo
from .style import legend

SAMPLE_PX = 250_000  # enough for a stretch
DARKEST, BRIGHTEST = 0.02, 0.99
EMBEDDING_BANDS = 64  # or more: no radar file has so many
DIMMED = -45  # of 255, so that the map's colours stand out from the grey


@dataclass(frozen=True)
class SceneSource:
    """What is asked: a file or folder, under the name it has for the user.

    `layer_id` is empty where no layer shows it. `there`: it is the backend's computer that knows
    the path. `sendable`: it is one radar file, which a backend elsewhere can be sent.
    """

    path: str
    name: str
    layer_id: str = ""
    there: bool = False
    sendable: bool = False


def source_of(layer: QgsMapLayer) -> SceneSource:
    """The file behind `layer`; ValueError, with a sentence, where there is none."""
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    path = Path(parts.get("path", ""))
    if parts.get("vsiPrefix") or not path.is_file():
        raise ValueError(f"The layer “{layer.name()}” shows no file on this computer.")
    sendable = layer.bandCount() < EMBEDDING_BANDS
    return SceneSource(str(path), layer.name(), layer.id(), sendable=sendable)


def bounds_of(scene: SceneInfo) -> QgsRectangle:
    """Where the scene lies, in degrees; across the date line its east is beyond 180."""
    west, south, east, north = scene.bounds
    return QgsRectangle(west, south, east + (360 if east < west else 0), north)


def add_scene(path: Path) -> QgsRasterLayer:
    """The layer of the file; where there is none, a new one, VV in grey. ValueError: no raster."""
    for layer in QgsProject.instance().mapLayers().values():
        if isinstance(layer, QgsRasterLayer) and layer.source() == str(path):
            return layer
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
