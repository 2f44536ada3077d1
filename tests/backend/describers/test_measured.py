from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Point, box, shape

from backend.describers import Chip, Measured, load_describer, measure
from backend.encoders import Encoder
from backend.errors import AreaOutsideScene
from backend.features.store import FeatureStore
from backend.language import Evidence
from backend.link import find_head
from backend.scenes import Scene, open_scene
from backend.scenes.area import Area
from backend.text import TextEncoder
from tests.backend.describers.conftest import SHIPS


def measured(
    path: Path, texture: Encoder, minilm: TextEncoder, store: FeatureStore | None = None
) -> Measured:
    with open_scene(path) as scene:
        return measure(scene, None, texture, find_head(None, texture.spec), minilm, store)


def found_objects(found: Measured) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = found.objects_geojson()["features"]
    return features


def test_cover_and_ships_are_measured_with_a_store_and_without(
    harbourless: Path,
    texture: Encoder,
    minilm: TextEncoder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = FeatureStore.open(tmp_path / "store")
    first = measured(harbourless, texture, minilm, store)
    record = first.record
    assert record.cover is not None and record.objects is not None
    assert record.cover.shares["water"] == pytest.approx(0.5, abs=0.06)
    assert len(record.objects) == len(SHIPS)
    assert record.date == "2024-05-01"
    assert record.cover.certainty["water"] > 0.9
    answer = load_describer("facts").answer(Chip(record), "Is there water?")
    assert answer.certainty == record.cover.certainty["water"]
    without = measured(harbourless, texture, minilm)
    assert without.record.objects == record.objects
    assert without.corner == first.corner
    monkeypatch.setattr(Scene, "read", lambda self, box: pytest.fail("pixels were read"))
    monkeypatch.setattr(Scene, "read_counted", lambda self, box: pytest.fail("pixels were read"))
    assert measured(harbourless, texture, minilm, store).record == record


def test_objects_lie_where_the_ships_are(
    harbourless: Path, texture: Encoder, minilm: TextEncoder
) -> None:
    from pyproj import Transformer

    found = measured(harbourless, texture, minilm)
    to_degrees = Transformer.from_crs("EPSG:32633", "EPSG:4326", always_xy=True)
    boxes = [shape(each["geometry"]) for each in found_objects(found)]
    for row, col in SHIPS:
        x, y = 400_000 + (col + 4.5) * 10, 5_400_000 - (row + 1.5) * 10
        assert sum(one.contains(Point(*to_degrees.transform(x, y))) for one in boxes) == 1
    west = shape(found.place_of(Evidence(regions=(0, 3, 6))))
    assert all(west.intersects(one) for one in boxes)
    assert found.place_of(Evidence(fields=("date",))) is None
    assert all(each["properties"]["contrast_db"] > 10 for each in found_objects(found))


def test_a_class_lies_where_its_cells_do(
    harbourless: Path, texture: Encoder, minilm: TextEncoder
) -> None:
    found = measured(harbourless, texture, minilm)
    everything = shape(found.place_of(Evidence(regions=tuple(range(9)))))
    water = shape(found.place_of(Evidence(classes=("water",))))
    assert water.is_valid
    assert water.area / everything.area == pytest.approx(0.5, abs=0.06)
    above = shape(found.place_of(Evidence(classes=("water",), regions=(0, 1, 2))))
    assert above.area / water.area == pytest.approx(1 / 3, abs=0.05)
    assert above.difference(water).area < 1e-3 * above.area  # straight in the zone, not in degrees
    assert found.place_of(Evidence(classes=("lava",))) is None
    assert shape(found.place_of(Evidence(classes=("lava",), regions=(4,)))).is_valid


def test_only_the_area_is_described(
    harbourless: Path, texture: Encoder, minilm: TextEncoder
) -> None:
    head = find_head(None, texture.spec)
    with open_scene(harbourless) as scene:
        west, south, east, north = scene.info.bounds
        middle = (west + east) / 2
        land = Area.from_geojson(box(middle + 0.003, south, east, north).__geo_interface__)
        record = measure(scene, land, texture, head, minilm).record
        assert record.cover is not None
        assert record.cover.shares["water"] < 0.02
        assert record.objects == ()
        with pytest.raises(AreaOutsideScene):
            far = Area.from_geojson(box(0, 0, 1, 1).__geo_interface__)
            measure(scene, far, texture, head, minilm)
