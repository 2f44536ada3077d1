"""The text towers of CLIP and MS-CLIP, whose image towers look at satellite images themselves.

A phrase goes through the published tokenizer, which lowers its letters, 77 tokens at most with the
one that begins and the one that ends it; the tower gives the state of the ending one, projected,
scaled to unit length. What follows that token is never attended to, so padding needs no mask.

MS-CLIP was published without a tokenizer, for it has CLIP's own: `tokenizer.json` of
openai/clip-vit-base-patch16, beside its weights or in that model's folder.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from backend.device import Device
from backend.encoders.clip import ClipRgb, MsClip
from backend.encoders.clips import describe_clip, read_settings
from backend.errors import ConfigInvalid, WeightsInvalid, WeightsMissing
from backend.io.hashes import file_sha256
from backend.io.weights import PublishedWeights
from backend.resources import clip_files
from backend.text.base import Embed, TextModel, TextSpace
from backend.text.snapshot import remedy

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENIZER = "tokenizer.json"
MAX_TOKENS = 77
BATCH = 64


@dataclass(frozen=True)
class ClipText(TextModel):
    """The text tower beside an encoder of satellite images, in the same files."""

    weights: PublishedWeights
    position = 20

    def open_text(
        self, weights: Path | None, device: Device
    ) -> tuple[TextSpace, Callable[[], Embed]]:
        """Return the space of its files on this disk, and a function that loads the tower.

        Raises:
            WeightsMissing: the files are not on this machine.
            WeightsInvalid: they are damaged.
        """
        from backend.encoders.networks.clip import joint_dim, weights_file

        folder = weights or self.weights.folder
        path = folder / self.weights.path.relative_to(self.weights.folder)
        file = weights_file(path)
        if not file.is_file():
            raise WeightsMissing(
                f"The weights of {self.name} are not at {file}.", remedy(self.weights)
            )
        tokenizer = find_tokenizer(folder)
        space = TextSpace(self.weights.repository, file_sha256(file), joint_dim(path))
        return space, partial(load_text_model, path, tokenizer, device)


@dataclass(frozen=True)
class OwnClipText(TextModel):
    """The text tower of a CLIP among the user's own files."""

    file: Path
    """Where it lies; a tokenizer.json beside it goes before CLIP's own."""
    position = 45

    def open_text(
        self, weights: Path | None, device: Device
    ) -> tuple[TextSpace, Callable[[], Embed]]:
        """Return the space of the file, and a function that loads its text tower.

        Raises:
            ConfigInvalid: weights were given, and it brings its own.
        """
        if weights is not None:
            raise ConfigInvalid(
                f"{self.name} was given the weights {weights}; it has its own.", "Leave them out."
            )
        tokenizer = find_tokenizer(self.file.parent)
        spec, activation = describe_clip(self.file, self.name), read_settings(self.file).activation
        # Vectors of phrases are remembered by the space, and differ with the activation.
        space = TextSpace(f"{self.name}/{activation}", file_sha256(self.file), spec.dim)
        return space, partial(load_text_model, self.file, tokenizer, device, own=True)


def own_clip_texts() -> dict[str, TextModel]:
    """Return the text tower of each CLIP on this machine, by the name of its file."""
    return {path.stem: OwnClipText(path.stem, None, path) for path in clip_files()}


def find_tokenizer(folder: Path) -> Path:
    """Return the tokenizer of the CLIPs in a folder: one that lies there, or CLIP's own.

    Raises:
        WeightsMissing: there is neither.
    """
    tokenizers = (folder / TOKENIZER, ClipRgb.weights.folder / TOKENIZER)
    tokenizer = next(filter(Path.is_file, tokenizers), None)
    if tokenizer is None:
        raise WeightsMissing(
            f"{folder} lacks {TOKENIZER} of {ClipRgb.weights.repository}.",
            remedy(ClipRgb.weights),
        )
    return tokenizer


def load_text_model(path: Path, tokenizer_file: Path, device: Device, own: bool = False) -> Embed:
    """Return the text tower: from phrases to unit vectors (n, D) float32.

    `own`: the file is among the user's own CLIPs.

    Raises:
        WeightsInvalid: the files cannot be read, or do not belong together.
    """
    import torch

    from backend.encoders.networks.clip import read_clip
    from backend.encoders.networks.own import read_own

    files = read_own(path) if own else read_clip(path)
    tokenizer = open_tokenizer(tokenizer_file, files.words, files.places)
    tower: Any = files.text_tower(device)

    @torch.inference_mode()
    def embed(phrases: Sequence[str]) -> np.ndarray:
        vectors = []
        for start in range(0, len(phrases), BATCH):
            read = tokenizer.encode_batch(list(phrases[start : start + BATCH]))
            tokens = torch.tensor([phrase.ids for phrase in read], device=device)
            embeds = tower(input_ids=tokens).text_embeds
            vectors.append(torch.nn.functional.normalize(embeds.float(), dim=1).cpu().numpy())
        return np.concatenate(vectors)

    return embed


def open_tokenizer(path: Path, words: int, places: int) -> "Tokenizer":
    """Return the tokenizer of a model that knows so many words and has so many places for them.

    Raises:
        WeightsInvalid: it cannot be read, or knows other words than the model.
    """
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # a damaged file makes the reader raise anything
        raise WeightsInvalid(
            f"{path} cannot be read: {' '.join(str(error).split())}.", remedy(ClipRgb.weights)
        ) from error
    tokenizer.enable_truncation(min(MAX_TOKENS, places))
    tokenizer.enable_padding()
    known = tokenizer.get_vocab_size()
    if known != words:
        raise WeightsInvalid(
            f"{path} knows {known:,} tokens; the model {words:,}.", remedy(ClipRgb.weights)
        )
    return tokenizer


MODELS = tuple(ClipText(kind.weights.name, kind.weights) for kind in (ClipRgb, MsClip))
