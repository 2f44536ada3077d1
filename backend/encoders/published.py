"""Encoders whose weights are published: where those lie, and what they make of a specification."""

import dataclasses
from abc import abstractmethod
from pathlib import Path
from typing import ClassVar, Literal

import torch

from backend.device import has_bfloat16
from backend.encoders.base import Encoder, EncoderSpec
from backend.encoders.weights import unreadable
from backend.errors import WeightsInvalid, WeightsMissing
from backend.io.hashes import file_sha256
from backend.resources import user_path

Precision = Literal["auto", "float32", "bfloat16"]


class PublishedEncoder(Encoder):
    """An encoder with weights; the class has the specification that was published.

    `weights` is their place below the user's models folder.
    """

    weights: ClassVar[str]

    def __init__(
        self, weights: str | Path | None, device: torch.device, precision: Precision = "auto"
    ) -> None:
        """Load from `weights`, or from the models folder. WeightsMissing, WeightsInvalid.

        `precision` is that of the products with the weights; "auto" takes bfloat16 where the
        device is fast at it. It is no part of the identity: docs/encoders.md has its effect.
        """
        path = self._find(weights)
        self.spec = self._describe(path)
        self.device = device
        self._mixed = has_bfloat16(device) if precision == "auto" else precision == "bfloat16"
        self._network = self._load(path)

    def _mixing(self) -> torch.autocast:
        """The precision in which the network is to be run."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self._mixed)

    @classmethod
    def spec_here(cls) -> EncoderSpec:
        """Return the specification with the weights here; `unavailable` says why they are not."""
        try:
            return cls._describe(cls._find(None))
        except (WeightsMissing, WeightsInvalid) as error:
            return dataclasses.replace(cls.spec, unavailable=str(error))

    @classmethod
    def _find(cls, weights: str | Path | None) -> Path:
        path = Path(weights) if weights else user_path("models", cls.weights)
        if not path.exists():
            raise WeightsMissing(
                f"The weights of {cls.spec.name} are not at {path}.",
                f"Fetch them: python -m backend.models pull {cls.weights.partition('/')[0]}.",
            )
        return path

    @classmethod
    def _describe(cls, path: Path) -> EncoderSpec:
        """The specification with the weights at `path`."""
        try:
            sha256 = file_sha256(path)
        except OSError as error:
            raise unreadable(path) from error
        identity = f"{cls.spec.identity}/{sha256[:16]}/{cls.spec.scaling}"
        return dataclasses.replace(cls.spec, identity=identity, weights_hash=sha256)

    @abstractmethod
    def _load(self, path: Path) -> torch.nn.Module:
        """The network on `self.device`, frozen. WeightsInvalid."""
