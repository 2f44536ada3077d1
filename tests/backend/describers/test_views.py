"""What a describer looks at of an area: chips that cover it, and what was measured in each."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.describers import load_describer, measure
from backend.describers.facts import FactsDescriber
from backend.describers.views import SPARE, boxes_of, part_of
from backend.encoders import Encoder
from backend.errors import AreaInvalid, ConfigInvalid
from backend.link import find_head
from backend.scenes import PixelBox, Scene, open_any, open_scene
from backend.text import TextEncoder
from scripts.samples.embeddings import quantised, write_alphaearth
from tests.backend.describers.conftest import SHIPS


class Chips(FactsDescriber):
    """One that looks at chips, of which only their side matters here."""

    needs_pixels, title = True, "Chips"

    def __init__(self, side: int | None) -> None:
        self.chip_px = side


@pytest.fixture(scope="module")
def sea(harbourless: Path) -> Iterator[Scene]:
    with open_scene(harbourless) as scene:
        yield scene


@given(st.integers(1, 90), st.integers(1, 90), st.integers(8, 90))
def test_the_fewest_chips_cover_an_area_and_none_leaves_a_larger_one(
    sea: Scene, height: int, width: int, side: int
) -> None:
    area = PixelBox(-540_000, 40_000, -540_000 + height, 40_000 + width)
    try:
        boxes = boxes_of(sea, area, Chips(side))
    except AreaInvalid:
        assert (height / side) * (width / side) > 9
        return
    assert all((box.height, box.width) == (side, side) for box in boxes)
    rows, columns = ({box.row0 for box in boxes}, {box.col0 for box in boxes})
    assert len(boxes) == len(rows) * len(columns)
    for starts, first, size in ((rows, area.row0, height), (columns, area.col0, width)):
        assert (len(starts) - 1) * side < size or len(starts) == 1
        covered = np.zeros(size, bool)
        for start in starts:
            covered[max(0, start - first) : max(0, start - first + side)] = True
            assert size < side or first - 1 <= start <= first + size - side + 1
        assert size - covered.sum() <= SPARE * side


def test_what_is_too_large_or_no_radar_is_one_sentence(harbourless: Path, tmp_path: Path) -> None:
    area = PixelBox(0, 0, 3000, 100)
    with open_scene(harbourless) as scene:
        assert boxes_of(scene, area, load_describer("facts")) == []
        assert boxes_of(scene, PixelBox(0, 0, 2048, 9), Chips(None)) == [PixelBox(0, 0, 2048, 9)]
        with pytest.raises(AreaInvalid, match=r"has 1 x 30 km; Chips looks at 20\.5 x 20\.5 km"):
            boxes_of(scene, area, Chips(None))
        with pytest.raises(AreaInvalid, match=r"looks at 1\.28 x 1\.28 km at most, in 16 chips"):
            boxes_of(scene, area, Chips(32))
    tile = tmp_path / "2024" / "32N" / "tile.tiff"
    write_alphaearth(tile, quantised(60, 80), 32632, (600_000, 5_400_000))
    with (
        open_any(str(tile)) as scene,
        pytest.raises(ConfigInvalid, match=r"Chips looks at Sentinel-1; .* is alphaearth"),
    ):
        boxes_of(scene, PixelBox(0, 0, 9, 9), Chips(32))


def test_parts_of_an_area_have_its_ships_and_its_water(
    harbourless: Path, texture: Encoder, minilm: TextEncoder
) -> None:
    with open_scene(harbourless) as scene:
        whole = measure(scene, None, texture, find_head(None, texture.spec), minilm)
    box, record = whole.area, whole.record
    assert part_of(whole, box).cover.shares == record.cover.shares
    assert part_of(whole, box).objects == record.objects
    middle = box.col0 + 160
    west = part_of(whole, PixelBox(box.row0, box.col0, box.row1, middle))
    east = part_of(whole, PixelBox(box.row0, middle, box.row1, box.col1))
    assert west.cover.shares["water"] > 0.9 > 0.1 > east.cover.shares.get("water", 0)
    assert len(west.objects) == len(SHIPS) and east.objects == ()
    row, col = SHIPS[0]
    top, left = box.row0 + row - 5, box.col0 + col - 5
    (ship,) = part_of(whole, PixelBox(top, left, top + 20, left + 20)).objects
    assert (ship.box.x, ship.box.y) == (5, 5)
    cut = part_of(whole, PixelBox(top, left + 8, top + 20, left + 20)).objects
    assert [(one.box.x, one.box.width) for one in cut] == [(0, ship.box.width - 3)]
    beyond = PixelBox(box.row0 - 50, box.col0, box.row0 - 10, box.col0 + 40)
    assert part_of(whole, beyond).cover is None
