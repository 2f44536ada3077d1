"""Which file a layer shows, and whether it can be sent to a backend elsewhere."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer
from qgis.PyQt import sip

from gluelink_plugin.layers.scene import BRIGHTEST, DARKEST, add_scene, source_of
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


def test_a_file_that_is_named_from_the_working_folder_is_known_by_its_whole_path(
    qgis_app: QgsApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_raster(tmp_path / "lake.tif", lake_scene(32))
    monkeypatch.chdir(tmp_path)
    assert source_of(QgsRasterLayer("lake.tif", "lake")).path == str(tmp_path / "lake.tif")


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


def test_a_layer_inside_an_archive_says_to_unpack_it(
    qgis_app: QgsApplication, tmp_path: Path
) -> None:
    tif = write_raster(tmp_path / "lake.tif", lake_scene(64))
    with zipfile.ZipFile(tmp_path / "lake.zip", "w") as archive:
        archive.write(tif, "lake.tif")
    layer = QgsRasterLayer(f"/vsizip/{tmp_path}/lake.zip/lake.tif", "zipped")
    assert layer.isValid()
    with pytest.raises(ValueError, match=r"lies inside lake\.zip\. Unpack it"):
        source_of(layer)


def test_scenes_of_one_file_name_are_told_by_their_folders(
    qgis_app: QgsApplication, tmp_path: Path
) -> None:
    names, sources = [], []
    for place in ("brazil/s1", "chile/s1", "peru"):
        folder = tmp_path / place
        folder.mkdir(parents=True)
        layer = add_scene(write_raster(folder / "s1_rtc_db.tif", lake_scene(64)))
        names.append(layer.name())
        sources.append(source_of(layer).name)
    assert names == ["s1_rtc_db", "s1_rtc_db (s1)", "s1_rtc_db (peru)"]
    assert sources == names
    QgsProject.instance().clear()


def test_layers_that_a_user_has_named_alike_are_asked_under_different_names(
    qgis_app: QgsApplication, tmp_path: Path
) -> None:
    layers = []
    for place in ("brazil", "chile"):
        (tmp_path / place).mkdir()
        path = write_raster(tmp_path / place / "vv.tif", lake_scene(64))
        layers.append(QgsRasterLayer(str(path), "radar"))
    QgsProject.instance().addMapLayers(layers)
    assert [source_of(layer).name for layer in layers] == ["radar (brazil)", "radar (chile)"]
    QgsProject.instance().clear()


def test_a_scene_gets_its_stretch_and_no_file_beside_it(
    qgis_app: QgsApplication, tmp_path: Path
) -> None:
    db = lake_scene(256)
    db[:, :9] = np.nan
    path = write_raster(tmp_path / "lake.tif", db)
    layer = add_scene(path)
    stretch = layer.renderer().contrastEnhancement()
    low, high = np.nanquantile(db[0], (DARKEST, BRIGHTEST))
    assert stretch.minimumValue() == pytest.approx(low, abs=0.1)
    assert stretch.maximumValue() == pytest.approx(high, abs=0.1)
    layer.renderer().block(1, layer.extent(), 64, 64)
    QgsProject.instance().clear()
    sip.delete(layer) if not sip.isdeleted(layer) else None
    assert [each.name for each in tmp_path.iterdir()] == ["lake.tif"]


@pytest.mark.parametrize("uri", ['NETCDF:"/nowhere/a.nc":VV', "/vsizip//nowhere/a.zip/a.tif"])
def test_a_layer_without_a_file_says_so(qgis_app: QgsApplication, uri: str) -> None:
    with pytest.raises(ValueError, match="shows no file on this computer"):
        source_of(QgsRasterLayer(uri, "gone"))
