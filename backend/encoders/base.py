"""What every frozen encoder is: a specification and one function from dB to a feature grid."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch


@dataclass(frozen=True)
class EncoderSpec:
    """What an encoder takes and gives.

    `identity` names everything the features depend on (name, version or weights hash, scaling). A
    head is only good for the identity it was fitted on.
    """

    name: str
    title: str
    modality: str
    bands: tuple[str, ...]
    dim: int
    window_px: int
    pixel_m: float
    grid: tuple[int, int]
    identity: str
    licence: str
    source: str
    weights_hash: str | None = None

    @property
    def cell_px(self) -> int:
        """Side of one cell in pixels."""
        return self.window_px // self.grid[0]

    @property
    def cell_m(self) -> float:
        """Side of one cell in metres."""
        return self.cell_px * self.pixel_m


class Encoder(Protocol):
    """A frozen encoder. NaN in the input means no data; the output is always finite."""

    spec: EncoderSpec
    device: torch.device

    def encode(self, db: torch.Tensor | np.ndarray) -> torch.Tensor:
        """Feature grids (n, h, w, d) float32 of windows `db` (n, bands, H, W) in dB."""
        ...
