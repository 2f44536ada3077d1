"""Maps as arrays, and arrays as maps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer

from ..translation import tr
from ..words import cannot_write, decimal

MOST_CELLS = 100_000_000  # 400 MB


@dataclass(frozen=True)
class Grid:
    """Where the cells of a map lie; north is up."""

    west: float
    north: float
    pixel: float
    """Side of a cell in the units of the CRS."""
    wkt: str

    def centre(self, row: int, col: int) -> tuple[float, float]:
        """Return the middle of a cell."""
        return self.west + (col + 0.5) * self.pixel, self.north - (row + 0.5) * self.pixel


def read_file(path: Path, band: int) -> tuple[np.ndarray, Grid]:
    """Return the values (h, w) float32 of a band, NaN where nothing is known, and their grid.

    Raises:
        QgsProcessingException: the file cannot be read or is too large for the memory, its cells
            are turned or not square, or it has no such band.
    """
    file = gdal.Open(str(path))
    if file is None:
        raise QgsProcessingException(
            tr("{file} cannot be read as a raster. Give a GeoTIFF.", file=path)
        )
    if file.RasterXSize * file.RasterYSize > MOST_CELLS:
        raise QgsProcessingException(
            tr(
                "{file} has {width} × {height} cells; at most {most} fit the memory. "
                "Clip it first.",
                file=path.name,
                width=file.RasterXSize,
                height=file.RasterYSize,
                most=decimal(MOST_CELLS),
            )
        )
    if not 1 <= band <= file.RasterCount:
        raise QgsProcessingException(
            tr(
                "{file} has no band {band}. Choose one of 1 to {last}.",
                file=path.name,
                band=band,
                last=file.RasterCount,
            )
        )
    west, width, tilt, north, turn, height = file.GetGeoTransform()
    if tilt or turn or not np.isclose(width, -height):
        raise QgsProcessingException(
            tr(
                "{file} has no square cells with north up. Give a map that GLUE-Link has made, "
                "or warp it first: Raster › Projections › Warp.",
                file=path.name,
            )
        )
    values = file.GetRasterBand(band).ReadAsArray().astype(np.float32)
    nodata = file.GetRasterBand(band).GetNoDataValue()
    if nodata is not None:
        values[values == np.float32(nodata)] = np.nan
    return values, Grid(west, north, width, file.GetProjection())


def write_file(path: Path, bands: list[np.ndarray], names: list[str], grid: Grid) -> None:
    """Write bands (h, w) float32 as a GeoTIFF.

    Raises:
        QgsProcessingException: it cannot be written.
    """
    height, width = bands[0].shape
    options = ["COMPRESS=DEFLATE", "PREDICTOR=3", "TILED=YES"]
    driver = gdal.GetDriverByName("GTiff")
    file = driver.Create(str(path), width, height, len(bands), gdal.GDT_Float32, options)
    if file is None:
        raise QgsProcessingException(
            tr("{file} cannot be written. Choose another folder.", file=path)
        )
    gdal.ErrorReset()
    file.SetGeoTransform((grid.west, grid.pixel, 0, grid.north, 0, -grid.pixel))
    file.SetProjection(grid.wkt)
    for number, (values, name) in enumerate(zip(bands, names), 1):
        band = file.GetRasterBand(number)
        band.SetDescription(name)
        band.SetNoDataValue(float("nan"))
        band.WriteArray(values)
    file.FlushCache()
    del file, band  # what could not be written is told by now, as on a disk that is full
    if gdal.GetLastErrorType() >= gdal.CE_Failure:
        path.unlink(missing_ok=True)
        raise QgsProcessingException(cannot_write(path, gdal.GetLastErrorMsg()))


def phrase_of(layer: QgsRasterLayer, band: int) -> str:
    """Return the phrase of a band, which is its description."""
    name = str(layer.bandName(band))
    return name.split(": ", 1)[1] if ": " in name else name
