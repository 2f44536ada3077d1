"""The fixed lattice of cells and windows of one encoder in a UTM zone.

Cells have their origin at easting 0, northing 0. Windows begin at multiples of a fixed step from
there, so each cell lies in the same windows whatever area is asked. How they lie is their quality:

| quality | windows | for |
|---|---|---|
| `exact` | side by side; the encoder's reach around them is cut off | encoders with a reach |
| `fine` | overlap by half and blend, so that no edge shows | the others |
| `fast` | side by side, at a quarter of the work; edges may show | the others |
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backend.encoders import EncoderSpec
from backend.errors import ConfigInvalid
from backend.scenes import PIXEL_M, Box, PixelBox

CellBox = Box
"""A box in cells of the lattice."""

Quality: TypeAlias = Literal["fine", "fast"]
"""What can be chosen for an encoder without a reach."""

WINDOW_VALUES = 2**19  # in a window of our own choice: 512 px of two bands, 64 px of 128


@dataclass(frozen=True)
class Lattice:
    """The cells of a UTM zone, and the windows that hold them.

    Example:
        lattice = Lattice.of(encoder.spec)
        cells = lattice.cells_of(scene.extent)
    """

    cell_px: int
    """Side of a cell in pixels."""

    grid: int
    """Cells along the side of a window, without its margin."""

    quality: Literal["exact", "fine", "fast"] = "fine"
    """How windows lie."""

    margin: int = 0
    """Cells around a window that are encoded with it and cut off."""

    @classmethod
    def of(cls, spec: EncoderSpec, quality: Quality = "fine") -> "Lattice":
        """Return the lattice of an encoder; one with a reach has windows of exact quality.

        Raises:
            ConfigInvalid: its windows are not square, or its pixels not of 10 m.
        """
        height, width = spec.grid
        if height != width or spec.window_px % height or spec.pixel_m != PIXEL_M:
            raise ConfigInvalid(
                f"{spec.name} has windows of {spec.window_px} px of {spec.pixel_m:g} m and a grid "
                f"of {height} x {width}.",
                f"Expected pixels of {PIXEL_M:g} m and a square grid that divides the window.",
            )
        if spec.reach_px is None:
            return cls(spec.cell_px, height, quality)
        side = 1
        while len(spec.bands) * (2 * side) ** 2 <= WINDOW_VALUES:
            side *= 2
        return cls(spec.cell_px, max(1, side // spec.cell_px), "exact", spec.margin)

    @property
    def stride(self) -> int:
        """Cells from one window to the next."""
        return max(1, self.grid // 2) if self.quality == "fine" else self.grid

    @property
    def span(self) -> int:
        """Cells along the side of a window with its margin."""
        return self.grid + 2 * self.margin

    @property
    def span_px(self) -> int:
        """Side of a window with its margin in pixels: what is encoded."""
        return self.span * self.cell_px

    @property
    def window_px(self) -> int:
        """Side of a window without its margin in pixels."""
        return self.grid * self.cell_px

    @property
    def cell_m(self) -> float:
        """Side of a cell in metres."""
        return self.cell_px * PIXEL_M

    def cells_of(self, pixels: PixelBox) -> CellBox:
        """Return the cells that touch these pixels."""
        n = self.cell_px
        return CellBox(
            pixels.row0 // n, pixels.col0 // n, -(-pixels.row1 // n), -(-pixels.col1 // n)
        )

    def pixels_of(self, cells: CellBox) -> PixelBox:
        """Return the pixels of these cells."""
        n = self.cell_px
        return PixelBox(cells.row0 * n, cells.col0 * n, cells.row1 * n, cells.col1 * n)

    def windows(self, start: int, stop: int) -> range:
        """Return the windows that hold any of the cells start to stop - 1 of one axis.

        Window i holds cells i * stride to i * stride + grid - 1; its margin is not counted.
        """
        return range((start - self.grid) // self.stride + 1, (stop - 1) // self.stride + 1)

    def around(self, cells: CellBox) -> CellBox:
        """Return what encoding `cells` takes: all windows that hold any of them, with margins."""
        rows = self.windows(cells.row0, cells.row1)
        columns = self.windows(cells.col0, cells.col1)
        corner = rows[0] * self.stride, columns[0] * self.stride
        end = rows[-1] * self.stride + self.grid, columns[-1] * self.stride + self.grid
        return CellBox(*corner, *end).grown(self.margin)

    def corners(self, outer: CellBox) -> list[tuple[int, int]]:
        """Return the corners of all windows of `outer`, which `around` gave: see `encode_block`."""
        rows = range(0, outer.height - self.span + 1, self.stride)
        columns = range(0, outer.width - self.span + 1, self.stride)
        return [(row, column) for row in rows for column in columns]

    def taper(self) -> NDArray[np.float32]:
        """Return the weight (grid, grid) of each cell of a window in the blend, never 0."""
        if self.quality != "fine":
            return np.ones((self.grid, self.grid), np.float32)
        # A cell at a window's edge lacks surroundings on one side and counts least: no seam shows.
        # Squared sines of windows that overlap by half add up to 1. Taken at the cells' centres
        # they are never 0, so that a cell in a single window has an answer.
        line = np.sin(np.pi * (np.arange(self.grid) + 0.5) / self.grid) ** 2
        return np.outer(line, line).astype(np.float32)
