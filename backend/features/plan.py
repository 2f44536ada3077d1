"""The cells that an area asks for, and the windows that answer them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rasterio.features import geometry_mask
from shapely.geometry import MultiPolygon, Polygon, box

from backend.encoders import EncoderSpec
from backend.errors import ConfigInvalid
from backend.features.lattice import CellBox, Lattice, Quality
from backend.scenes import PIXEL_M, AnyScene, PixelBox, Scene, sources
from backend.scenes.area import Area, outside, polygonal

SWATH_PX = 4096
MASK_CELLS = 2**22
"""A mask of so many cells may be kept: 4 MB."""
ROW_VALUES = 2**22  # in one row of windows; 64 bands of an embedding make a swath narrower


@dataclass(frozen=True)
class Plan:
    """What is to be encoded of a scene.

    Example:
        plan = make_plan(scene, area, encoder.spec)
        print(plan.window_count, "windows for", plan.cell_count, "cells")
    """

    lattice: Lattice
    """The cells and windows of the encoder."""

    cells: CellBox
    """The box of the cells."""

    shape: MultiPolygon | None
    """The area in metres, of which the cells that touch it count; None for all of the box."""

    swath_px: int = SWATH_PX
    """Width in pixels of what is encoded from north to south at a time."""

    @property
    def pixels(self) -> PixelBox:
        """The pixels of the area, edges rounded; its cells may reach further."""
        if self.shape is None:
            return self.lattice.pixels_of(self.cells)
        west, south, east, north = (round(edge / PIXEL_M) for edge in self.shape.bounds)
        return PixelBox(-north, west, max(-south, 1 - north), max(east, west + 1))

    def requested(self, cells: CellBox) -> NDArray[np.bool_]:
        """Return which of `cells` (h, w) are asked for."""
        requested = np.zeros((cells.height, cells.width), bool)
        inside = cells.intersection(self.cells)
        if not inside.empty:
            requested[inside.within(cells)] = self._touched(inside)
        return requested

    def swaths(self) -> Iterator[CellBox]:
        """Yield the box in columns of limited width, so that memory does not grow with it.

        They end where a window ends, where they can: the fewest windows are encoded twice.
        """
        width, stride = max(1, self.swath_px // self.lattice.cell_px), self.lattice.stride
        left = self.cells.col0
        while left < self.cells.col1:
            right = (left + width) // stride * stride
            right = min(right if right > left else left + width, self.cells.col1)
            yield CellBox(self.cells.row0, left, self.cells.row1, right)
            left = right

    def windows(self, swath: CellBox) -> Iterator[tuple[int, list[int]]]:
        """Yield each row of windows that touches `swath`, and the columns of the needed ones."""
        stride, grid = self.lattice.stride, self.lattice.grid
        if self.shape is None:
            every = [*self.lattice.windows(swath.col0, swath.col1)]
            yield from ((row, every) for row in self.lattice.windows(swath.row0, swath.row1))
            return
        for row in self.lattice.windows(swath.row0, swath.row1):
            touched = CellBox(row * stride, swath.col0, row * stride + grid, swath.col1)
            asked = np.flatnonzero(self.requested(touched).any(axis=0)) + swath.col0
            # The first asked cell from each window's left edge on lies in it, or none does.
            columns = np.array(self.lattice.windows(swath.col0, swath.col1))
            nearest = np.searchsorted(asked, columns * stride)
            needed = np.append(asked, np.iinfo(np.int64).max)[nearest] < columns * stride + grid
            yield row, columns[needed].tolist()

    @cached_property
    def window_count(self) -> int:
        """Number of windows to encode, those at a swath's edge twice."""
        return sum(len(columns) for swath in self.swaths() for _, columns in self.windows(swath))

    @cached_property
    def cell_count(self) -> int:
        """Number of cells that are asked for."""
        if self.shape is None:
            return self.cells.height * self.cells.width
        step = 1024
        return sum(
            int(self.requested(CellBox(row, self.cells.col0, row + step, self.cells.col1)).sum())
            for row in range(self.cells.row0, self.cells.row1, step)
        )

    @property
    def km2(self) -> float:
        """Size of the area inside the box, in square kilometres."""
        if self.shape is not None:
            return float(self.shape.area) / 1e6
        return self.cells.height * self.cells.width * self.lattice.cell_m**2 / 1e6

    def _touched(self, cells: CellBox) -> NDArray[np.bool_]:
        """Return which of `cells`, all of them in the box, the area touches."""
        if self.shape is None:
            return np.ones((cells.height, cells.width), bool)
        if self.cells.height * self.cells.width <= MASK_CELLS:
            return self._mask[cells.within(self.cells)]
        return self._drawn(cells)

    @cached_property
    def _mask(self) -> NDArray[np.bool_]:
        """Which cells of the box the area touches: drawn once, since it is asked piece by piece."""
        return self._drawn(self.cells)

    def _drawn(self, cells: CellBox) -> NDArray[np.bool_]:
        transform = cells.transform(self.lattice.cell_m)
        size = (cells.height, cells.width)
        return geometry_mask([self.shape], size, transform, all_touched=True, invert=True)


