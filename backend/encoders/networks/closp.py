"""The radar tower of CLOSP from its published file, which holds all towers side by side.

Names in it: `s1_encoder.` is a vision transformer as in `vit`, `s1_projection.` one linear layer;
`s2_encoder.` and `s2_projection.` are those of Sentinel-2, and `text_model.` is a BERT.
"""

from pathlib import Path

import torch
from safetensors import safe_open
from torch import nn
from torch.nn import functional

from backend.encoders.networks.vit import HEAD_WIDTH, VisionTransformer
from backend.encoders.networks.weights import load_network, read_tensors
from backend.encoders.published import reading, unfit

BANDS, PATCH, SIDE = 2, 16, 14


class RadarTower(nn.Module):
    """Windows (n, 2, h, w) in dB to vectors (n, D)."""

    def __init__(self, width: int, depth: int, dim: int) -> None:
        super().__init__()
        self.s1_encoder = VisionTransformer(BANDS, PATCH, SIDE, width, depth)
        self.s1_projection = nn.Linear(width, dim)

    def forward(self, db: torch.Tensor) -> torch.Tensor:
        """Return class tokens (n, D), projected, of windows (n, 2, h, w) in dB."""
        wide = functional.interpolate(
            db, (SIDE * PATCH, SIDE * PATCH), mode="bilinear", align_corners=True
        )
        projected: torch.Tensor = self.s1_projection(self.s1_encoder.class_token(wide))
        return projected


def joint_dim(path: Path) -> int:
    """Return the dimensions of the space that a file's towers share.

    Raises:
        WeightsInvalid: the file cannot be read, or has no radar tower.
    """
    with reading(path), safe_open(path, "pt") as file:
        return int(file.get_slice("s1_projection.weight").get_shape()[0])


def load_radar_tower(path: Path, device: torch.device) -> RadarTower:
    """Return the tower, frozen.

    Raises:
        WeightsInvalid: the file cannot be read, or its radar tower is another network.
    """
    tensors = {k: v for k, v in read_tensors(path).items() if k.startswith("s1_")}
    blocks = {key.split(".")[2] for key in tensors if key.startswith("s1_encoder.blocks.")}
    projection = tensors.get("s1_projection.weight")
    if projection is None or projection.ndim != 2 or projection.shape[1] % HEAD_WIDTH or not blocks:
        raise unfit(path, "holds no radar tower of CLOSP that is a vision transformer")
    dim, width = projection.shape
    return load_network(lambda: RadarTower(width, len(blocks), dim), path, tensors, device)
