"""A block of the lattice is encoded from its own pixels alone, and equals the strips of a map."""

from pathlib import Path

import numpy as np
import pytest
import torch
from affine import Affine
from numpy.typing import NDArray

from backend.encoders import Encoder
from backend.errors import OutOfMemory
from backend.features.block import Block, encode_block
from backend.features.lattice import CellBox, Lattice
from backend.features.plan import make_plan
from backend.features.strips import blended_strips
from backend.io.batches import Batches
from backend.progress import silent
from backend.scenes import Scene, open_scene
from tests.support.rasters import speckled, write_raster
from tests.support.small_encoder import TightEncoder, WindowEncoder

GRIDS = [(4, 8), (3, 7), (1, 10), (8, 1)]


@pytest.fixture(scope="module")
def scene_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """160 x 190 px off the lattice, with a hole that some windows lie in."""
    db = speckled(160, 190)
    db[:, 40:120, 70:150] = np.nan
    corner = Affine(10, 0, 400_030, 0, -10, 5_399_930)
    return write_raster(
        tmp_path_factory.mktemp("scene") / "scene_20240501.tif", db, transform=corner
    )


def encoded(scene: Scene, encoder: Encoder, cells: CellBox, size: int = 8) -> Block:
    """A block of the lattice as any machine encodes it, without the margin that it read."""
    lattice = Lattice.of(encoder.spec)
    outer = lattice.around(cells)
    pixels = scene.read(lattice.pixels_of(outer))
    block = encode_block(pixels, encoder, lattice, lattice.corners(outer), Batches(size))
    return block.crop(*cells.within(outer))


def by_strips(scene: Scene, encoder: Encoder) -> tuple[CellBox, NDArray[np.float32]]:
    """Features (h, w, d) of a scene as a map is made of; NaN where there is no answer."""
    plan = make_plan(scene, None, encoder.spec)
    features = np.full((plan.cells.height, plan.cells.width, encoder.spec.dim), np.nan, np.float32)
    for strip in blended_strips(scene, plan, encoder, silent):
        part = strip.features.numpy()
        part[~strip.answered] = np.nan
        features[strip.cells.within(plan.cells)] = part
    return plan.cells, features


def answers(block: Block) -> NDArray[np.float32]:
    return np.where(block.valid[..., None], block.features.numpy(), np.float32(np.nan))


