"""The two files of an adapter, and those of the model that it belongs to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.errors import WeightsInvalid, WeightsMissing
from backend.io.hashes import file_sha256

if TYPE_CHECKING:
    import torch

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
BASE = "base_sha256"
"""The field of the weights' metadata that says which weights an adapter was trained for."""

Renames = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Base:
    """The model that an adapter is put into."""

    path: Path
    """Its file, or the folder of its files."""
    names: tuple[str, ...] | None = None
    """What adapters that know no hash may call it; None where a name tells nothing."""
    renames: Renames = ()
    """How its layers were called, and are called now, by their beginnings."""

    @property
    def sha256(self) -> str:
        """A hash of all its weights; each file is read once."""
        if self.path.is_file():
            return file_sha256(self.path)
        files = sorted(self.path.glob("*.safetensors"))
        hashes = "\n".join(f"{file.name} {file_sha256(file)}" for file in files)
        return hashlib.sha256(hashes.encode()).hexdigest()


@dataclass(frozen=True)
class Adapter:
    """The two files of an adapter."""

    folder: Path
    """Where they lie."""
    base: str
    """What the model that it belongs to is called: a repository, or a path."""
    fields: Mapping[str, Any]
    """All fields of its configuration."""

    @property
    def sha256(self) -> str:
        """The hash of its weights."""
        return file_sha256(self.folder / WEIGHTS)

    @cached_property
    def about(self) -> dict[str, str]:
        """The metadata of its weights.

        Raises:
            WeightsInvalid: the file is damaged.
        """
        return self._read()[0]

    @cached_property
    def tensors(self) -> dict[str, torch.Tensor]:
        """Its weights.

        Raises:
            WeightsInvalid: the file is damaged, or holds values that are not finite.
        """
        import torch

        tensors = self._read()[1]
        for name, tensor in tensors.items():
            if not torch.isfinite(tensor).all():
                raise WeightsInvalid(
                    f"{self.folder / WEIGHTS} has NaN or infinite values in {name}.",
                    "Train it anew.",
                )
        return tensors

    def _read(self) -> tuple[dict[str, str], dict[str, torch.Tensor]]:
        import safetensors

        path = self.folder / WEIGHTS
        try:
            with safetensors.safe_open(path, "pt") as file:
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
                return dict(file.metadata() or {}), tensors
        except (safetensors.SafetensorError, OSError, ValueError) as error:
            raise WeightsInvalid(
                f"{path} cannot be read: {error}.", "Put it there again."
            ) from error


def is_adapter(folder: Path) -> bool:
    """Return whether a folder holds an adapter, and not a model."""
    return (folder / CONFIG).is_file() and not (folder / "config.json").is_file()


def find_adapter(folder: Path) -> Adapter:
    """Return the adapter in a folder; its weights are not read yet.

    Raises:
        WeightsMissing: a file is missing.
        WeightsInvalid: it is an adapter of another kind, or its weights are a pickle.
    """
    for name in (CONFIG, WEIGHTS):
        if (folder / name).is_file():
            continue
        if name == WEIGHTS and (folder / "adapter_model.bin").is_file():
            raise WeightsInvalid(
                f"{folder} has adapter_model.bin, a pickle, which could run code; expected "
                f"{WEIGHTS}.",
                "Save the adapter as safetensors.",
            )
        raise WeightsMissing(f"{folder} lacks {name}.", "Put PEFT's two files there.")
    fields = _read_fields(folder / CONFIG)
    if fields.get("peft_type") != "LORA":
        raise WeightsInvalid(
            f"{folder} is an adapter of the type {fields.get('peft_type')}; expected LORA.",
            "Choose another.",
        )
    for name in ("r", "lora_alpha"):
        if not isinstance(fields.get(name), int | float):
            raise WeightsInvalid(f"{folder / CONFIG} lacks the number {name}.", "Write it anew.")
    return Adapter(folder, str(fields.get("base_model_name_or_path") or ""), fields)


def _read_fields(path: Path) -> dict[str, Any]:
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(fields, dict):
            raise ValueError("it is not an object")
    except (OSError, ValueError) as error:
        raise WeightsInvalid(f"{path} cannot be read: {error}.", "Put it there again.") from error
    return fields
