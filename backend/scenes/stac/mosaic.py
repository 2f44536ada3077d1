"""The bursts of a pass, joined along their own pixels: nothing is resampled."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
from affine import Affine
from rasterio.windows import Window

from backend.errors import SceneUnreadable
from backend.scenes.grid import Grid
from backend.scenes.stac.remote import Pixels, RemotePair

SAME = 1e-3
"""How far pixels of two bursts may lie apart, in pixels."""


class RemoteMosaic:
    """Pairs in one CRS as one: the first counts where several have data.

    With a single pair it is that pair.

    Raises:
        SceneUnreadable: the pairs do not lie on one lattice of pixels, or store values in
            different ways.
    """

    def __init__(self, pairs: Sequence[RemotePair]) -> None:
        first = pairs[0]
        corners = [
            place
            for pair in pairs
            if (place := _place(first.grid, pair.grid)) and _kind(pair) == _kind(first)
        ]
        if len(corners) < len(pairs):
            raise SceneUnreadable(
                "The bursts of this pass differ in their lattice of pixels, or in how they store "
                "values.",
                "Choose another scene.",
            )
        left, top = min(x for x, _ in corners), min(y for _, y in corners)
        self._pairs = [
            (pair, Window(x - left, y - top, pair.grid.width, pair.grid.height))
            for pair, (x, y) in zip(pairs, corners, strict=True)
        ]
        width = max(place.col_off + place.width for _, place in self._pairs)
        height = max(place.row_off + place.height for _, place in self._pairs)
        corner = first.grid.transform @ Affine.translation(left, top)
        self.grid = Grid(first.grid.crs, corner, width, height)
        gaps = len(pairs) > 1 and first.values.nodata is None
        self.values = replace(first.values, masked=first.values.masked or gaps)

    def read(self, window: Window) -> Pixels:
        """Return values (2, h, w) of a window, and which have data (h, w)."""
        shape = (window.height, window.width)
        empty = 0 if self.values.nodata is None else self.values.nodata
        values = np.full((2, *shape), empty, self.values.dtype)
        valid = np.zeros(shape, bool)
        for pair, place in self._pairs:
            shared = _shared(window, place)
            if shared is None:
                continue
            there, here = shared
            found, known = pair.read(there)
            new = known & ~valid[here]
            values[:, *here][:, new] = found[:, new]
            valid[here] |= new
        return values, valid


def by_crs(pairs: Sequence[RemotePair]) -> Iterator[RemoteMosaic]:
    """Yield one mosaic a CRS: a pass may cross the border of UTM zones."""
    ordered = sorted(pairs, key=lambda pair: pair.grid.name)
    for _, group in groupby(ordered, key=lambda pair: pair.grid.name):
        yield RemoteMosaic(list(group))


def _place(first: Grid, other: Grid) -> tuple[int, int] | None:
    """Return column and row of a grid's corner among another's pixels; None if it lies between."""
    if other.crs != first.crs:
        return None
    relative = ~first.transform @ other.transform
    column, row = round(relative.c), round(relative.f)
    moved = Affine.translation(column, row)
    return (column, row) if relative.almost_equals(moved, SAME) else None


def _kind(pair: RemotePair) -> str:
    return repr(pair.values)  # NaN is not NaN


def _shared(window: Window, place: Window) -> tuple[Window, tuple[slice, slice]] | None:
    """Return what a window and a burst at `place` share: in the burst, and in the window."""
    top = max(window.row_off, place.row_off)
    left = max(window.col_off, place.col_off)
    bottom = min(window.row_off + window.height, place.row_off + place.height)
    right = min(window.col_off + window.width, place.col_off + place.width)
    if top >= bottom or left >= right:
        return None
    there = Window(left - place.col_off, top - place.row_off, right - left, bottom - top)
    rows = slice(top - window.row_off, bottom - window.row_off)
    columns = slice(left - window.col_off, right - window.col_off)
    return there, (rows, columns)
