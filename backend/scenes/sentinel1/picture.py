"""Radar as a picture of 8 bits, for models and people that look at it.

One polarisation, or three channels VV, VH and VV - VH → refined Lee on linear power → dB → a linear
cut at two percentiles → 1 to 255; 0 where there is no data. The steps are those of Wei et al.,
SARLANG-1M (2026), which states neither filter size nor percentiles: those are ours, and
`Picture.facts` records them. The cut of a corpus is that of the whole scene, so that a dark chip
stays dark; for a single question it is the chip's own.

Example:
    with open_scene("scene.tif") as scene:
        picture = Picture(("VV",))
        cut = measure_cut(scene, picture)
        image = picture.draw(read_filtered(scene, scene.extent), cut)  # (1, h, w) uint8
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.errors import ConfigInvalid
from backend.progress import Progress, silent
from backend.scenes.box import PixelBox
from backend.scenes.sentinel1.scene import Scene
from backend.scenes.sentinel1.speckle import REACH_PX, refined_lee
from backend.scenes.sentinel1.units import to_db

BLOCK_PX = 1024
CHANNELS = ("VV", "VH", "VV-VH")
LOWEST_DB, HIGHEST_DB, STEP_DB = -80.0, 80.0, 0.01
"""Between these, percentiles of a scene are exact to a hundredth of a dB."""

_BINS = round((HIGHEST_DB - LOWEST_DB) / STEP_DB)
_DB = np.float32(10 / np.log(10))

Decibels = NDArray[np.float32]
Cut = Mapping[str, tuple[float, float]]
"""The dB that become black and white, by channel."""


@dataclass(frozen=True)
class Picture:
    """How dB of VV and VH become a picture."""

    channels: tuple[str, ...] = ("VV",)
    """One or more of VV, VH and VV-VH."""
    filtered: bool = True
    """Whether speckle is filtered, by refined Lee 7 × 7."""
    percentiles: tuple[float, float] = (2.0, 98.0)
    """Of the pixels with data: what lies beyond is black or white."""

    def __post_init__(self) -> None:
        low, high = self.percentiles
        if not self.channels or set(self.channels) - set(CHANNELS) or not 0 <= low < high <= 100:
            raise ConfigInvalid(
                f"The picture has the channels {', '.join(self.channels) or 'none'}, cut at {low} "
                f"and {high} %.",
                f"Expected some of {', '.join(CHANNELS)}, and two rising percentiles.",
            )

    @property
    def facts(self) -> dict[str, Any]:
        """All that shapes the picture, ready for JSON."""
        return {
            "channels": list(self.channels),
            "filter": "refined Lee 7x7, linear power" if self.filtered else None,
            "scale": "10 log10",
            "percentiles": list(self.percentiles),
            "nodata": 0,
        }

    @property
    def words(self) -> str:
        """What it is called beside a describer that looks at it; nothing for the usual one."""
        channels = "" if self.channels == ("VV",) else ", ".join(self.channels)
        return " ".join(filter(None, (channels, "" if self.filtered else "with its speckle")))

    def planes(self, db: Decibels) -> Decibels:
        """Return the channels (c, h, w) in dB of VV and VH (2, h, w)."""
        bands = {"VV": db[0], "VH": db[1], "VV-VH": db[0] - db[1]}
        return np.stack([bands[name] for name in self.channels])

    def cut_of(self, db: Decibels) -> dict[str, tuple[float, float]]:
        """Return the cut of one image, VV and VH (2, h, w) in dB, by its own percentiles."""
        counts = _Counts(self)
        counts.add(db)
        return counts.cut()

    def draw(self, db: Decibels, cut: Cut | None = None) -> NDArray[np.uint8]:
        """Return the picture (c, h, w) of VV and VH (2, h, w) in dB, by its own cut without one.

        Filter beforehand: `read_filtered`, or `filter_db` where there is no scene.
        """
        cut = self.cut_of(db) if cut is None else cut
        drawn = np.zeros((len(self.channels), *db.shape[1:]), np.uint8)
        for out, plane, name in zip(drawn, self.planes(db), self.channels, strict=True):
            low, high = cut[name]
            known = np.isfinite(plane)
            scaled = (plane[known] - low) / max(high - low, STEP_DB)
            out[known] = 1 + np.rint(np.clip(scaled, 0, 1) * 254).astype(np.uint8)
        return drawn


def filter_db(db: Decibels) -> Decibels:
    """Return dB (bands, h, w) with less speckle; beyond the edges the image is mirrored."""
    around = ((0, 0), (REACH_PX, REACH_PX), (REACH_PX, REACH_PX))
    return to_db(refined_lee(np.exp(np.pad(db, around, mode="symmetric") / _DB)))


def read_filtered(scene: Scene, box: PixelBox) -> Decibels:
    """Return dB (2, h, w) over `box` with less speckle, the same whatever box it is read in."""
    return to_db(refined_lee(np.exp(scene.read(box.grown(REACH_PX)) / _DB)))


def measure_cut(
    scene: Scene, picture: Picture, progress: Progress = silent
) -> dict[str, tuple[float, float]]:
    """Return the cut of a whole scene by channel, read block by block; its memory is flat.

    Where a scene has no data at all, the cut is that of an empty range.
    """
    counts, blocks = _Counts(picture), list(_blocks(scene.extent))
    for done, box in enumerate(blocks):
        progress("measuring the scene's brightness", done, len(blocks))
        counts.add(read_filtered(scene, box) if picture.filtered else scene.read(box))
    return counts.cut()


class _Counts:
    """How many pixels of each channel have which dB."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._counts = np.zeros((len(picture.channels), _BINS), np.int64)

    def add(self, db: Decibels) -> None:
        for counts, plane in zip(self._counts, self._picture.planes(db), strict=True):
            places = (plane[np.isfinite(plane)] - LOWEST_DB) / STEP_DB
            counts += np.bincount(np.clip(places, 0, _BINS - 1).astype(np.int64), minlength=_BINS)

    def cut(self) -> dict[str, tuple[float, float]]:
        found = {}
        for name, counts in zip(self._picture.channels, self._counts, strict=True):
            share = np.cumsum(counts) / max(counts.sum(), 1)
            low, high = (
                # More than 0, for at 0 % the first pixel counts, not the first empty bin.
                LOWEST_DB + STEP_DB * float(np.searchsorted(share, max(percentile / 100, 1e-15)))
                for percentile in self._picture.percentiles
            )
            found[name] = (round(low, 2), round(high, 2))
        return found


def _blocks(extent: PixelBox) -> Iterator[PixelBox]:
    for row in range(extent.row0, extent.row1, BLOCK_PX):
        for col in range(extent.col0, extent.col1, BLOCK_PX):
            whole = PixelBox(row, col, row + BLOCK_PX, col + BLOCK_PX)
            yield whole.intersection(extent)


PICTURES = {
    f"{name}{'' if filtered else '-raw'}": Picture(channels, filtered)
    for name, channels in (("vv", ("VV",)), ("vh", ("VH",)), ("three", CHANNELS))
    for filtered in (True, False)
}
"""Pictures by the names that commands call them by."""
