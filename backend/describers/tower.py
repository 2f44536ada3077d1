"""A tower that writes, as a describer: it looks at backscatter, and says what its corpus said."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from backend.describers.base import OPEN, Answer, Chip, Describer, Description
from backend.describers.model import as_sentences, require_question
from backend.errors import ConfigInvalid, ReplyInvalid
from backend.io.hashes import file_sha256
from backend.language import Sentence
from backend.towers.files import TowerCard, load_tower, read_card

if TYPE_CHECKING:
    import torch

    from backend.towers.settings import Search
    from backend.towers.tower import Tower
    from backend.towers.words import Vocabulary

BANDS = ("VV", "VH")
_LOOSE = re.compile(r" ([:;%)\]])|([(\[]) ")
_BEGIN = re.compile(r"(?:^|(?<=[.!?] ))[a-z]")


class TowerDescriber(Describer):
    """One tower; it is loaded by the first chip.

    Its words are in small letters, as its vocabulary has them; sentences begin with a capital here.
    """

    def __init__(self, path: Path, device: str | None = None) -> None:
        """Read what the file says of itself.

        Raises:
            WeightsMissing: there is no such file.
            WeightsInvalid: it is damaged, or not a tower.
            ConfigInvalid: the tower has not learnt to write.
        """
        self.card: TowerCard = read_card(path)
        self._path, self._device = path, device
        # Records tell a tower from the one before it was trained anew.
        self._sha256 = file_sha256(path)
        self.name = f"{path.stem}@{self._sha256[:8]}"
        if not self.card.writes:
            raise ConfigInvalid(
                f"The tower {path.stem} writes no texts: it was trained without a decoder.",
                "Train one with decoder: {learns: captions}; docs/towers.md tells how.",
            )
        self.writes = cast(Any, self.card.writes)

    @cached_property
    def _loaded(self) -> tuple[Tower, Vocabulary]:
        from backend.device import choose_device

        tower, vocabulary, _ = load_tower(self._path, choose_device(self._device))
        return tower, vocabulary

    def caption(self, chip: Chip) -> Description:
        """Return the caption that the tower finds the best for a chip.

        Raises:
            ConfigInvalid: the chip is not what the tower looks at, or it learnt no captions.
            ReplyInvalid: it wrote nothing.
            WeightsInvalid: the file is damaged.
        """
        self._require("caption")
        how = self._search
        text, _ = self._write(chip, "", how)
        sentences = tuple(map(Sentence, as_sentences(text)))
        return Description(sentences, self.name, self._facts | {"search": asdict(how)})

    def answer(self, chip: Chip, question: str) -> Answer:
        """Return the answer that the tower finds the likeliest, with its likelihood as certainty.

        Raises:
            ConfigInvalid: the chip is not what the tower looks at, or it learnt no questions.
            PhraseInvalid: the question is empty.
            ReplyInvalid: it wrote nothing.
            WeightsInvalid: the file is damaged.
        """
        asked = require_question(question)
        self._require("question")
        # By likelihood alone: an answer is not better for being longer.
        how = replace(self._search, least=1, length_power=0.0)
        text, likelihood = self._write(chip, asked, how)
        certainty = math.exp(likelihood)
        return Answer(text, OPEN, self.name, certainty, made_with=self._facts)

    def likelihoods(self, chip: Chip, question: str, choices: Sequence[str]) -> list[float]:
        """Return the logarithm of how likely the tower finds each answer, its end included.

        Raises:
            ConfigInvalid: the chip is not what the tower looks at, or it learnt no questions.
            WeightsInvalid: the file is damaged.
        """
        from backend.towers.writing import likelihoods

        self._require("question")
        tower, vocabulary = self._loaded
        return likelihoods(tower, vocabulary, self._see(chip), question, choices)

    @property
    def _search(self) -> Search:
        from backend.towers.settings import Search

        return self.card.search or Search()

    @property
    def _facts(self) -> dict[str, Any]:
        licence = {"licence": self.card.licence} if self.card.licence else {}
        return {"tower": self.card.name, "sha256": self._sha256, **licence}

    def _require(self, kind: str) -> None:
        if kind not in self.card.writes:
            learnt = " and ".join(f"{one}s" for one in self.card.writes)
            raise ConfigInvalid(
                f"The tower {self._path.stem} learnt no {kind}s; it learnt {learnt}.",
                "Choose another describer, or train one with decoder: {learns: both}.",
            )

    def _write(self, chip: Chip, question: str, how: Search) -> tuple[str, float]:
        """Return the best text as people write it, and the logarithm of how likely it is."""
        from backend.towers.writing import write

        tower, vocabulary = self._loaded
        best = write(tower, vocabulary, self._see(chip), question, how)[0]
        text = as_written(vocabulary.words(best.tokens))
        if not text:
            raise ReplyInvalid(f"{self.name} wrote nothing.", "Ask about another chip.")
        return text, best.likelihood

    def _see(self, chip: Chip) -> torch.Tensor:
        """Return the states (1, p, width) of a chip; what lies around a smaller one is not known.

        Raises:
            ConfigInvalid: it has no backscatter of VV and VH, or is larger than the tower's chips.
        """
        import torch

        side, name, metres = self.card.sizes.side_px, chip.record.chip, chip.record.metres_per_pixel
        if metres and metres != self.card.pixel_m:
            raise ConfigInvalid(
                f'"{name}" has pixels of {metres:g} m; {self._path.stem} learnt those of '
                f"{self.card.pixel_m:g} m.",
                "Choose a tower of such chips, or another describer.",
            )
        bands = tuple(chip.bands) or BANDS  # some corpora do not say
        if chip.pixels is None or bands != BANDS or len(chip.pixels) != len(BANDS):
            found = "no backscatter" if chip.pixels is None else f"the bands {', '.join(bands)}"
            raise ConfigInvalid(
                f'The chip "{name}" has {found}; {self._path.stem} looks at VV and VH in dB.',
                "Give its backscatter, or choose another describer.",
            )
        height, width = chip.pixels.shape[1:]
        if max(height, width) > side:
            raise ConfigInvalid(
                f'"{name}" has {width} x {height} pixels; {self._path.stem} describes at most '
                f"{side} x {side}, which are {side * self.card.pixel_m:,.0f} m.",
                "Draw a smaller area, or cut smaller chips.",
            )
        db = np.full((1, len(BANDS), side, side), np.nan, np.float32)
        row, column = (side - height) // 2, (side - width) // 2
        db[0, :, row : row + height, column : column + width] = chip.pixels
        tower, _ = self._loaded
        with torch.no_grad():
            return tower.see(torch.from_numpy(db).to(tower.temperature.device))


def as_written(words: str) -> str:
    """Return words of a vocabulary of small letters as people write them.

    Example:
        as_written("north : a lake. south : none.")  # "North: a lake. South: none."
    """
    text = _LOOSE.sub(lambda found: found[1] or found[2], words.strip())
    return _BEGIN.sub(lambda found: found[0].upper(), text)
