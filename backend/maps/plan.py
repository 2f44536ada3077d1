"""Which cells an area asks for, and which windows answer them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rasterio.features import geometry_mask
from shapely.geometry import MultiPolygon, Polygon, box

from backend.encoders import EncoderSpec
from backend.maps.area import Area, outside, polygonal
from backend.maps.lattice import CellBox, Lattice
from backend.scenes import PIXEL_M, PixelBox, Scene

SWATH_PX = 4096


@dataclass(frozen=True)
class Plan:
    """The cells that `shape` touches inside the box `cells`; all of the box when None."""

    lattice: Lattice
    cells: CellBox
    shape: MultiPolygon | None

    def wanted(self, cells: CellBox) -> NDArray[np.bool_]:
        """Which of `cells` (h, w) are asked for."""
        wanted = np.zeros((cells.height, cells.width), bool)
        inside = cells.intersection(self.cells)
        if not inside.empty:
            wanted[inside.within(cells)] = self._touched(inside)
        return wanted

    def swaths(self) -> Iterator[CellBox]:
        """The box in columns of limited width, so that memory does not grow with it."""
        width = max(1, SWATH_PX // self.lattice.cell_px)
        for left in range(self.cells.col0, self.cells.col1, width):
            right = min(left + width, self.cells.col1)
            yield CellBox(self.cells.row0, left, self.cells.row1, right)

    def windows(self, swath: CellBox) -> Iterator[tuple[int, list[int]]]:
        """Each row of windows that touches `swath`, with the columns of those that are needed."""
        stride, grid = self.lattice.stride, self.lattice.grid
        for row in self.lattice.windows(swath.row0, swath.row1):
            touched = CellBox(row * stride, swath.col0, row * stride + grid, swath.col1)
            asked = np.flatnonzero(self.wanted(touched).any(axis=0)) + swath.col0
            # The first asked cell from each window's left edge on lies in it, or none does.
            columns = np.array(self.lattice.windows(swath.col0, swath.col1))
            nearest = np.searchsorted(asked, columns * stride)
            found = np.append(asked, np.iinfo(np.int64).max)[nearest] < columns * stride + grid
            yield row, columns[found].tolist()

    @cached_property
    def window_count(self) -> int:
        """How many windows are to be encoded, those at a swath's edge twice."""
        return sum(len(columns) for swath in self.swaths() for _, columns in self.windows(swath))

    @cached_property
    def cell_count(self) -> int:
        """How many cells are asked for."""
        step = 1024
        return sum(
            int(self.wanted(CellBox(row, self.cells.col0, row + step, self.cells.col1)).sum())
            for row in range(self.cells.row0, self.cells.row1, step)
        )

    @property
    def km2(self) -> float:
        """The area inside the box, in square kilometres."""
        if self.shape is not None:
            return float(self.shape.area) / 1e6
        return self.cells.height * self.cells.width * self.lattice.cell_m**2 / 1e6

    def _touched(self, cells: CellBox) -> NDArray[np.bool_]:
        if self.shape is None:
            return np.ones((cells.height, cells.width), bool)
        transform = cells.transform(self.lattice.cell_m)
        size = (cells.height, cells.width)
        return geometry_mask([self.shape], size, transform, all_touched=True, invert=True)


def make_plan(scene: Scene, area: Area | None, spec: EncoderSpec) -> Plan:
    """What it takes to answer `area` (all when None). AreaOutsideScene, ConfigInvalid."""
    lattice = Lattice.of(spec)
    cells = lattice.cells_of(scene.extent)
    if area is None:
        return Plan(lattice, cells, None)
    shape = area.in_zone(scene.utm_epsg, scene.info.bounds)
    west, south, east, north = np.array(shape.bounds) / PIXEL_M
    around = PixelBox(
        int(np.floor(-north)), int(np.floor(west)), int(np.ceil(-south)), int(np.ceil(east))
    )
    inside = around.intersection(scene.extent)
    in_scene = polygonal(shape.intersection(_metres(inside)))
    if inside.empty or in_scene is None:
        raise outside(scene.info.bounds)
    return Plan(lattice, lattice.cells_of(inside), in_scene)


def _metres(pixels: PixelBox) -> Polygon:
    """The box of these pixels in metres."""
    west, north = pixels.transform(PIXEL_M) @ (0, 0)
    east, south = pixels.transform(PIXEL_M) @ (pixels.width, pixels.height)
    return box(west, south, east, north)
