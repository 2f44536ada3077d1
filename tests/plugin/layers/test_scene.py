"""Which file a layer shows, and whether it can be sent to a backend elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsApplication, QgsRasterLayer

from gluelink_plugin.layers.scene import source_of
from tests.plugin.conftest import lake_scene, write_raster


def copy_as(driver: str, path: Path, into: Path) -> Path:
    gdal.Translate(str(into), str(path), format=driver)
    return into


def test_a_variable_of_a_netcdf_leads_to_its_file(qgis_app: QgsApplication, tmp_path: Path) -> None:
    tif = write_raster(tmp_path / "lake.tif", lake_scene(64))
    file = copy_as("netCDF", tif, tmp_path / "two words.nc")
    layer = QgsRasterLayer(f'NETCDF:"{file}":Band1', "variable")
    assert layer.isValid()
    source = source_of(layer)
    assert (source.path, source.sendable) == (str(file), False)


@pytest.mark.parametrize(
    ("driver", "name", "sendable"),
    [("GTiff", "a.TIFF", True), ("VRT", "a.vrt", False), ("ENVI", "a.img", False)],
)
def test_only_geotiff_is_sendable(
    qgis_app: QgsApplication, tmp_path: Path, driver: str, name: str, sendable: bool
) -> None:
    file = copy_as(driver, write_raster(tmp_path / "lake.tif", lake_scene(64)), tmp_path / name)
    source = source_of(QgsRasterLayer(str(file), "copy"))
    assert (source.path, source.sendable) == (str(file), sendable)


@pytest.mark.parametrize("uri", ['NETCDF:"/nowhere/a.nc":VV', "/vsizip//nowhere/a.zip/a.tif"])
def test_a_layer_without_a_file_says_so(qgis_app: QgsApplication, uri: str) -> None:
    with pytest.raises(ValueError, match="shows no file on this computer"):
        source_of(QgsRasterLayer(uri, "gone"))