def make_plan(
    scene: AnyScene, area: Area | None, spec: EncoderSpec, quality: Quality = "fine"
) -> Plan:
    """Return what an encoder has to do for an area of a scene; for all of it when None.

    Raises:
        AreaOutsideScene: the area and the scene do not overlap.
        ConfigInvalid: the encoder reads another kind of scene, or has no lattice.
    """
    require_modality(scene, spec)
    lattice = Lattice.of(spec, quality)
    swath_px = min(SWATH_PX, ROW_VALUES // (scene.planes * lattice.window_px))
    swath_px = max(swath_px, lattice.window_px)  # a window is not encoded twice
    if area is None:
        return Plan(lattice, lattice.cells_of(scene.extent), None, swath_px)
    shape = area.in_zone(scene.utm_epsg, scene.info.bounds)
    west, south, east, north = np.array(shape.bounds) / PIXEL_M
    outer = PixelBox(
        int(np.floor(-north)), int(np.floor(west)), int(np.ceil(-south)), int(np.ceil(east))
    )
    inside = outer.intersection(scene.extent)
    in_scene = polygonal(shape.intersection(_metres(inside)))
    if inside.empty or in_scene is None:
        raise outside(scene.info.bounds)
    return Plan(lattice, lattice.cells_of(inside), in_scene, swath_px)


def for_encoder(scene: AnyScene, spec: EncoderSpec, match_product_type: bool = True) -> AnyScene:
    """Return the scene as an encoder takes it: see `Scene.for_encoder`.

    Raises:
        ConfigInvalid: the encoder reads another kind of scene.
        BandMissing: the scene lacks a band that the encoder reads.
        DatesTooFew: the scene has fewer dates than the encoder takes.
    """
    require_modality(scene, spec)
    if isinstance(scene, Scene):
        least = spec.least_dates if spec.dates == "stacked" else None
        return scene.for_encoder(spec.bands, spec.product_type, match_product_type, least)
    return scene


def require_modality(scene: AnyScene, spec: EncoderSpec) -> None:
    """Check that an encoder reads this kind of scene.

    Raises:
        ConfigInvalid: it reads another kind.
    """
    if spec.modality != scene.modality:
        known = sources().get(spec.modality)
        title = "Sentinel-1" if spec.modality == Scene.modality else known and known.title
        suitable = "texture-s1" if isinstance(scene, Scene) else scene.modality
        raise ConfigInvalid(
            f"{spec.name} reads {title or spec.modality}, and "
            f"{scene.info.name} is of {scene.info.source}.",
            f"Choose an encoder for it, such as {suitable}.",
        )


def _metres(pixels: PixelBox) -> Polygon:
    """Return the box of these pixels in metres."""
    west, north = pixels.transform(PIXEL_M) @ (0, 0)
    east, south = pixels.transform(PIXEL_M) @ (pixels.width, pixels.height)
    return box(west, south, east, north)
