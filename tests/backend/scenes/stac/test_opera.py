"""OPERA's bursts as passes, behind NASA's login; from four hosts in the published layout."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry import MultiPolygon

from backend.errors import CatalogueUnreachable, ImageryMissing, OutputUnwritable
from backend.scenes import open_scene
from backend.scenes.area import Area
from backend.scenes.box import PixelBox
from backend.scenes.stac import (
    FetchedScene,
    PointScenes,
    SceneQuery,
    fetch_scene,
    newest_date,
    read_scenes_around,
    search_scenes,
)
from tests.support.earthdata import NAME, PASSWORD, TOKEN, Earthdata, has_hosts, serving_earthdata
from tests.support.rasters import speckled
from tests.support.stac_server import HASTY, area_of

pytestmark = pytest.mark.skipif(not has_hosts(), reason="this computer is 127.0.0.1 alone")

DECEMBER = SceneQuery(date(2023, 12, 1), date(2023, 12, 31))
ROWS, COLUMNS = 200, 240
POWER: NDArray[np.float32] = (10 ** (speckled(ROWS, COLUMNS) / 10)).astype(np.float32)
PLACES = ((slice(0, 90), slice(0, 150)), (slice(70, 200), slice(0, 150)),
          (slice(20, 180), slice(130, 240)))  # fmt: skip
PARTS = [POWER[:, *place].copy() for place in PLACES]
for hole in (PARTS[0][:, 80:, 100:], PARTS[1][:, :10, :60], PARTS[2][:, :30, :20]):
    hole[:] = np.nan
EXPECTED = np.full_like(POWER, np.nan)
for (rows, columns), part in zip(PLACES, PARTS, strict=True):
    there = EXPECTED[:, rows, columns]
    there[:] = np.where(np.isnan(there), part, there)
PASS = "OPERA_L2_RTC-S1_T168_20231217T052415Z_S1A"


def area(west: float, south: float, east: float, north: float, epsg: int = 32633) -> MultiPolygon:
    return Area.from_geojson(area_of((west, south, east, north), f"EPSG:{epsg}")).degrees


HERE = area(402_000, 5_395_500, 405_500, 5_398_500)


@pytest.fixture
def nasa(tmp_path: Path) -> Iterator[Earthdata]:
    with serving_earthdata() as running:
        yield running


@pytest.fixture
def netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's ~/.netrc, with a line for the login and one that is nobody's."""
    path = tmp_path / ".netrc"
    path.write_text(
        f"machine 127.0.0.2 login {NAME} password {PASSWORD}\n"
        "default login everybody password everywhere\n"
    )
    path.chmod(0o600)
    monkeypatch.setenv("NETRC", str(path))
    monkeypatch.delenv("EARTHDATA_TOKEN", raising=False)
    return path


@pytest.fixture
def bursts(nasa: Earthdata, tmp_path: Path) -> Earthdata:
    """A pass of three bursts that overlap, with gaps at their ends; another one six days on."""
    upper, lower, right = PARTS
    nasa.add(tmp_path, "T168-359429-IW2", "20231217T052415Z", upper)
    nasa.add(tmp_path, "T168-359430-IW2", "20231217T052418Z", lower, (70, 0))
    nasa.add(tmp_path, "T168-359430-IW3", "20231217T052419Z", right, (20, 130))
    nasa.add(tmp_path, "T168-359429-IW2", "20231223T052333Z", upper, platform="S1C")
    return nasa


def fetch(nasa: Earthdata, scene: str = PASS, output: Path | None = None) -> FetchedScene:
    return fetch_scene(nasa.provider, scene, HERE, output, policy=HASTY)


# Passes


def test_the_bursts_of_a_pass_are_one_scene(bursts: Earthdata) -> None:
    first, second = search_scenes(bursts.provider, HERE, DECEMBER, policy=HASTY)
    assert first.id == PASS
    assert (first.time, first.orbit, first.relative_orbit) == (
        "2023-12-17T05:24:15Z", "descending", 168,
    )  # fmt: skip
    assert (first.polarisations, first.product_type) == (("VV", "VH"), "RTC")
    assert (first.cover, first.unavailable) == (pytest.approx(1, abs=0.01), "")
    assert second.id == "OPERA_L2_RTC-S1_T168_20231223T052333Z_S1C"
    assert second.cover < 1
    assert str(newest_date(bursts.provider, HASTY).day) == "2023-12-23"  # type: ignore[union-attr]
    ascending = replace(DECEMBER, orbit="ascending")
    with pytest.raises(ImageryMissing, match="it has 2 others"):
        search_scenes(bursts.provider, HERE, ascending, policy=HASTY)


