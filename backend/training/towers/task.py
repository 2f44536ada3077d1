"""Training a tower as a task: stages of epochs, screening before them, retrieval as the measure."""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from backend import __version__
from backend.corpus import open_corpus
from backend.corpus.decisions import write_decisions
from backend.errors import ConfigInvalid
from backend.evaluation.words.retrieval import Retrieval
from backend.io.hashes import file_sha256
from backend.progress import Progress, silent
from backend.text.minilm import model_folder
from backend.towers.files import (
    DECODER,
    TowerCard,
    card_text,
    fill_tower,
    read_card,
    read_tensors,
    save_tower,
    vocabulary_of,
)
from backend.towers.tower import Tower
from backend.towers.words import Vocabulary, words_of
from backend.training.curve import Chart
from backend.training.folder import RunFolder
from backend.training.lora import LearntAdapter
from backend.training.task import Finished
from backend.training.towers.card import chance_of, model_card, named_scores
from backend.training.towers.config import Stage, TowerConfig
from backend.training.towers.learner import Learner, Texts, learning_rate
from backend.training.towers.measuring import measure_retrieval, readers_of
from backend.training.towers.pairs import Draw, Pairs, Part, open_pairs, read_once
from backend.training.towers.screening import (
    Decisions,
    as_plain,
    clean_text,
    counted,
    from_plain,
    screen_captions,
    whole_text,
)
from backend.training.towers.together import Together, train_together


@dataclass(frozen=True)
class Epoch:
    """A row of the curve: means over the epoch, and what validation chips say after it."""

    epoch: int
    stage: str
    learning_rate: float
    itc: float
    itm: float
    mlm: float
    validation_recall: float
    """mR of retrieval both ways."""
    validation_outscored: float
    """Share of other chips that a text's own one comes before; ½ by chance."""
    noise: int
    """Fragments that count as noise."""
    rebuilt: int
    """Fragments that were written anew."""


def train_tower(
    config: TowerConfig, *, fresh: bool = False, progress: Progress = silent
) -> TowerCard | None:
    """Train the tower of a configuration, or return the card of the one a run has left.

    Of the processes that torchrun has started all train, and the first keeps the run's folder and
    returns the card; the others return None.

    Raises:
        ConfigInvalid: the output belongs to another run, the training diverged, or several
            processes cannot share it.
        CorpusInvalid: the corpus is not fit to train on.
        SurveyInvalid: it has changed since the run was begun.
        WeightsMissing: there is no tower to begin with.
        WeightsInvalid: the tower to begin with is of another size.
    """
    from backend.training.towers.writers import WritingTowers

    kind = WritingTowers if config.decoder else Towers
    return train_together(
        lambda together: kind(config, silent if together.rank else progress, together), fresh=fresh
    )


