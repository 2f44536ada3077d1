"""What an item says of its files: how they store values, and where else they lie."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray

from backend.errors import CatalogueUnreachable
from backend.scenes import open_scene
from backend.scenes.area import Area
from backend.scenes.stac import Provider, fetch_scene, find_provider
from backend.scenes.stac.assets import files_of, unavailable
from tests.support.rasters import speckled
from tests.support.stac_server import HASTY, StacServer, area_of, write_pair

SCENE = "SIG0_20240509T053512__A015_E048N015T3_EU020M"
HERE = Area.from_geojson(area_of((401_000, 5_397_000, 402_500, 5_398_500), "EPSG:32633")).degrees
DB = speckled(400, 400).clip(-35, 0)
TENTHS: NDArray[np.int16] = np.round(DB * 10).astype(np.int16)


def add(server: StacServer, folder: Path, stated: dict[str, Any], **options: Any) -> None:
    """List tenths of dB as whole numbers, whose files say nothing unless by options."""
    item = server.add(SCENE, *write_pair(folder, "a", TENTHS, **options))
    for name in ("vv", "vh"):
        item["assets"][name] |= stated


def fetch(server: StacServer, **changes: Any) -> Path:
    provider = replace(server.provider, **changes)
    return fetch_scene(provider, SCENE, HERE, policy=HASTY).path


def decibels(path: Path) -> NDArray[np.float32]:
    with open_scene(path) as opened:
        assert opened.info.units == "db"
        return opened.read(opened.extent)


@pytest.mark.parametrize(
    ("stated", "divides"),
    [
        ({"raster:bands": [{"scale": 0.1, "nodata": -9999}]}, False),
        ({"raster:bands": [{"scale": 10, "nodata": -9999}]}, True),  # as EODC states it
        ({"bands": [{"name": "VV", "raster:scale": 0.1, "nodata": -9999}]}, False),
        ({"raster:scale": 0.1, "nodata": -9999, "bands": [{"name": "VV"}]}, False),
    ],
)
def test_a_scale_that_only_the_item_states_is_in_the_fetched_file(
    server: StacServer, tmp_path: Path, stated: dict[str, Any], divides: bool
) -> None:
    add(server, tmp_path, stated)
    path = fetch(server, divides_by_scale=divides)
    with rasterio.open(path) as file:
        assert (file.scales, file.nodata) == ((0.1, 0.1), -9999)
    np.testing.assert_allclose(decibels(path), 0.1 * TENTHS, atol=1e-3)


def test_what_the_file_itself_states_counts_more(server: StacServer, tmp_path: Path) -> None:
    scale = {"scales": (0.1,), "offsets": (0.0,), "nodata": -32768}
    add(server, tmp_path, {"raster:bands": [{"scale": 0.01, "nodata": -9999}]}, **scale)
    with rasterio.open(fetch(server)) as file:
        assert (file.scales, file.nodata) == ((0.1, 0.1), -32768)


@pytest.mark.parametrize("nodata", ["nan", 1e9, 0.5])
def test_a_value_for_no_data_that_no_pixel_can_have_is_left_out(
    server: StacServer, tmp_path: Path, nodata: object
) -> None:
    add(server, tmp_path, {"raster:bands": [{"scale": 0.1, "nodata": nodata}]})
    path = fetch(server)
    with rasterio.open(path) as file:
        assert file.nodata is None
    np.testing.assert_allclose(decibels(path), 0.1 * TENTHS, atol=1e-3)


@pytest.mark.parametrize("scale", [10, 0, -1, "ten"])
def test_a_scale_that_cannot_be_multiplied_with_is_refused_with_its_cause(
    server: StacServer, tmp_path: Path, scale: object
) -> None:
    add(server, tmp_path, {"raster:bands": [{"scale": scale}]})
    with pytest.raises(CatalogueUnreachable, match=r"states a scale of .* divides_by_scale: true"):
        fetch(server)
    assert server.sent == 0


def test_the_catalogue_whose_scale_divides_is_known() -> None:
    item = {"assets": {"VV": {"href": "https://x/a.tif", "raster:bands": [{"scale": 10}]}}}
    assert files_of(item, find_provider("eodc"))["VV"].scale == 0.1
    assert files_of(item, find_provider("https://stac.eodc.eu/api/v1/", "OTHER"))["VV"].scale == 10


def item_at(*hrefs: str, **alternates: str) -> dict[str, Any]:
    tiff = {"type": "image/tiff; application=geotiff"}
    more = {"alternate": {name: {"href": href} for name, href in alternates.items()}}
    names = ("vv", "vh")
    assets = {n: {**tiff, "href": h, **more} for n, h in zip(names, hrefs, strict=True)}
    return {"assets": assets}


@pytest.mark.parametrize(
    ("item", "url"),
    [
        (
            item_at(*["s3://sentinel-s1-rtc-indigo/tiles/a.tif"] * 2),
            "https://sentinel-s1-rtc-indigo.s3.us-west-2.amazonaws.com/tiles/a.tif",
        ),
        (
            item_at(*["s3://deafrica-sentinel-1/s1_rtc/a.tif"] * 2),
            "https://deafrica-sentinel-1.s3.af-south-1.amazonaws.com/s1_rtc/a.tif",
        ),
        (item_at(*["s3://other/a.tif"] * 2, https="https://x/a.tif"), "https://x/a.tif"),
        (item_at(*["https://x/a.tif"] * 2, https="https://y/b.tif"), "https://x/a.tif"),
    ],
)
def test_a_bucket_is_read_by_https_where_that_address_is_known(
    item: dict[str, Any], url: str
) -> None:
    files = files_of(item, Provider("a", "https://a", "s1"))
    assert {asset.url for asset in files.values()} == {url}
    assert unavailable(files, Provider("a", "https://a", "s1")) == ""


@pytest.mark.parametrize(
    ("bucket", "said"),
    [
        ("sentinel-s1-l1c", "bucket sentinel-s1-l1c, whose reader pays"),
        ("elsewhere", "bucket elsewhere, for which no address of the web is known here"),
    ],
)
def test_of_another_bucket_no_more_is_claimed_than_is_known(bucket: str, said: str) -> None:
    provider = Provider("a", "https://a", "s1")
    assert said in unavailable(files_of(item_at(*[f"s3://{bucket}/a"] * 2), provider), provider)


@pytest.mark.parametrize("name", ["earth-search", "cdse"])
def test_raw_scenes_are_listed_with_what_to_do_about_them(
    server: StacServer, pair: tuple[Path, Path], name: str
) -> None:
    server.add(SCENE, *pair)
    raw = find_provider(name)
    assert "nothing here can be fetched" in raw.about
    with pytest.raises(CatalogueUnreachable) as caught:
        fetch(server, unfit=raw.unfit)
    assert "raw GRD in radar geometry" in str(caught.value)
    assert "planetary-computer or opera" in str(caught.value)
    assert server.sent == 0
    assert not find_provider(name, "another-collection").unfit


@pytest.mark.parametrize("nodata", [None, 0])
def test_a_fetched_copy_keeps_the_mask_of_its_file(
    server: StacServer, tmp_path: Path, nodata: float | None
) -> None:
    """Behind a mask lie values that look like any other."""
    power = (10 ** (DB / 10)).astype(np.float32)
    valid = np.ones((400, 400), np.uint8)
    valid[150:230, 120:220] = 0
    paths = []
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        for name, band in zip(("vv", "vh"), power, strict=True):
            paths.append(tmp_path / f"m_{name}.tif")
            with rasterio.open(
                paths[-1], "w", driver="GTiff", count=1, height=400, width=400, dtype="float32",
                crs="EPSG:32633", transform=rasterio.Affine(10, 0, 400_000, 0, -10, 5_400_000),
                tiled=True, blockxsize=128, blockysize=128, nodata=nodata,
            ) as file:  # fmt: skip
                file.write(band, 1)
                file.write_mask(valid * 255)
    server.add("masked_20240509", *paths)
    made = fetch_scene(server.provider, "masked_20240509", HERE, policy=HASTY)
    with rasterio.open(made.path) as file:
        assert (file.read_masks(1) == 0).sum() == 80 * 100
        assert (file.read_masks(2) == 0).sum() == 80 * 100
    with open_scene(made.path) as part, open_scene(paths[0]) as whole:
        np.testing.assert_array_equal(part.read(part.extent), whole.read(part.extent))
        assert np.isnan(part.read(part.extent)[0]).sum() == 80 * 100
    assert 0.5 < made.cover < 0.95


def test_what_a_hostile_item_says_of_its_files_is_survived() -> None:
    provider = Provider("a", "https://a", "s1")
    odd = {"href": "http://[", "alternate": ["s3"], "bands": {}, "raster:bands": [None]}
    found = files_of({"assets": {"vv": {**odd, "type": "image/tiff"}, "vh": odd}}, provider)
    assert found["VV"].url == "http://["
    assert unavailable(found, provider) == "it has no GeoTIFF of VH"
