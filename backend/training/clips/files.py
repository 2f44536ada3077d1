"""The files of a CLIP that is trained on: what it begins with, and what is left of it.

What is left lies as published CLIPs do, so that it is an encoder and open_clip reads it as well:
NAME.safetensors in open_clip's layout, with the card in its metadata, and NAME.json with the
model's configuration and, under `gluelink`, the picture, the side of a chip and of a pixel, and the
types of captions that were learnt last.
"""

import json
import struct
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from backend.encoders.clip import ClipRgb
from backend.encoders.clips import OURS, read_settings
from backend.encoders.networks.dual import ClipDual, CocaDual, DualEncoder
from backend.encoders.networks.own import CocaFiles, read_own
from backend.errors import ConfigInvalid, WeightsInvalid
from backend.io.disk import write_file
from backend.io.tensors import write_tensors
from backend.text.clip import TOKENIZER, find_tokenizer, open_tokenizer
from backend.training.clips.card import ClipCard

CARD = "gluelink-card"


def load_start(path: Path, device: torch.device) -> DualEncoder:
    """Return both towers of a CLIP on a device, every tensor of its file in its place.

    Raises:
        WeightsMissing: it has no configuration or tokenizer beside it.
        WeightsInvalid: it is damaged, of another layout, or lacks a tensor.
    """
    files = read_own(path)
    tokenizer = open_tokenizer(find_tokenizer(path.parent), files.words, files.places)

    def tokenise(texts: Any) -> torch.Tensor:
        return torch.tensor([read.ids for read in tokenizer.encode_batch(list(texts))])

    if isinstance(files, CocaFiles):
        return CocaDual(files, tokenise, device)
    return ClipDual(files, tokenise, device)


def require_output(start: Path, output: Path) -> None:
    """Raise ConfigInvalid where the output would be read with another tokenizer than the start."""
    own, there = find_tokenizer(start.parent), output.with_name(TOKENIZER)
    if there.is_file() and there.read_bytes() != own.read_bytes():
        raise ConfigInvalid(
            f"{there} is another tokenizer than {own}, which {start.name} was trained with.",
            "Choose an output in another folder.",
        )


def save_clip(network: DualEncoder, card: ClipCard | None, start: Path, path: Path) -> None:
    """Write a CLIP and its configuration, each whole or not at all; the weights last.

    The start's own tokenizer goes with it into another folder. Without a card it looks at radar as
    the start does.

    Raises:
        DiskFull: the disk has no room for it.
        OutputUnwritable: a file cannot be written.
    """
    beside, there = start.with_name(TOKENIZER), path.with_name(TOKENIZER)
    if beside.is_file() and not there.is_file():
        write_file(there, beside.read_bytes())
    seen = read_settings(start) if card is None else card
    settings = {
        "model_cfg": network.files.open_clip_config,
        "preprocess_cfg": {of: [x / 255 for x in getattr(ClipRgb, of)] for of in ("mean", "std")},
        OURS: {of: getattr(seen, of) for of in ("picture", "side_px", "pixel_m", "tasks")},
    }
    metadata = {} if card is None else {CARD: card_text(card)}
    write_file(path.with_suffix(".json"), json.dumps(settings, indent=1).encode())
    write_tensors(path, network.weights(), metadata)


def card_text(card: ClipCard) -> str:
    """Return a card as JSON."""
    return json.dumps(asdict(card), sort_keys=True)


def read_clip_card(path: Path) -> ClipCard:
    """Return what the file of a CLIP that was trained here says of itself.

    Raises:
        WeightsInvalid: it is damaged, or was not trained here.
    """
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(length))
        return ClipCard(**json.loads(header["__metadata__"][CARD]))
    except (OSError, struct.error, ValueError, KeyError, TypeError) as error:
        raise WeightsInvalid(
            f"{path.name} is damaged, or was not trained here.", "Train it anew with --fresh."
        ) from error
