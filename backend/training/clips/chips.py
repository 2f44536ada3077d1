"""The chips of corpora as the pictures that a CLIP takes: radar, or published pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np
import torch

from backend.corpus import Corpus
from backend.corpus.pixels import read_colours
from backend.encoders.clips import PictureName
from backend.encoders.networks.pictures import draw_picture, scale_picture
from backend.training.clips.config import ClipConfig, ClipStage
from backend.training.towers.pairs import Pairs, Part, open_pairs

KEPT_BYTES = 256 * 1024**2


@dataclass(frozen=True)
class Pictures(Part):
    """The chips of one split as pictures, each with its captions."""

    picture: PictureName = "grey"
    """How radar is looked at."""
    input_px: int = 224
    """Side of what the CLIP takes."""
    kept: dict[int, torch.Tensor] = field(default_factory=dict, init=False, compare=False)
    """Chips that were read, as many as `KEPT_BYTES` hold: a small corpus is read once."""

    @classmethod
    def of(cls, part: Part, picture: PictureName, input_px: int) -> "Pictures":
        """Return the chips of a part as pictures."""
        own = {one.name: getattr(part, one.name) for one in fields(Part)}
        return cls(**own, picture=picture, input_px=input_px)

    def pixels(self, number: int) -> torch.Tensor:
        """Return a chip (3, input, input), scaled as the CLIP takes it.

        Chips that were cut from scenes are drawn as the encoder draws windows; other files are
        pictures already, in colour or grey.

        Raises:
            CorpusInvalid: its file is missing or damaged, or radar of another size.
        """
        if number in self.kept:
            return self.kept[number]
        if self.chips[number].cut_db:
            drawn = draw_picture(super().pixels(number)[None], self.picture)
        else:
            colours = read_colours(self.corpus, self.chips[number])
            drawn = torch.from_numpy(colours.astype(np.float32))[None]
        scaled = scale_picture(drawn, self.input_px)[0]
        if len(self.kept) * scaled.nbytes < KEPT_BYTES:
            self.kept[number] = scaled
        return scaled


def open_pictures(corpus: Corpus, stage: ClipStage, config: ClipConfig, input_px: int) -> Pairs:
    """Return the chips with captions of each split of a stage's corpus.

    Raises:
        CorpusInvalid: a split or its captions are missing.
    """
    pairs = open_pairs(corpus, stage.tasks, config.side_px)
    train, validation, test = (
        Pictures.of(part, config.picture, input_px)
        for part in (pairs.train, pairs.validation, pairs.test)
    )
    return replace(pairs, train=_some(train, stage, config), validation=validation, test=test)


def _some(part: Pictures, stage: ClipStage, config: ClipConfig) -> Pictures:
    """Return as many chips as a stage learns from: fewer are among more for the same seed."""
    if stage.pairs is None:
        return part
    order = np.random.default_rng([config.recipe.seed, 11]).permutation(len(part))
    chosen = sorted(order[: stage.pairs].tolist())
    chips, captions = [part.chips[n] for n in chosen], [part.captions[n] for n in chosen]
    return replace(part, chips=chips, captions=captions)


def as_text(fragments: Sequence[str]) -> str:
    """Return a caption as the one text that a CLIP reads."""
    return " ".join(fragments)
