"""Rasters made for the tests."""

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray


def speckled(height: int, width: int, seed: int = 0) -> NDArray[np.float32]:
    """dB (2, h, w) of VV and VH: a bright half, a dark half, and speckle of about five looks."""
    rng = np.random.default_rng(seed)
    level = np.where(np.arange(width) < width // 2, -9.0, -19.0)
    speckle = 10 * np.log10(rng.gamma(5, 1 / 5, (2, height, width)))
    return (level + np.array([0, -6])[:, None, None] + speckle).astype(np.float32)


def write_raster(
    path: Path,
    values: NDArray[Any],
    crs: str | None = "EPSG:32633",
    transform: Affine | None = None,
    names: tuple[str | None, ...] | None = ("VV", "VH"),
    tags: dict[str, str] | None = None,
    **profile: Any,
) -> Path:
    """A GeoTIFF of `values` (bands, h, w); its corner lies at a multiple of 10 m when left out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"driver": "GTiff", "dtype": values.dtype, **profile}
    transform = transform or Affine(10, 0, 400_000, 0, -10, 5_400_000)
    count, height, width = values.shape
    scales, offsets = options.pop("scales", None), options.pop("offsets", None)
    with rasterio.open(
        path, "w", count=count, height=height, width=width, crs=crs, transform=transform, **options
    ) as file:
        file.write(values)
        if names:
            file.descriptions = names[:count]
        if scales:
            file.scales, file.offsets = scales, offsets
        file.update_tags(**(tags or {}))
    return path