def test_a_fetched_pass_is_all_of_its_bursts(
    bursts: Earthdata, netrc: Path, tmp_path: Path
) -> None:
    made = fetch(bursts, output=tmp_path / "scene.tif")
    assert (made.cover, made.scene.id) == (1, PASS)
    with rasterio.open(made.path) as file:
        values, window = file.read(), file.window(*file.bounds)
        assert (file.res, file.descriptions) == ((30, 30), ("VV", "VH"))
        assert np.isnan(file.nodata)
        row, column = (
            round((5_400_000 - file.bounds.top) / 30),
            round((file.bounds.left - 399_990) / 30),
        )
    whole = EXPECTED[:, row : row + round(window.height), column : column + round(window.width)]
    np.testing.assert_array_equal(values, whole)
    with open_scene(made.path) as opened:
        assert (opened.info.date, opened.info.product_type) == ("2023-12-17", "RTC")
        assert opened.info.units == "linear"
        said = [check.text for check in opened.info.checks]
        assert "Its pixels of 30 m are interpolated to 10 m." in said


def test_a_burst_that_was_processed_again_counts_as_the_last_time(
    nasa: Earthdata, netrc: Path, tmp_path: Path
) -> None:
    for made, factor in (("20250911T203016Z", 2), ("20231220T055805Z", 1)):
        power = np.float32(factor) * POWER
        nasa.add(tmp_path, "T168-359429-IW2", "20231217T052415Z", power, made=made)
    with rasterio.open(fetch(nasa).path) as file:
        values = file.read()
        row = round((5_400_000 - file.bounds.top) / 30)
        column = round((file.bounds.left - 399_990) / 30)
    there = POWER[:, row : row + values.shape[1], column : column + values.shape[2]]
    np.testing.assert_array_equal(values, 2 * there)


def test_one_burst_can_be_fetched_by_its_own_id(bursts: Earthdata, netrc: Path) -> None:
    made = fetch(bursts, bursts.items[2]["id"])
    assert 0 < made.cover < 1


@pytest.mark.parametrize("time", ["20231317T052415Z", "20231217T992415Z"])
def test_an_id_of_no_day_is_no_pass(bursts: Earthdata, netrc: Path, time: str) -> None:
    with pytest.raises(ImageryMissing, match="opera has no scene"):
        fetch(bursts, f"OPERA_L2_RTC-S1_T168_{time}_S1A")
    odd = {**bursts.items[0], "id": bursts.items[0]["id"].replace("20231217T052415Z", time)}
    bursts.items.append(odd)
    found = search_scenes(bursts.provider, HERE, DECEMBER, policy=HASTY)
    assert odd["id"] in [scene.id for scene in found]


def test_a_pass_across_two_zones_is_a_folder_that_is_one_scene(
    nasa: Earthdata, netrc: Path, tmp_path: Path
) -> None:
    """Each burst keeps the lattice of its own zone; both begin 10 km north of the equator."""
    nasa.add(tmp_path, "T110-234000-IW1", "20231217T052415Z", POWER)
    east, north = Transformer.from_crs(32633, 32632, always_xy=True).transform(404_000, 5_398_000)
    corner = (round((5_400_000 - north) / 30) - 80, round((east - 399_990) / 30) - 60)
    nasa.add(tmp_path, "T110-234000-IW2", "20231217T052416Z", POWER, corner, epsg=32632)
    (found,) = search_scenes(nasa.provider, HERE, DECEMBER, policy=HASTY)
    with pytest.raises(OutputUnwritable, match="Take that folder as the scene"):
        fetch(nasa, found.id, tmp_path / "scene.tif")
    made = fetch(nasa, found.id)
    assert made.path.is_dir() and not made.fresh
    assert len(list(made.path.glob("*.tif"))) == 2
    with open_scene(made.path) as opened:
        assert np.isfinite(opened.read(PixelBox(-539_800, 40_250, -539_600, 40_500))).all()


def test_windows_of_a_survey_are_read_from_the_bursts(
    bursts: Earthdata, netrc: Path, tmp_path: Path
) -> None:
    choice = PointScenes(bursts.provider, policy=HASTY)
    lon, lat = Transformer.from_crs(32633, 4326, always_xy=True).transform(401_500, 5_397_000)
    day = np.array(["2023-12-15"], "datetime64[D]")
    index = read_scenes_around(choice, np.array([lon]), np.array([lat]), day, tmp_path / "searches")
    assert [scene.name for scene in index.scenes] == sorted(item["id"] for item in bursts.items)
    with index.scenes[0].open() as scene:
        assert (scene.info.date, scene.info.product_type) == ("2023-12-17", "RTC")
        read = scene.read(PixelBox(-539_900, 40_010, -539_800, 40_110))
    assert np.isfinite(read).all() and -30 < np.median(read[1]) < np.median(read[0]) < 0
    assert bursts.told("127.0.0.4") == {None}


