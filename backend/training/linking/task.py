"""Linking as a task: its source, AdamW or ridge, the measuring, and what the head's card says."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date
from functools import cached_property, partial
from typing import Any

import numpy as np
import torch

from backend import __version__
from backend.device import choose_device
from backend.encoders import load_encoder
from backend.errors import SurveyInvalid
from backend.evaluation import mean_head
from backend.link import Batch, Batches, HeadMeta, LinkHead, load_head, save_head
from backend.link.adamw import AdamWTrainer, Epoch, mean_cosine
from backend.link.fit import fit_cells
from backend.link.ridge import fit_ridge
from backend.progress import Progress, silent
from backend.simulation.survey.cells import class_vectors, simulate_cells
from backend.simulation.survey.classes import calibrate, paraphrase_metric
from backend.survey import SPLITS
from backend.text import load_text_encoder
from backend.training.curve import Chart
from backend.training.folder import require_same, train
from backend.training.linking.card import model_card
from backend.training.linking.config import TrainConfig
from backend.training.linking.source import Source, mixed, open_captions, open_source
from backend.training.task import Finished

OF_ENCODER = ("title", "modality", "dim", "grid", "licence", "source", "weights_hash")


def train_head(
    config: TrainConfig, *, fresh: bool = False, progress: Progress = silent
) -> LinkHead:
    """Fit the head of a configuration, measure and write it, or return the one a run has left.

    `fresh` forgets what an earlier run did. The survey of a run must stay as it was; a simulated
    one always does.

    Raises:
        ConfigInvalid: the output belongs to another run, or the survey has several text encoders.
        EncoderUnknown: there is no such encoder.
        SurveyInvalid: the survey is not fit to train on, or has changed since the run was begun.
        OutputUnwritable: the output cannot be written, or another run is writing it.
    """
    return train(Linking(config, progress), fresh=fresh)


class Linking:
    """The task of fitting a head on a survey.

    Example:
        head = train(Linking(read_config(Path("paper.yaml"), {"survey": path, "output": head})))
    """

    def __init__(self, config: TrainConfig, progress: Progress = silent) -> None:
        """Take a configuration; the survey is opened when it is needed."""
        self.config, self.output = config, config.output
        self._progress = progress
        self._l2: float | None = None  # ridge's

    @cached_property
    def source(self) -> Source:
        """The survey's views that the head is fitted on."""
        return open_source(self.config, self.device, self._progress)

    @cached_property
    def device(self) -> torch.device:
        """Where the head is fitted."""
        return choose_device(self.config.device)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What the surveys hold."""
        facts = self.source.facts()
        if self._captions is not None:
            facts["captions"] = self._captions.facts()
        return facts

    @property
    def curve(self) -> Sequence[Epoch]:
        """The epochs so far; ridge has none."""
        return [] if self.config.solver == "ridge" else self._trainer.curve

    @cached_property
    def _trainer(self) -> AdamWTrainer:
        return AdamWTrainer(self._dims, self.config.recipe, self.device)

    def state(self) -> dict[str, Any]:
        """Return the trainer's state."""
        return self._trainer.state()

    def restore(self, state: dict[str, Any]) -> None:
        """Put the trainer where it was."""
        self._trainer.restore(state)

    def epochs(self) -> Iterator[Epoch]:
        """Fit the head: epoch by epoch by AdamW, at once by ridge.

        Raises:
            SurveyInvalid: the train split has nothing to learn from.
        """
        source, recipe = self.source, self.config.recipe
        if not source.views("train"):
            raise SurveyInvalid(
                f"The survey {source.survey.path.name} has no point with a photograph and imagery "
                "in the train split.",
                "Build it with more points.",
            )
        batches, count = self._training_pairs()
        validation = None
        if self._is_validated:
            validation = self._fitted(source.batches("validation", self.device))
        if self.config.solver == "ridge":
            head, self._l2 = fit_ridge(
                batches, self._dims, count, recipe, validation, self._progress
            )
            self._head = self._completed(head)
            return
        if recipe.warm_start and not self.curve:
            start, _ = fit_ridge(batches, self._dims, count, recipe, validation, self._progress)
            self._trainer = AdamWTrainer(self._dims, recipe, self.device, start)
        yield from self._trainer.epochs(batches, count, validation, self._progress)
        self._head = self._completed(self._trainer.best)

    def _training_pairs(self) -> tuple[Batches, int]:
        """Return the pairs that are learnt from, and how many: captions among them where wanted."""
        source, by = self.source, self.config.recipe.supervision
        batches = self._fitted(source.batches("train", self.device, by))
        count = source.points("train") if by == "tile" else source.views("train")
        if self._captions is None:
            return batches, count
        drawn = max(1, round(self.config.captions_weight * count))
        captions = self._fitted(self._captions.batches("train", self.device, by))
        return mixed(batches, captions, count, drawn), count + drawn

    @cached_property
    def _captions(self) -> Source | None:
        return open_captions(self.config, self.source) if self.config.captions else None

    @property
    def _dims(self) -> tuple[int, int]:
        """The columns that are fitted on wedges, and the text space's dimensions."""
        dim, text_dim = self.source.dims
        return dim - self.source.spec.surroundings, text_dim

    def _fitted(self, batches: Batches) -> Batches:
        """Return batches with the columns that are fitted on wedges alone."""
        columns = self._dims[0]

        def cut(size: int, rng: np.random.Generator | None) -> Iterator[Batch]:
            for batch in batches(size, rng):
                yield batch._replace(pooled=batch.pooled[:, :columns])

        return cut

    def _completed(self, head: LinkHead) -> LinkHead:
        """Return a head of all columns, fitted on single cells where that is wanted."""
        source, cells = self.source, self.config.cells
        missing = head.weight.new_zeros(source.spec.surroundings, head.weight.shape[1])
        self._of_wedges = replace(head, weight=torch.cat([head.weight, missing]))
        if cells is None:
            return self._of_wedges
        encoder = load_encoder(source.spec.name, device=self.device)
        text = load_text_encoder(source.text, device=self.device, remember=False)
        simulated = simulate_cells(cells.landscapes, cells.seed, encoder, self._progress)
        start = self._of_wedges
        keep = torch.ones(len(start.weight))
        keep[: self._dims[0]] = cells.known
        head = fit_cells(
            replace(start, weight=start.weight.cpu(), bias=start.bias.cpu()),
            torch.from_numpy(simulated.features),
            torch.from_numpy(simulated.shares @ class_vectors(text)),
            torch.from_numpy(simulated.weights(cells.houses)),
            cells.l2,
            keep,
        )
        self._progress("reading cosines", 0, 1)
        head = replace(head, metric=paraphrase_metric(text, cells.translated).float())
        return replace(head, calibration=calibrate(head, simulated, text))

    @property
    def _is_validated(self) -> bool:
        """Whether there are validation views; without, the last epoch is as good as any."""
        return self.source.views("validation") > 0

    def finish(self) -> Finished:
        """Measure the head beside the mean photograph, and describe it."""
        meta = self._describe(self._measure())
        head = replace(self._head, meta=meta)
        chart = self._chart(meta) if self.curve else None
        return Finished(partial(save_head, head), model_card(meta), chart)

    def load(self) -> LinkHead:
        """Return the head as it was written; SurveyInvalid when its survey has changed since."""
        head = load_head(self.output)
        if not self.config.simulation:  # which follows from its seed
            require_same(self.output.with_suffix(""), head.meta.training, self.facts)
        return head

    def _measure(self) -> dict[str, float]:
        """Return the mean cosines over views of the head and of the mean photograph.

        Of a head that single cells have changed: how it was before. Their targets are words, and
        photographs differ from words by an offset.
        """
        heads = {"cosine": self._of_wedges, "cosine_of_mean": mean_head(self.source.read("train"))}
        scores = {}
        for step, split in enumerate(SPLITS[1:]):
            self._progress("measuring the head", step, len(SPLITS) - 1)
            if self.source.views(split):
                batches = self.source.batches(split, self.device)
                for name, of in heads.items():
                    scores[f"{split}_{name}"] = round(mean_cosine(of, batches), 6)
        return scores

    @property
    def _kept(self) -> int:
        """The place of the epoch whose head is kept."""
        cosines = [epoch.validation_cosine for epoch in self.curve]
        return cosines.index(max(cosines)) if self._is_validated else len(cosines) - 1

    def _chart(self, meta: HeadMeta) -> Chart:
        by_tile = self.config.recipe.supervision == "tile"
        training = [1 - epoch.train_loss for epoch in self.curve]
        lines = {"training, tiles" if by_tile else "training": training}
        mean = None
        if self._is_validated:
            lines["validation"] = [epoch.validation_cosine for epoch in self.curve]
            mean = "mean photograph", meta.scores["validation_cosine_of_mean"]
        return Chart(
            meta.title,
            "mean cosine with the photographs",
            lines,
            [epoch.learning_rate for epoch in self.curve],
            self._kept if self._is_validated else None,
            mean,
        )

    def _describe(self, scores: dict[str, float]) -> HeadMeta:
        """Return all that the head's card says."""
        config, source, spec = self.config, self.source, self.source.spec
        survey = source.survey.path.stem
        on = "simulated landscapes" if config.simulation else survey
        training: dict[str, Any] = {
            "solver": config.solver,
            "captions_weight": config.captions_weight if config.captions else None,
            "recipe": asdict(config.recipe),
            "pooling": asdict(config.view_pooling),
            "cells": asdict(config.cells) if config.cells else None,
            "encoder": {name: getattr(spec, name) for name in OF_ENCODER}
            | {"window_m": spec.window_px * spec.pixel_m},
            **self.facts,
            "version": __version__,
            "date": date.today().isoformat(),
            "validated": self._is_validated,
        }
        if self._l2 is not None:
            training["l2"] = self._l2
        if self.curve:
            matrices = str(config.recipe.matrices(self.device)).removeprefix("torch.")
            training |= {"precision": matrices, "epoch": self.curve[self._kept].epoch}
        points = source.points("train")
        summary = f"Trained on {points} points of the survey {survey}."
        if source.survey.source.get("kind") == "simulated":
            summary = (
                f"Trained on {points} points of simulated landscapes only; it never saw a real "
                "scene."
            )
        return HeadMeta(
            name=config.output.stem,
            title=config.title or f"{spec.name} and {source.text} on {on}",
            encoder=spec.name,
            encoder_identity=spec.identity,
            text=source.text,
            text_space=source.space,
            scores=scores,
            summary=summary,
            training=training,
        )
