"""Features around points straight from a catalogue: those that the same files in a folder give."""

import json
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer
from typer.testing import CliRunner, Result

from backend.encoders import Encoder
from backend.errors import (
    CatalogueUnreachable,
    ConfigInvalid,
    GlueLinkError,
    ImageryMissing,
)
from backend.progress import Cancelled, Progress, silent
from backend.scenes.box import PixelBox
from backend.scenes.stac import PointScenes, read_scenes_around
from backend.survey import Survey, create_survey
from backend.survey.__main__ import app
from backend.survey.features import PoolReport, pool_points
from backend.survey.imagery import NO_DATA, NO_SCENE, UNREADABLE
from backend.survey.points import Point, SurveyPoints, gather_points, write_points
from tests.support.killing import contents, finish, kill
from tests.support.rasters import speckled
from tests.support.small_encoder import WindowEncoder
from tests.support.stac_server import (
    HASTY,
    Answer,
    Handler,
    StacServer,
    cut,
    lie,
    serving,
    stall,
    status,
    write_pair,
)

EAST, NORTH = 400_000, 5_400_000
MAY = date(2024, 5, 10)
ENCODE = ["--encoder", "texture-s1"]
Place = tuple[float, float]


@pytest.fixture
def server() -> Iterator[StacServer]:
    with serving() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "s1"
    made.mkdir()
    return made


def power(seed: int = 0, height: int = 300, width: int = 300) -> NDArray[np.float32]:
    return (10 ** (speckled(height, width, seed) / 10)).astype(np.float32)


def add(
    server: StacServer, folder: Path, day: str, values: NDArray[Any], **options: Any
) -> dict[str, Any]:
    """List a scene of that day whose files lie in the folder as well."""
    name = f"S1A_{day}_{len(server.items)}"
    time = f"{day[:4]}-{day[4:6]}-{day[6:]}T05:35:12Z"
    return server.add(name, *write_pair(folder, name, values, **options), time=time)


def lonlat(east: float, north: float, epsg: int = 32633) -> Place:
    way = Transformer.from_crs(4326, epsg, always_xy=True)
    return way.transform(east, north, direction="INVERSE")


def at(column: float, row: float) -> Place:
    return lonlat(EAST + 10 * column, NORTH - 10 * row)


def points_at(places: Sequence[Place], days: Sequence[date | None] = (MAY,)) -> SurveyPoints:
    return gather_points(
        Point(f"p{k:04}", lon, lat, days[k % len(days)], f"r{k % 3}", -1, ("n.jpg", "", "", ""),
              split=k % 3)
        for k, (lon, lat) in enumerate(places)
    )  # fmt: skip


def survey_at(path: Path, places: Sequence[Place], *days: date | None, block: int = 16) -> Survey:
    return create_survey(path, points_at(places, days or (MAY,)), {"kind": "table"}, block)


def scattered(n: int = 40, least: float = -20, most: float = 320) -> list[Place]:
    return [at(*place) for place in np.random.default_rng(3).uniform(least, most, (n, 2))]


def there(server: StacServer, **how: Any) -> PointScenes:
    return PointScenes(server.provider, policy=HASTY, **how)


def pool(
    survey: Survey,
    scenes: Path | PointScenes,
    encoder: Encoder | None = None,
    progress: Progress = silent,
    settle: bool = False,
) -> tuple[dict[str, bytes], PoolReport]:
    """The bytes of the layer that was filled, and what became of the points."""
    encoder = encoder or WindowEncoder()
    report = pool_points(survey, scenes, encoder, progress=progress, settle=settle)
    return contents(report.layer), report


def files_of(item: dict[str, Any]) -> list[str]:
    return [re.sub(r"^http://[^/]+", "", item["assets"][name]["href"]) for name in ("vv", "vh")]


def script(server: StacServer, item: dict[str, Any], *answers: Answer | None) -> None:
    for path in files_of(item):
        server.scripts[path] = list(answers)


def dark(server: StacServer) -> None:
    """Files only, and no answer to a search."""
    server.scripts["/search"] = [status(503)] * 99


# The same as from a folder


