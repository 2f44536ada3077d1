"""texture-s1-dates: texture-s1 on the mean of several dates, and how much each cell changes.

Crops come and go, leaves fall, wind roughens water; towns and conifers stay as they are. So what
one date cannot tell, a few dates can. The power of all dates is averaged, pixel by pixel, for the
columns of texture-s1. Beside them stands what becomes of a cell's mean power, in dB, from date to
date: of VV, of VH and of VV - VH; first of the cell, then of the 240 m around it.

| columns | what | unit |
|---|---|---|
| 0-78    | the first 79 columns of texture-s1, on the mean of the dates | |
| 79-81   | deviation of VV, VH, VV - VH: the standard deviation over the dates | / 2 dB |
| 82-84   | range of VV, VH, VV - VH: the highest less the lowest | / 5 dB |
| 85-87   | largest step of VV, VH, VV - VH from one date to the next | / 4 dB |
| 88-115  | the surroundings of texture-s1, on the mean of the dates | |
| 116-124 | deviation, range and largest step of the 240 m around the cell | as 79-87 |

The shares of bright pixels are left out: in the mean of several dates they are other shares.
In another order the dates have the same columns, all but the largest step. A cell leaves out dates
on which less than half of it was seen; with fewer than two it has no change.
Range and step grow with the number of dates, and the head has seen 3 to 8 of them.
"""

from backend.device import Tensor
from backend.encoders.base import Encoder, EncoderSpec, Windows
from backend.encoders.texture_s1 import BRIGHT, CELL, TextureS1
from backend.errors import ConfigInvalid

CHANGES = 9
"""Columns of change, of a cell and of the 240 m around it."""


class TextureDates(Encoder):
    """The columns of texture-s1 on the mean of the dates, with each cell's change over them."""

    position = 1
    spec = EncoderSpec(
        name="texture-s1-dates",
        title="Texture and change over dates (no weights)",
        modality="sentinel-1",
        bands=("VV", "VH"),
        dim=TextureS1.spec.dim - BRIGHT + 2 * CHANGES,
        window_px=TextureS1.spec.window_px,
        pixel_m=10.0,
        grid=TextureS1.spec.grid,
        identity="texture-s1-dates/1",
        licence="GPL-2.0-or-later",
        source="this project",
        reach_px=TextureS1.spec.reach_px,
        dates="stacked",
        least_dates=2,
        surroundings=TextureS1.spec.surroundings - BRIGHT + CHANGES,
    )

    def encode(self, windows: Windows) -> Tensor:
        """Return feature grids (n, H/8, W/8, 125) float32 of windows (n, 2 dates, H, W) in dB.

        VV and VH of the earliest date come first. H and W are multiples of 8, at least 56. NaN and
        infinite pixels count as no data.

        Raises:
            ConfigInvalid: the windows have another shape.
        """
        import torch

        from backend.encoders.networks.texture_dates import dates_features

        windows = torch.as_tensor(windows)
        n, planes, height, width = windows.shape
        if planes < 4 or planes % 2 or height % CELL or width % CELL or min(height, width) < 56:
            raise ConfigInvalid(
                f"texture-s1-dates got windows of shape {tuple(windows.shape)}.",
                "Expected (n, 2 dates, H, W): VV and VH of two dates or more, sides divisible by "
                "8 and at least 56.",
            )
        # One window at a time keeps a CPU's temporaries small.
        parts = windows.split(1 if self.device.type == "cpu" else max(n, 1))
        with torch.no_grad():
            return torch.cat(
                [dates_features(part.to(self.device, torch.float32)) for part in parts]
            )
