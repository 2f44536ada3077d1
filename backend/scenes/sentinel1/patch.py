"""One georeferenced pair of bands, sampled on the absolute pixel grid of a UTM zone."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.windows import Window

from backend.errors import SceneUnreadable
from backend.scenes.box import PIXEL_M, PixelBox
from backend.scenes.files import OpenFiles
from backend.scenes.footprint import Footprint, nearest, positions
from backend.scenes.grid import Grid, transformer, utm_zone
from backend.scenes.info import Check
from backend.scenes.sentinel1.pairs import Pair
from backend.scenes.sentinel1.units import Units, to_power

FINEST_M, COARSEST_M = 2.0, 40.0
SMOOTH_FROM_M = 14.0


@dataclass(frozen=True)
class Patch(Footprint):
    """VV and VH on one grid."""

    pair: Pair
    files: OpenFiles = field(repr=False)

    @property
    def nodata(self) -> float | None:
        """What the header of VV says stands where there is no data."""
        band = self.pair.vv
        return self.files.header(band.path, band.variable).bands[band.number - 1].nodata

    def read_power(self, box: PixelBox, units: Units) -> NDArray[np.float32] | None:
        """Return linear power (2, h, w) of the absolute pixels of `box`, NaN without data.

        None when there is no data at all, as in large parts of many scenes. Nearest pixel at about
        10 m, which keeps the statistics of speckle; the mean of several when the file is finer;
        bilinear when it is coarser than 14 m.
        """
        nodes = self.nodes(box)
        smooth = max(self.pixel_m) > SMOOTH_FROM_M
        window = self.window(nodes, margin=1 if smooth else 0)
        stored = None if window is None else self.read_raw(window)
        if window is None or stored is None or not np.nan_to_num(stored).any():
            return None
        per_column, per_row = (max(1, round(PIXEL_M / side)) for side in self.pixel_m)
        rows, columns = positions(nodes, window, box, per_row, per_column)
        sampled = (bilinear if smooth else nearest)(to_power(stored, units), rows, columns)
        return _mean_of_blocks(sampled, per_row, per_column)

    def read_raw(self, window: Window) -> NDArray[np.float32]:
        """Return values (2, h, w) as stored, after scale and offset, NaN for no data."""
        bands = (self.pair.vv, self.pair.vh)
        return np.stack([self.files.read(band, window) for band in bands])


def patches_of(pairs: Sequence[Pair], files: OpenFiles, zone: CRS | None = None) -> list[Patch]:
    """Return each pair on its grid, all seen from one UTM zone, their own when none is given.

    Raises:
        SceneUnreadable: a file cannot be read, or the two of a pair differ in their grids.
        NotGeoreferenced: a file has no map coordinates, or lies near a pole.
        PixelsUnfit: the pixels are too small or too large for Sentinel-1.
    """
    grids = [_common_grid(pair, files) for pair in pairs]
    zone = zone or utm_zone(grids)
    to_utm = {crs: transformer(crs, zone) for crs in {grid.crs for grid in grids}}
    patches = [
        Patch(pair.vv.path.name, grid, to_utm[grid.crs], pair, files)
        for pair, grid in zip(pairs, grids, strict=True)
    ]
    for patch in patches:
        patch.require_pixels(FINEST_M, COARSEST_M, "Take the scene at about 10 m.")
    return patches


def sampling_checks(patches: Sequence[Patch]) -> list[Check]:
    """Return what is done to pixels that are coarser than the 10 m that windows have."""
    coarsest = max(max(patch.pixel_m) for patch in patches)
    if coarsest <= SMOOTH_FROM_M:
        return []
    return [Check("ok", f"Its pixels of {coarsest:.3g} m are interpolated to {PIXEL_M:g} m.")]


def _common_grid(pair: Pair, files: OpenFiles) -> Grid:
    """Return the grid of both bands."""
    bands = dict.fromkeys([pair.vv, pair.vh])
    first, *others = (files.header(band.path, band.variable).grid for band in bands)
    if not all(first.matches(other) for other in others):
        raise SceneUnreadable(
            f"{pair.vv.path.name} and {pair.vh.path.name} cover different pixels.",
            "Bring both to one grid first.",
        )
    return first


def bilinear(
    values: NDArray[np.float32], rows: NDArray[np.float64], columns: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return the four nearest pixels of `values` weighted by closeness, without those of no data.

    `values` are (2, H, W); positions of any shape are in pixels from the upper left corner. NaN
    where the pixel that a position lies in has no data.
    """
    total = np.zeros((2, *rows.shape), np.float32)
    weight = np.zeros_like(total)
    top, left = np.floor(rows - 0.5), np.floor(columns - 0.5)
    for down in (0, 1):
        for right in (0, 1):
            corner = nearest(values, top + down, left + right)
            share = (1 - abs(rows - 0.5 - top - down)) * (1 - abs(columns - 0.5 - left - right))
            known = np.isfinite(corner)
            total += np.where(known, corner * share.astype(np.float32), 0)
            weight += known * share.astype(np.float32)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.isfinite(nearest(values, rows, columns)), total / weight, np.nan)


def _mean_of_blocks(
    values: NDArray[np.float32], per_row: int, per_column: int
) -> NDArray[np.float32]:
    """Return the mean over blocks of per_row x per_column points that have data."""
    if per_row == per_column == 1:
        return values
    shape = (2, values.shape[1] // per_row, per_row, values.shape[2] // per_column, per_column)
    blocks = values.reshape(shape)
    known = np.isfinite(blocks)
    count = known.sum(axis=(2, 4), dtype=np.float32)
    total = np.where(known, blocks, 0).sum(axis=(2, 4), dtype=np.float32)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count > 0, total / count, np.float32(np.nan))