@pytest.mark.parametrize(("cell_px", "grid"), GRIDS)
@pytest.mark.parametrize("side", [5, 16])
def test_blocks_put_together_equal_the_strips_of_a_map(
    cell_px: int, grid: int, side: int, scene_file: Path
) -> None:
    encoder = WindowEncoder(cell_px, grid)
    with open_scene(scene_file) as scene:
        cells, expected = by_strips(scene, encoder)
        for row in range(cells.row0 // side, -(-cells.row1 // side)):
            for column in range(cells.col0 // side, -(-cells.col1 // side)):
                block = CellBox(row, column, row + 1, column + 1)
                block = CellBox(*(side * edge for edge in vars(block).values()))
                inside = block.intersection(cells)
                part = encoded(scene, encoder, block).crop(*inside.within(block))
                np.testing.assert_array_equal(answers(part), expected[inside.within(cells)])
    assert np.isfinite(expected).any() and np.isnan(expected).any()


@pytest.mark.parametrize("side", [16, 40, 512])
def test_no_window_shows_in_texture_whether_by_blocks_or_by_strips(
    side: int, texture: Encoder, scene_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.features.lattice.WINDOW_VALUES", 2 * side**2)
    with open_scene(scene_file) as scene:
        cells, strips = by_strips(scene, texture)
        lattice = Lattice.of(texture.spec)
        pixels = scene.read(lattice.pixels_of(cells.grown(lattice.margin)))
        (at_once,) = texture.encode_within(pixels[None]).numpy()
        block = CellBox(cells.row0 + 3, cells.col0 + 2, cells.row0 + 9, cells.col0 + 11)
        part = answers(encoded(scene, texture, block))
    assert lattice.window_px == {16: 16, 40: 32, 512: 512}[side]
    expected = np.where(np.isfinite(strips), at_once, np.float32(np.nan))
    np.testing.assert_array_equal(strips, expected)
    np.testing.assert_array_equal(part, expected[block.within(cells)])


def test_a_block_does_not_depend_on_what_lies_beside_it(scene_file: Path) -> None:
    encoder = WindowEncoder()
    lattice = Lattice.of(encoder.spec)
    with open_scene(scene_file) as scene:
        all_cells = lattice.cells_of(scene.extent)
        cells = CellBox(
            all_cells.row0 + 4, all_cells.col0 + 5, all_cells.row0 + 20, all_cells.col0 + 30
        )
        alone = encoded(scene, encoder, cells)
        larger = encoded(scene, encoder, all_cells).crop(*cells.within(all_cells))
        np.testing.assert_array_equal(answers(alone), answers(larger))
        # The pixels beyond the margin may be anything.
        outer, far = lattice.around(cells), lattice.around(all_cells)
        pixels = scene.read(lattice.pixels_of(far))
        kept = np.zeros(pixels.shape[1:], bool)
        kept[lattice.pixels_of(outer).within(lattice.pixels_of(far))] = True
        changed = np.where(kept, pixels, np.float32(7))
        block = encode_block(changed, encoder, lattice, lattice.corners(far), Batches(8))
        np.testing.assert_array_equal(answers(block.crop(*cells.within(far))), answers(alone))


def test_rows_of_windows_go_on_from_the_block_above(scene_file: Path) -> None:
    encoder = WindowEncoder()
    lattice = Lattice.of(encoder.spec)
    with open_scene(scene_file) as scene:
        outer = lattice.around(lattice.cells_of(scene.extent))
        pixels = scene.read(lattice.pixels_of(outer))
    windows = lattice.corners(outer)
    at_once = encode_block(pixels, encoder, lattice, windows, Batches(8))
    cut = 3 * lattice.stride
    north = [(row, column) for row, column in windows if row < cut]
    south = [(row - cut, column) for row, column in windows if row >= cut]
    upper = encode_block(
        pixels[:, : (cut + lattice.stride) * lattice.cell_px], encoder, lattice, north, Batches(8)
    )
    before = upper.totals.clone()
    lower = encode_block(
        pixels[:, cut * lattice.cell_px :], encoder, lattice, south, Batches(8),
        above=upper.crop(slice(cut, None)),
    )  # fmt: skip
    np.testing.assert_array_equal(answers(lower), answers(at_once.crop(slice(cut, None))))
    assert torch.equal(upper.totals, before)


def test_windows_without_data_are_passed_over_and_weigh_nothing() -> None:
    encoder, batches = WindowEncoder(4, 8), Batches(3)
    lattice = Lattice.of(encoder.spec)
    pixels = np.full((2, 32, 64), np.nan, np.float32)
    pixels[:, :, 40:] = -12
    block = encode_block(pixels, encoder, lattice, [(0, 0), (0, 4), (0, 8)], batches)
    assert encoder.encoded == 2
    assert (block.weights[:, :4] == 0).all() and (block.weights[:, 4:] > 0).all()
    assert block.valid.tolist() == [[False] * 10 + [True] * 6] * 8
    empty = encode_block(pixels[:, :, :32], encoder, lattice, [(0, 0)], batches)
    assert encoder.encoded == 2 and not empty.valid.any() and (empty.totals == 0).all()


def test_a_device_of_little_memory_gives_the_same_block(scene_file: Path) -> None:
    encoder, tight = WindowEncoder(), TightEncoder(3)
    with open_scene(scene_file) as scene:
        cells = Lattice.of(encoder.spec).cells_of(scene.extent)
        expected, found = (encoded(scene, one, cells) for one in (encoder, tight))
        np.testing.assert_array_equal(answers(found), answers(expected))
        assert max(tight.sizes) == 8 and tight.sizes[-1] <= 2
        with pytest.raises(OutOfMemory, match="too small for a single item"):
            encoded(scene, TightEncoder(0), cells)
