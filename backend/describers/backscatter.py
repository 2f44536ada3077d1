"""What describers that were trained here look at."""

import numpy as np
from numpy.typing import NDArray

from backend.describers.base import Chip
from backend.errors import ConfigInvalid

BANDS = ("VV", "VH")


def backscatter(chip: Chip, side: int, pixel_m: float | None, name: str) -> NDArray[np.float32]:
    """Return VV and VH of a chip (1, 2, side, side) in dB; around a smaller one is NaN.

    `name` is who looks at it, at pixels of `pixel_m`; at any where that is None.

    Raises:
        ConfigInvalid: it has no backscatter of VV and VH, is larger, or has other pixels.
    """
    record, bands = chip.record, tuple(chip.bands) or BANDS  # some corpora do not say
    metres = record.metres_per_pixel
    if metres and pixel_m and metres != pixel_m:
        raise ConfigInvalid(
            f'"{record.chip}" has pixels of {metres:g} m; {name} learnt those of {pixel_m:g} m.',
            "Choose a tower of such chips, or another describer.",
        )
    if chip.pixels is None or bands != BANDS or len(chip.pixels) != len(BANDS):
        found = "no backscatter" if chip.pixels is None else f"the bands {', '.join(bands)}"
        raise ConfigInvalid(
            f'The chip "{record.chip}" has {found}; {name} looks at VV and VH in dB.',
            "Give its backscatter, or choose another describer.",
        )
    height, width = chip.pixels.shape[1:]
    if max(height, width) > side:
        ground = f", which are {side * pixel_m:,.0f} m" if pixel_m else ""
        raise ConfigInvalid(
            f'"{record.chip}" has {width} x {height} pixels; {name} describes at most '
            f"{side} x {side}{ground}.",
            "Draw a smaller area, or cut smaller chips.",
        )
    db = np.full((1, len(BANDS), side, side), np.nan, np.float32)
    row, column = (side - height) // 2, (side - width) // 2
    db[0, :, row : row + height, column : column + width] = chip.pixels
    return db
