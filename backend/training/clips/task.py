"""Training a CLIP on as a task: stages with corpora of their own, retrieval as the measure."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from backend import __version__
from backend.corpus import open_corpus
from backend.encoders.networks.dual import DualEncoder
from backend.errors import ConfigInvalid
from backend.evaluation.words.retrieval import Retrieval
from backend.io.hashes import file_sha256
from backend.progress import Progress, silent
from backend.training.clips.card import ClipCard, clip_card
from backend.training.clips.chips import as_text, open_pictures
from backend.training.clips.config import ClipConfig, ClipStage
from backend.training.clips.files import (
    card_text,
    load_start,
    read_clip_card,
    require_output,
    save_clip,
)
from backend.training.clips.learner import ClipLearner
from backend.training.curve import Chart
from backend.training.folder import RunFolder
from backend.training.lora import LearntAdapter
from backend.training.task import Finished
from backend.training.towers.card import chance_of, named_scores
from backend.training.towers.measuring import measure_retrieval
from backend.training.towers.pairs import Draw, Pairs, Part, read_once
from backend.training.towers.together import Together, train_together


@dataclass(frozen=True)
class ClipEpoch:
    """A row of the curve: means over the epoch, and what validation chips say after it."""

    epoch: int
    stage: str
    learning_rate: float
    """That of its last step."""
    itc: float
    caption: float
    """Of a CoCa the loss of a caption's words; NaN of a CLIP."""
    validation_recall: float
    """mR of retrieval both ways, on the stage's own corpus."""
    validation_outscored: float
    """Share of other chips that a text's own one comes before; ½ by chance."""


def train_clip(
    config: ClipConfig, *, fresh: bool = False, progress: Progress = silent
) -> ClipCard | None:
    """Train the CLIP of a configuration, or return the card of the one a run has left.

    Of the processes that torchrun has started all train; the first returns the card, others None.

    Raises:
        ConfigInvalid: the output belongs to another run, or the training diverged.
        CorpusInvalid: a corpus is not fit to train on.
        SurveyInvalid: a corpus or the start has changed since the run was begun.
        WeightsMissing: there is no CLIP to begin with, or no tokenizer.
        WeightsInvalid: the CLIP to begin with is damaged, or of another layout.
    """
    return train_together(
        lambda together: Clips(config, silent if together.rank else progress, together), fresh=fresh
    )


