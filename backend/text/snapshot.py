"""The published files of a SigLIP 2 checkpoint on this disk, and the text space they make.

They are looked for where the caller says, else in the user's folder under models/NAME, else in
Hugging Face's cache. Nothing is ever downloaded.

A text space is the repository's name and the SHA-256 of its weights; of weights in several files,
the SHA-256 of theirs in the order of their names. Not the commit: the same weights copied by hand
have none, and a new README changes it. So a head fits the same bytes wherever they lie.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from backend.errors import WeightsInvalid, WeightsMissing
from backend.io.hashes import file_sha256
from backend.resources import user_path
from backend.text.base import TextSpace

BESIDE = ("config.json", "tokenizer.json", "tokenizer_config.json", "preprocessor_config.json")
WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt")
MODEL_TYPE = "siglip"
# What tells D: the bias of the text tower's last layer (D,), the image tower's query (1, 1, D).
TELLTALES = ("text_model.head.bias", "vision_model.head.probe")


@dataclass(frozen=True)
class Checkpoint:
    """One published model; `commit` is what `python -m backend.models pull` fetches."""

    name: str
    repository: str
    commit: str
    dim: int
    size: str

    @property
    def folder(self) -> Path:
        """Where the user may put its files."""
        return user_path("models", self.name)

    @property
    def remedy(self) -> str:
        """How its files are got."""
        return (
            f"Fetch it: python -m backend.models pull {self.name}; or put the files of "
            f"{self.repository} into {self.folder}, or give their folder with --text-weights."
        )


@dataclass(frozen=True)
class Snapshot:
    """A folder with the published files, and the text space they make."""

    folder: Path
    checkpoint: Checkpoint
    space: TextSpace


def find_snapshot(checkpoint: Checkpoint, weights: Path | None = None) -> Snapshot:
    """The files of a checkpoint, in the folder `weights` when that is given.

    Reads no more than the headers of the weights, and once their bytes for the hash. Raises
    WeightsMissing, and WeightsInvalid for files that are cut short, pickles, or another model's.
    """
    folder = _folder(checkpoint, weights)
    for name in BESIDE:
        if not (folder / name).is_file():
            raise WeightsMissing(f"{folder} lacks {name}.", checkpoint.remedy)
    _check_type(folder, checkpoint)
    files = _weight_files(folder, checkpoint)
    _check_dim(files, checkpoint)
    hashes = [file_sha256(file) for file in files]
    revision = hashes[0] if len(hashes) == 1 else _sha256("".join(hashes))
    return Snapshot(folder, checkpoint, TextSpace(checkpoint.repository, revision, checkpoint.dim))


def cached_folder(repository: str) -> Path | None:
    """Where Hugging Face's cache has the files of a repository; None when it has not."""
    from transformers.utils import cached_file

    try:
        config = cached_file(repository, BESIDE[0], local_files_only=True)
    except OSError:
        config = None
    return Path(config).parent if config else None


def _folder(checkpoint: Checkpoint, weights: Path | None) -> Path:
    if weights is not None:
        if not weights.is_dir():
            raise WeightsMissing(
                f"{weights} is no folder; expected the files of {checkpoint.repository} in it.",
                checkpoint.remedy,
            )
        return weights
    if checkpoint.folder.is_dir():
        return checkpoint.folder
    cached = cached_folder(checkpoint.repository)
    if cached is None:
        raise WeightsMissing(
            f"The weights of {checkpoint.name} ({checkpoint.size}) are not on this machine.",
            checkpoint.remedy,
        )
    return cached


def _check_type(folder: Path, checkpoint: Checkpoint) -> None:
    config = _read_json(folder / BESIDE[0], checkpoint)
    if config.get("model_type") != MODEL_TYPE:
        raise WeightsInvalid(
            f"{folder / BESIDE[0]} has the model type {config.get('model_type')!r}; expected "
            f"{MODEL_TYPE!r}, as {checkpoint.repository} has.",
            checkpoint.remedy,
        )


def _weight_files(folder: Path, checkpoint: Checkpoint) -> list[Path]:
    """The files of the weights, by name."""
    names = [WEIGHTS]
    if not (folder / WEIGHTS).is_file() and (folder / INDEX).is_file():
        index = _read_json(folder / INDEX, checkpoint)
        names = sorted(set(index.get("weight_map", {}).values())) or names
    missing = [name for name in names if not (folder / name).is_file()]
    pickles = sorted(file.name for kind in PICKLES for file in folder.glob(kind))
    if missing and pickles:
        raise WeightsInvalid(
            f"{folder} has {pickles[0]}, a pickle, which could run code; expected {missing[0]}.",
            checkpoint.remedy,
        )
    if missing:
        raise WeightsMissing(f"{folder} lacks {missing[0]}.", checkpoint.remedy)
    return [folder / name for name in names]


def _check_dim(files: list[Path], checkpoint: Checkpoint) -> None:
    """Open every file, which finds one cut short, and compare both towers' D."""
    dims = {}
    for file in files:
        try:
            with safe_open(file, framework="pt") as weights:
                for key in set(TELLTALES) & set(weights.keys()):
                    dims[key] = weights.get_slice(key).get_shape()[-1]
        except (SafetensorError, OSError) as error:
            raise WeightsInvalid(
                f"{file} is damaged or cut short: {error}.", checkpoint.remedy
            ) from error
    for key in TELLTALES:
        if dims.get(key) != checkpoint.dim:
            found = f"gives {dims[key]}-d vectors" if key in dims else f"lacks {key}"
            raise WeightsInvalid(
                f"The model in {files[0].parent} {found}; expected {checkpoint.name}, "
                f"{checkpoint.dim}-d.",
                checkpoint.remedy,
            )


def _read_json(path: Path, checkpoint: Checkpoint) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise ValueError("it is no object")
    except (OSError, ValueError) as error:
        raise WeightsInvalid(f"{path} cannot be read: {error}.", checkpoint.remedy) from error
    return content


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
