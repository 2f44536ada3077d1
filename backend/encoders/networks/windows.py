"""What all encoders do to windows before anything else."""

import numpy as np
import torch

from backend.encoders.base import EncoderSpec
from backend.errors import ConfigInvalid


def take_windows(
    windows: torch.Tensor | np.ndarray, spec: EncoderSpec, device: torch.device, step: int = 0
) -> torch.Tensor:
    """Return windows (n, bands, H, W) as float32 on `device`; infinite pixels become NaN.

    Sides are `spec.window_px`, or with `step` also any longer multiple of it.

    Raises:
        ConfigInvalid: the windows have another shape.
    """
    windows = torch.as_tensor(windows)
    if device.type == "cuda" and windows.device.type == "cpu":
        windows = windows.pin_memory()  # so that the copy runs beside what the device still does
    windows = windows.to(device, torch.float32, non_blocking=True)
    side = spec.window_px
    sides = windows.shape[2:]
    fits = all(n >= side and n % step == 0 for n in sides) if step else sides == (side, side)
    if windows.ndim != 4 or windows.shape[1] != len(spec.bands) or not fits:
        few = len(spec.bands) <= 3
        bands = ", ".join(spec.bands) if few else f"{spec.bands[0]} to {spec.bands[-1]}"
        lengths = f"divisible by {step} and at least {side}" if step else f"of {side}"
        raise ConfigInvalid(
            f"{spec.name} got windows of shape {tuple(windows.shape)}.",
            f"Expected (n, {len(spec.bands)}, H, W): {bands}, sides {lengths}.",
        )
    return torch.where(torch.isfinite(windows), windows, torch.nan)


def fill_gaps(windows: torch.Tensor, usual: tuple[float, ...]) -> torch.Tensor:
    """Return windows (n, bands, H, W) whose pixels without data have their band's mean.

    The mean draws no edge. A band without any data takes its `usual` value.
    """
    mean = windows.nanmean(dim=(2, 3), keepdim=True)
    mean = torch.where(mean.isnan(), per_band(usual, windows), mean)
    return torch.where(windows.isnan(), mean, windows)


def per_band(values: tuple[float, ...], windows: torch.Tensor) -> torch.Tensor:
    """Return one number a band, in the shape (1, bands, 1, 1)."""
    return torch.tensor(values, device=windows.device)[None, :, None, None]
