"""The patches of one date as one picture, and the mean of several dates."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.scenes.box import PixelBox
from backend.scenes.sentinel1.patch import Patch
from backend.scenes.sentinel1.units import Units


@dataclass(frozen=True)
class Mosaic:
    """Patches in one UTM zone whose values have the same units: one date of a scene."""

    patches: Sequence[Patch]
    units: Units

    def read_power(self, box: PixelBox) -> NDArray[np.float32]:
        """Return linear power (2, h, w) over `box`; NaN where there is no data.

        Where patches overlap the first one counts.

        Raises:
            SceneUnreadable: a file is damaged.
        """
        power = np.full((2, box.height, box.width), np.nan, np.float32)
        for patch in self.patches:
            part = box.intersection(patch.extent)
            read = None if part.empty else patch.read_power(part, self.units)
            if read is not None:
                rows, columns = part.within(box)
                target = power[:, rows, columns]
                np.copyto(target, read, where=np.isnan(target[0]))
        return power


def mean_power(powers: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return the mean over dates (2, h, w) of what has data; NaN where none has."""
    if len(powers) == 1:
        return powers[0]
    total = np.zeros_like(powers[0])
    count = np.zeros_like(powers[0])
    for power in powers:
        known = np.isfinite(power)
        total += np.where(known, power, 0)
        count += known
    with np.errstate(invalid="ignore"):
        return total / count
