"""texture-s1: what a radar analyst measures by eye, as 115 numbers a cell. It needs no weights.

A cell is 8 x 8 px of 10 m. For the first 64 columns every pixel is limited to the second-highest
and second-lowest value of its 3 x 3 neighbourhood, so one strange pixel changes nothing; "smooth"
means the 3 x 3 mean of power after that (about 20 looks for a Sentinel-1 GRD product). That erases
houses, so 15 columns and the last 8 are of the pixels as they are, which end at 15 dB. Means leave
out pixels without data; where anything else meets some, they count as the mean of 5 x 5 cells
around them.

| columns | what | unit |
|---|---|---|
| 0-1   | level of VV, VH: mean of smooth dB over the cell | (dB - centre) / 5 |
| 2-5   | level of VV, VH minus the mean over 240 m, then minus the mean over 560 m | / 3 dB |
| 6-14  | share of the cell's smooth VV near -25, -22, ... -1 dB (linear hats) | x 2 |
| 15-23 | share of the cell's smooth VH near -31, -28, ... -7 dB | x 2 |
| 24-29 | share of VV - VH near 0, 3, ... 15 dB | x 2 |
| 30-45 | share near each pair of VV -21, -16, -11, -6 and VH -27, -22, -17, -12 dB | x 2 |
| 46-49 | spread of dB inside the cell, VV, VH; spread of levels over 560 m, VV, VH | / 3 dB |
| 50-55 | oriented energy: mean over 0, 45, 90, 135 degrees of the line response at 20, 40 and
          80 m, for VV and VH | / 2 dB |
| 56-59 | how much the strongest orientation exceeds the weakest, at 40 and 80 m | / 2 dB |
| 60-63 | share of smooth VV, VH more than 5 dB above, and below, the mean of 560 m | x 2 |
| 64-65 | the cell's brightest pixel in VV, VH minus the level | / 5 dB |
| 66-67 | contrast of VV, VH: logarithm of its pixels' coefficient of variation over 0.45 | x 2 |
| 68-69 | 95th less 50th percentile of its pixels in VV, VH | / 4 dB |
| 70-71 | level minus its third-darkest pixel in VV, VH | / 4 dB |
| 72-73 | brightest pixel of 240 m minus the mean over them, VV, VH | / 5 dB |
| 74-77 | contrast of 240 m, VV, VH; of 560 m, VV, VH | x 2 |
| 78    | whether 6 pixels of 560 m exceed -3 dB in VV: over a wedge, the share of cells | 0, 1 |
| 79-82 | level of VV, VH over 240 m; over 560 m | (dB - centre) / 5 |
| 83-106 | hats of the level of 240 m: VV, VH and VV - VH at the knots of 6-29 | x 2 |
| 107   | share of the cells of 560 m that have 6 pixels above -3 dB in VV | x 8 |
| 108-111 | share of the cell's pixels above -6, -3, 0, 3 dB in VV | x 8 |
| 112-114 | share of the cell's pixels above -12, -9, -6 dB in VH | x 8 |

A cell looks 26 px around it: 560 m are 3 cells more, whose edges smoothing crosses by 2 px. Pixels
without data there look 2 cells farther, so that the reach is 6 cells, 48 px.
What surrounds a cell enters the first 79 columns only as a difference to it. Averaged over a wedge
a cell's level and its surroundings' are the same number, so a head could not tell them apart and
would smear. So a fit on wedges leaves out the last 36 columns (the specification's `surroundings`);
they are fitted on single cells whose cover is known. The last 8 could be fitted on both; bright
pixels are what single cells differ by.
The shares let a linear head draw any response curve over backscatter; the line response of a
pixel x at lag k is |x(p) - (x(p + k) + x(p - k)) / 2|, after a smoothing that fits the lag.
Sources: oriented texture energy after Laws (1980) and Malik and Perona (1990); the hats are
linear B-splines.
"""

from backend.device import Tensor
from backend.encoders.base import Encoder, EncoderSpec, Windows
from backend.errors import ConfigInvalid

CELL = 8
REACH_PX = 48
BRIGHT = 8
"""Columns of bright pixels, the last ones."""


class TextureS1(Encoder):
    """Multi-scale backscatter statistics and oriented texture energy as torch operations."""

    position = 0
    spec = EncoderSpec(
        name="texture-s1",
        title="Texture statistics (no weights)",
        modality="sentinel-1",
        bands=("VV", "VH"),
        dim=115,
        window_px=224,
        pixel_m=10.0,
        grid=(28, 28),
        identity="texture-s1/4",
        licence="GPL-2.0-or-later",
        source="this project",
        reach_px=REACH_PX,
        surroundings=28 + BRIGHT,
    )

    def encode(self, windows: Windows) -> Tensor:
        """Return feature grids (n, H/8, W/8, 115) float32 of windows (n, 2, H, W) in dB.

        H and W are multiples of 8, at least 56. NaN and infinite pixels count as no data.

        Raises:
            ConfigInvalid: the windows have another shape.
        """
        import torch

        from backend.encoders.networks.texture import texture_features

        windows = torch.as_tensor(windows).to(self.device, torch.float32)
        n, bands, height, width = windows.shape
        if bands != 2 or height % CELL or width % CELL or min(height, width) < 7 * CELL:
            raise ConfigInvalid(
                f"texture-s1 got windows of shape {tuple(windows.shape)}.",
                "Expected (n, 2, H, W): VV and VH, sides divisible by 8 and at least 56.",
            )
        # One window at a time keeps a CPU's temporaries small.
        parts = windows.split(1 if self.device.type == "cpu" else max(n, 1))
        with torch.no_grad():
            return torch.cat([texture_features(part) for part in parts])
