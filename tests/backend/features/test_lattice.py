"""The lattice covers every cell, always with the same windows and the same weights."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from backend.encoders import EncoderSpec, list_encoders
from backend.errors import ConfigInvalid
from backend.features.lattice import WINDOW_VALUES, CellBox, Lattice, Quality
from backend.features.plan import SWATH_PX, Plan
from backend.scenes import PixelBox
from tests.support.small_encoder import WindowEncoder

LATTICES = st.builds(
    Lattice,
    cell_px=st.integers(1, 16),
    grid=st.integers(1, 32),
    quality=st.sampled_from(["exact", "fine", "fast"]),
    margin=st.integers(0, 7),
)
INTEGERS = st.integers(-600_000, 600_000)


@given(LATTICES, INTEGERS, st.integers(1, 200))
def test_the_windows_of_cells_are_exactly_those_that_touch_them(
    lattice: Lattice, start: int, count: int
) -> None:
    windows = lattice.windows(start, start + count)
    for window in range(windows[0] - 3, windows[-1] + 4):
        first = window * lattice.stride
        touches = first < start + count and first + lattice.grid > start
        assert touches == (window in windows)


@given(LATTICES, INTEGERS)
def test_every_cell_has_weight_and_no_window_edge_takes_over(lattice: Lattice, cell: int) -> None:
    line = lattice.taper()[:, lattice.grid // 2] / lattice.taper().max()
    weights = [line[cell - w * lattice.stride] for w in lattice.windows(cell, cell + 1)]
    assert min(weights) > 0 and sum(weights) > 0.9


@given(st.integers(1, 16), INTEGERS)
def test_windows_that_overlap_by_half_weigh_one_together(half: int, cell: int) -> None:
    lattice = Lattice(8, 2 * half)
    line = lattice.taper().sum(axis=0) / lattice.taper().sum(axis=0).max()
    weights = [line[cell - w * lattice.stride] for w in lattice.windows(cell, cell + 1)]
    whole = np.sin(np.pi * (np.arange(2 * half) + 0.5) / (2 * half)) ** 2
    assert sum(weights) == pytest.approx(1 / whole.max(), rel=1e-5)


@given(LATTICES, INTEGERS, INTEGERS, st.integers(1, 500), st.integers(1, 500))
def test_cells_of_pixels_cover_them_and_no_more(
    lattice: Lattice, row: int, column: int, height: int, width: int
) -> None:
    pixels = PixelBox(row, column, row + height, column + width)
    covered = lattice.pixels_of(lattice.cells_of(pixels))
    assert covered.intersection(pixels) == pixels
    n = lattice.cell_px
    assert covered.height < height + 2 * n and covered.width < width + 2 * n


@given(
    corner=st.tuples(st.integers(-700, 700), st.integers(-700, 700)),
    size=st.tuples(st.integers(1, 40), st.integers(1, 1500)),
)
def test_swaths_cover_the_box_once(corner: tuple[int, int], size: tuple[int, int]) -> None:
    cells = CellBox(*corner, corner[0] + size[0], corner[1] + size[1])
    plan = Plan(Lattice(8, 28), cells, None)
    swaths = list(plan.swaths())
    assert [s.col0 for s in swaths[1:]] == [s.col1 for s in swaths[:-1]]
    assert (swaths[0].col0, swaths[-1].col1) == (cells.col0, cells.col1)
    assert all(0 < s.width <= SWATH_PX // 8 for s in swaths)


@settings(max_examples=30)
@given(
    corners=st.lists(st.tuples(st.floats(0, 3000), st.floats(0, 3000)), min_size=3, max_size=6),
)
def test_every_window_that_touches_an_asked_cell_is_planned(
    corners: list[tuple[float, float]],
) -> None:
    hull = Polygon(corners).convex_hull.buffer(5)
    lattice = Lattice(4, 8)
    cells = CellBox(-80, -3, 3, 80)
    plan = Plan(lattice, cells, MultiPolygon([hull]))
    requested = plan.requested(cells)
    rows, columns = np.nonzero(requested)
    needed = {
        (i, j)
        for r, c in zip(rows + cells.row0, columns + cells.col0, strict=True)
        for i in lattice.windows(r, r + 1)
        for j in lattice.windows(c, c + 1)
    }
    (swath,) = plan.swaths()
    planned = {(i, j) for i, row in plan.windows(swath) for j in row}
    assert planned == needed
    assert plan.window_count == len(needed) and plan.cell_count == requested.sum()


@settings(max_examples=50)
@given(st.floats(0, 900), st.floats(0, 900), st.floats(0.5, 500), st.floats(0.5, 500))
def test_a_cell_is_asked_when_the_area_touches_it(
    west: float, south: float, width: float, height: float
) -> None:
    area = box(west, south, west + width, south + height)
    cells = CellBox(-20, 0, 0, 20)
    requested = Plan(Lattice(8, 28), cells, MultiPolygon([area])).requested(cells)
    for row in range(20):
        for column in range(20):
            cell = box(column * 80, 1520 - row * 80, column * 80 + 80, 1600 - row * 80)
            if cell.intersection(area).area > 1e-3:
                assert requested[row, column]
            elif cell.distance(area) > 0.1:
                assert not requested[row, column]


@given(LATTICES, INTEGERS, INTEGERS, st.integers(1, 99), st.integers(1, 99))
def test_what_is_read_around_cells_is_all_of_their_windows(
    lattice: Lattice, row: int, column: int, height: int, width: int
) -> None:
    cells = CellBox(row, column, row + height, column + width)
    outer = lattice.around(cells)
    rows = [lattice.stride * i for i in lattice.windows(cells.row0, cells.row1)]
    columns = [lattice.stride * i for i in lattice.windows(cells.col0, cells.col1)]
    corners = lattice.corners(outer)
    held = {(outer.row0 + i + lattice.margin, outer.col0 + j + lattice.margin) for i, j in corners}
    assert len(held) == len(corners) and held == {(i, j) for i in rows for j in columns}
    assert max(i for i, _ in corners) + lattice.span == outer.height
    assert max(j for _, j in corners) + lattice.span == outer.width


@pytest.mark.parametrize("quality", ["fine", "fast"])
def test_every_encoder_has_a_lattice(quality: Quality) -> None:
    for spec in [*list_encoders(), WindowEncoder().spec]:
        lattice = Lattice.of(spec, quality)
        if spec.reach_px is None:
            assert lattice == Lattice(spec.cell_px, spec.grid[0], quality)
        else:
            assert lattice == Lattice.of(spec) and lattice.quality == "exact"
            assert lattice.margin * lattice.cell_px >= spec.reach_px
            assert lattice.window_px**2 * len(spec.bands) <= WINDOW_VALUES


def test_a_reach_is_rounded_up_to_whole_cells() -> None:
    spec = WindowEncoder().spec
    for reach_px, margin in ((0, 0), (1, 1), (4, 1), (5, 2)):
        lattice = Lattice.of(dataclasses.replace(spec, reach_px=reach_px))
        assert lattice == Lattice(4, 128, "exact", margin)


@pytest.mark.parametrize("change", [{"grid": (28, 14)}, {"grid": (30, 30)}, {"pixel_m": 20.0}])
def test_windows_that_fit_no_lattice_are_refused(change: dict[str, object]) -> None:
    fields = {**WindowEncoder().spec.__dict__, "window_px": 224, **change}
    with pytest.raises(ConfigInvalid, match="windows of 224 px"):
        Lattice.of(EncoderSpec(**fields))  # type: ignore[arg-type]
