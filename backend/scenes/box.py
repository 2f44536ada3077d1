"""Rectangles of a fixed grid: pixels of 10 m here, cells of an encoder in `features`."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from affine import Affine

PIXEL_M = 10.0


@dataclass(frozen=True)
class Box:
    """Rows row0 to row1 - 1 and columns col0 to col1 - 1 of an absolute grid of a UTM zone.

    Column 0 begins at easting 0, row 0 at northing 0; rows grow southwards, so they are negative
    north of the equator. Pixels are of 10 m: column = floor(easting / 10), row = floor(-northing /
    10).

    Example:
        box = Box(row0=-540_010, col0=40_000, row1=-540_000, col1=40_020)
        box.height, box.width  # 10, 20
    """

    row0: int
    col0: int
    row1: int
    col1: int

    @property
    def height(self) -> int:
        """Rows; 0 when the box is empty."""
        return max(0, self.row1 - self.row0)

    @property
    def width(self) -> int:
        """Columns; 0 when the box is empty."""
        return max(0, self.col1 - self.col0)

    @property
    def empty(self) -> bool:
        """True when it holds no row or no column."""
        return self.height == 0 or self.width == 0

    def intersection(self, other: "Box") -> "Box":
        """Return what both share; empty when they do not touch."""
        return Box(
            max(self.row0, other.row0),
            max(self.col0, other.col0),
            min(self.row1, other.row1),
            min(self.col1, other.col1),
        )

    def union(self, other: "Box") -> "Box":
        """Return the smallest box around both."""
        return Box(
            min(self.row0, other.row0),
            min(self.col0, other.col0),
            max(self.row1, other.row1),
            max(self.col1, other.col1),
        )

    def grown(self, margin: int) -> "Box":
        """Return the box larger by so much on every side."""
        return Box(self.row0 - margin, self.col0 - margin, self.row1 + margin, self.col1 + margin)

    def within(self, outer: "Box") -> tuple[slice, slice]:
        """Return the rows and columns of this box in an array that covers `outer`."""
        return (
            slice(self.row0 - outer.row0, self.row1 - outer.row0),
            slice(self.col0 - outer.col0, self.col1 - outer.col0),
        )

    def transform(self, side_m: float) -> Affine:
        """Return the transform of (column, row) in the box, in squares of `side_m`, to metres."""
        return Affine(side_m, 0, self.col0 * side_m, 0, -side_m, -self.row0 * side_m)


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around one or more."""
    return reduce(Box.union, boxes)


PixelBox = Box
"""A box in pixels of 10 m: col = floor(easting / 10), row = floor(-northing / 10)."""
