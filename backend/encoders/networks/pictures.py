"""Radar as the pictures of three channels that a CLIP looks at, from 0 to 255."""

import torch
from torch.nn import functional

from backend.encoders.clip import ClipRgb
from backend.encoders.clips import CUTS_DB, USUAL_DB, PictureName
from backend.encoders.networks.windows import fill_gaps, per_band


def draw_picture(db: torch.Tensor, picture: PictureName) -> torch.Tensor:
    """Return pictures (n, 3, h, w) from 0 to 255 of radar (n, 2, h, w): VV and VH in dB.

    Pixels without data (NaN) take their band's mean over the window.
    """
    filled = fill_gaps(db, USUAL_DB)
    planes = {
        "VV": filled[:, :1],
        "VH": filled[:, 1:],
        "VV-VH": filled[:, :1] - filled[:, 1:],
    }
    channels = [
        (planes[name] - low) / (high - low) for name, (low, high) in CUTS_DB[picture].items()
    ]
    return (255 * torch.cat(channels, dim=1).clamp(0, 1)).expand(-1, 3, -1, -1)


def scale_picture(pictures: torch.Tensor, side_px: int) -> torch.Tensor:
    """Return what a CLIP of this side takes of pictures (n, 3, h, w) from 0 to 255.

    They are enlarged or reduced as a whole, so that a text holds for what is seen.
    """
    if pictures.shape[2:] != (side_px, side_px):
        pictures = functional.interpolate(
            pictures, (side_px, side_px), mode="bilinear", antialias=True
        )
    mean, std = (per_band(of, pictures) for of in (ClipRgb.mean, ClipRgb.std))
    return (pictures - mean) / std
