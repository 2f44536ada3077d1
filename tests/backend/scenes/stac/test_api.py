"""How far a catalogue reaches, and that an item counts once."""

import json
from datetime import date
from pathlib import Path

import pytest
from shapely.geometry import MultiPolygon, box
from typer.testing import CliRunner

from backend.errors import ImageryMissing
from backend.scenes.stac import NewestDate, SceneQuery, newest_date, search_scenes
from backend.scenes.stac.search import outlines
from backend.stac import app
from tests.support.stac_server import HASTY, StacServer, area_of, status

PLACE = (401_000, 5_397_000, 402_000, 5_398_000)
HERE = MultiPolygon([box(13.65, 48.71, 13.67, 48.73)])
MAY = SceneQuery(date(2024, 5, 1), date(2024, 5, 31))
JULY = SceneQuery(date(2026, 7, 1), date(2026, 7, 31))


@pytest.fixture
def scenes(server: StacServer, pair: tuple[Path, Path]) -> StacServer:
    """A catalogue whose newest scene is neither the first nor the last it lists."""
    for day in ("2024-05-09", "2026-06-03", "2025-01-01"):
        server.add(f"scene_{day}", *pair, time=f"{day}T05:35:12Z")
    return server


def test_the_newest_scene_is_asked_for_where_the_catalogue_sorts(scenes: StacServer) -> None:
    assert newest_date(scenes.provider, HASTY) == NewestDate(date(2026, 6, 3), "scene")
    assert scenes.asked_for("/search") == 1


def test_the_end_of_the_collection_stands_for_it_where_it_does_not(scenes: StacServer) -> None:
    scenes.sorts = False
    assert newest_date(scenes.provider, HASTY) is None
    scenes.end = "2026-06-01T00:00:00Z"
    assert newest_date(scenes.provider, HASTY) == NewestDate(date(2026, 6, 1), "collection")
    assert scenes.asked_for("/search") == 0


def test_a_catalogue_that_cannot_say_is_no_obstacle_to_a_search(scenes: StacServer) -> None:
    scenes.scripts["/search"] = [status(500)] * HASTY.tries
    assert newest_date(scenes.provider, HASTY) is None
    found = search_scenes(scenes.provider, HERE, MAY, policy=HASTY)
    assert [scene.id for scene in found] == ["scene_2024-05-09"]


def test_a_search_behind_the_newest_scene_names_that_as_the_cause(scenes: StacServer) -> None:
    with pytest.raises(ImageryMissing) as caught:
        search_scenes(scenes.provider, HERE, JULY, policy=HASTY)
    assert str(caught.value) == (
        "The newest scene of sentinel-1-rtc at here is of 2026-06-03; the search begins on "
        "2026-07-01. Search earlier days, or another catalogue."
    )
    june = SceneQuery(date(2026, 6, 1), date(2026, 6, 2))
    with pytest.raises(ImageryMissing, match="newest scene anywhere is of 2026-06-03"):
        search_scenes(scenes.provider, HERE, june, policy=HASTY)


def test_the_command_shows_it_before_what_it_found(scenes: StacServer, tmp_path: Path) -> None:
    area = tmp_path / "area.geojson"
    area.write_text(json.dumps(area_of(PLACE, "EPSG:32633")))
    ask = ["search", str(area), "--catalogue", scenes.url, "--collection", "sentinel-1-rtc"]
    said = CliRunner().invoke(app, [*ask, "--from", "2024-05-01", "--to", "2024-05-31"])
    assert said.exit_code == 0, said.output
    line = f"Newest scene of sentinel-1-rtc at {scenes.url}: 2026-06-03."
    assert said.output.index(line) < said.output.index("scene_2024-05-09")
    plain = CliRunner().invoke(app, [*ask, "--from", "2024-05-01", "--to", "2024-05-31", "--json"])
    assert [one["id"] for one in json.loads(plain.stdout)] == ["scene_2024-05-09"]


def test_a_scene_on_two_pages_is_listed_once(scenes: StacServer, pair: tuple[Path, Path]) -> None:
    scenes.items = [scenes.items[0]] * 5
    found = search_scenes(scenes.provider, HERE, MAY, policy=HASTY)
    assert [scene.id for scene in found] == ["scene_2024-05-09"]
    assert scenes.asked_for("/search") == 3


def test_an_area_is_asked_for_by_few_corners_counter_clockwise() -> None:
    """As NASA's catalogue needs it: see `outlines`."""
    island = box(10, 50, 11, 51, ccw=False)
    lake, coast = box(10.4, 50.4, 10.6, 50.6), island.buffer(0.2, quad_segs=400)
    for area in (island, island.difference(lake), coast):
        (asked,) = outlines(MultiPolygon([area]))
        assert asked.exterior.is_ccw and not asked.interiors
        assert len(asked.exterior.coords) <= 90
        assert asked.buffer(1e-5).contains(area)
    across = outlines(MultiPolygon([box(179, 0, 181, 1)]))
    assert sorted(part.bounds for part in across) == [(-180, 0, -179, 1), (179, 0, 180, 1)]
    many = MultiPolygon([box(x, 0, x + 0.5, 1) for x in range(-6, 6)])
    assert [part.bounds for part in outlines(many)] == [(-6, 0, -0.5, 1), (0, 0, 5.5, 1)]


def test_what_only_touches_the_outline_of_an_area_is_not_listed(
    scenes: StacServer, pair: tuple[Path, Path]
) -> None:
    """The area is a ring around the scene, and the outline that is asked for has no hole."""
    ring = box(13, 48, 15, 49).difference(box(13.5, 48.5, 14, 48.9))
    with pytest.raises(ImageryMissing):
        search_scenes(scenes.provider, MultiPolygon([ring]), MAY, policy=HASTY)