class Clips:
    """The task of training a CLIP on.

    Example:
        card = train(Clips(read_clip_config(path, {"start": "remoteclip", "output": file})))
    """

    def __init__(
        self,
        config: ClipConfig,
        progress: Progress = silent,
        together: Together = Together(),  # noqa: B008  frozen
    ) -> None:
        """Take a configuration; corpora are opened when they are needed."""
        self.together, self.begun = together, False
        self.config, self.output = config, config.output
        self.curve: list[ClipEpoch] = []
        self._progress = progress
        self._stage = -1  # the one that the learner is in

    @cached_property
    def device(self) -> torch.device:
        """Where the CLIP is trained."""
        return self.together.device(self.config.device)

    @cached_property
    def pairs(self) -> list[Pairs]:
        """The chips and captions of each stage."""
        config, side = self.config, self.learner.network.files.side_px
        return [
            open_pictures(open_corpus(config.corpus_of(stage)), stage, config, side)
            for stage in config.stages
        ]

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What the corpora hold, and the file that was begun with."""
        stages = enumerate(self.pairs, 1)
        of_stages = {f"stage {n} {k}": v for n, one in stages for k, v in one.facts.items()}
        return {**of_stages, "start": file_sha256(self.config.start)}

    @cached_property
    def learner(self) -> ClipLearner:
        """The CLIP and all that learns with it."""
        network, recipe = self._network, self.config.recipe
        if self.adapter is None:
            network.requires_grad_(True)
        return ClipLearner(network, recipe, self.device, self.together)

    @cached_property
    def _network(self) -> DualEncoder:
        require_output(self.config.start, self.output)
        return load_start(self.config.start, self.device)

    @cached_property
    def adapter(self) -> LearntAdapter | None:
        """What learns alone of the start; None where all learns."""
        config = self.config
        if config.lora is None:
            return None
        return LearntAdapter(self._network.model, config.lora, config.start, config.recipe.seed)

    def epochs(self) -> Iterator[ClipEpoch]:
        """Train on from where the task is, stage by stage."""
        for stage, one in zip(self.config.stages, self.pairs, strict=True):
            batch = self.config.recipe_of(stage).batch_size
            self.together.require_equal_shares(min(batch, len(one.train)))
        if not self.together.rank:
            if not self.curve:
                parts = [p for one in self.pairs for p in (one.train, one.validation, one.test)]
                read_once(parts[1:], self._progress)  # the first is read by the first epoch
            self.begun = self.together.agree(True)
        while len(self.curve) < self.config.epochs:
            number = len(self.curve)
            place, stage = self._stage_of(number)
            self._enter(place)
            losses, rate = self._learn(number, place, stage)
            found = self.measure(self.pairs[place].validation)
            name = stage.name or open_corpus(self.config.corpus_of(stage)).about.name
            itc, caption = losses
            recall, outscored = found.mean_recall, found.outscored
            self.curve.append(ClipEpoch(number + 1, name, rate, itc, caption, recall, outscored))
            yield self.curve[-1]

    def _stage_of(self, epoch: int) -> tuple[int, ClipStage]:
        """Return the stage of an epoch and its number, from 0 on."""
        ends = np.cumsum([stage.epochs for stage in self.config.stages])
        place = int(np.searchsorted(ends, epoch, side="right"))
        return place, self.config.stages[place]

    def _enter(self, place: int) -> None:
        """Begin a stage, unless the learner is in it."""
        if self._stage == place:
            return
        stage = self.config.stages[place]
        recipe = self.config.recipe_of(stage)
        batches = len(Draw.of(self.pairs[place].train, recipe.batch_size, 0, 0).rows)
        self.learner.begin(recipe, stage.epochs * -(-batches // recipe.accumulate))
        self._stage = place

    def _learn(self, epoch: int, place: int, stage: ClipStage) -> tuple[list[float], float]:
        """Go through one epoch; return its mean losses, and the rate of its last step."""
        recipe, part = self.config.recipe_of(stage), self.pairs[place].train
        draw, learner = Draw.of(part, recipe.batch_size, recipe.seed, epoch), self.learner
        count, begun, done = len(draw.rows), time.perf_counter(), 0
        sums, rate = np.zeros(2), 0.0
        shares = [rows[self.together.share(len(rows))] for rows in draw.rows]
        for batch, pictures in enumerate(part.batches(shares)):
            both = zip(draw.rows[batch], draw.captions[batch], strict=True)
            texts = [as_text(part.captions[n][caption].fragments) for n, caption in both]
            losses = learner.add(pictures, texts)
            if not all(map(math.isfinite, losses if learner.network.writes else losses[:1])):
                raise ConfigInvalid(
                    f"A loss is not finite in epoch {epoch + 1}: {losses}.",
                    "Give a lower learning_rate.",
                )
            sums += losses
            if (batch + 1) % recipe.accumulate == 0 or batch + 1 == count:
                rate = learner.rate
                learner.update()
            done += len(draw.rows[batch])
            pace = done / (time.perf_counter() - begun)
            what = f"epoch {epoch + 1} of {self.config.epochs}, {pace:.0f} chips/s"
            self._progress(what, batch + 1, count)
        return [float(one) for one in sums / count], rate

    @torch.no_grad()
    def measure(self, part: Part) -> Retrieval:
        """Return the recall of chips by captions and of captions by chips."""
        network = self.learner.network.eval()
        found = measure_retrieval(
            part,
            lambda pictures: network.see(pictures.to(self.device)),
            lambda texts: network.read(self._tokens([as_text(of) for of in texts])),
            self.together,
        )
        network.train()
        return found

    def _tokens(self, texts: list[str]) -> torch.Tensor:
        return self.learner.network.tokenise(texts).to(self.device)

    def state(self) -> dict[str, Any]:
        """Return the learner's state, its stage and the curve."""
        return {
            "learner": self.learner.state(),
            "stage": self._stage,
            "curve": [vars(epoch) for epoch in self.curve],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Put all of it where it was."""
        self._enter(state["stage"])
        self.learner.restore(state["learner"])
        self.curve = [ClipEpoch(**epoch) for epoch in state["curve"]]

    def finish(self) -> Finished:
        """Measure the CLIP on the test chips of the last stage, and describe it."""
        card = self._describe(self._scores())
        chart = Chart(
            card.title,
            "mean recall, validation of each stage",
            {"validation": [epoch.validation_recall for epoch in self.curve]},
            [epoch.learning_rate for epoch in self.curve],
            level=("chance", chance_of(self.pairs[-1].validation)),
        )
        return Finished(partial(self._save, card), clip_card(card), chart)

    def _scores(self) -> dict[str, float]:
        return named_scores(self.measure(self.pairs[-1].test))

    def _save(self, card: ClipCard, path: Path) -> None:
        """Write the CLIP; where an adapter learnt, that first, which then is in the weights."""
        if self.adapter is not None:
            self.adapter.save(RunFolder(path).path, card_text(card))
            self.adapter.merge()
        save_clip(self.learner.network, card, self.config.start, path)

    def load(self) -> ClipCard:
        """Return the card of the trained CLIP."""
        return read_clip_card(self.output)

    def _describe(self, scores: dict[str, float]) -> ClipCard:
        config, last = self.config, self.pairs[-1]
        corpora = [open_corpus(config.corpus_of(stage)).about for stage in config.stages]
        stages = [
            {**stage.model_dump(mode="json"), "corpus": about.name, "chips": len(pairs.train)}
            for stage, about, pairs in zip(config.stages, corpora, self.pairs, strict=True)
        ]
        training = {
            "recipe": config.recipe.model_dump(mode="json"),
            "stages": stages,
            "start": config.start.stem,
            "test_chips": len(last.test),
            "chance": chance_of(last.test),
            "version": __version__,
            "date": date.today().isoformat(),
        }
        if self.adapter is not None:
            training["lora"] = self.adapter.facts
            with self.adapter.left_out():
                training["before"] = self._scores()
        about, licences = corpora[-1], sorted({one.licence for one in corpora})
        simulated = about.made.get("by") == "simulate"
        return ClipCard(
            name=config.output.stem,
            title=config.title or f"{config.start.stem}, trained further on {about.name}",
            licence=f"of the start, and of its corpora: {', '.join(licences)}",
            picture=config.picture,
            side_px=config.side_px,
            pixel_m=last.train.pixel_m,
            simulated=simulated,
            writes=self.learner.network.writes,
            scores=scores,
            training=training,
        )