def season(server: StacServer, folder: Path) -> list[dict[str, Any]]:
    """Three dates, one of two slices, one with a corner that has no data."""
    corner = power(1)
    corner[:, :150, :170] = -32768
    east = Affine(10, 0, EAST + 2000, 0, -10, NORTH)
    return [
        add(server, folder, "20240505", power(0, 300, 200), nodata=-32768),
        add(server, folder, "20240505", power(4, 300, 100), transform=east, nodata=-32768),
        add(server, folder, "20240509", corner, nodata=-32768),
        add(server, folder, "20240517", power(2), nodata=-32768),
    ]


@pytest.mark.parametrize("product_type", [None, "GRD", "RTC"])
def test_a_catalogue_gives_the_bytes_that_a_folder_with_its_files_gives(
    server: StacServer, folder: Path, tmp_path: Path, product_type: str | None
) -> None:
    season(server, folder)
    encoder = WindowEncoder()
    encoder.spec = replace(encoder.spec, product_type=product_type)
    days = (date(2024, 5, 6), date(2024, 5, 9), date(2024, 5, 15))
    here, known = pool(survey_at(tmp_path / "a", scattered(), *days), folder, encoder)
    far, found = pool(survey_at(tmp_path / "b", scattered(), *days), there(server), encoder)
    assert far == here
    assert (found.pooled, found.without, found.damaged) == (known.pooled, known.without, {})
    assert 0 < found.pooled < 40 and found.scenes == 4


@pytest.mark.parametrize(
    ("values", "options"),
    [
        (np.round(1e4 * power() ** 0.5).astype(np.uint16), {"nodata": 0}),
        (speckled(300, 300), {"nodata": np.nan}),
        (power()[:, ::2, ::2], {"transform": Affine(20, 0, EAST, 0, -20, NORTH)}),
        (power(), {"crs": "EPSG:4326", "transform": Affine(1e-4, 0, 13.6, 0, -1e-4, 48.75)}),
        (power(), {"crs": "EPSG:32632", "transform": Affine(10, 0, 840_000, 0, -10, NORTH + 5000)}),
    ],
    ids=["digital numbers", "dB", "20 m", "degrees", "another zone"],
)
def test_whatever_the_files_hold_and_wherever_they_lie_they_are_read_alike(
    server: StacServer, folder: Path, tmp_path: Path, values: NDArray[Any], options: dict[str, Any]
) -> None:
    add(server, folder, "20240509", values, **options)
    with rasterio.open(next(folder.glob("*vv*"))) as file:
        way = Transformer.from_crs(file.crs, 4326, always_xy=True)
        sides = np.random.default_rng(1).uniform(-0.1, 1.1, (20, 2))
        spots = [file.transform @ (x * file.width, y * file.height) for x, y in sides]
        places = [way.transform(*spot) for spot in spots]
    here, _ = pool(survey_at(tmp_path / "a", places), folder)
    far, report = pool(survey_at(tmp_path / "b", places), there(server))
    assert far == here and report.pooled > 5


@pytest.mark.parametrize("name", ["denmark_2017/s1_rtc_db.tif", "spain_flood_2019/s1_grd_db.tif"])
def test_real_scenes_are_read_alike(
    server: StacServer, folder: Path, tmp_path: Path, real: Path, texture: Encoder, name: str
) -> None:
    with rasterio.open(real / name) as file:
        options = {"crs": file.crs, "transform": file.transform, "nodata": file.nodata}
        values, way = file.read([1, 2]), Transformer.from_crs(file.crs, 4326, always_xy=True)
        sides = np.array([(0.5, 0.5), (0.3, 0.6)]) * (file.width, file.height)
        spots = [file.transform @ tuple(side) for side in sides]
    add(server, folder, "20240509", values, **options)
    places = [way.transform(*spot) for spot in spots]
    here, _ = pool(survey_at(tmp_path / "a", places), folder, texture)
    far, report = pool(survey_at(tmp_path / "b", places), there(server), texture)
    assert far == here and report.pooled == 2


def test_an_item_that_does_not_tell_its_pixels_is_known_by_its_outline(
    server: StacServer, folder: Path, tmp_path: Path
) -> None:
    for item in season(server, folder):
        for name in ("proj:code", "proj:shape", "proj:transform"):
            del item["properties"][name]
    here, _ = pool(survey_at(tmp_path / "a", scattered()), folder)
    far, report = pool(survey_at(tmp_path / "b", scattered()), there(server))
    assert far == here and report.pooled > 20


