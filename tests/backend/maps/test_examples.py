"""Example cells count as phrases do: in a mean with what is asked, or among what is subtracted."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from pyproj import Transformer

from backend.encoders import Encoder
from backend.errors import AreaOutsideScene, PhraseInvalid
from backend.features.store import FeatureStore
from backend.link import LinkHead, find_head
from backend.maps import AlignmentResult, Examples, Inquiry, write_map
from backend.maps.examples import LonLat, lacking_windows
from backend.maps.inquiry import check_contrast
from backend.scenes import Scene, open_scene
from backend.text import TextEncoder
from tests.support.rasters import speckled, write_raster

WATER, LAND = (3, 4), (15, 4)
"""Rows and columns of a cell in a lake and of one outside."""
BOUND = 0.006
"""What int8 rounds off in a cosine; a mean of several is no farther off."""


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    db = speckled(180, 240)
    db[:, :60, :80] -= 12
    db[:, 100:, 160:] = np.nan
    with open_scene(write_raster(tmp_path / "S1_20240501.tif", db)) as scene:
        yield scene


def places_of(map_file: Path, *cells: tuple[int, int]) -> list[LonLat]:
    """The centres of cells of a map, in degrees."""
    with rasterio.open(map_file) as file:
        to_degrees = Transformer.from_crs(file.crs, "EPSG:4326", always_xy=True)
        return [to_degrees.transform(*file.xy(*cell)) for cell in cells]


def write(
    scene: Scene,
    encoder: Encoder,
    head: LinkHead,
    text: TextEncoder,
    store: FeatureStore | None,
    folder: Path,
    phrases: list[str],
    name: str,
    **given: Any,
) -> AlignmentResult:
    """Write a map of the whole scene, named in a folder."""
    asked = Inquiry.of(scene, None, phrases, encoder, head, text, store=store, **given)
    return write_map(asked, folder / f"{name}.tif")


def values_of(path: Path) -> np.ndarray:
    with rasterio.open(path) as file:
        return file.read()


def test_an_answer_is_the_mean_of_what_is_liked_less_that_of_the_rest(
    scene: Scene, texture: Encoder, minilm: TextEncoder, tmp_path: Path
) -> None:
    head = find_head(None, texture.spec)
    made: dict[bool, np.ndarray] = {}
    for store in (None, FeatureStore.open(str(tmp_path / "store"))):
        ask = partial(write, scene, texture, head, minilm, store, tmp_path)
        ask(["open water", "a dense town"], "phrases")
        lake, land = places_of(tmp_path / "phrases.tif", WATER, LAND)
        ask([], "lake", examples=Examples((lake,)))
        ask([], "land", examples=Examples((land,)))
        examples = Examples((lake, lake), (land,))
        mixed = ask(["open water"], "mixed", but_not=["a dense town"], examples=examples)

        water, town = values_of(tmp_path / "phrases.tif")
        (like_lake,), (like_land,) = (values_of(tmp_path / f"{n}.tif") for n in ("lake", "land"))
        assert like_lake[WATER] == pytest.approx(1, abs=1e-5)
        assert like_land[LAND] == pytest.approx(1, abs=1e-5)
        assert like_land[WATER] == pytest.approx(like_lake[LAND], abs=BOUND)
        assert like_lake[LAND] < 1 - BOUND
        expected = (water + 2 * like_lake) / 3 - (town + like_land) / 2
        (found,) = values_of(tmp_path / "mixed.tif")
        assert np.allclose(found, expected, atol=BOUND, equal_nan=True)
        made[store is None] = found
    assert np.allclose(made[True], made[False], atol=2 * BOUND, equal_nan=True)

    label = "open water like {0} and {0} but not a dense town or like {1}".format(
        *(f"{lon:.4f},{lat:.4f}" for lon, lat in (lake, land))
    )
    assert [one.phrase for one in mixed.phrases] == [label] and mixed.phrases[0].reading is None
    with rasterio.open(tmp_path / "mixed.tif") as file:
        assert file.descriptions == (label,) and file.tags()["GLUELINK_PHRASES"] == label
        kept = json.loads(file.tags()["GLUELINK_PROVENANCE"])
    assert kept["like"] == [list(lake)] * 2 and kept["unlike"] == [list(land)]


def test_an_example_lies_where_the_scene_has_data_and_is_encoded_for_itself(
    scene: Scene, texture: Encoder, minilm: TextEncoder, tmp_path: Path
) -> None:
    head, store = find_head(None, texture.spec), FeatureStore.open(str(tmp_path / "store"))
    west, south, east, north = scene.info.bounds
    hole = (west + 0.9 * (east - west), south + 0.1 * (north - south))
    inside = (west + 0.1 * (east - west), north - 0.1 * (north - south))
    for examples in (Examples((hole,)), Examples(unlike=((west - 1, south),))):
        for kept in (store, None):
            asked = Inquiry.of(
                scene, None, ["a town"], texture, head, minilm, store=kept, examples=examples
            )
            with pytest.raises(AreaOutsideScene, match="no data at the example"):
                next(asked.answers())
    with pytest.raises(PhraseInvalid):
        Inquiry.of(scene, None, [], texture, head, minilm, examples=Examples(unlike=(inside,)))
    with pytest.raises(PhraseInvalid, match="for and against"):
        check_contrast([], [], Examples((inside,), (inside,)))
    # The block was encoded for the first question, though nothing of the area was answered.
    assert lacking_windows(scene, Examples((inside,)), texture.spec, store) == 0
    assert lacking_windows(scene, Examples((inside,)), texture.spec, None) > 0
    with pytest.raises(AreaOutsideScene):
        lacking_windows(scene, Examples(((0.0, 0.0),)), texture.spec, store)
