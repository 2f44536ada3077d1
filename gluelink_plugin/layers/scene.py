"""Scenes as layers: which file a layer shows, and how a new one looks."""

from __future__ import annotations

import re
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

from ..client.protocol import ErrorBody, SceneInfo
from .style import legend

SAMPLE_PX = 250_000  # enough for a stretch
DARKEST, BRIGHTEST = 0.02, 0.99
EMBEDDING_BANDS = 64  # or more: no radar file has so many
NETCDF = re.compile(r'NETCDF:"?(.+?)"?(:[^:"/\\]+)?$', re.IGNORECASE)  # file, variable
SENDABLE = (".tif", ".tiff")
DIMMED = -45  # of 255, so that the map's colours stand out from the grey


@dataclass(frozen=True)
class SceneSource:
    """What is asked: a file or a folder."""

    path: str
    name: str
    """What the user calls it."""
    layer_id: str = ""
    """The layer that shows it; empty where none does."""
    on_backend: bool = False
    """Whether the path is one of the backend's computer."""
    sendable: bool = False
    """Whether it is a radar file that can be sent to a backend elsewhere, perhaps with its pair."""


def source_of(layer: QgsMapLayer) -> SceneSource:
    """Return the file behind a layer.

    Raises:
        ValueError: there is none on this computer; the sentence says so.
    """
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    named = parts.get("path", "")
    variable = NETCDF.match(named)
    path = Path(variable.group(1) if variable else named)
    if parts.get("vsiPrefix") or not path.is_file():
        raise ValueError(f"The layer “{layer.name()}” shows no file on this computer.")
    sendable = is_sendable(path) and layer.bandCount() < EMBEDDING_BANDS
    return SceneSource(str(path), layer.name(), layer.id(), sendable=sendable)


def is_sendable(path: Path) -> bool:
    """Return whether a backend elsewhere takes such a file: GeoTIFFs lead to no other file."""
    return path.suffix.lower() in SENDABLE


def bounds_of(scene: SceneInfo) -> QgsRectangle:
    """Return the footprint in degrees; across the date line its east is beyond 180."""
    west, south, east, north = scene.bounds
    return QgsRectangle(west, south, east + (360 if east < west else 0), north)


def add_scene(path: Path) -> QgsRasterLayer:
    """Return the layer of a file; where there is none, add one that shows VV in grey.

    Raises:
        ValueError: QGIS cannot read the file as a raster.
    """
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
    """Show the first band in grey between two percentiles, dimmed, its speckle smoothed."""
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


def not_sendable(name: str) -> ErrorBody:
    """Return why a scene cannot be asked of a backend elsewhere."""
    return ErrorBody(
        "not_sendable",
        f"“{name}” lies on this computer; a backend elsewhere can be sent GeoTIFFs of radar only.",
        "Open a GeoTIFF with VV and VH, or one of a pair, or use a backend on this computer.",
    )
