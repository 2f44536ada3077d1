"""Which cells an area asks for, and which windows answer them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rasterio.features import geometry_mask
from shapely.geometry import MultiPolygon, Polygon, box

from backend.encoders import EncoderSpec
from backend.errors import ConfigInvalid
from backend.features.lattice import CellBox, Lattice
from backend.scenes import EMBEDDINGS, PIXEL_M, AnyScene, PixelBox, Scene
from backend.scenes.area import Area, outside, polygonal

SWATH_PX = 4096
ROW_VALUES = 2**22
"""Most values of one row of windows that are held at once: a swath of 64 dimensions is narrow."""


@dataclass(frozen=True)
class Plan:
    """The cells that `shape` touches inside the box `cells`; all of the box when None."""

    lattice: Lattice
    cells: CellBox
    shape: MultiPolygon | None
    swath_px: int = SWATH_PX

    def wanted(self, cells: CellBox) -> NDArray[np.bool_]:
        """Which of `cells` (h, w) are asked for."""
        wanted = np.zeros((cells.height, cells.width), bool)
        inside = cells.intersection(self.cells)
        if not inside.empty:
            wanted[inside.within(cells)] = self._touched(inside)
        return wanted

    def swaths(self) -> Iterator[CellBox]:
        """The box in columns of limited width, so that memory does not grow with it.

        They end where a window does when one does: the fewest windows are read twice.
        """
        width, stride = max(1, self.swath_px // self.lattice.cell_px), self.lattice.stride
        left = self.cells.col0
        while left < self.cells.col1:
            right = (left + width) // stride * stride
            right = min(right if right > left else left + width, self.cells.col1)
            yield CellBox(self.cells.row0, left, self.cells.row1, right)
            left = right

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


def make_plan(scene: AnyScene, area: Area | None, spec: EncoderSpec) -> Plan:
    """What it takes to answer `area` (all when None). AreaOutsideScene, ConfigInvalid."""
    require_modality(scene, spec)
    lattice = Lattice.of(spec)
    swath_px = min(SWATH_PX, ROW_VALUES // (len(spec.bands) * spec.window_px))
    if area is None:
        return Plan(lattice, lattice.cells_of(scene.extent), None, swath_px)
    shape = area.in_zone(scene.utm_epsg, scene.info.bounds)
    west, south, east, north = np.array(shape.bounds) / PIXEL_M
    around = PixelBox(
        int(np.floor(-north)), int(np.floor(west)), int(np.ceil(-south)), int(np.ceil(east))
    )
    inside = around.intersection(scene.extent)
    in_scene = polygonal(shape.intersection(_metres(inside)))
    if inside.empty or in_scene is None:
        raise outside(scene.info.bounds)
    return Plan(lattice, lattice.cells_of(inside), in_scene, swath_px)


def for_encoder(scene: AnyScene, spec: EncoderSpec, match_product_type: bool = True) -> AnyScene:
    """The scene as an encoder takes it: see `Scene.for_encoder`. ConfigInvalid, BandMissing."""
    require_modality(scene, spec)
    if isinstance(scene, Scene):
        return scene.for_encoder(spec.bands, spec.product_type, match_product_type)
    return scene


def require_modality(scene: AnyScene, spec: EncoderSpec) -> None:
    """ConfigInvalid when an encoder reads another kind of scene."""
    if spec.modality != scene.modality:
        titles = {Scene.modality: "Sentinel-1", **EMBEDDINGS}
        fit = "texture-s1" if isinstance(scene, Scene) else scene.modality
        raise ConfigInvalid(
            f"{spec.name} reads {titles.get(spec.modality, spec.modality)}, and "
            f"{scene.info.name} is of {titles[scene.modality]}.",
            f"Choose an encoder for it, such as {fit}.",
        )


def _metres(pixels: PixelBox) -> Polygon:
    """The box of these pixels in metres."""
    west, north = pixels.transform(PIXEL_M) @ (0, 0)
    east, south = pixels.transform(PIXEL_M) @ (pixels.width, pixels.height)
    return box(west, south, east, north)
