"""Scenes as layers: which file a layer shows, and how a new one looks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsBilinearRasterResampler,
    QgsContrastEnhancement,
    QgsDataProvider,
    QgsMapLayer,
    QgsProject,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsRasterMinMaxOrigin,
    QgsRectangle,
    QgsSingleBandGrayRenderer,
)

from ..client.protocol import ErrorBody, SceneInfo
from ..translation import tr
from .style import legend

SAMPLE_SIDE_PX = 400  # enough for a stretch
DARKEST, BRIGHTEST = 0.02, 0.99
EMBEDDING_BANDS = 64  # or more: no radar file has so many
NETCDF = re.compile(r'NETCDF:"?(.+?)"?(:[^:"/\\]+)?$', re.IGNORECASE)  # file, variable
PAM = "GDAL_PAM_ENABLED"  # files of statistics, such as .aux.xml
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
    path = file_of(layer)
    sendable = is_sendable(path) and layer.bandCount() < EMBEDDING_BANDS
    twins = [other for other in _rasters() if other.name() == layer.name() and other != layer]
    paths = {other.source() for other in twins} - {str(path)}
    name = distinct_name(path, layer.name(), [layer.name()] if paths else [])
    return SceneSource(str(path), name, layer.id(), sendable=sendable)


def file_of(layer: QgsMapLayer) -> Path:
    """Return the file that a layer shows.

    Raises:
        ValueError: there is none that a backend could read; the sentence says what to do.
    """
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    named, prefix = parts.get("path", ""), parts.get("vsiPrefix", "")
    variable = NETCDF.match(named)
    # `qgis_process` takes files as they are named there; the backend has another working folder.
    path = Path(variable.group(1) if variable else named).absolute()
    if prefix and path.is_file():
        raise ValueError(
            tr(
                "The layer “{layer}” lies inside {file}. Unpack it, and open the file that was "
                "in it.",
                layer=layer.name(),
                file=path.name,
            )
        )
    if prefix or not path.is_file():
        raise ValueError(
            tr(
                "The layer “{layer}” shows no file on this computer. Download it, and open that "
                "file.",
                layer=layer.name(),
            )
        )
    return path


def distinct_name(path: Path, name: str, taken: Iterable[str]) -> str:
    """Return the name, with the folders above the file as far as they tell it from others."""
    others, folder, wanted = set(taken), path.parent, name
    while wanted in others and folder.name:
        wanted = f"{name} ({Path(*path.parent.parts[len(folder.parent.parts) :]).as_posix()})"
        folder = folder.parent
    return wanted


def _rasters() -> list[QgsRasterLayer]:
    layers = QgsProject.instance().mapLayers().values()
    return [layer for layer in layers if isinstance(layer, QgsRasterLayer)]


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
    layers = _rasters()
    for layer in layers:
        if layer.source() == str(path):
            return layer
    name = distinct_name(path, path.stem, [layer.name() for layer in layers])
    layer = open_raster(path, name)
    if not layer.isValid():
        raise ValueError(
            tr(
                "QGIS cannot read {file} as a raster. Open a GeoTIFF, or its folder with “Open a "
                "folder…”.",
                file=path.name,
            )
        )
    style_scene(layer)
    QgsProject.instance().addMapLayer(layer)
    return layer


@contextmanager
def no_statistics() -> Iterator[None]:
    """Let QGIS open rasters without leaving statistics beside them, where it opens them itself."""
    before = gdal.GetConfigOption(PAM)
    gdal.SetConfigOption(PAM, "NO")
    try:
        yield
    finally:
        gdal.SetConfigOption(PAM, before)


def open_raster(path: Path, name: str) -> QgsRasterLayer:
    """Return the layer of a file, not yet styled.

    QGIS would read the whole file for a stretch of its own, whatever the options say, and leave
    half a megabyte of statistics beside it; of a layer that has a renderer it keeps that one.
    """
    layer = QgsRasterLayer()
    layer.setRenderer(QgsSingleBandGrayRenderer(None, 1))
    layer.setDataSource(str(path), name, "gdal", QgsDataProvider.ProviderOptions())
    return layer


def open_result(path: Path, name: str) -> QgsRasterLayer:
    """Return the layer of what was computed, not yet styled.

    Raises:
        ValueError: QGIS cannot read the file.
    """
    layer = open_raster(path, name)
    if not layer.isValid():
        raise ValueError(tr("QGIS cannot read the result {path}.", path=path))
    return layer


def style_scene(layer: QgsRasterLayer) -> None:
    """Show the first band in grey between two percentiles, dimmed, its speckle smoothed."""
    provider = layer.dataProvider()
    low, high = _stretch(layer)
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


def _stretch(layer: QgsRasterLayer) -> tuple[float, float]:
    """Return the values between which the first band is shown; nothing is kept beside the file."""
    width, height = (min(each, SAMPLE_SIDE_PX) for each in (layer.width(), layer.height()))
    provider = layer.dataProvider()
    block = provider.block(1, layer.extent(), width, height)
    block.convert(Qgis.DataType.Float32)
    values = np.frombuffer(bytes(block.data()), np.float32)
    known = np.isfinite(values)
    if provider.sourceHasNoDataValue(1):
        known &= values != np.float32(provider.sourceNoDataValue(1))
    if not known.any():
        return 0.0, 1.0
    low, high = np.quantile(values[known], (DARKEST, BRIGHTEST))
    return float(low), float(high)


def not_sendable(name: str) -> ErrorBody:
    """Return why a scene cannot be asked of a backend elsewhere."""
    return ErrorBody(
        "not_sendable",
        tr(
            "“{name}” lies on this computer; a backend elsewhere can be sent GeoTIFFs of "
            "radar only.",
            name=name,
        ),
        tr("Open a GeoTIFF with VV and VH, or one of a pair, or use a backend on this computer."),
    )