def test_an_outline_across_the_date_line_is_no_belt_around_the_globe(
    server: StacServer, folder: Path, tmp_path: Path
) -> None:
    item = add(server, folder, "20240509", power())
    item["properties"]["proj:shape"] = "unknown"
    item["geometry"] = {
        "type": "MultiPolygon",
        "coordinates": [
            [[[179.9, 10.0], [180.0, 10.0], [180.0, 10.2], [179.9, 10.2], [179.9, 10.0]]],
            [[[-180.0, 10.0], [-179.9, 10.0], [-179.9, 10.2], [-180.0, 10.2], [-180.0, 10.0]]],
        ],
    }
    places = np.array([179.99, -179.99]), np.array([10.1, 10.1])
    days = np.array([MAY, MAY], "datetime64[D]")
    (entry,) = read_scenes_around(there(server), *places, days, tmp_path / "kept").scenes
    east, north = Transformer.from_crs(4326, entry.utm_epsg, always_xy=True).transform(180.0, 10.1)
    row, column = round(-north / 10), round(east / 10)
    assert not entry.extent.intersection(PixelBox(row, column, row + 1, column + 1)).empty
    assert entry.extent.width == pytest.approx(2190, abs=40) and entry.extent.height < 2300


# Few requests


def test_many_points_are_few_searches_and_another_encoder_needs_none(
    server: StacServer, folder: Path, tmp_path: Path
) -> None:
    season(server, folder)
    survey = survey_at(tmp_path / "s", scattered(60), date(2024, 5, 6), date(2024, 5, 20), block=32)
    pool(survey, there(server))
    assert server.asked_for("/search") == 2  # pages of two of one question
    pool(survey, there(server), other_encoder())
    assert server.asked_for("/search") == 2
    far_apart = [at(100, 100), at(100, 120), lonlat(EAST, 100_000)]
    pool(survey_at(tmp_path / "t", far_apart, MAY, date(2024, 6, 1), MAY), there(server))
    assert server.asked_for("/search") == 2 + 2 + 1 + 1  # two months here, one there


def other_encoder() -> WindowEncoder:
    encoder = WindowEncoder(cell_px=8)
    encoder.spec = replace(encoder.spec, name="wide")
    return encoder


