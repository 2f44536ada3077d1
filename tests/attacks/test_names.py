"""Names: what GDAL takes for a network, an archive, a driver or XML is no local file."""

from pathlib import Path

import pytest

from backend.errors import GlueLinkError, SceneUnreadable
from backend.scenes.files import local_path, open_raster
from backend.scenes.open import open_any
from tests.support.rasters import speckled, write_raster

NETWORKS = [
    "/vsicurl/http://127.0.0.1:9/a.tif",
    "/vsicurl?url=http://127.0.0.1:9/a.tif",
    "/vsicurl_streaming/http://127.0.0.1:9/a.tif",
    "/VSICURL/http://127.0.0.1:9/a.tif",
    "\\vsicurl\\http:\\\\127.0.0.1:9\\a.tif",
    "/vsis3/bucket/a.tif",
    "/vsis3_streaming/bucket/a.tif",
    "/vsigs/bucket/a.tif",
    "/vsiaz/container/a.tif",
    "/vsiadls/container/a.tif",
    "/vsioss/bucket/a.tif",
    "/vsiswift/bucket/a.tif",
    "/vsihdfs/a.tif",
    "/vsiwebhdfs/http://127.0.0.1:9/a.tif",
    "http://127.0.0.1:9",
    "ftp://127.0.0.1:9/a.tif",
    "s3://bucket/a.tif",
    "gs://bucket/a.tif",
    "file:///a.tif",
    "WMS:http://127.0.0.1:9/?",
    "WMTS:http://127.0.0.1:9/",
    "WCS:http://127.0.0.1:9/",
    "STACIT:http://127.0.0.1:9/",
    "STACTA:http://127.0.0.1:9/",
    "PG:host=127.0.0.1 port=9",
    "MYSQL:a,host=127.0.0.1",
    "OGCAPI:http://127.0.0.1:9/",
    "PLMosaic:",
]
ARCHIVES = [
    "/vsizip/{}",
    "/vsizip//tmp/a.zip/a.tif",
    "/vsitar//tmp/a.tar/a.tif",
    "/vsigzip//tmp/a.gz",
    "/vsi7z//tmp/a.7z/a.tif",
    "/vsirar//tmp/a.rar/a.tif",
    "/vsimem/a.tif",
    "/vsistdin/",
    "/vsistdin?buffer_limit=1",
    "/vsisubfile/0_9,{}",
    "/vsisparse/a.xml",
    "/vsicached?file={}",
    "/vsicrypt/key=a,file={}",
]
DRIVERS = [
    "GTIFF_DIR:1:{}",
    "GTIFF_RAW:{}",
    "NETCDF:{}:VV",
    'HDF5:"{}"://data',
    "ZARR:{}",
    "SENTINEL1_CALIB:UNCALIB:{}:IW_VV:AMPLITUDE",
    "SENTINEL2_L1C:{}:10m:EPSG_32632",
    "vrt://{}?bands=1",
    "DERIVED_SUBDATASET:AMPLITUDE:{}",
    "JPEG_SUBFILE:0:9,{}",
    "GPKG:{}:a",
    "RASTERLITE:{}",
    "COG:{}",
]
XML = [
    '<VRTDataset rasterXSize="1" rasterYSize="1"></VRTDataset>',
    "<GDAL_WMS><Service/></GDAL_WMS>",
    "  <VRTDataset/>",
    '{"type": "gdal_streamed_alg"}',
    "<OGRVRTDataSource/>",
]


@pytest.fixture(scope="module")
def raster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_raster(tmp_path_factory.mktemp("names") / "a.tif", speckled(64, 64))


def test_no_name_leads_to_a_network_an_archive_a_driver_or_xml(raster: Path) -> None:
    names = [
        name.format(raster) if "{}" in name else name for name in NETWORKS + ARCHIVES + DRIVERS
    ]
    for name in [*names, *XML]:
        with pytest.raises(SceneUnreadable):
            local_path(name)
        with pytest.raises(GlueLinkError):
            open_any(name)
    open_raster(raster).close()


def test_a_file_that_is_named_so_is_read_as_a_geotiff_and_nothing_else(
    raster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What looks like a driver within an absolute path is the name of a file."""
    monkeypatch.chdir(raster.parent)
    for name in ("GTIFF_DIR:1:b.tif", "vrt:b.tif", "ZARR:b.tif"):
        copy = raster.with_name(name)
        copy.write_bytes(raster.read_bytes())
        with open_raster(local_path(name)) as dataset:
            assert (dataset.driver, dataset.count) == ("GTiff", 2)
