"""The text towers of CLIP and MS-CLIP, whose image towers look at satellite images themselves.

A phrase goes through the published tokenizer, which lowers its letters, 77 tokens at most with the
one that begins and the one that ends it; the tower gives the state of the ending one, projected,
scaled to unit length. What follows that token is never attended to, so padding needs no mask.

MS-CLIP was published without a tokenizer, for it has CLIP's own: `tokenizer.json` of
openai/clip-vit-base-patch16, beside its weights or in that model's folder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from backend.encoders.clip import ClipRgb, MsClip
from backend.encoders.clip_files import joint_dim, read_clip, weights_file
from backend.errors import WeightsInvalid, WeightsMissing
from backend.io.hashes import file_sha256
from backend.text.base import Model, TextSpace
from backend.text.snapshot import Checkpoint

TOKENIZER = "tokenizer.json"
MAX_TOKENS = 77
BATCH = 64


def _checkpoint(kind: type[ClipRgb], size: str) -> Checkpoint:
    repository, _, commit = kind.spec.source.partition("@")
    return Checkpoint(str(kind.spec.text), repository, commit or "main", kind.spec.dim, size)


CLIP = _checkpoint(ClipRgb, "600 MB")
MS_CLIP = _checkpoint(MsClip, "600 MB")
CHECKPOINTS = {one.name: one for one in (CLIP, MS_CLIP)}


@dataclass(frozen=True)
class ClipSnapshot:
    """The published files of a CLIP, and the text space they make."""

    weights: Path
    tokenizer: Path
    space: TextSpace


def find_clip(name: str, weights: Path | None = None) -> ClipSnapshot:
    """The files of a checkpoint, in the folder `weights` when that is given.

    Raises WeightsMissing, and WeightsInvalid for another model's.
    """
    checkpoint = CHECKPOINTS[name]
    folder = weights or checkpoint.folder
    path = folder / Path(MsClip.weights).name if checkpoint is MS_CLIP else folder
    file = weights_file(path)
    if not file.is_file():
        raise WeightsMissing(f"The weights of {name} are not at {file}.", checkpoint.remedy)
    tokenizers = (folder / TOKENIZER, CLIP.folder / TOKENIZER)
    tokenizer = next(filter(Path.is_file, tokenizers), None)
    if tokenizer is None:
        raise WeightsMissing(f"{folder} lacks {TOKENIZER} of {CLIP.repository}.", CLIP.remedy)
    space = TextSpace(checkpoint.repository, file_sha256(file), joint_dim(path))
    return ClipSnapshot(path, tokenizer, space)


def load_text_model(snapshot: ClipSnapshot, device: torch.device) -> Model:
    """The text tower: from phrases to unit vectors (n, D) float32. WeightsInvalid."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(snapshot.tokenizer))
    except Exception as error:  # a damaged file makes the reader raise anything
        raise WeightsInvalid(
            f"{snapshot.tokenizer} cannot be read: {' '.join(str(error).split())}.", CLIP.remedy
        ) from error
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.enable_padding()
    files = read_clip(snapshot.weights)
    known = tokenizer.get_vocab_size()
    if known != files.text.vocab_size:
        raise WeightsInvalid(
            f"{snapshot.tokenizer} knows {known:,} tokens; the model {files.text.vocab_size:,}.",
            CLIP.remedy,
        )
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
