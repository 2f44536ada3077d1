"""Bright objects on water of stored blocks: found once, when a block is encoded, and kept.

In a block that was encoded before there was a search they are found when they are first asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace

import numpy as np
from numpy.typing import NDArray

from backend.detection import BrightObject, bright_objects
from backend.features.lattice import CellBox, Lattice
from backend.features.plan import Plan
from backend.features.store.array import FeatureArray, Index
from backend.features.store.block import StoredBlock
from backend.features.store.derived import DerivedArrays
from backend.features.store.pixels import PixelHashes
from backend.scenes import AnyScene, PixelBox

SEARCH = 1
"""Changes whenever the search finds other objects in the same pixels."""
MOST = 128
"""Objects of one block that are kept; a block with more is searched anew each time."""
FIELDS = 7


class StoredObjects:
    """The bright objects of an array's blocks; rows and columns are those of the zone's pixels.

    Example:
        for each in StoredObjects(array, encoder.spec.bands).of(index, scene, hashes):
            print(each.row, each.col)
    """

    def __init__(self, array: FeatureArray, bands: Sequence[str]) -> None:
        """Take the bands of the pixels that blocks are encoded from, VV among them."""
        self._array, self._bands = array, tuple(bands)
        parts = {"objects": ("float32", (MOST, FIELDS))}
        self._kept = DerivedArrays(array, f"bright-{SEARCH}", parts)

    def keep(self, block: StoredBlock, pixels: NDArray[np.float32]) -> list[BrightObject]:
        """Find those of a block in the pixels (bands, H, W) it was encoded from, and keep them.

        None is found in a block without data, and nothing is kept of it.
        """
        if not block.checksum:
            return []
        cells, lattice = block.cells, self._array.lattice
        found = objects_of(pixels, self._bands, lattice, cells)
        if len(found) > MOST:
            return found
        rows = np.full((MOST, FIELDS), np.nan, np.float32)
        corner = lattice.pixels_of(cells)
        for row, each in zip(rows, found, strict=False):  # the others stay NaN
            row[:] = astuple(moved(each, -corner.row0, -corner.col0))
        self._kept.write(block, {"objects": rows})
        return found

    def of(self, index: Index, scene: AnyScene, hashes: PixelHashes) -> list[BrightObject]:
        """Return those of a stored block of a scene, which is read only where none are kept.

        Raises:
            SceneUnreadable: the scene's file is damaged.
            StoreInvalid: the store cannot be read.
        """
        array, receipt = self._array, self._array.receipt(index)
        cells = array.box(index)
        if receipt is not None and receipt.pixels == hashes.get(index):
            if not receipt.valid:
                return []
            kept = self._kept.read(cells, receipt.checksum)
            if kept is not None:
                corner = array.lattice.pixels_of(cells)
                rows = kept["objects"].view(np.float32)
                found = (BrightObject(*row) for row in rows[np.isfinite(rows[:, 0])].tolist())
                return [moved(each, corner.row0, corner.col0) for each in found]
            block = array.read(index)
            if block is not None:
                return self.keep(block, scene.read(pixels_around(array.lattice, cells)))
        pixels = scene.read(pixels_around(array.lattice, cells))
        return objects_of(pixels, self._bands, array.lattice, cells)


def pixels_around(lattice: Lattice, cells: CellBox) -> PixelBox:
    """Return the pixels that cells are encoded from, which their objects are looked for in."""
    return lattice.pixels_of(lattice.around(cells))


def objects_of(
    pixels: NDArray[np.float32], bands: Sequence[str], lattice: Lattice, cells: CellBox
) -> list[BrightObject]:
    """Return the objects whose brightest pixel lies in `cells`; pixels (bands, H, W) lie around.

    Rows and columns are those of the zone's pixels. Of stacked dates the earliest is searched.
    """
    outer, inner = pixels_around(lattice, cells), lattice.pixels_of(cells)
    vh = pixels[bands.index("VH")] if "VH" in bands else None
    found = (
        moved(each, outer.row0, outer.col0)
        for each in bright_objects(pixels[bands.index("VV")], vh)
    )
    return [
        each
        for each in found
        if inner.row0 <= each.row < inner.row1 and inner.col0 <= each.col < inner.col1
    ]


def objects_without_store(
    scene: AnyScene, bands: Sequence[str], plan: Plan, side: int
) -> Iterator[list[BrightObject]]:
    """Yield the objects of a plan, in squares of so many cells, as `StoredObjects` has them."""
    box = plan.cells
    for row in range(box.row0 // side * side, box.row1, side):
        for col in range(box.col0 // side * side, box.col1, side):
            cells = CellBox(row, col, row + side, col + side)
            if plan.requested(cells).any():
                pixels = scene.read(pixels_around(plan.lattice, cells))
                yield objects_of(pixels, bands, plan.lattice, cells)


def moved(each: BrightObject, rows: int, columns: int) -> BrightObject:
    """Return an object whose rows and columns are counted from elsewhere."""
    return replace(
        each,
        row=each.row + rows,
        col=each.col + columns,
        top=each.top + rows,
        left=each.left + columns,
    )
