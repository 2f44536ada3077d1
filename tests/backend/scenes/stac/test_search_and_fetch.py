"""Scenes of a catalogue: searched, signed, fetched, kept; from a real server over real files."""

import dataclasses
import json
import logging
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.control import GroundControlPoint
from rasterio.errors import NotGeoreferencedWarning
from typer.testing import CliRunner

from backend.encoders import Encoder
from backend.errors import (
    AreaOutsideScene,
    BandMissing,
    CatalogueUnreachable,
    ConfigInvalid,
    ExtraMissing,
    GlueLinkError,
    ImageryMissing,
    NotGeoreferenced,
    OutputUnwritable,
)
from backend.link import LinkHead
from backend.maps import Area, align
from backend.progress import Cancelled
from backend.scenes import open_scene
from backend.scenes.stac import (
    FetchedScene,
    FoundScene,
    Provider,
    SceneQuery,
    fetch_scene,
    find_provider,
    list_providers,
    search_scenes,
)
from backend.stac import app
from backend.text import TextEncoder
from tests.support.killing import contents, finish, kill
from tests.support.rasters import speckled, write_raster
from tests.support.stac_server import (
    HASTY,
    Answer,
    Handler,
    StacServer,
    area_of,
    cut,
    lie,
    serving,
    stall,
    status,
    write_pair,
)

SCENE = "S1A_IW_GRDH_1SDV_20240509T053512_20240509T053537_053789_068928_rtc"
UTM33 = "EPSG:32633"
MAY = SceneQuery(date(2024, 5, 1), date(2024, 5, 31))


@pytest.fixture(scope="module")
def power() -> np.ndarray:
    return (10 ** (speckled(1200, 1000) / 10)).astype(np.float32)


