"""A small encoder whose features depend on the whole window, so that a wrong window shows."""

import numpy as np
import torch
from torch.nn import functional

from backend.encoders import Encoder, EncoderSpec


class WindowEncoder(Encoder):
    """Means of a cell, the same less the window's mean, and the place in the window."""

    def __init__(self, cell_px: int = 4, grid: int = 8) -> None:
        self.device = torch.device("cpu")
        self.encoded = 0
        self.spec = EncoderSpec(
            name="window",
            title="Window means",
            modality="sentinel-1",
            bands=("VV", "VH"),
            dim=6,
            window_px=cell_px * grid,
            pixel_m=10.0,
            grid=(grid, grid),
            identity=f"window/{cell_px}/{grid}",
            licence="GPL-2.0-or-later",
            source="a test",
        )

    def encode(self, db: torch.Tensor | np.ndarray) -> torch.Tensor:
        windows = torch.nan_to_num(torch.as_tensor(db), nan=-30.0) / 10
        self.encoded += len(windows)
        cells = functional.avg_pool2d(windows, self.spec.cell_px)
        relative = cells - windows.mean(dim=(2, 3), keepdim=True)
        line = torch.linspace(-1, 1, self.spec.grid[0])
        place = torch.stack(torch.meshgrid(line, line, indexing="ij")).expand(
            len(cells), -1, -1, -1
        )
        return torch.cat([cells, relative, place], dim=1).permute(0, 2, 3, 1)


class TightEncoder(WindowEncoder):
    """An encoder on a device that has memory for so many windows at once."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.sizes: list[int] = []

    def encode(self, db: torch.Tensor | np.ndarray) -> torch.Tensor:
        self.sizes.append(len(db))
        if len(db) > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return super().encode(db)