def test_only_the_windows_are_fetched_and_headers_once_for_each_reader(
    server: StacServer, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.survey.features.REMOTE_READERS", 1)
    add(server, folder, "20240509", power(0, 2000, 2000))
    whole = sum(map(len, server.files.values()))
    survey = survey_at(tmp_path / "s", [at(400, 400), at(400, 410), at(1500, 1700)])
    _, report = pool(survey, there(server))
    assert report.pooled == 3
    assert server.sent < whole / 15
    before = len(server.asked)
    survey = survey_at(tmp_path / "t", [at(400 + k, 400) for k in range(40)])
    pool(survey, there(server))
    assert len(server.asked) - before < 25  # searches, headers, units and blocks; not 80 windows


def test_a_scene_that_is_empty_in_its_middle_still_tells_its_units(
    server: StacServer, folder: Path, tmp_path: Path
) -> None:
    values = power(0, 900, 900)
    values[:, 200:, 200:] = np.nan
    add(server, folder, "20240509", values)
    survey = survey_at(tmp_path / "s", [at(100, 100), at(600, 600)])
    _, report = pool(survey, there(server))
    assert (report.pooled, dict(report.without)) == (1, {NO_DATA: 1})


# Runs that are cut off


def test_a_stopped_run_goes_on_with_the_same_scenes_and_asks_for_them_no_more(
    server: StacServer, folder: Path, tmp_path: Path
) -> None:
    season(server, folder)
    whole, _ = pool(survey_at(tmp_path / "whole", scattered()), there(server))

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "points" and done > 16:
            raise Cancelled

    survey = survey_at(tmp_path / "s", scattered())
    with pytest.raises(Cancelled):
        pool(survey, there(server), progress=stop)
    assert len(survey.feature_layer(WindowEncoder().spec).missing()) == 2
    add(server, folder, "20240510", power(9))  # new in the catalogue, and nearer to the points
    dark(server)
    again, report = pool(survey, there(server))
    assert again == whole and report.present + report.pooled > 20


@pytest.mark.long("tests/backend/survey/test_kill.py::test_features")
def test_a_killed_command_ends_with_the_bytes_of_a_whole_run(
    server: StacServer, folder: Path, tmp_path: Path
) -> None:
    season(server, folder)
    write_points(points_at(scattered(150, 0, 300)), tmp_path / "points.csv")
    encode = ["-m", "backend.survey", "encode", tmp_path / "points.csv", "--device", "cpu"]
    command = [*encode, *ENCODE, "--catalogue", server.url, "--collection", "sentinel-1-rtc"]
    begun = tmp_path / "cut" / "features" / "texture-s1" / "valid" / "c"
    assert kill(*command, "-o", tmp_path / "cut", when=lambda: any(begun.rglob("*")))
    dark(server)
    printed = finish(*command, "-o", tmp_path / "cut")
    assert "were already there" in printed
    server.scripts.clear()
    whole = [*map(str, command[2:]), "-o", str(tmp_path / "whole")]
    assert CliRunner().invoke(app, whole).exit_code == 0
    layers = [contents(tmp_path / name / "features") for name in ("cut", "whole")]
    assert layers[0] == layers[1] and len(layers[0]) > 6


# Hosts that fail


@pytest.mark.parametrize("answer", [status(503, Retry_After="1"), status(429), cut, lie, stall])
@pytest.mark.parametrize("before", [0, 1, 3])
def test_a_host_that_recovers_gives_the_same_features(
    server: StacServer, folder: Path, tmp_path: Path, before: int, answer: Answer
) -> None:
    item = add(server, folder, "20240509", power())
    places = [at(100, 100), at(200, 200)]
    here, _ = pool(survey_at(tmp_path / "a", places), folder)
    script(server, item, *[None] * before, answer)
    far, report = pool(survey_at(tmp_path / "b", places), there(server))
    assert far == here and not report.damaged and not report.waiting


@pytest.mark.parametrize("answer", [status(503), status(403), cut, stall])
def test_points_of_a_scene_that_cannot_be_had_wait_for_the_next_run(
    server: StacServer, folder: Path, tmp_path: Path, answer: Answer
) -> None:
    near = add(server, folder, "20240509", power(0, 300, 150))
    add(server, folder, "20240512", power(1))
    places = [at(60, 100), at(70, 100), at(250, 100), at(260, 100)]
    here, _ = pool(survey_at(tmp_path / "a", places, block=2), folder)
    script(server, near, *[answer] * 999)
    survey = survey_at(tmp_path / "b", places, block=2)
    _, report = pool(survey, there(server))
    assert (report.pooled, report.waiting, report.without.total()) == (2, 2, 0)
    assert list(report.damaged) == [near["id"]]
    server.scripts.clear()
    far, report = pool(survey, there(server))
    assert (report.present, report.pooled, report.waiting) == (2, 2, 0)
    assert far == here


def test_who_settles_gets_the_next_best_scene_or_none(
    server: StacServer, folder: Path, tmp_path: Path
) -> None:
    near = add(server, folder, "20240509", power(0, 300, 150))
    add(server, folder, "20240512", power(1, 120, 300))
    script(server, near, *[status(503)] * 999)
    survey = survey_at(tmp_path / "s", [at(60, 60), at(60, 250)])
    _, report = pool(survey, there(server), settle=True)
    assert (report.pooled, report.waiting) == (1, 0)
    assert dict(report.without) == {UNREADABLE: 1}
    assert "cannot be read: HTTP 503" in report.damaged[near["id"]]


def test_a_network_that_is_gone_ends_the_run_and_no_point_is_lost(
    server: StacServer, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.survey.imagery.MOST_UNREACHABLE", 3)
    items = season(server, folder)
    here, _ = pool(survey_at(tmp_path / "a", scattered()), folder)
    for item in items:
        script(server, item, *[status(503)] * 999)
    survey = survey_at(tmp_path / "b", scattered())
    with pytest.raises(CatalogueUnreachable, match=r"3 scenes one after the other.*run it again"):
        pool(survey, there(server), settle=True)
    assert len(survey.feature_layer(WindowEncoder().spec).missing()) == 3
    server.scripts.clear()
    assert pool(survey, there(server))[0] == here


@pytest.mark.parametrize("answer", [status(503), status(400), stall, lambda h: h.send(200, b"[")])
def test_a_catalogue_that_does_not_answer_is_one_sentence_and_nothing_is_written(
    server: StacServer, folder: Path, tmp_path: Path, answer: Answer
) -> None:
    season(server, folder)
    server.scripts["/search"] = [None, *[answer] * 9]  # in the middle of the pages
    survey = survey_at(tmp_path / "s", scattered())
    with pytest.raises(CatalogueUnreachable):
        pool(survey, there(server))
    assert not any(survey.path.glob("searches/*"))
    server.scripts.clear()
    assert pool(survey, there(server))[1].pooled > 20


def test_an_answer_that_the_disk_lost_is_asked_for_again(
    server: StacServer, folder: Path, tmp_path: Path
) -> None:
    season(server, folder)
    survey = survey_at(tmp_path / "s", scattered())
    pool(survey, there(server))
    (kept,) = survey.path.glob("searches/*")
    told = json.loads(kept.read_text())
    kept.write_text("")
    pool(survey, there(server), other_encoder())
    assert json.loads(kept.read_text()) == told


def test_tokens_are_renewed_while_a_run_goes_on(
    server: StacServer, folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.secured = True
    items = season(server, folder)
    here, _ = pool(survey_at(tmp_path / "a", scattered()), folder)

    def expire(handler: Handler) -> None:
        server.tokens[:] = ["expired"] * len(server.tokens)  # for the other files as well
        handler.send(403, b"")

    server.scripts[files_of(items[2])[0]] = [None] * 3 + [expire]
    survey = survey_at(tmp_path / "b", scattered())
    far, report = pool(survey, there(server))
    assert far == here and not report.waiting and not report.damaged
    assert server.asked_for("/token/") == 2
    assert "/files/" in caplog.text and "SECRET" not in caplog.text
    assert not [name for name, content in contents(survey.path).items() if b"SECRET" in content]


# Scenes that will not do


def test_a_scene_without_vh_is_listed_and_passed_over(
    server: StacServer, folder: Path, tmp_path: Path
) -> None:
    item = add(server, folder, "20240509", power())
    del item["assets"]["vh"]
    survey = survey_at(tmp_path / "s", [at(100, 100)])
    with pytest.raises(ImageryMissing, match="1 are listed that cannot be read"):
        pool(survey, there(server))
    add(server, folder, "20240519", power())
    _, report = pool(survey_at(tmp_path / "t", [at(100, 100)]), there(server))
    assert report.pooled == 1 and report.scenes == 1
    assert report.skipped == {item["id"]: "It has no GeoTIFF of VH."}


@pytest.mark.parametrize(
    ("told", "unavailable"),
    [
        ({"proj:transform": [1e300, 0, 0, 0, -10, 0]}, "Its pixels lie nowhere on earth."),
        ({"proj:shape": "?"}, "It does not state where it lies."),
    ],
)
def test_an_item_that_lies_nowhere_is_passed_over(
    server: StacServer, folder: Path, tmp_path: Path, told: dict[str, Any], unavailable: str
) -> None:
    item = add(server, folder, "20240509", power())
    item["properties"] |= told
    item["geometry"] = {"type": "Point", "coordinates": at(100, 100)}
    add(server, folder, "20240519", power())
    _, report = pool(survey_at(tmp_path / "s", [at(100, 100)]), there(server))
    assert report.pooled == 1 and report.skipped == {item["id"]: unavailable}


def test_scenes_that_are_wrong_for_good_are_told_and_others_stand_in(
    server: StacServer, folder: Path, tmp_path: Path
) -> None:
    gone = add(server, folder, "20240510", power())
    unclear = add(server, folder, "20240511", power() * 1e7)
    add(server, folder, "20240516", power())
    for path in files_of(gone):
        del server.files[path]
    _, report = pool(survey_at(tmp_path / "s", [at(100, 100)]), there(server))
    assert (report.pooled, report.waiting) == (1, 0)
    assert "not there any more (HTTP 404)" in report.damaged[gone["id"]]
    assert "fits neither dB" in report.damaged[unclear["id"]]


# Which days


def test_a_scene_further_off_than_the_days_is_not_taken(
    server: StacServer, folder: Path, tmp_path: Path
) -> None:
    add(server, folder, "20240501", power())
    places, days = [at(100, 100), at(120, 100)], (date(2024, 5, 4), date(2024, 5, 20))
    _, report = pool(survey_at(tmp_path / "s", places, *days), there(server))
    assert (report.pooled, dict(report.without)) == (1, {NO_SCENE: 1})
    _, report = pool(survey_at(tmp_path / "t", places, *days), there(server, days=19))
    assert report.pooled == 2
    with pytest.raises(ImageryMissing, match="around the points within 2 days of any"):
        pool(survey_at(tmp_path / "u", places, *days), there(server, days=2))


def test_points_without_a_date_need_days_that_hold_for_all(
    server: StacServer, folder: Path, tmp_path: Path
) -> None:
    add(server, folder, "20240501", power())
    survey = survey_at(tmp_path / "s", [at(100, 100), at(120, 100)], None, date(2018, 7, 1))
    with pytest.raises(ConfigInvalid, match=r"1 of 2 points have no date.*--from"):
        pool(survey, there(server))
    _, report = pool(survey, there(server, span=(date(2024, 4, 1), date(2024, 5, 1))))
    assert report.pooled == 2
    with pytest.raises(ConfigInvalid, match="earlier date first"):
        there(server, span=(date(2024, 5, 1), date(2024, 4, 1)))


# The command


@pytest.fixture
def encode(server: StacServer, tmp_path: Path) -> Callable[..., Result]:
    write_points(points_at([at(150, 150), at(150, 160), at(900, 900)]), tmp_path / "points.csv")

    def run(*options: object) -> Result:
        words = ["encode", tmp_path / "points.csv", "-o", tmp_path / "cache", "--device", "cpu"]
        return CliRunner().invoke(app, [str(word) for word in [*words, *options]])

    return run


def test_the_command_takes_scenes_from_a_catalogue(
    server: StacServer, folder: Path, encode: Callable[..., Result]
) -> None:
    add(server, folder, "20240501", power())
    radar = [*ENCODE, "--catalogue", server.url, "--collection", "sentinel-1-rtc"]
    done = encode(*radar, "--days", 9)
    assert done.exit_code == 0, done.exception
    assert "2 points encoded, 0 were already there.\n1 without imagery: 1 outside every scene." in (
        done.output
    )


def test_the_command_says_which_points_wait(
    server: StacServer, folder: Path, encode: Callable[..., Result]
) -> None:
    item = add(server, folder, "20240509", power())
    script(server, item, *[status(403)] * 99)
    radar = [*ENCODE, "--catalogue", server.url, "--collection", "sentinel-1-rtc"]
    done = encode(*radar)
    assert done.exit_code == 0, done.exception
    assert "0 points encoded, 0 were already there.\n3 points wait for scenes" in done.output
    assert f"Scenes that could not be read: 1.\n  {item['id']}: " in done.output
    settled = encode(*radar, "--settle")
    assert "3 without imagery" in settled.output and "wait" not in settled.output


PC = ["--catalogue", "planetary-computer"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([*ENCODE, *PC, "--scenes", "s1"], "--scenes s1 and --catalogue planetary-computer"),
        (PC, "--catalogue was given without --encoder"),
        (ENCODE, "--encoder was given without --scenes"),
        ([*ENCODE, "--scenes", "s1", "--days", 3], "--days was given without --catalogue"),
        ([*ENCODE, "--scenes", "s1", "--settle"], "--settle was given without --catalogue"),
        ([*ENCODE, *PC, "--tiles", "t"], "--tiles was given with --catalogue"),
        ([*ENCODE, *PC, "--from", "2024-05-01"], "not given together"),
        (
            [*ENCODE, *PC, "--from", "2024-05-01", "--to", "2024-05-02", "--days", 0],
            "given with --days",
        ),
        ([*ENCODE, *PC, "--from", "May", "--to", "June"], 'The date is "May"'),
        ([*ENCODE, "--catalogue", "elsewhere"], 'There is no catalogue "elsewhere"'),
        ([*ENCODE, "--catalogue", "http://a.example"], "No collection of the catalogue"),
        (["--encoder", "alphaearth", *PC], "alphaearth reads alphaearth, and a STAC catalogue of"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_sentence(
    encode: Callable[..., Result], options: list[object], sentence: str
) -> None:
    refused = encode(*options).exception
    assert isinstance(refused, GlueLinkError) and sentence in str(refused)
