"""Encoders whose weights are published: where those lie, and what they make of a specification."""

import dataclasses
from abc import abstractmethod
from pathlib import Path
from typing import ClassVar

import torch

from backend.encoders.base import Encoder, EncoderSpec
from backend.encoders.weights import unreadable
from backend.errors import WeightsInvalid, WeightsMissing
from backend.hashes import file_sha256
from backend.resources import user_path


class PublishedEncoder(Encoder):
    """An encoder with weights; the class has the specification that was published.

    `weights` is their place below the user's models folder.
    """

    weights: ClassVar[str]

    def __init__(self, weights: str | Path | None, device: torch.device) -> None:
        """Load from `weights`, or from the models folder. WeightsMissing, WeightsInvalid."""
        path = self._find(weights)
        self.spec = self._describe(path)
        self.device = device
        self._network = self._load(path)

    @classmethod
    def spec_here(cls) -> EncoderSpec:
        """The specification with the weights on this machine; `lack` says why it cannot be."""
        try:
            return cls._describe(cls._find(None))
        except (WeightsMissing, WeightsInvalid) as error:
            return dataclasses.replace(cls.spec, lack=str(error))

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
