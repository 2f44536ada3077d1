"""How well a tower, or a CLIP, finds the chips and captions of a corpus."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from backend.corpus import Corpus
from backend.encoders.clips import read_settings
from backend.errors import ConfigInvalid
from backend.evaluation.words.rescoring import rescored_recall
from backend.evaluation.words.retrieval import Retrieval, chance_recall, retrieval_recall
from backend.evaluation.words.searching import SearchReport
from backend.progress import Progress, silent
from backend.towers.files import load_tower
from backend.towers.losses import MATCHED
from backend.towers.tower import Tower
from backend.towers.words import Vocabulary
from backend.training.clips.chips import Pictures, as_text
from backend.training.clips.files import load_start
from backend.training.towers.measuring import MEASURED, Embedded, embed_part, readers_of
from backend.training.towers.pairs import Part, open_part


@torch.no_grad()
def measure_search(
    path: Path,
    corpus: Corpus,
    split: str,
    most: int,
    device: torch.device,
    progress: Progress = silent,
) -> SearchReport:
    """Return the retrieval of a split by the tower or CLIP in a file.

    Captions are of the types that it learnt, where its file says so. A tower also puts the best
    `most` in order by matching; a CLIP has no such part.

    Raises:
        ConfigInvalid: `most` is below 1, or the tower learnt to write and nothing else.
        CorpusInvalid: the split or its captions are missing, or a chip does not fit.
        WeightsInvalid: the file is damaged, or neither.
        WeightsMissing: a CLIP has no tokenizer beside it.
    """
    is_clip = path.with_suffix(".json").is_file()  # no tower has one beside it
    search = _by_clip if is_clip else _by_tower
    found, rescored = search(path, corpus, split, most, device, progress)
    contrast = retrieval_recall(found.chips, found.captions, found.owners)
    chance = chance_recall(found.owners)
    return SearchReport(path.stem, corpus.about.name, split, contrast, rescored, most, chance)


Found = tuple[Embedded, Retrieval | None]


def _by_tower(
    path: Path, corpus: Corpus, split: str, most: int, device: torch.device, progress: Progress
) -> Found:
    tower, vocabulary, card = load_tower(path, device)
    if (card.training.get("decoder") or {}).get("alone"):
        raise ConfigInvalid(
            f"The tower {path.stem} learnt to write and nothing else, so its vectors find nothing.",
            "Measure what it writes: --with in place of --tower.",
        )
    part = open_part(corpus, split, card.training.get("tasks", ()), card.sizes.side_px)
    found = embed_part(part, *readers_of(tower, vocabulary, device))
    matching = _Matching(tower, vocabulary, part, found, device)
    rescored = rescored_recall(
        found.chips, found.captions, found.owners, matching.logits, most, progress
    )
    return found, rescored


class _Matching:
    """A tower that judges chips with captions of a part."""

    def __init__(
        self,
        tower: Tower,
        vocabulary: Vocabulary,
        part: Part,
        found: Embedded,
        device: torch.device,
    ) -> None:
        self._tower, self._vocabulary, self._device = tower, vocabulary, device
        self._part, self._texts = part, found.texts

    def logits(self, chip: int, texts: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return how well texts (k,) match a chip, as logits (k,)."""
        tower = self._tower
        seen = tower.see(self._part.pixels(chip)[None].to(self._device))
        found = []
        for start in range(0, len(texts), MEASURED):
            words = [self._texts[number] for number in texts[start : start + MEASURED]]
            tokens = self._vocabulary.tokenise(words, tower.sizes.most_tokens)
            found.append(tower.match_texts(tokens.ids, tokens.attended, seen)[:, MATCHED])
        logits: NDArray[np.float32] = torch.cat(found).cpu().numpy()
        return logits


def _by_clip(
    path: Path, corpus: Corpus, split: str, most: int, device: torch.device, progress: Progress
) -> Found:
    network, settings = load_start(path, device).eval(), read_settings(path)
    part = open_part(corpus, split, settings.tasks, settings.side_px)
    pictures = Pictures.of(part, settings.picture, network.files.side_px)
    found = embed_part(
        pictures,
        lambda chips: network.see(chips.to(device)),
        lambda texts: network.read(network.tokenise([as_text(of) for of in texts]).to(device)),
    )
    return found, None
