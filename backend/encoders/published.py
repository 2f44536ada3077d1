"""Encoders whose weights are published: where those lie, and what they make of a specification."""

import dataclasses
import json
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Literal

from backend.device import Device, Module, has_bfloat16
from backend.encoders.base import Encoder, EncoderSpec
from backend.errors import WeightsInvalid, WeightsMissing
from backend.io.hashes import file_sha256
from backend.io.weights import PublishedWeights

Precision = Literal["auto", "float32", "bfloat16"]


class PublishedEncoder(Encoder):
    """An encoder with weights; the class has the specification that was published.

    Example:
        class MeanS1(PublishedEncoder):
            weights = PublishedWeights(
                "mean-s1", "somebody/mean", "main", ("mean.safetensors",), "1 kB", "MIT"
            )
            spec = EncoderSpec(
                name="mean-s1",
                title="Means of a cell",
                modality="sentinel-1",
                bands=("VV", "VH"),
                dim=2,
                window_px=64,
                pixel_m=10.0,
                grid=(4, 4),
                identity="mean-s1",
                licence=weights.licence,
                source=weights.source,
                scaling="published",
            )

            def encode(self, windows: Windows) -> Tensor:
                from backend.encoders.networks.windows import fill_gaps, take_windows

                with self._inference():
                    filled = fill_gaps(take_windows(windows, self.spec, self.device), (-12, -19))
                    return self._network(filled).permute(0, 2, 3, 1).float()

            def _load(self, path: Path) -> Module:
                import torch

                return torch.nn.AvgPool2d(16)  # or a network with the tensors of the file
    """

    threads: ClassVar[int] = 4  # a gigabyte of weights is loaded once for four cores
    weights: ClassVar[PublishedWeights]
    """Where they are published; `python -m backend.models pull` fetches them."""

    def __init__(
        self, weights: str | Path | None, device: Device, precision: Precision = "auto"
    ) -> None:
        """Load from `weights`, or from the models folder.

        `precision` is that of the products with the weights; "auto" takes bfloat16 where the
        device is fast at it. It is not part of the identity: docs/encoders.md has its effect.

        Raises:
            WeightsMissing: there is nothing at the path.
            WeightsInvalid: the file is damaged, or another model's.
        """
        path = self._find(weights)
        self.spec = self._describe(path)
        self.device = device
        self._mixed = has_bfloat16(device) if precision == "auto" else precision == "bfloat16"
        self._network = self._load(path)

    @contextmanager
    def _inference(self) -> Iterator[None]:
        """Run the network for its output alone, in the precision that was chosen."""
        import torch

        mixed = torch.autocast(self.device.type, torch.bfloat16, enabled=self._mixed)
        with torch.no_grad(), mixed:
            yield

    @classmethod
    def spec_here(cls) -> EncoderSpec:
        """Return the specification with the weights here; `unavailable` says why they are not."""
        try:
            return cls._describe(cls._find(None))
        except (WeightsMissing, WeightsInvalid) as error:
            return dataclasses.replace(cls.spec, unavailable=str(error))

    @classmethod
    def _find(cls, weights: str | Path | None) -> Path:
        path = Path(weights) if weights else cls.weights.path
        if not path.exists():
            raise WeightsMissing(
                f"The weights of {cls.spec.name} are not at {path}.",
                f"Fetch them ({cls.weights.size}): {cls.weights.command}.",
            )
        return path

    @classmethod
    def _describe(cls, path: Path) -> EncoderSpec:
        """Return the specification with the weights at `path`."""
        with reading(path):
            sha256 = file_sha256(path)
        identity = f"{cls.spec.identity}/{sha256[:16]}/{cls.spec.scaling}"
        return dataclasses.replace(cls.spec, identity=identity, weights_hash=sha256)

    @abstractmethod
    def _load(self, path: Path) -> Module:
        """Return the network on `self.device`, frozen, or raise WeightsInvalid."""


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Translate what readers raise of arbitrary bytes, which is anything.

    Raises:
        WeightsInvalid: the file at `path` cannot be read, or another model's was recognised.
    """
    try:
        yield
    except WeightsInvalid:
        raise
    except Exception as error:
        raise WeightsInvalid(
            f"{path} cannot be read as weights: it is absent, cut short, damaged, or holds more "
            "than tensors. Nothing in it was run.",
            "Fetch it anew from where it was published.",
        ) from error


def read_config(folder: Path, kind: str) -> dict[str, Any]:
    """Return the configuration of a model of this kind, as transformers keeps it.

    Raises:
        WeightsInvalid: it cannot be read, or is another kind's.
    """
    path = folder / "config.json"
    with reading(path):
        config = json.loads(path.read_text(encoding="utf-8"))
        found = config["model_type"]
    if found != kind:
        raise unfit(folder, f"holds a {found}; expected a {kind}")
    return dict(config)


def unfit(path: Path, problem: str) -> WeightsInvalid:
    """Return what to raise for tensors that are not the encoder's."""
    return WeightsInvalid(f"{path.name} {problem}.", "Use the encoder's own published weights.")
