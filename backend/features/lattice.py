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
    """The cells of a UTM zone, and the windows that hold them.

    Example:
        lattice = Lattice.of(encoder.spec)
        cells = lattice.cells_of(scene.extent)
    """

    cell_px: int
    """Side of a cell in pixels."""

    grid: int
    """Cells along the side of a window."""

    overlap: bool = True
    """Whether windows overlap by half; if not, they lie side by side."""

    @classmethod
    def of(cls, spec: EncoderSpec) -> "Lattice":
        """Return the lattice of an encoder.

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
        """Return the windows that touch cells start to stop - 1 of one axis.

        Window i holds cells i * stride to i * stride + grid - 1.
        """
        return range((start - self.grid) // self.stride + 1, (stop - 1) // self.stride + 1)

    def around(self, cells: CellBox) -> CellBox:
        """Return the cells of all windows that touch `cells`: what encoding them takes."""
        rows = self.windows(cells.row0, cells.row1)
        columns = self.windows(cells.col0, cells.col1)
        corner = rows[0] * self.stride, columns[0] * self.stride
        return CellBox(
            *corner, rows[-1] * self.stride + self.grid, columns[-1] * self.stride + self.grid
        )

    def taper(self) -> NDArray[np.float32]:
        """Return the weight (grid, grid) of each cell of a window in the blend, never 0."""
        if not self.overlap:
            return np.ones((self.grid, self.grid), np.float32)
        # A cell at a window's edge lacks surroundings on one side and counts least: no seam shows.
        # Squared sines of windows that overlap by half add up to 1. Taken at the cells' centres
        # they are never 0, so that a cell in a single window has an answer.
        line = np.sin(np.pi * (np.arange(self.grid) + 0.5) / self.grid) ** 2
        return np.outer(line, line).astype(np.float32)
