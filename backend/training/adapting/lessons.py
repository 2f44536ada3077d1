"""What an adapter learns: the texts of a corpus, each with the picture of its chip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import torch
from PIL import Image

from backend.corpus import Chip, Corpus
from backend.corpus.files import SPLITS, TEXTS
from backend.corpus.pixels import require_chip
from backend.describers.corpora import chip_of
from backend.describers.model import UNLABELLED, PictureDescriber
from backend.errors import ConfigInvalid, CorpusInvalid
from backend.io.hashes import file_sha256

if TYPE_CHECKING:
    from backend.describers.loading import PublishedDescriber

Inputs = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Lesson:
    """One text."""

    chip: str
    """The name of its chip."""
    question: str
    """Empty for a caption."""
    text: str
    """The caption or the answer."""


@dataclass(frozen=True)
class Lessons:
    """The texts of a corpus that an adapter learns from, by split."""

    corpus: Corpus
    by_split: Mapping[str, Sequence[Lesson]]
    """Those of train, validation and test, in the order of the corpus."""

    @cached_property
    def _chips(self) -> dict[str, Chip]:
        return {chip.name: chip for chip in self.corpus.chips()}

    def picture(self, name: str, describer: PictureDescriber) -> Image.Image:
        """Return a chip as the model will see it: drawn by its own cut, or a published picture.

        Raises:
            CorpusInvalid: its file is missing or damaged, or holds no pixel with data.
        """
        chip = require_chip(self.corpus, self._chips.get(name), name)
        return describer.draw(chip_of(self.corpus, chip))

    def facts(self) -> dict[str, Any]:
        """Return what would change if the texts or their split changed."""
        facts: dict[str, Any] = {"corpus": self.corpus.about.name}
        facts["licence"] = self.corpus.about.licence
        for name in (TEXTS, SPLITS):
            path = self.corpus.folder / name
            facts[name] = file_sha256(path) if path.exists() else ""
        return facts | {f"texts_{name}": len(of) for name, of in self.by_split.items()}


def read_lessons(corpus: Corpus, texts: str, types: Sequence[str] = ()) -> Lessons:
    """Return the captions of a corpus, its questions, or both, of some types or of all.

    Raises:
        CorpusInvalid: the corpus has no split, or no such text in train.
    """
    split_of = {chip: split for split, chips in corpus.splits().items() for chip in chips}
    if not split_of:
        raise CorpusInvalid(
            f"The corpus {corpus.folder} has no split.", "Make one: python -m backend.corpus split."
        )
    kinds = {"captions": ("caption",), "questions": ("question",)}
    wanted = kinds.get(texts, ("caption", "question"))
    found: dict[str, list[Lesson]] = {name: [] for name in ("train", "validation", "test")}
    for one in corpus.texts():
        split = one.split or split_of.get(one.chip, "")
        fits = one.kind in wanted and (not types or one.task in types)
        if fits and one.plain and split in found:
            found[split].append(Lesson(one.chip, one.question, one.plain))
    if not found["train"]:
        of = f" of the types {', '.join(types)}" if types else ""
        raise CorpusInvalid(
            f"The corpus {corpus.folder} has no {' or '.join(wanted)}{of} in its train split.",
            "Write texts: python -m backend.corpus text; or choose other ones.",
        )
    return Lessons(corpus, found)


def prepare(
    lessons: Lessons, batch: Sequence[Lesson], describer: PublishedDescriber, longest: int
) -> Inputs:
    """Return a batch as the model takes it.

    Raises:
        ConfigInvalid: nothing of a text is left within `longest` tokens.
        CorpusInvalid: the file of a chip is missing or damaged.
    """
    made = []
    for one in batch:
        image = lessons.picture(one.chip, describer)
        inputs = describer.lesson(image, one.question, one.text)
        made.append({n: of[:, :longest] if of.dtype == torch.int64 and n in PADS else of
                     for n, of in inputs.items()})  # fmt: skip
        if (made[-1]["labels"] == UNLABELLED).all():
            raise ConfigInvalid(
                f"Picture and question of the chip {one.chip} alone take more than {longest} "
                "tokens.",
                "Give recipe.longest a larger number.",
            )
    pad = describer.parts.tokenizer.pad_token_id or 0
    return {name: _joined(name, [one[name] for one in made], pad) for name in made[0]}


PADS: Mapping[str, int | None] = {
    "input_ids": None,  # the tokenizer's
    "decoder_input_ids": None,
    "labels": UNLABELLED,
    "attention_mask": 0,
    "mm_token_type_ids": 0,
}
"""What fills up the shorter texts of a batch, on their right."""


def _joined(name: str, tensors: Sequence[torch.Tensor], pad: int) -> torch.Tensor:
    """Return tensors as one; shorter texts are filled up, and pictures of fewer tiles by zeros."""
    if tensors[0].ndim > 1 and len({one.shape[1] for one in tensors}) > 1:
        value = PADS.get(name, 0)
        most = max(one.shape[1] for one in tensors)
        tensors = [_filled(one, most, pad if value is None else value) for one in tensors]
    return torch.cat(list(tensors))


def _filled(tensor: torch.Tensor, length: int, value: int) -> torch.Tensor:
    size = (tensor.shape[0], length - tensor.shape[1], *tensor.shape[2:])
    return torch.cat([tensor, tensor.new_full(size, value)], 1)
