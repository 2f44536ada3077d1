"""CLIPs and CoCas of the user's own, read by the layout that their file has."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import nn

from backend.encoders.clips import read_settings
from backend.encoders.networks.clip import PARALLEL, ClipFiles, clip_of
from backend.encoders.networks.coca import Coca, CocaSizes, open_clip_config
from backend.encoders.networks.open_clip import split_attention
from backend.encoders.networks.weights import load_network, read_tensors
from backend.encoders.published import unfit

NO_WEIGHTS = ("attn_mask", "input_resolution", "context_length", "vocab_size")
"""What files may hold beside the weights, at their top or below a tower."""
DECODER = "text_decoder."


@dataclass(frozen=True)
class CocaFiles:
    """A CoCa as published."""

    path: Path
    sizes: CocaSizes
    tensors: Mapping[str, torch.Tensor]
    """All weights, under open_clip's names."""

    @property
    def dim(self) -> int:
        """Numbers in its space."""
        return self.sizes.dim

    @property
    def side_px(self) -> int:
        """Side of the pictures that it takes."""
        return self.sizes.side_px

    @property
    def words(self) -> int:
        """Tokens that it knows."""
        return self.sizes.words

    @property
    def places(self) -> int:
        """Tokens of its longest text."""
        return self.sizes.places

    @property
    def open_clip_config(self) -> dict[str, Any]:
        """The model's configuration as open_clip has it."""
        return open_clip_config(self.sizes)

    def both(self, device: torch.device) -> Coca:
        """Return the whole of it, frozen."""
        tensors = split_attention(self.tensors)
        return load_network(lambda: Coca(self.sizes), self.path, tensors, device)

    def image_tower(self, device: torch.device) -> nn.Module:
        """Return the tower from pixels (n, 3, side, side) to `image_embeds` (n, D), frozen."""
        return _Seen(self.both(device).visual)

    def text_tower(self, device: torch.device) -> nn.Module:
        """Return the tower from tokens (n, t) to `text_embeds` (n, D), frozen."""
        whole = self.both(device)
        del whole.visual, whole.text_decoder
        return _Read(whole)


class _Seen(nn.Module):
    def __init__(self, visual: nn.Module) -> None:
        super().__init__()
        self.visual = visual

    def forward(self, pixels: torch.Tensor) -> SimpleNamespace:
        return SimpleNamespace(image_embeds=self.visual(pixels)[0])


class _Read(nn.Module):
    def __init__(self, coca: Coca) -> None:
        super().__init__()
        self.coca = coca

    def forward(self, input_ids: torch.Tensor) -> SimpleNamespace:
        return SimpleNamespace(text_embeds=self.coca.encode_text(input_ids)[0])


def has_decoder(path: Path) -> bool:
    """Return whether a file is a CoCa and no CLIP; of safetensors no weight is read for it.

    Raises:
        WeightsMissing: there is no such file, or no settings beside it.
        WeightsInvalid: file or settings are damaged.
    """
    if path.suffix != ".safetensors" or not path.is_file():
        return isinstance(read_own(path), CocaFiles)
    read_settings(path)
    try:
        with safe_open(path, "pt") as file:
            names = file.keys()
            return any(name.removeprefix(PARALLEL).startswith(DECODER) for name in names)
    except (OSError, SafetensorError) as error:
        raise unfit(path, "is cut short or damaged") from error


def read_own(path: Path) -> ClipFiles | CocaFiles:
    """Return the CLIP or CoCa in a file of open_clip's or OpenAI's layout, by its settings.

    Raises:
        WeightsMissing: there are no settings beside it.
        WeightsInvalid: file or settings are damaged, another model's, or do not belong together.
    """
    settings = read_settings(path)
    tensors = {
        key.removeprefix(PARALLEL): tensor
        for key, tensor in read_tensors(path).items()
        if key.rpartition(".")[2] not in NO_WEIGHTS
    }
    if not any(key.startswith(DECODER) for key in tensors):
        return clip_of(path, settings, tensors)
    try:
        sizes = CocaSizes.of(tensors, settings.quick_gelu, settings.head_width)
    except (KeyError, IndexError, ValueError) as error:
        raise unfit(path, f"lacks {str(error).strip(chr(39))}") from error
    if settings.dim not in (None, sizes.dim):
        problem = f"has a space of {sizes.dim} numbers; its configuration says {settings.dim}"
        raise unfit(path, problem)
    return CocaFiles(path, sizes, tensors)
