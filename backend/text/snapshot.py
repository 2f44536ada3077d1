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
from backend.io.weights import PublishedWeights
from backend.text.base import TextSpace

BESIDE = ("config.json", "tokenizer.json", "tokenizer_config.json", "preprocessor_config.json")
WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt")
MODEL_TYPE = "siglip"
# What tells D: the bias of the text tower's last layer (D,), the image tower's query (1, 1, D).
TELLTALES = ("text_model.head.bias", "vision_model.head.probe")


@dataclass(frozen=True)
class Snapshot:
    """A folder with published files, and the text space they make."""

    folder: Path
    weights: PublishedWeights
    space: TextSpace


def remedy(weights: PublishedWeights) -> str:
    """Return how the files of a text encoder are got."""
    return (
        f"Fetch it: {weights.command}; or put the files of {weights.repository} into "
        f"{weights.folder}, or give their folder with --text-weights."
    )


def find_snapshot(weights: PublishedWeights, dim: int, folder: Path | None = None) -> Snapshot:
    """Return the files of a model of `dim` dimensions, in `folder` when that is given.

    Reads no more than the headers of the weights, and once their bytes for the hash.

    Raises:
        WeightsMissing: some of the files, or all, are not there.
        WeightsInvalid: they are cut short, pickles, or another model's.
    """
    folder = weights.found_in() if folder is None else folder
    if folder is None:
        raise WeightsMissing(
            f"The weights of {weights.name} ({weights.size}) are not on this machine.",
            remedy(weights),
        )
    if not folder.is_dir():
        raise WeightsMissing(
            f"{folder} is not a folder; expected the files of {weights.repository} in it.",
            remedy(weights),
        )
    for name in BESIDE:
        if not (folder / name).is_file():
            raise WeightsMissing(f"{folder} lacks {name}.", remedy(weights))
    found = _read_json(folder / BESIDE[0], weights).get("model_type")
    if found != MODEL_TYPE:
        raise WeightsInvalid(
            f"{folder / BESIDE[0]} has the model type {found!r}; expected "
            f"{MODEL_TYPE!r}, as {weights.repository} has.",
            remedy(weights),
        )
    files = _weight_files(folder, weights)
    _check_dim(files, weights, dim)
    hashes = [file_sha256(file) for file in files]
    joined = hashlib.sha256("".join(hashes).encode()).hexdigest()
    revision = hashes[0] if len(hashes) == 1 else joined
    return Snapshot(folder, weights, TextSpace(weights.repository, revision, dim))


def _weight_files(folder: Path, weights: PublishedWeights) -> list[Path]:
    """Return the files with tensors, by name."""
    names = [WEIGHTS]
    if not (folder / WEIGHTS).is_file() and (folder / INDEX).is_file():
        index = _read_json(folder / INDEX, weights)
        names = sorted(set(index.get("weight_map", {}).values())) or names
    missing = [name for name in names if not (folder / name).is_file()]
    pickles = sorted(file.name for kind in PICKLES for file in folder.glob(kind))
    if missing and pickles:
        raise WeightsInvalid(
            f"{folder} has {pickles[0]}, a pickle, which could run code; expected {missing[0]}.",
            remedy(weights),
        )
    if missing:
        raise WeightsMissing(f"{folder} lacks {missing[0]}.", remedy(weights))
    return [folder / name for name in names]


def _check_dim(files: list[Path], weights: PublishedWeights, dim: int) -> None:
    """Open every file, which finds one cut short, and compare both towers' D."""
    dims = {}
    for file in files:
        try:
            with safe_open(file, framework="pt") as opened:
                for key in set(TELLTALES) & set(opened.keys()):
                    dims[key] = opened.get_slice(key).get_shape()[-1]
        except (SafetensorError, OSError) as error:
            raise WeightsInvalid(
                f"{file} is damaged or cut short: {error}.", remedy(weights)
            ) from error
    for key in TELLTALES:
        if dims.get(key) != dim:
            found = f"gives {dims[key]}-d vectors" if key in dims else f"lacks {key}"
            raise WeightsInvalid(
                f"The model in {files[0].parent} {found}; expected {weights.name}, {dim}-d.",
                remedy(weights),
            )


def _read_json(path: Path, weights: PublishedWeights) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise ValueError("it is not an object")
    except (OSError, ValueError) as error:
        raise WeightsInvalid(f"{path} cannot be read: {error}.", remedy(weights)) from error
    return content
