"""A tower that writes, as a describer: it looks at backscatter, and says what its corpus said."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from backend.describers.backscatter import backscatter
from backend.describers.base import (
    OPEN,
    Answer,
    Chip,
    Describer,
    Description,
    require_question,
)
from backend.describers.model import as_sentences, require_text
from backend.errors import ConfigInvalid
from backend.io.hashes import file_sha256
from backend.towers.files import TowerCard, load_tower, read_card
from backend.towers.spelling import WITHIN, as_written

if TYPE_CHECKING:
    import torch

    from backend.towers.settings import Search
    from backend.towers.tower import Tower
    from backend.towers.words import Vocabulary


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
        learnt = self.card.training
        asked = (learnt.get("decoder") or {}).get("types", ())
        self.types = {"caption": learnt.get("tasks", ()), "question": asked}
        self.title, self.licence = self.card.title or path.stem, self.card.licence
        self.chip_px, self.pixel_m = self.card.sizes.side_px, self.card.pixel_m

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
        facts = self._facts | {"search": asdict(how)}
        return Description(as_sentences(text), self.name, facts)

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
        tight = str(self.card.training.get("tight", "".join(WITHIN)))
        text = require_text(self, as_written(vocabulary.words(best.tokens), tight))
        return text, best.likelihood

    def _see(self, chip: Chip) -> torch.Tensor:
        """Return the states (1, p, width) of a chip; what lies around a smaller one is not known.

        Raises:
            ConfigInvalid: it has no backscatter of VV and VH, or is larger than the tower's chips.
        """
        import torch

        db = backscatter(chip, self.card.sizes.side_px, self.card.pixel_m, self._path.stem)
        tower, _ = self._loaded
        with torch.no_grad():
            return tower.see(torch.from_numpy(db).to(tower.temperature.device))
