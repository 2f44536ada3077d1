"""What every frozen encoder is: a specification and one function from dB to a feature grid."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import torch

from backend.errors import ConfigInvalid


@dataclass(frozen=True)
class EncoderSpec:
    """What an encoder takes and gives.

    `identity` names everything the features depend on (name, version or weights hash, scaling). A
    head is only good for the identity it was fitted on. Two encoders may share one: the same
    features over cells of different size.
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
    weights_hash: str | None = None  # SHA-256 of the file
    scaling: str = ""  # how the input enters, where its weights may be fed in more ways than one
    product_type: str | None = None  # GRD or RTC, when the weights saw one of them alone
    unavailable: str = ""  # why it cannot be loaded here, and the cure; empty when it can
    pointwise: bool = False  # a cell depends on its own pixels alone, not on its window
    text: str | None = None  # the text encoder whose space the vectors are in; they need no head

    @property
    def cell_px(self) -> int:
        """Side of one cell in pixels."""
        return self.window_px // self.grid[0]

    @property
    def cell_m(self) -> float:
        """Side of one cell in metres."""
        return self.cell_px * self.pixel_m


class Encoder(ABC):
    """A frozen encoder. NaN in the input means no data; the output is always finite."""

    spec: EncoderSpec
    device: torch.device

    def __init__(self, weights: str | Path | None, device: torch.device) -> None:
        """An encoder without weights. ConfigInvalid when some are given."""
        if weights is not None:
            raise ConfigInvalid(
                f"{self.spec.name} was given weights; it has none.", "Leave them out."
            )
        self.device = device

    @abstractmethod
    def encode(self, db: torch.Tensor | np.ndarray) -> torch.Tensor:
        """Feature grids (n, h, w, d) float32 of windows `db` (n, bands, H, W).

        dB of radar, the vectors of an embedding product, or the values of a Sentinel-2 picture:
        what `spec.modality` says.
        """

    def with_date(self, date: str | Sequence[str | None] | None) -> Self:
        """This encoder for windows of an ISO date, or of one date each; None is an unknown one.

        Raises DateMissing when the encoder cannot do without; most do not look at it.
        """
        return self

    @classmethod
    def spec_here(cls) -> EncoderSpec:
        """The specification on this machine, without loading anything large."""
        return cls.spec
