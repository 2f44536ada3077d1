"""Training a tower that writes: its decoder learns beside the other losses, or alone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from backend.towers.files import TowerCard
from backend.towers.spelling import tight_signs
from backend.training.curve import Chart
from backend.training.towers.card import LM
from backend.training.towers.config import Stage, Writing
from backend.training.towers.learner import Texts
from backend.training.towers.lessons import lessons_of, shortest, writing_loss
from backend.training.towers.pairs import Draw, Part
from backend.training.towers.task import Epoch, Towers

QUESTIONS = 1  # tells this draw from that of an epoch's batches


@dataclass(frozen=True)
class WritingEpoch(Epoch):
    """A row of the curve of a tower that writes; what is not learnt beside it is NaN."""

    lm: float
    """Loss of a word of what is written."""
    validation_lm: float
    """The same of validation chips after the epoch."""


class WritingTowers(Towers):
    """The task of training a tower with a decoder.

    Example:
        fields = {"corpus": folder, "output": file, "start": tower, "decoder": {"alone": True}}
        card = train(WritingTowers(read_tower_config(path, fields)))
    """

    row = WritingEpoch

    @property
    def writing(self) -> Writing:
        """What the decoder learns."""
        assert self.config.decoder is not None
        return self.config.decoder

    def _texts(self, draw: Draw, batch: int, stage: Stage) -> Texts:
        texts, part, rows = super()._texts(draw, batch, stage), self.pairs.train, draw.rows[batch]
        drawn = zip(rows, draw.captions[batch], strict=True)
        captions = [part.captions[number][caption] for number, caption in drawn]
        seed = [self.config.recipe.seed, len(self.curve), batch, QUESTIONS]
        rng = np.random.default_rng(seed)
        lessons = lessons_of(self.writing, captions, texts.clean, part.questions_of(rows), rng)
        return Texts((), (), lessons) if self.writing.alone else replace(texts, lessons=lessons)

    def _row(self, number: int, stage: Stage, losses: Sequence[float]) -> Epoch:
        *others, lm = losses
        row = super()._row(number, stage, others or [math.nan] * 3)
        return WritingEpoch(**vars(row), lm=lm, validation_lm=self._loss(self.pairs.validation))

    def _recall(self) -> tuple[float, float]:
        return (math.nan, math.nan) if self.writing.alone else super()._recall()

    def _loss(self, part: Part) -> float:
        own = self.learner
        return writing_loss(own.tower, own.vocabulary, part, self.writing, self.together)

    def _scores(self) -> dict[str, float]:
        recalls = {} if self.writing.alone else super()._scores()
        return {**recalls, LM: round(self._loss(self.pairs.test), 6)}

    def _chart(self, card: TowerCard) -> Chart:
        """Return the losses of a word, which are all there is where nothing else is learnt."""
        if not self.writing.alone:
            return super()._chart(card)
        rows = [one for one in self.curve if isinstance(one, WritingEpoch)]
        lines = {"training": [one.lm for one in rows]}
        lines["validation"] = [one.validation_lm for one in rows]
        return Chart(card.title, "loss of a word", lines, [one.learning_rate for one in rows])

    def _describe(self, scores: dict[str, float]) -> TowerCard:
        """Return the card, which says what the decoder writes and how captions are searched for."""
        card, writing = super()._describe(scores), self.writing
        search = replace(writing.search, least=self._least)
        part = self.pairs.train
        texts = (" ".join(one.fragments) for of in (*part.captions, *part.questions) for one in of)
        learnt = {**card.training, "decoder": writing.model_dump(mode="json")}
        learnt["tight"] = tight_signs(texts)
        return replace(card, writes=writing.writes, search=search, training=learnt)

    @property
    def _least(self) -> int:
        """Tokens of the shortest caption: at most those of the configuration."""
        least = self.writing.search.least
        if "caption" not in self.writing.writes:
            return least
        return min(least, shortest(self.learner.vocabulary, self.pairs.train))
