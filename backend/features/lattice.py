"""The fixed lattice of cells and windows of one encoder in a UTM zone.

Cells have their origin at easting 0, northing 0. Windows begin at every multiple of half a
window, so they overlap by half and each cell lies in the same windows whatever area is asked.
Where a cell depends on its own pixels alone they need not overlap, and lie side by side.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.encoders import EncoderSpec
from backend.errors import ConfigInvalid
from backend.scenes import PIXEL_M, Box, PixelBox

CellBox = Box
"""A box in cells of the lattice."""


@dataclass(frozen=True)
class Lattice:
    """Cells of `cell_px` x `cell_px` pixels; windows of `grid` x `grid` cells."""

    cell_px: int
    grid: int
    overlap: bool = True

    @classmethod
    def of(cls, spec: EncoderSpec) -> "Lattice":
        """The lattice of an encoder with square windows of 10 m pixels. ConfigInvalid."""
        height, width = spec.grid
        if height != width or spec.window_px % height or spec.pixel_m != PIXEL_M:
            raise ConfigInvalid(
                f"{spec.name} has windows of {spec.window_px} px of {spec.pixel_m:g} m and a grid "
                f"of {height} x {width}.",
                f"Expected pixels of {PIXEL_M:g} m and a square grid that divides the window.",
            )
        return cls(spec.cell_px, height, overlap=not spec.pointwise)

    @property
    def stride(self) -> int:
        """Cells from one window to the next."""
        return max(1, self.grid // 2) if self.overlap else self.grid

    @property
    def window_px(self) -> int:
        """Side of a window in pixels."""
        return self.grid * self.cell_px

    @property
    def cell_m(self) -> float:
        """Side of a cell in metres."""
        return self.cell_px * PIXEL_M

    def cells_of(self, pixels: PixelBox) -> CellBox:
        """The cells that touch these pixels."""
        n = self.cell_px
        return CellBox(
            pixels.row0 // n, pixels.col0 // n, -(-pixels.row1 // n), -(-pixels.col1 // n)
        )

    def pixels_of(self, cells: CellBox) -> PixelBox:
        """The pixels of these cells."""
        n = self.cell_px
        return PixelBox(cells.row0 * n, cells.col0 * n, cells.row1 * n, cells.col1 * n)

    def windows(self, start: int, stop: int) -> range:
        """Along one axis, the windows that touch cells start to stop - 1.

        Window i holds cells i * stride to i * stride + grid - 1.
        """
        return range((start - self.grid) // self.stride + 1, (stop - 1) // self.stride + 1)

    def taper(self) -> NDArray[np.float32]:
        """Weight (grid, grid) of each cell of a window in the blend: most in the middle, never 0.

        Squared sines, which add up to 1 over windows that overlap by half; 1 where none overlap.
        """
        if not self.overlap:
            return np.ones((self.grid, self.grid), np.float32)
        line = np.sin(np.pi * (np.arange(self.grid) + 0.5) / self.grid) ** 2
        return np.outer(line, line).astype(np.float32)