# Logins


def test_a_password_is_told_to_the_login_alone(
    bursts: Earthdata, netrc: Path, caplog: pytest.LogCaptureFixture, home: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    fetch(bursts)
    assert len(bursts.told("127.0.0.2")) == 1
    assert {header.split()[0] for header in bursts.told("127.0.0.2") if header} == {"Basic"}
    for host in ("127.0.0.1", "127.0.0.3", "127.0.0.4"):
        assert bursts.told(host) == {None}
    assert PASSWORD not in caplog.text and "Signature=" not in caplog.text
    assert not [
        path for path in home.rglob("*") if path.is_file() and b"signed" in path.read_bytes()
    ]


def test_a_token_is_told_to_login_and_archive_and_never_to_the_storage(
    bursts: Earthdata, netrc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc.unlink()
    monkeypatch.setenv("EARTHDATA_TOKEN", TOKEN)
    fetch(bursts)
    assert bursts.told("127.0.0.3") == {f"Bearer {TOKEN}"}
    assert bursts.told("127.0.0.4") == {None} and bursts.count("127.0.0.4") > 6
    assert bursts.told("127.0.0.1") == {None}


def test_the_way_through_the_login_is_taken_once_a_file(bursts: Earthdata, netrc: Path) -> None:
    fetch(bursts)
    assert bursts.count("127.0.0.3") <= 3 * 6 + 8 * 2
    assert bursts.count("127.0.0.4") >= 18


def test_an_address_that_expired_is_made_again(
    bursts: Earthdata, netrc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def expire(stage: str, done: int, total: int) -> None:
        bursts.signature = f"signed-{stage}-{done}".replace(" ", "")

    made = fetch_scene(bursts.provider, PASS, HERE, None, expire, HASTY)
    assert made.cover == 1


@pytest.mark.parametrize("line", ["", "machine 127.0.0.9 login a password b\n", "machine\n"])
def test_no_login_is_a_sentence_that_says_how_to_get_one(
    bursts: Earthdata, netrc: Path, line: str
) -> None:
    netrc.write_text(line + ("default login a password b\n" if line.endswith("b\n") else ""))
    with pytest.raises(CatalogueUnreachable) as caught:
        fetch(bursts)
    said = str(caught.value)
    assert "https://urs.earthdata.nasa.gov" in said and "EARTHDATA_TOKEN" in said
    assert "Alaska Satellite Facility Data Access" in said and "~/.netrc" in said
    assert not bursts.asked


def test_a_line_that_cannot_be_read_is_named_without_what_it_says(
    bursts: Earthdata, netrc: Path
) -> None:
    netrc.write_text(f"machine 127.0.0.2 login {NAME} password with {PASSWORD}\n")
    with pytest.raises(CatalogueUnreachable, match=r"line \d of .*netrc cannot be read") as caught:
        fetch(bursts)
    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize(
    ("token", "approved", "status"), [(None, False, 200), ("wrong", True, 401)]
)
def test_a_login_that_is_refused_says_so(
    bursts: Earthdata,
    netrc: Path,
    monkeypatch: pytest.MonkeyPatch,
    token: str | None,
    approved: bool,
    status: int,
) -> None:
    bursts.approved = approved
    if token:
        monkeypatch.setenv("EARTHDATA_TOKEN", token)
    with pytest.raises(CatalogueUnreachable) as caught:
        fetch(bursts)
    said = str(caught.value)
    assert f"127.0.0.2 refuses the login for {bursts.items[0]['id']}_VV.tif" in said
    assert f"HTTP {status}" in said and "approve there the application" in said
    assert bursts.count("127.0.0.4") == 0


def test_a_host_that_is_not_listed_is_named_and_not_asked(bursts: Earthdata, netrc: Path) -> None:
    bursts.storage = "127.0.0.5"
    with pytest.raises(CatalogueUnreachable, match=r"the host 127\.0\.0\.5 is not one of those"):
        fetch(bursts)
    for item in bursts.items:
        for asset in item["assets"].values():
            asset["href"] = asset["href"].replace("127.0.0.3", "localhost")
    with pytest.raises(CatalogueUnreachable, match="the host localhost is not one of those"):
        fetch(bursts)
    assert {host for host, _, _ in bursts.asked} <= {"127.0.0.1", "127.0.0.2", "127.0.0.3"}
