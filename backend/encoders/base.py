"""What every frozen encoder is: a specification and one function from windows to feature grids.

To add one, add a module to this package: a subclass of `PublishedEncoder` (published.py, with an
example) when it has weights, else of `Encoder`. Import torch inside functions only, since names are
listed without it. A new network is a module of `networks`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, Self, TypeAlias

from backend.errors import ConfigInvalid

if TYPE_CHECKING:
    import numpy as np
    import torch

Windows: TypeAlias = "torch.Tensor | np.ndarray"


@dataclass(frozen=True)
class EncoderSpec:
    """What an encoder takes and gives."""

    name: str
    """What commands and heads call it."""
    title: str
    """What people read."""
    modality: str
    """Whose pixels it takes: sentinel-1, sentinel-2, sentinel-2-rgb, alphaearth or tessera."""
    bands: tuple[str, ...]
    dim: int
    """Numbers in a feature."""
    window_px: int
    """Side of a window in pixels."""
    pixel_m: float
    """Side of a pixel in metres."""
    grid: tuple[int, int]
    """Rows and columns of cells in a window."""
    identity: str
    """Everything that features depend on: name and version.

    Of published weights the name alone: `PublishedEncoder` adds their hash and the scaling.
    A head is only good for the identity it was fitted on. Two encoders may share one: the same
    features over cells of different size.
    """
    licence: str
    source: str
    """Where the weights, or the embedding, come from."""
    weights_hash: str | None = None
    """SHA-256 of the file of weights."""
    scaling: str = ""
    """How the input is scaled, where the same weights may be fed in more ways than one."""
    product_type: str | None = None
    """GRD or RTC, when the weights saw one of them alone."""
    unavailable: str = ""
    """Why it cannot be loaded here, and the remedy; empty when it can."""
    reach_px: int | None = None
    """How far outside a cell it looks, in pixels; 0: at the cell's own pixels alone.

    None: as far as the window reaches. With a reach `encode` takes windows of any size, and a cell
    farther than that from the window's edge comes out the same in any window.
    """
    dates: Literal["averaged", "stacked"] = "averaged"
    """What becomes of several dates of a radar scene: the mean of their power, or a stack of them.

    A window of a stack has the bands of the earliest date first, then those of the next one.
    """
    least_dates: int = 1
    """How few dates it takes."""
    surroundings: int = 0
    """How many of its last numbers tell what lies around a cell, as levels.

    Averaged over a wedge they are what the cells themselves have, so a fit on wedges leaves them
    out; single cells whose cover is known tell what they are worth.
    """
    text: str | None = None
    """The text encoder whose space the vectors are in; they need no head."""

    @property
    def cell_px(self) -> int:
        """Side of one cell in pixels."""
        return self.window_px // self.grid[0]

    @property
    def cell_m(self) -> float:
        """Side of one cell in metres."""
        return self.cell_px * self.pixel_m

    @property
    def margin(self) -> int:
        """Cells around a window that all it looks at lies in; 0 where the reach is not known."""
        return -(-(self.reach_px or 0) // self.cell_px)

    @property
    def margin_px(self) -> int:
        """The margin in pixels."""
        return self.margin * self.cell_px


class Encoder(ABC):
    """A frozen encoder. NaN in the input means no data; the output is always finite.

    Example:
        encoder = load_encoder("texture-s1")
        features = encoder.encode(windows)  # (n, 2, 224, 224) in dB to (n, 28, 28, 64)
    """

    spec: EncoderSpec
    device: torch.device
    position: ClassVar[int] = 100
    """Its place in lists: small numbers first, equal ones by the names of their modules."""
    threads: ClassVar[int] = 1
    """Threads of a worker on a CPU, where many workers encode; more where weights are large."""

    def __init__(self, weights: str | Path | None, device: torch.device) -> None:
        """Make an encoder that has no weights.

        Raises:
            ConfigInvalid: some were given.
        """
        if weights is not None:
            raise ConfigInvalid(
                f"{self.spec.name} was given weights; it has none.", "Leave them out."
            )
        self.device = device

    @abstractmethod
    def encode(self, windows: Windows) -> torch.Tensor:
        """Return feature grids (n, h, w, d) float32 of windows (n, bands, H, W).

        Windows hold dB of radar, the vectors of an embedding, or the values of a Sentinel-2
        picture: what `spec.modality` says. Where dates are stacked, bands are those of all dates.
        """

    def encode_within(self, windows: Windows) -> torch.Tensor:
        """Return feature grids (n, h, w, d) of windows (n, bands, H, W) without their margins.

        The windows are `spec.margin_px` larger on each side than what the grids cover.
        """
        grids, margin = self.encode(windows), self.spec.margin
        return grids[:, margin : grids.shape[1] - margin, margin : grids.shape[2] - margin]

    def with_date(self, date: str | Sequence[str | None] | None) -> Self:
        """Return this encoder for windows of an ISO date, or of one date each; None is unknown.

        Most encoders do not look at it.

        Raises:
            DateMissing: the encoder needs a date.
        """
        return self

    @classmethod
    def spec_here(cls) -> EncoderSpec:
        """Return the specification on this machine, without loading anything large."""
        return cls.spec