@pytest.fixture(scope="module")
def pair(power: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_pair(tmp_path_factory.mktemp("pair"), "a", power, nodata=-32768)


@pytest.fixture
def scene(server: StacServer, pair: tuple[Path, Path]) -> dict:
    return server.add(SCENE, *pair)


def area(west: float, south: float, east: float, north: float, crs: str = UTM33) -> Area:
    return Area.from_geojson(area_of((west, south, east, north), crs))


MIDDLE = area(404_000, 5_393_000, 405_500, 5_394_200)
"""1.5 km wide, inside the pair that stands at 400000, 5400000 and is 10 km wide, 12 km high."""


def fetch(server: StacServer, place: Area = MIDDLE, output: Path | None = None) -> FetchedScene:
    return fetch_scene(server.provider, SCENE, place.degrees, output, policy=HASTY)


def search(server: StacServer, wanted: SceneQuery = MAY, place: Area = MIDDLE) -> list[FoundScene]:
    return search_scenes(server.provider, place.degrees, wanted, policy=HASTY)


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little more than the area is fetched."""
    monkeypatch.setattr("backend.scenes.stac.crop.MARGIN_M", 100)


# Search


def test_scenes_are_found_by_area_and_dates_with_what_is_told_of_them(
    server: StacServer, scene: dict, pair: tuple[Path, Path]
) -> None:
    server.add("S1A_20240521", *pair, time="2024-05-21T16:40:00Z")
    server.add("S1A_20240602", *pair, time="2024-06-02T16:40:00Z")
    first, second = search(server)
    assert (first.id, second.id) == (SCENE, "S1A_20240521")
    assert (first.date, first.orbit, first.relative_orbit) == ("2024-05-09", "ascending", 15)
    assert (first.polarisations, first.product_type, first.unavailable) == (("VV", "VH"), "RTC", "")
    assert first.cover == pytest.approx(1)
    assert first.footprint["type"] == "Polygon"
    with pytest.raises(ImageryMissing):
        search(server, place=area(600_000, 5_393_000, 601_000, 5_394_000))


def test_all_pages_are_read_and_sorted_by_time(server: StacServer, pair: tuple[Path, Path]) -> None:
    for day in (9, 3, 27, 15, 21):
        server.add(f"day-{day}", *pair, time=f"2024-05-{day:02}T05:00:00Z")
    found = search(server)
    assert [scene.id for scene in found] == ["day-3", "day-9", "day-15", "day-21", "day-27"]
    assert server.asked_for("/search") == 3


def test_a_few_dates_are_of_one_orbit(server: StacServer, pair: tuple[Path, Path]) -> None:
    for day in (3, 15, 27):
        server.add(f"a-{day}", *pair, time=f"2024-05-{day:02}T16:40:00Z")
    other = {"sat:orbit_state": "descending", "sat:relative_orbit": 88}
    server.add("d-20", *pair, time="2024-05-20T05:00:00Z", **other)
    found = search(server, dataclasses.replace(MAY, dates=2))
    assert [scene.id for scene in found] == ["a-3", "a-27"]
    with pytest.raises(ImageryMissing, match="No orbit has 4 dates"):
        search(server, dataclasses.replace(MAY, dates=4))


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"orbit": "ascending"}, {"a", "vv"}),
        ({"orbit": "descending"}, {"d"}),
        ({"relative_orbit": 88}, {"d"}),
        ({"orbit": "ascending", "relative_orbit": 88}, set()),
        ({"polarisations": ["VV"]}, {"a", "d", "vv"}),
        ({"polarisations": ["HH"]}, set()),
    ],
)
def test_orbit_and_polarisation_narrow_a_search(
    server: StacServer, pair: tuple[Path, Path], change: dict, left: set[str]
) -> None:
    server.add("a", *pair)
    server.add("d", *pair, **{"sat:orbit_state": "descending", "sat:relative_orbit": 88})
    server.add("vv", pair[0])
    if "polarisations" not in change:
        left -= {"vv"}
    wanted = dataclasses.replace(MAY, **change)
    if left:
        assert {scene.id for scene in search(server, wanted)} == left
    else:
        with pytest.raises(ImageryMissing, match="it has 3 others"):
            search(server, wanted)


def test_the_share_of_the_area_that_a_scene_covers_is_told(server: StacServer, scene: dict) -> None:
    (found,) = search(server, place=area(399_000, 5_395_000, 403_000, 5_396_000))
    assert found.cover == pytest.approx(0.75, abs=0.03)  # outlines are coarse


def test_an_area_across_the_date_line_finds_and_fetches(server: StacServer, tmp_path: Path) -> None:
    power = (10 ** (speckled(400, 400) / 10)).astype(np.float32)
    corner = Affine(10, 0, 827_700, 0, -10, 1_001_000)  # 180 degrees east lies in its middle
    vv, vh = write_pair(tmp_path, "line", power, crs="EPSG:32660", transform=corner)
    item = server.add(SCENE, vv, vh)
    item["geometry"] = {
        "type": "MultiPolygon",
        "coordinates": [
            [[[179.9, 8.9], [180, 8.9], [180, 9.2], [179.9, 9.2], [179.9, 8.9]]],
            [[[-180, 8.9], [-179.9, 8.9], [-179.9, 9.2], [-180, 9.2], [-180, 8.9]]],
        ],
    }
    box = [[[179.99, 9.02], [180.01, 9.02], [180.01, 9.03], [179.99, 9.03], [179.99, 9.02]]]
    across = Area.from_geojson({"type": "Polygon", "coordinates": box})
    (found,) = search(server, place=across)
    assert found.cover == pytest.approx(1)
    made = fetch(server, across)
    assert made.cover == pytest.approx(1, abs=0.01)
    with open_scene(made.path) as cut_out, open_scene(vv) as whole:
        box_px = cut_out.extent
        np.testing.assert_array_equal(cut_out.read(box_px), whole.read(box_px))


# The catalogue


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (status(500), "The catalogue here is busy"),
        (status(429), "HTTP 429"),
        (status(401), "The catalogue here refuses"),
        (stall, "The catalogue here cannot be reached (no answer in time)"),
        (lambda handler: handler.send(200, b"<html>"), "does not answer like a STAC API"),
        (lambda handler: handler.send(200, b"[1, 2]"), "does not answer like a STAC API"),
        (lambda handler: handler.send(200, b"{}"), "does not answer like a STAC API"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/search"])
def test_a_catalogue_that_fails_is_one_sentence(
    server: StacServer, scene: dict, path: str, answer: Answer, sentence: str
) -> None:
    server.scripts[path] = [answer] * HASTY.tries
    if (path, sentence[:8]) == ("/search", "does not") and answer is not None:
        with pytest.raises(GlueLinkError):
            search(server)
        return
    with pytest.raises(CatalogueUnreachable) as caught:
        search(server)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("answer", [status(503, Retry_After="1"), status(429), status(502), stall])
def test_a_catalogue_that_recovers_is_waited_for(
    server: StacServer, scene: dict, answer: Answer
) -> None:
    server.scripts["/search"] = [answer]
    assert [found.id for found in search(server)] == [SCENE]


def test_a_catalogue_that_is_not_there_is_one_sentence() -> None:
    with serving() as gone:
        provider = gone.provider
    with pytest.raises(CatalogueUnreachable, match="catalogue here cannot be reached"):
        search_scenes(provider, MIDDLE.degrees, MAY, policy=HASTY)


def test_too_many_scenes_are_refused(
    server: StacServer, scene: dict, monkeypatch: pytest.MonkeyPatch, pair: tuple[Path, Path]
) -> None:
    monkeypatch.setattr("backend.scenes.stac.search.MOST", 2)
    server.add("second", *pair)
    with pytest.raises(ConfigInvalid, match="fewer days"):
        search(server)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"first": date(2024, 6, 1)}, "2024-06-01 to 2024-05-31"),
        ({"orbit": "north"}, "ascending or descending"),
        ({"polarisations": ["VX"]}, "VV, VH, HH or HV"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(change: dict, sentence: str) -> None:
    with pytest.raises(ConfigInvalid, match=sentence):
        dataclasses.replace(MAY, **change)


def test_without_the_extra_packages_the_cure_is_told(
    server: StacServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pystac_client", None)
    with pytest.raises(ExtraMissing, match=r"pip install \"gluelink\[stac\]\""):
        search(server)


# Fetching


def same_as_whole(fetched: Path, whole: Path, place: Area) -> None:
    """What is read of a fetched scene is what is read of the file it came from."""
    with open_scene(fetched) as part, open_scene(whole) as all_of_it:
        assert (part.utm_epsg, part.info.units) == (all_of_it.utm_epsg, all_of_it.info.units)
        read = part.read(part.extent)
        shape = place.in_zone(part.utm_epsg, part.info.bounds)
        west, south, east, north = shape.bounds
        box = part.extent
        # Half a pixel more may be seen of a file in degrees, whose edge is not along the grid.
        known = np.isfinite(read[0])
        np.testing.assert_array_equal(read[:, known], all_of_it.read(box)[:, known])
        inside = (slice(None), *inner(box, west, south, east, north))
        np.testing.assert_array_equal(read[inside], all_of_it.read(box)[inside])


def inner(box, west: float, south: float, east: float, north: float) -> tuple[slice, slice]:
    """Rows and columns in `box` of an area in metres."""
    rows = slice(int(-north / 10) - box.row0, int(-south / 10) - box.row0)
    return rows, slice(int(west / 10) - box.col0, int(east / 10) - box.col0)


def test_a_fetched_scene_is_the_part_of_the_file_around_the_area(
    server: StacServer, scene: dict, pair: tuple[Path, Path], tmp_path: Path
) -> None:
    made = fetch(server, output=tmp_path / "scene.tif")
    assert (made.path, made.cover, made.fresh) == (tmp_path / "scene.tif", 1, True)
    same_as_whole(made.path, pair[0], MIDDLE)
    with open_scene(made.path) as opened:
        assert (opened.info.date, opened.info.product_type) == ("2024-05-09", "RTC")
        assert opened.info.units == "linear"
        # 2.5 km around the area, and no more.
        assert opened.extent.width == pytest.approx(150 + 500, abs=10)
        assert opened.extent.height == pytest.approx(120 + 500, abs=10)
    with rasterio.open(made.path) as file:
        assert (file.nodata, file.dtypes, file.descriptions) == (
            -32768, ("float32", "float32"), ("VV", "VH"),
        )  # fmt: skip
        assert file.tags()["STAC_ITEM"] == SCENE
    assert made.scene == search(server)[0]


def test_progress_counts_pieces_and_can_cancel(
    server: StacServer, scene: dict, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.scenes.stac.crop.PIECE_PX", 256)
    seen: list[tuple[str, int, int]] = []

    def cancel(stage: str, done: int, total: int) -> None:
        seen.append((stage, done, total))
        if done == 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        fetch_scene(server.provider, SCENE, MIDDLE.degrees, None, cancel, HASTY)
    assert seen[-1] == ("Fetching imagery", 5, 12)
    assert not [name for name in contents(home) if name.endswith((".tif", ".partial"))]


def test_the_map_of_a_fetched_scene_is_that_of_the_whole(
    server: StacServer,
    scene: dict,
    pair: tuple[Path, Path],
    texture: Encoder,
    head: LinkHead,
    minilm: TextEncoder,
    tmp_path: Path,
) -> None:
    maps = []
    for path in (fetch(server).path, pair[0]):
        with open_scene(path) as opened:
            made = align(
                opened, MIDDLE, ["open water"], texture, head, minilm, tmp_path / f"{len(maps)}.tif"
            )
        with rasterio.open(made.path) as file:
            maps.append((file.read(), file.transform))
    assert maps[0][1] == maps[1][1]
    np.testing.assert_array_equal(maps[0][0], maps[1][0])
    assert np.isfinite(maps[0][0]).any()


@pytest.mark.parametrize("name", ["denmark_2017/s1_rtc_db.tif", "spain_flood_2019/s1_grd_db.tif"])
def test_a_real_scene_comes_through_a_catalogue_as_it_is(
    server: StacServer, real: Path, tmp_path: Path, name: str
) -> None:
    with rasterio.open(real / name) as file:
        options = {"crs": file.crs, "transform": file.transform, "nodata": file.nodata}
        values, bounds, crs = file.read([1, 2]), file.bounds, file.crs
    server.add(SCENE, *write_pair(tmp_path, "real", values, **options))
    width, height = bounds.right - bounds.left, bounds.top - bounds.bottom
    inside = (
        bounds.left + 0.3 * width, bounds.bottom + 0.4 * height,
        bounds.left + 0.5 * width, bounds.bottom + 0.5 * height,
    )  # fmt: skip
    place = area(*inside, crs=str(crs))
    same_as_whole(fetch(server, place).path, real / name, place)


def test_a_scene_is_kept_and_the_network_not_needed_again(
    server: StacServer, scene: dict, home: Path
) -> None:
    first = fetch(server)
    server.files.clear()
    server.items.clear()
    asked = len(server.asked)
    again = fetch(server)
    assert len(server.asked) == asked
    assert again == dataclasses.replace(first, fresh=False)
    with pytest.raises(ImageryMissing, match=f'no scene "{SCENE}"'):
        fetch(server, area(404_000, 5_393_000, 405_500, 5_394_300))


def test_an_area_that_the_scene_covers_in_part_says_so(server: StacServer, scene: dict) -> None:
    made = fetch(server, area(399_000, 5_395_000, 403_000, 5_396_000))
    assert made.cover == pytest.approx(0.75, abs=0.01)
    with open_scene(made.path) as opened:
        assert opened.extent.col0 == 40_000


def test_pixels_without_data_are_no_cover(server: StacServer, tmp_path: Path) -> None:
    power = (10 ** (speckled(400, 400) / 10)).astype(np.float32)
    power[:, :, 200:] = -32768
    server.add(SCENE, *write_pair(tmp_path, "half", power, nodata=-32768))
    made = fetch(server, area(401_500, 5_397_000, 402_500, 5_398_000))
    assert made.cover == pytest.approx(0.5, abs=0.02)
    with pytest.raises(AreaOutsideScene, match="no data inside the area"):
        fetch(server, area(402_500, 5_397_000, 403_500, 5_398_000))
    with pytest.raises(AreaOutsideScene):
        fetch(server, area(600_000, 5_397_000, 601_000, 5_398_000))


def test_two_slices_in_two_zones_are_one_scene(server: StacServer, tmp_path: Path) -> None:
    """The area lies across the border of UTM zones 32 and 33; each item keeps its own grid."""
    power = (10 ** (speckled(300, 300) / 10)).astype(np.float32)
    north = Affine(10, 0, 719_000, 0, -10, 5_376_500)
    for i, (crs, corner) in enumerate(
        [("EPSG:32632", north), ("EPSG:32633", Affine(10, 0, 278_000, 0, -10, 5_376_500))]
    ):
        server.add(
            f"slice{i}_20240509", *write_pair(tmp_path, f"s{i}", power, crs=crs, transform=corner)
        )
    border = area(719_500, 5_374_500, 722_500, 5_375_500, crs="EPSG:32632")
    folder = tmp_path / "both"
    folder.mkdir()
    for found in search(server, place=border):
        fetch_scene(
            server.provider, found.id, border.degrees, folder / f"{found.id}.tif", policy=HASTY
        )
    with open_scene(folder) as opened:
        shape = border.in_zone(opened.utm_epsg, opened.info.bounds)
        inside = (0, *inner(opened.extent, *shape.bounds))
        assert np.isfinite(opened.read(opened.extent)[inside]).mean() > 0.9


# Scenes that cannot be fetched


def test_a_scene_without_vh_is_listed_but_refused(
    server: StacServer, pair: tuple[Path, Path]
) -> None:
    server.add(SCENE, pair[0])
    (found,) = search(server, dataclasses.replace(MAY, polarisations=["VV"]))
    assert found.unavailable == "it has no GeoTIFF of VH"
    with pytest.raises(BandMissing, match="no GeoTIFF of VH"):
        fetch(server)


def test_a_bucket_that_costs_is_refused_before_anything_is_asked(
    server: StacServer, scene: dict
) -> None:
    for name in ("vv", "vh"):
        scene["assets"][name]["href"] = f"s3://sentinel-s1-l1c/GRD/2024/{name}.tiff"
    assert "S3 bucket" in search(server)[0].unavailable
    with pytest.raises(CatalogueUnreachable, match="S3 bucket"):
        fetch(server)


def test_radar_geometry_is_refused(server: StacServer, tmp_path: Path) -> None:
    corners = [(0, 0), (0, 300), (300, 0), (300, 300)]
    points = [GroundControlPoint(r, c, 15 + c / 1e4, 48 - r / 1e4, 300.0) for r, c in corners]
    paths = []
    for band in ("vv", "vh"):
        path = write_raster(
            tmp_path / f"{band}.tiff", np.ones((1, 300, 300), np.uint16), crs=None, names=None
        )
        with rasterio.open(path, "r+") as file:
            with pytest.warns(NotGeoreferencedWarning):
                file.transform = Affine.identity()
            file.gcps = (points, rasterio.crs.CRS.from_epsg(4326))
        paths.append(path)
    server.add(SCENE, *paths)
    with pytest.raises(NotGeoreferenced, match="ground control points in radar geometry"):
        fetch(server, area(500_000, 5_310_000, 501_000, 5_311_000))


def test_a_file_that_points_elsewhere_is_not_followed(
    server: StacServer, scene: dict, pair: tuple[Path, Path]
) -> None:
    vrt = f'<VRTDataset rasterXSize="9" rasterYSize="9"><SourceFilename>{pair[0]}'.encode()
    server.files = dict.fromkeys(server.files, vrt)
    with pytest.raises(CatalogueUnreachable, match="is not a GeoTIFF"):
        fetch(server)


def test_an_id_cannot_choose_where_a_scene_is_kept(
    server: StacServer, pair: tuple[Path, Path], home: Path
) -> None:
    server.add("../../../evil\n", *pair)
    made = fetch_scene(server.provider, "../../../evil\n", MIDDLE.degrees, policy=HASTY)
    assert made.path.parent.parent == home / "imagery"
    assert made.path.name == "_evil_.tif"


def test_an_output_that_cannot_be_is_refused_before_anything_is_asked(
    server: StacServer, scene: dict, tmp_path: Path
) -> None:
    for output in (tmp_path / "no" / "scene.tif", tmp_path / "scene.png"):
        with pytest.raises(OutputUnwritable):
            fetch(server, output=output)
    assert not server.asked


# Faults of the host


def both(server: StacServer, *answers: Answer | None) -> None:
    """Script the first requests for each of the scene's files."""
    for path in server.files:
        server.scripts[path] = list(answers)


def for_pixels(answer: Answer) -> Answer:
    """An answer to those who ask for pixels; headers come as they should."""

    def chosen(handler: Handler) -> None:
        first, _ = handler.range(10**9)
        if first > 20_000:
            answer(handler)
        else:
            handler.send_file(handler.server.files[handler.path])

    return chosen


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize(
    ("answer", "error", "sentence"),
    [
        (status(404), ImageryMissing, "not there any more (HTTP 404)"),
        (status(403), CatalogueUnreachable, "may not be read (HTTP 403)"),
        (status(503), CatalogueUnreachable, "cannot be read: HTTP 503"),
        (status(429), CatalogueUnreachable, "HTTP 429"),
        (stall, CatalogueUnreachable, "no byte for 0.3 s"),
        (lambda h: h.send(200, b"II*\0" * 9), CatalogueUnreachable, "does not serve parts"),
    ],
)
def test_a_host_that_refuses_is_one_sentence_and_leaves_nothing(
    server: StacServer, scene: dict, home: Path, answer: Answer, error: type, sentence: str
) -> None:
    both(server, *[answer] * 9)
    with pytest.raises(error) as caught:
        fetch(server)
    assert sentence in str(caught.value)
    assert not [name for name in contents(home) if name.endswith(".tif")]
    server.scripts.clear()
    assert fetch(server).fresh


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("answer", [status(503, Retry_After="1"), status(429), cut, lie])
@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_host_that_recovers_gives_the_same_scene(
    server: StacServer, scene: dict, pair: tuple[Path, Path], before: int, answer: Answer
) -> None:
    """Faults come at the first look, while headers are read, and while pixels are."""
    both(server, *[None] * before, answer)
    same_as_whole(fetch(server).path, pair[0], MIDDLE)


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("answer", [cut, lie, status(500)])
def test_a_host_that_fails_for_good_says_where(
    server: StacServer, scene: dict, home: Path, answer: Answer
) -> None:
    both(server, *[for_pixels(answer)] * 9999)
    with pytest.raises(CatalogueUnreachable, match=r"rows \d+ to \d+, columns \d+ to \d+"):
        fetch(server)
    assert not [name for name in contents(home) if name.endswith(".tif")]


# Tokens


@pytest.mark.usefixtures("narrow")
def test_files_that_need_a_token_get_one_and_it_stays_in_memory(
    server: StacServer, scene: dict, home: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.secured = True
    caplog.set_level(logging.DEBUG)
    both(server, None, None, cut)
    made = fetch(server, output=tmp_path / "scene.tif")
    assert made.cover == 1
    assert server.tokens == ["SECRET0"]
    assert server.asked_for("/token/sentinel-1-rtc") == 1
    assert "/files/" in caplog.text and "SECRET" not in caplog.text
    for content in contents(tmp_path).values():
        assert b"SECRET" not in content


@pytest.mark.usefixtures("narrow")
def test_a_token_is_renewed_before_it_expires(server: StacServer, scene: dict) -> None:
    server.secured = True
    server.token_life = timedelta(minutes=4)
    fetch(server)
    assert len(server.tokens) > 2


@pytest.mark.usefixtures("narrow")
def test_a_token_that_is_refused_is_renewed(server: StacServer, scene: dict) -> None:
    server.secured = True
    both(server, status(403))
    fetch(server)
    assert len(server.tokens) == 3


def test_a_token_is_only_sent_to_the_hosts_it_is_for(server: StacServer, scene: dict) -> None:
    server.secured = True
    provider = dataclasses.replace(server.provider, token_hosts=".blob.core.windows.net")
    with pytest.raises(CatalogueUnreachable, match="HTTP 403") as caught:
        fetch_scene(provider, SCENE, MIDDLE.degrees, policy=HASTY)
    assert not server.tokens and "what here asks for" in str(caught.value)


@pytest.mark.parametrize("answer", [status(403), lambda h: h.send(200, b"{}"), status(500), stall])
def test_no_token_is_one_sentence(server: StacServer, scene: dict, answer: Answer) -> None:
    server.secured = True
    server.scripts["/token/sentinel-1-rtc"] = [answer] * 9
    with pytest.raises(CatalogueUnreachable, match="token"):
        fetch(server)


# Which catalogues there are


def test_the_known_catalogues_are_there() -> None:
    known = {one.name: one for one in list_providers()}
    assert known["planetary-computer"].collection == "sentinel-1-rtc"
    assert known["earth-search"].collection == "sentinel-1-grd"
    assert find_provider("earth-search", "other").collection == "other"
    at_url = find_provider("https://stac.example.org/v1/", "s1")
    assert (at_url.url, at_url.collection) == ("https://stac.example.org/v1", "s1")
    with pytest.raises(ConfigInvalid, match="No collection"):
        find_provider("https://stac.example.org")
    with pytest.raises(ConfigInvalid, match="planetary-computer, opera, earth-search"):
        find_provider("elsewhere")


def test_own_catalogues_stand_in_the_settings(home: Path) -> None:
    home.mkdir()
    settings = home / "catalogues.yaml"
    settings.write_text("mine: {url: 'https://a.example/stac/', collection: s1}\n")
    assert find_provider("mine") == Provider("mine", "https://a.example/stac", "s1")


@pytest.mark.parametrize(
    "text",
    ["[", "mine", "mine: 3", "mine: {url: 'https://a'}", "mine: {url: 'file:///a', collection: b}",
     "mine: {url: 'https://a', collection: b, colour: red}",
     "mine: {url: 'https://a', collection: 1}"],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(home: Path, text: str) -> None:
    home.mkdir()
    (home / "catalogues.yaml").write_text(text)
    with pytest.raises(ConfigInvalid, match=r"catalogue"):
        list_providers()


# The command


@pytest.fixture
def area_file(tmp_path: Path) -> Path:
    path = tmp_path / "area.geojson"
    path.write_text(json.dumps(MIDDLE.geojson))
    return path


def here(server: StacServer) -> list[str]:
    return ["--catalogue", server.url, "--collection", "sentinel-1-rtc"]


def test_the_command_searches_and_fetches(
    server: StacServer, scene: dict, area_file: Path, tmp_path: Path
) -> None:
    dates = ["--from", "2024-05-01", "--to", "2024-06-01"]
    table = CliRunner().invoke(app, ["search", str(area_file), *dates, *here(server)])
    assert table.exit_code == 0, table.output
    assert SCENE in table.output and "2024-05-09 05:35" in table.output and "100%" in table.output
    told = CliRunner().invoke(app, ["search", str(area_file), *dates, *here(server), "--json"])
    assert [one["id"] for one in json.loads(told.output)] == [SCENE]
    output = tmp_path / "scene.tif"
    command = ["fetch", str(area_file), "--item", SCENE, *here(server), "-o", str(output)]
    made = CliRunner().invoke(app, command)
    assert made.exit_code == 0, made.output
    assert "100% of the area have data" in made.output
    assert output.exists()


def test_several_dates_are_fetched_to_be_asked_together(
    server: StacServer, pair: tuple[Path, Path], area_file: Path, home: Path
) -> None:
    for day in (3, 27):
        server.add(f"a-{day}", *pair, time=f"2024-05-{day:02}T16:40:00Z")
    wanted = [
        "search",
        str(area_file),
        *here(server),
        "--to",
        "2024-12-31",
        "--dates",
        "2",
        "--json",
    ]
    found = json.loads(CliRunner().invoke(app, wanted).stdout)
    items = [part for scene in found for part in ("--item", scene["id"])]
    made = CliRunner().invoke(app, ["fetch", str(area_file), *items, *here(server)])
    assert made.exit_code == 0, made.output
    asked = made.stdout.splitlines()[-1].split()
    with open_scene(asked[6], also=(asked[8],)) as scene:
        assert scene.preprocessing.dates == ("2024-05-03", "2024-05-27")


def test_a_killed_fetch_is_done_by_the_next(
    server: StacServer, scene: dict, area_file: Path, tmp_path: Path, home: Path
) -> None:
    output = tmp_path / "scene.tif"
    command = [
        "-m",
        "backend.stac",
        "fetch",
        area_file,
        "--item",
        SCENE,
        *here(server),
        "-o",
        output,
    ]
    both(server, *[for_pixels(stall)] * 99)
    assert kill(*command, when=lambda: any(home.rglob("*.tif.*.partial")))
    assert not output.exists() and not any(home.rglob("*.tif"))
    server.scripts.clear()
    finish(*command)
    same_as_whole(output, next(home.rglob("*.tif")), MIDDLE)
    assert not any(home.rglob("*.partial"))
