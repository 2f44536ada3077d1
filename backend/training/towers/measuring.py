"""How well chips and captions find each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from backend.evaluation.words.retrieval import Retrieval, retrieval_recall
from backend.towers.tower import Tower
from backend.towers.words import Vocabulary
from backend.training.towers.pairs import Part
from backend.training.towers.together import Together

MEASURED = 64  # chips or texts at a time


See = Callable[[torch.Tensor], torch.Tensor]
Read = Callable[[Sequence[Sequence[str]]], torch.Tensor]


@dataclass(frozen=True)
class Embedded:
    """The chips and captions of a part as unit vectors of one space."""

    chips: NDArray[np.float32]
    """(n, d)."""
    captions: NDArray[np.float32]
    """(m, d)."""
    owners: NDArray[np.int64]
    """(m,) the chip of each caption."""
    texts: Sequence[Sequence[str]]
    """The captions, in fragments."""


def embed_part(
    part: Part,
    see: See,
    read: Read,
    together: Together = Together(),  # noqa: B008  frozen
) -> Embedded:
    """Return vectors of all chips and captions.

    `see` and `read` give unit vectors (n, d) of chips and of texts in fragments. Where a chip has
    captions of several fragments, those of one are left out: many chips fit the same few words.
    Several processes take a share each.
    """
    rows = [list(range(n, min(n + MEASURED, len(part)))) for n in range(0, len(part), MEASURED)]
    rows = rows[together.share(len(rows))]
    images = together.join([see(chips).cpu() for chips in part.batches(rows)])
    owners, texts = [], []
    for number, captions in enumerate(part.captions):
        longest = max(len(one.fragments) for one in captions)
        chosen = [one for one in captions if len(one.fragments) > 1 or longest == 1]
        owners += [number] * len(chosen)
        texts += [one.fragments for one in chosen]
    starts = range(0, len(texts), MEASURED)
    starts = starts[together.share(len(starts))]
    vectors = together.join([read(texts[n : n + MEASURED]).cpu() for n in starts])
    seen, words = (torch.cat(one).numpy() for one in (images, vectors))
    return Embedded(seen, words, np.array(owners), texts)


def measure_retrieval(
    part: Part,
    see: See,
    read: Read,
    together: Together = Together(),  # noqa: B008  frozen
) -> Retrieval:
    """Return the recall of chips by captions and of captions by chips, by contrast alone.

    Takes what `embed_part` does.
    """
    found = embed_part(part, see, read, together)
    return retrieval_recall(found.chips, found.captions, found.owners)


def readers_of(tower: Tower, vocabulary: Vocabulary, device: torch.device) -> tuple[See, Read]:
    """Return what gives a tower's vectors of chips, and of texts."""

    def see(db: torch.Tensor) -> torch.Tensor:
        return tower.image_vectors(tower.see(db.to(device)))

    def read(texts: Sequence[Sequence[str]]) -> torch.Tensor:
        tokens = vocabulary.tokenise(texts, tower.sizes.most_tokens)
        return tower.text_vectors(tower.read_asked(tokens.ids, tokens.attended)[:, None])

    return see, read
