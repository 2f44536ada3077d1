"""Training a recogniser as a task: features are computed once, the small network learns on them."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from backend import __version__
from backend.corpus import Chip, Corpus, open_corpus
from backend.device import choose_device
from backend.encoders import Encoder, encoder_spec, load_encoder
from backend.errors import ConfigInvalid
from backend.evaluation.recognition.report import Measure, measure_recognition
from backend.progress import Progress, silent
from backend.recognisers.asking import write_recognised
from backend.recognisers.base import Recogniser
from backend.recognisers.features import (
    as_grids,
    features_key,
    keep_features,
    require_fit,
    shape_of,
)
from backend.recognisers.files import KINDS, RecogniserCard, load_recogniser, save_recogniser
from backend.recognisers.truth import Truth, truth_of
from backend.training.curve import Chart
from backend.training.folder import RunFolder
from backend.training.recognising.card import recogniser_card
from backend.training.recognising.config import RecogniserConfig
from backend.training.task import Finished

MEASURED = 64  # chips at a time
SCALED_BY = 512
"""The most chips of training that the scale of features is taken from."""


@dataclass(frozen=True)
class Epoch:
    """A row of the curve; losses are means over chips."""

    epoch: int
    train_loss: float
    validation_loss: float
    learning_rate: float
    """That of the last step."""


class Recognising:
    """The task of training a recogniser on a corpus.

    Example:
        card = train(Recognising(read_recogniser_config(path, {"corpus": c, "output": file})))
    """

    def __init__(self, config: RecogniserConfig, progress: Progress = silent) -> None:
        """Take a configuration; corpus and encoder are opened when they are needed."""
        self.config, self.output = config, config.output
        self.curve: list[Epoch] = []
        self._progress = progress
        self._best: dict[str, torch.Tensor] = {}

    @cached_property
    def corpus(self) -> Corpus:
        """The corpus."""
        return open_corpus(self.config.corpus)

    @cached_property
    def truth(self) -> Truth:
        """What is right of its chips."""
        return truth_of(self.corpus, self.config.task)

    @cached_property
    def _chips(self) -> list[Chip]:
        """The chips that are learnt from, and after them those of validation."""
        by_name = {chip.name: chip for chip in self.corpus.chips()}
        return [by_name[name] for split in ("train", "validation") for name in self._names(split)]

    def _names(self, split: str) -> Sequence[str]:
        return self.truth.chips[split]

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What the corpus holds, and the encoder's features."""
        spec, tested = encoder_spec(self.config.encoder), set(self.corpus.splits()["test"])
        # Those of test are asked at the end, whatever is known of them.
        chips = self._chips + [chip for chip in self.corpus.chips() if chip.name in tested]
        require_fit(spec, self.config.task, shape_of(chips))
        return {**self.truth.facts, "features": features_key(spec, self.corpus, self._chips)}

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder, frozen."""
        return load_encoder(self.config.encoder, device=self.config.device)

    @cached_property
    def features(self) -> NDArray[np.float16]:
        """Its features of the chips (n, h, w, d), which lie beside the run until it has ended."""
        name = f"features-{self.facts['features'][:16]}.npy"
        path = RunFolder(self.output).path / name
        return keep_features(path, self.corpus, self._chips, self.encoder, self._progress)

    @cached_property
    def _device(self) -> torch.device:
        return choose_device(self.config.device)

    @cached_property
    def recogniser(self) -> Recogniser:
        """The network that learns."""
        recipe, truth, spec = self.config.recipe, self.truth, self.encoder.spec
        torch.manual_seed(recipe.seed)
        kind = KINDS[self.config.task]
        made = kind(spec.dim, spec.cell_px, truth.names, self.config.width).to(self._device)
        order = np.random.default_rng(recipe.seed).permutation(len(self._names("train")))
        made.start(*self._batch(order[:SCALED_BY].tolist()))
        return made

    @cached_property
    def _optimiser(self) -> torch.optim.AdamW:
        recipe = self.config.recipe
        return torch.optim.AdamW(
            self.recogniser.parameters(), recipe.learning_rate, weight_decay=recipe.weight_decay
        )

    def _batch(self, rows: Sequence[int]) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """Return grids (n, h, w, d) of chips by their numbers, and what is right of them."""
        truths = [self.truth.read(self._chips[row].name).to(self._device) for row in rows]
        return as_grids(self.features, rows, self._device), truths

    def epochs(self) -> Iterator[Epoch]:
        """Train on, epoch by epoch.

        Raises:
            ConfigInvalid: a loss is not finite.
        """
        recipe, train = self.config.recipe, len(self._names("train"))
        while len(self.curve) < recipe.epochs:
            epoch = len(self.curve)
            rng = torch.Generator().manual_seed(recipe.seed * 1_000_003 + epoch)
            order = torch.randperm(train, generator=rng).split(recipe.batch_size)
            total, rate = 0.0, 0.0
            for n, rows in enumerate(order):
                self._progress(f"epoch {epoch + 1} of {recipe.epochs}", n, len(order))
                rate = self._rate(epoch * len(order) + n, recipe.epochs * len(order))
                total += self._step(rows.tolist(), rate) * len(rows)
            found = Epoch(epoch + 1, total / train, self._validate(), rate)
            if not math.isfinite(found.train_loss) or not math.isfinite(found.validation_loss):
                raise ConfigInvalid(
                    f"A loss is not finite in epoch {found.epoch}.", "Give a lower learning_rate."
                )
            if found.validation_loss < min(
                (one.validation_loss for one in self.curve), default=math.inf
            ):
                self._best = {k: v.clone() for k, v in self.recogniser.state_dict().items()}
            self.curve.append(found)
            yield found

    def _rate(self, step: int, steps: int) -> float:
        """Return the learning rate of a step of the whole run, from 0."""
        recipe = self.config.recipe
        rising = round(recipe.warm_up * steps)
        if step < rising:
            return recipe.learning_rate * (step + 1) / rising
        part = (step - rising) / (steps - rising)
        return recipe.learning_rate * (1 + math.cos(math.pi * part)) / 2

    def _step(self, rows: Sequence[int], rate: float) -> float:
        grids, truths = self._batch(rows)
        loss = self.recogniser.loss(grids, truths)
        self._optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.recogniser.parameters(), self.config.recipe.clip)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._optimiser.step()
        return float(loss.detach())

    @torch.no_grad()
    def _validate(self) -> float:
        """Return the mean loss of the validation chips."""
        rows = range(len(self._names("train")), len(self._chips))
        total = 0.0
        for start in range(0, len(rows), MEASURED):
            some = rows[start : start + MEASURED]
            total += float(self.recogniser.loss(*self._batch(some))) * len(some)
        return total / len(rows)

    def state(self) -> dict[str, Any]:
        """Return the network, the best one so far, the optimiser and the curve."""
        return {
            "recogniser": self.recogniser.state_dict(),
            "best": self._best,
            "optimiser": self._optimiser.state_dict(),
            "curve": [asdict(epoch) for epoch in self.curve],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Put all of it where it was."""
        self.recogniser.load_state_dict(state["recogniser"])
        self._best = state["best"]
        self._optimiser.load_state_dict(state["optimiser"])
        self.curve = [Epoch(**epoch) for epoch in state["curve"]]

    @property
    def _kept(self) -> int:
        """The number of the epoch of the lowest validation loss, from 0."""
        return int(np.argmin([epoch.validation_loss for epoch in self.curve]))

    def finish(self) -> Finished:
        """Measure the best network on test chips, and describe it."""
        self.recogniser.load_state_dict(self._best)
        self.recogniser.eval()
        card = self._describe()
        measured = self._measure(card)
        scores = {name: round(one.value, 6) for name, one in measured.items()}
        chance = {name: round(one.chance, 6) for name, one in measured.items()}
        card = RecogniserCard(**{**vars(card), "scores": scores, "chance": chance})
        lines = {
            "training": [epoch.train_loss for epoch in self.curve],
            "validation": [epoch.validation_loss for epoch in self.curve],
        }
        rates = [epoch.learning_rate for epoch in self.curve]
        chart = Chart(card.title, "loss of a chip", lines, rates, kept=self._kept)
        parameters = sum(one.numel() for one in self.recogniser.parameters())
        text = recogniser_card(card, self.encoder.spec, parameters)
        return Finished(partial(self._save, card), text, chart)

    def _save(self, card: RecogniserCard, path: Path) -> None:
        """Write the recogniser; the features are not needed any more."""
        save_recogniser(self.recogniser, card, path)
        for file in RunFolder(self.output).path.glob("features-*.npy"):
            file.unlink()

    def _measure(self, card: RecogniserCard) -> Mapping[str, Measure]:
        """Return the figures of the test split, as `evaluate` prints them."""
        with tempfile.TemporaryDirectory() as folder:
            found = write_recognised(
                self.recogniser,
                card,
                self.encoder,
                self.corpus,
                "test",
                Path(folder),
                self._progress,
            )
            report = measure_recognition(self.corpus, found, "test")
        return {**report.classes, **report.counts, **report.boxes, **report.segments}

    def _describe(self) -> RecogniserCard:
        config, spec, about = self.config, self.encoder.spec, self.corpus.about
        training = {
            "recipe": config.recipe.model_dump(mode="json"),
            "corpus": about.name,
            "kept": self._kept + 1,
            "version": __version__,
            "date": date.today().isoformat(),
            **self.facts,
        }
        return RecogniserCard(
            name=config.output.stem,
            task=config.task,
            encoder=config.encoder,
            encoder_identity=spec.identity,
            dim=spec.dim,
            cell_px=spec.cell_px,
            width=config.width,
            names=tuple(self.truth.names),
            numbers=tuple(self.truth.numbers),
            title=config.title or f"To {config.task} by {config.encoder}, on {about.name}",
            licence=about.licence,
            training=training,
        )

    def load(self) -> RecogniserCard:
        """Return the card of the finished recogniser."""
        return load_recogniser(self.output, torch.device("cpu"))[1]