class Towers:
    """The task of training a tower on a corpus.

    Example:
        card = train(Towers(read_tower_config(path, {"corpus": folder, "output": file})))
    """

    row: type[Epoch] = Epoch
    """What a row of the curve holds."""

    def __init__(
        self,
        config: TowerConfig,
        progress: Progress = silent,
        together: Together = Together(),  # noqa: B008  frozen
    ) -> None:
        """Take a configuration; the corpus is opened when it is needed."""
        self.together, self.begun = together, False
        self.config, self.output = config, config.output
        self.curve: list[Epoch] = []
        self._progress = progress
        self._decisions: Decisions = {}
        self._screened = 0  # the stage before which they were taken

    @cached_property
    def device(self) -> torch.device:
        """Where the tower is trained."""
        return self.together.device(self.config.device)

    @cached_property
    def pairs(self) -> Pairs:
        """The chips and captions."""
        corpus = open_corpus(self.config.corpus)
        config = self.config
        return open_pairs(corpus, config.tasks, config.side_px, config.decoder)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What the corpus holds, and the tower that an adapter belongs to."""
        facts, start = dict(self.pairs.facts), self.config.start
        if start is not None and self.config.lora:
            facts["start_weights"] = file_sha256(start)
        return facts

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        config = self.config
        if config.start is not None:
            return vocabulary_of(read_tensors(config.start), read_card(config.start), config.start)
        if config.vocabulary == "minilm":
            return Vocabulary((model_folder() / "tokenizer.json").read_bytes())
        captions = [one for of in self.pairs.train.captions for one in of]
        return Vocabulary(words_of(words for one in captions for words in one.fragments))

    @cached_property
    def learner(self) -> Learner:
        """The tower and all that learns with it."""
        tower, recipe = self._tower, self.config.recipe
        _ = self.adapter  # is put into the tower before it is copied
        return Learner(tower, self._vocabulary, recipe, self.device, self.together)

    @cached_property
    def _tower(self) -> Tower:
        config = self.config
        torch.manual_seed(config.recipe.seed)
        tower = Tower(config.sizes(self._vocabulary.size))
        if config.text_start == "minilm":
            tower.start_text(read_tensors(model_folder() / "model.safetensors"))
        if config.start is not None:
            self._begin_with(tower, config.start)
        if config.decoder and tower.decoder is None:
            tower.add_decoder()
        return tower

    @cached_property
    def adapter(self) -> LearntAdapter | None:
        """What learns alone of a tower that was begun with; None where all learns."""
        config = self.config
        if config.lora is None or config.start is None:
            return None
        return LearntAdapter(self._tower, config.lora, config.start, config.recipe.seed)

    def _begin_with(self, tower: Tower, start: Path) -> None:
        """Take the weights of a tower; its decoder only where one learns on."""
        tensors = read_tensors(start)
        if self.config.decoder and read_card(start).writes:
            tower.add_decoder()
        else:
            tensors = {k: of for k, of in tensors.items() if not k.startswith(DECODER)}
        fill_tower(tower, tensors, start)

    def epochs(self) -> Iterator[Epoch]:
        """Train on from where the task is, stage by stage."""
        recipe, learner = self.config.recipe, self.learner
        self.together.require_equal_shares(min(recipe.batch_size, len(self.pairs.train)))
        if not self.together.rank:
            if not self.curve:  # those of training are read by the first epoch
                read_once((self.pairs.validation, self.pairs.test), self._progress)
            self.begun = self.together.agree(True)
        while len(self.curve) < self.config.epochs:
            number = len(self.curve)
            place, stage = self._stage_of(number)
            if stage.kind != "learn" and self._screened < place:
                self._screen(place, stage)
            losses = self._learn(learner, number, stage)
            self.curve.append(self._row(number, stage, losses))
            yield self.curve[-1]

    def _row(self, number: int, stage: Stage, losses: Sequence[float]) -> Epoch:
        """Return an epoch with its mean losses, measured on validation chips."""
        recall, outscored = self._recall()
        counts = counted(self._decisions_in(stage))
        rate = learning_rate(self.config.recipe, self.learner.steps - 1, number)
        noise, rebuilt = counts["noise"], counts["rebuilt"]
        itc, itm, mlm = losses
        return Epoch(number + 1, stage.kind, rate, itc, itm, mlm, recall, outscored, noise, rebuilt)

    def _recall(self) -> tuple[float, float]:
        """Return mR of validation chips, and the share of others that a text's own comes before."""
        found = self._measure(self.pairs.validation)
        return found.mean_recall, found.outscored

    def _stage_of(self, epoch: int) -> tuple[int, Stage]:
        """Return the stage of an epoch and its number, from 1 on."""
        ends = np.cumsum([stage.epochs for stage in self.config.stages])
        place = int(np.searchsorted(ends, epoch, side="right"))
        return place + 1, self.config.stages[place]

    def _screen(self, place: int, stage: Stage) -> None:
        """Decide on all captions by the slow copy, and write that into the corpus."""
        part = self.pairs.train
        decisions = screen_captions(
            self.learner.slow,
            self._vocabulary,
            part,
            stage.kind == "rebuild",
            self.config.recipe.margins,
            self._progress,
            self.together.share(len(part)),
        )
        self._decisions = dict(self.together.join(list(decisions.items())))
        self._screened = place
        if not self.together.rank:
            write_decisions(part.corpus, self._decisions, self.output.stem, place)

    def _learn(self, learner: Learner, epoch: int, stage: Stage) -> list[float]:
        """Go through one epoch; return its mean losses: ITC, ITM and MLM."""
        recipe, part = self.config.recipe, self.pairs.train
        draw = Draw.of(part, recipe.batch_size, recipe.seed, epoch)
        count, begun = len(draw.rows), time.perf_counter()
        sums, done = np.zeros(1), 0
        shares = [rows[self.together.share(len(rows))] for rows in draw.rows]
        for batch, db in enumerate(part.batches(shares)):
            learner.seed(epoch, batch)
            alpha = recipe.alpha * min(1.0, batch / count if epoch == 0 else 1.0)
            losses = learner.add(db, self._texts(draw, batch, stage), alpha)
            if not all(map(math.isfinite, losses)):
                raise ConfigInvalid(
                    f"A loss is not finite in epoch {epoch + 1}: {losses}.",
                    "Give a lower learning_rate.",
                )
            sums = sums + losses
            if (batch + 1) % recipe.accumulate == 0 or batch + 1 == count:
                learner.update(learning_rate(recipe, learner.steps, epoch))
            done += len(draw.rows[batch])
            pace = done / (time.perf_counter() - begun)
            what = f"epoch {epoch + 1} of {self.config.epochs} ({stage.kind}), {pace:.0f} chips/s"
            self._progress(what, batch + 1, count)
        return [float(one) for one in sums / count]

    def _decisions_in(self, stage: Stage) -> Decisions:
        """Return the decisions that count in a stage: none where all texts are learnt whole."""
        return {} if stage.kind == "learn" else self._decisions

    def _texts(self, draw: Draw, batch: int, stage: Stage) -> Texts:
        part, both = self.pairs.train, zip(draw.rows[batch], draw.captions[batch], strict=True)
        captions = [part.captions[number][caption] for number, caption in both]
        decisions = self._decisions_in(stage)
        return Texts(
            [whole_text(one, decisions) for one in captions],
            [clean_text(one, decisions) for one in captions],
        )

    @torch.no_grad()
    def _measure(self, part: Part) -> Retrieval:
        """Return the recall of chips by captions and of captions by chips, by contrast alone."""
        tower = self.learner.tower.eval()
        see, read = readers_of(tower, self._vocabulary, self.device)
        found = measure_retrieval(part, see, read, self.together)
        tower.train()
        return found

    def state(self) -> dict[str, Any]:
        """Return the learner's state, the curve and the decisions."""
        return {
            "learner": self.learner.state(),
            "curve": [vars(epoch) for epoch in self.curve],
            "decisions": as_plain(self._decisions),
            "screened": self._screened,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Put all of it where it was."""
        self.learner.restore(state["learner"])
        self.curve = [self.row(**epoch) for epoch in state["curve"]]
        self._decisions = from_plain(state["decisions"])
        self._screened = state["screened"]

    def finish(self) -> Finished:
        """Measure the tower on test chips, and describe it."""
        card = self._describe(self._scores())
        return Finished(partial(self._save, card), model_card(card), self._chart(card))

    def _save(self, card: TowerCard, path: Path) -> None:
        """Write the tower; where an adapter learnt, that first, which then is in the weights."""
        if self.adapter is not None:
            self.adapter.save(RunFolder(path).path, card_text(card))
            self.adapter.merge()
        save_tower(self.learner.tower, self._vocabulary, card, path)

    def _scores(self) -> dict[str, float]:
        return named_scores(self._measure(self.pairs.test))

    def _chart(self, card: TowerCard) -> Chart:
        return Chart(
            card.title,
            "mean recall, validation",
            {"validation": [epoch.validation_recall for epoch in self.curve]},
            [epoch.learning_rate for epoch in self.curve],
            level=("chance", chance_of(self.pairs.validation)),
        )

    def load(self) -> TowerCard:
        """Return the card of the finished tower."""
        return read_card(self.output)

    def _describe(self, scores: dict[str, float]) -> TowerCard:
        config, about = self.config, self.pairs.train.corpus.about
        training = {
            "recipe": config.recipe.model_dump(mode="json"),
            "stages": [stage.model_dump(mode="json") for stage in config.stages],
            "decisions": counted(self._decisions),
            "corpus": about.name,
            "tasks": list(config.tasks),
            "start": config.start.stem if config.start else config.text_start,
            "curve": [asdict(epoch) for epoch in self.curve[-1:]],
            "chance": chance_of(self.pairs.test),
            "version": __version__,
            "date": date.today().isoformat(),
            **self.facts,
        }
        if self.adapter is not None:
            training["lora"] = self.adapter.facts
            with self.adapter.left_out():
                training["before"] = self._scores()
        simulated = about.made.get("by") == "simulate"
        only = ", which are simulated; it never saw a real scene" if simulated else ""
        return TowerCard(
            name=config.output.stem,
            sizes=self.learner.tower.sizes,
            cell_px=config.cell_px,
            title=config.title or f"Tower of size {config.size} on {about.name}",
            pixel_m=self.pairs.train.pixel_m,
            licence=about.licence,
            summary=f"Trained on {len(self.pairs.train):,} chips of {about.name}{only}.",
            scores=scores,
            training=training,
        )
