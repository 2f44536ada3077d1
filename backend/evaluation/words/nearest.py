"""What would be said of a chip by who looks and understands nothing: what is said of one like it.

The nearest neighbour of small pictures: a baseline of captions that is hard to beat (Devlin et al.,
Exploring Nearest Neighbor Approaches for Image Captioning, arXiv 1505.04467), and one of answers
that never reads the question.
"""

from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from backend.corpus import Chip, Corpus
from backend.corpus.pixels import read_db, read_published, require_chip, require_file
from backend.corpus.records import Text
from backend.progress import Progress, silent

SIDE = 8
"""Cells of a small picture from side to side: few enough to average speckle out."""
ALIKE = 10
"""Chips whose answers are counted."""
MOST = 2000
"""Chips of training that are looked at; of more, as many are taken at equal distances."""


class Nearest:
    """Captions and answers of the chips of the train split that look the most alike.

    A caption is one of the nearest chip that has any of the type. An answer is the most frequent
    one of the ten nearest chips with questions, whatever was asked: the image alone. Of equal ones
    that of the nearest chip is taken.
    """

    name = "nearest chip"

    def __init__(
        self,
        corpus: Corpus,
        train: Iterable[Text],
        asked: Iterable[str],
        progress: Progress = silent,
    ) -> None:
        """Look at the chips that are `asked` about, and at those of the texts of the train split.

        Raises:
            CorpusInvalid: a chip or its file is missing or damaged.
        """
        self._captions: dict[tuple[str, str], str] = {}
        self._answers: dict[str, Counter[str]] = {}
        for text in train:
            if text.kind == "question":
                self._answers.setdefault(text.chip, Counter())[text.plain] += 1
            else:
                self._captions.setdefault((text.chip, text.task), text.plain)
        known = sorted({chip for chip, _ in self._captions} | self._answers.keys())
        known = known[:: -(-len(known) // MOST) or 1]
        self._seen = _look(corpus, {*known, *asked}, progress)
        by_shape: dict[tuple[int, ...], list[str]] = {}
        for name in known:
            by_shape.setdefault(self._seen[name].shape, []).append(name)
        self._known = {
            shape: (names, np.stack([self._seen[name] for name in names]))
            for shape, names in by_shape.items()
        }
        self._last: tuple[str, list[str]] = "", []

    def caption(self, text: Text) -> str | None:
        """Return the caption of the nearest chip that has one of this type; None without any."""
        captions = (self._captions.get((chip, text.task)) for chip in self._nearest(text.chip))
        return next((caption for caption in captions if caption is not None), None)

    def answer(self, text: Text) -> str | None:
        """Return the most frequent answer of the nearest chips, whatever was asked of them."""
        alike = [chip for chip in self._nearest(text.chip) if chip in self._answers][:ALIKE]
        counts = sum((self._answers[chip] for chip in alike), Counter[str]())
        return counts.most_common(1)[0][0] if counts else None

    def _nearest(self, chip: str) -> list[str]:
        """Return the chips of training with the same bands, the nearest first."""
        if self._last[0] != chip:
            own = self._seen[chip]
            names, seen = self._known.get(own.shape, ([], own[None]))
            apart = ((seen - own) ** 2).sum((1, 2, 3))
            order = np.argsort(apart, kind="stable")[: len(names)]
            self._last = chip, [names[place] for place in order]
        return self._last[1]


def small_picture(pixels: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the means (bands, 8, 8) of a chip (bands, h, w), NaN as the mean of its band."""
    means = np.empty((len(pixels), SIDE, SIDE), "float32")
    for band, values in enumerate(pixels.astype("float32")):
        valid = np.isfinite(values)
        filled = np.where(valid, values, values[valid].mean() if valid.any() else 0.0)
        means[band] = Image.fromarray(filled).resize((SIDE, SIDE), Image.Resampling.BOX)
    return means


def _look(corpus: Corpus, names: set[str], progress: Progress) -> dict[str, NDArray[np.float32]]:
    """Return the small pictures (bands, 8, 8) of chips by name."""
    chips = {chip.name: chip for chip in corpus.chips() if chip.name in names}
    seen: dict[str, NDArray[np.float32]] = {}
    for number, name in enumerate(sorted(names)):
        progress("looking for chips alike", number, len(names))
        seen[name] = small_picture(_pixels(corpus, require_chip(corpus, chips.get(name), name)))
    return seen


def _pixels(corpus: Corpus, chip: Chip) -> NDArray[np.floating]:
    """Return dB of a chip that was cut from a scene, and what was published else."""
    if chip.cut_db:
        return read_db(corpus, chip)
    return read_published(require_file(corpus, chip)) / np.float32(255)
