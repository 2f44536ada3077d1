"""Training an adapter as a task: the model is frozen, the adapter learns to write its texts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch

from backend.adapters import add_adapter, save_adapter
from backend.corpus import open_corpus
from backend.describers.adapters import adapted_layers, base_of
from backend.describers.loading import PublishedDescriber
from backend.describers.model import UNLABELLED
from backend.describers.registry import find_model, open_model
from backend.errors import ConfigInvalid, WeightsInvalid
from backend.models.describers import DESCRIBERS
from backend.progress import Progress, silent
from backend.training.adapting.card import adapter_card
from backend.training.adapting.config import AdapterConfig
from backend.training.adapting.lessons import Inputs, Lesson, Lessons, prepare, read_lessons
from backend.training.curve import Chart
from backend.training.folder import require_same
from backend.training.task import Finished

Batch = list[Lesson]


@dataclass(frozen=True)
class Epoch:
    """A row of the curve; losses are means over words, in nats."""

    epoch: int
    train_loss: float
    validation_loss: float
    """NaN without a validation split."""
    learning_rate: float
    """That of the last step."""


class Adapting:
    """The task of training an adapter on the texts of a corpus.

    Example:
        train(Adapting(read_adapter_config(path, {"corpus": corpus, "output": folder})))
    """

    def __init__(self, config: AdapterConfig, progress: Progress = silent) -> None:
        """Take a configuration; corpus and model are opened when they are needed."""
        self.config, self.output = config, config.output
        self._progress = progress
        self.curve: list[Epoch] = []

    @cached_property
    def lessons(self) -> Lessons:
        """The texts, by split."""
        return read_lessons(open_corpus(self.config.corpus), self.config.texts, self.config.types)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What texts and model are.

        Raises:
            ConfigInvalid: the model is an adapter itself.
        """
        snapshot = find_model(self.config.model)
        if snapshot.adapter is not None:
            raise ConfigInvalid(
                f"{self.config.model} is an adapter; expected a model without one.",
                "Name the model that it was trained for.",
            )
        model = {"model": snapshot.name, "base_sha256": base_of(snapshot).sha256}
        return {**self.lessons.facts(), **model}

    @cached_property
    def describer(self) -> PublishedDescriber:
        """The describer whose model learns."""
        return open_model(self.config.model, self.config.device)

    @cached_property
    def adapted(self) -> Any:
        """The model with its new adapter."""
        model, lora, recipe = self.describer.parts.model, self.config.lora, self.config.recipe
        layers, values = adapted_layers(model), lora.model_dump()
        adapted = add_adapter(model, layers, **values, base=self._base, seed=recipe.seed)
        if recipe.checkpointing:
            model.enable_input_require_grads()
            model.gradient_checkpointing_enable({"use_reentrant": False})
        return adapted

    @property
    def _base(self) -> str:
        """What the adapter calls its model: its repository, or the folder of its files."""
        published = {one.name: one.repository for one in DESCRIBERS}
        return published.get(self.config.model) or str(Path(self.config.model).resolve())

    @property
    def _learnt(self) -> dict[str, torch.nn.Parameter]:
        return {n: p for n, p in self.adapted.named_parameters() if p.requires_grad}

    @cached_property
    def _optimiser(self) -> torch.optim.AdamW:
        recipe = self.config.recipe
        return torch.optim.AdamW(
            list(self._learnt.values()), recipe.learning_rate, weight_decay=recipe.weight_decay
        )

    @cached_property
    def _steps(self) -> int:
        """Steps of an epoch."""
        recipe = self.config.recipe
        texts = len(self.lessons.by_split["train"])
        return math.ceil(texts / (recipe.batch_size * recipe.accumulate))

    def _rate(self, step: int) -> float:
        """Return the learning rate of a step of the whole run, from 0."""
        recipe, steps = self.config.recipe, self._steps * self.config.recipe.epochs
        rising = round(recipe.warm_up * steps)
        if step < rising:
            return recipe.learning_rate * (step + 1) / rising
        return (
            recipe.learning_rate * (1 + math.cos(math.pi * (step - rising) / (steps - rising))) / 2
        )

    def epochs(self) -> Iterator[Epoch]:
        """Train on, epoch by epoch."""
        recipe, train = self.config.recipe, self.lessons.by_split["train"]
        size = recipe.batch_size * recipe.accumulate
        while len(self.curve) < recipe.epochs:
            epoch = len(self.curve)
            rng = torch.Generator().manual_seed(recipe.seed + epoch)
            order = torch.randperm(len(train), generator=rng).split(size)
            total, words = 0.0, 0
            for n, rows in enumerate(order):
                self._progress(f"epoch {epoch + 1}", n * size, len(train))
                step = epoch * self._steps + n
                # Dropout of a step is the same, whatever was done before it in this process.
                torch.manual_seed(recipe.seed * 1_000_003 + step)
                loss, count = self._step([train[row] for row in rows.tolist()], self._rate(step))
                total, words = total + loss, words + count
            validation = self._measure("validation")
            rate = self._rate(epoch * self._steps + len(order) - 1)
            self.curve.append(Epoch(epoch + 1, total / words, validation, rate))
            yield self.curve[-1]

    def _step(self, texts: Batch, rate: float) -> tuple[float, int]:
        """Take a step on some texts; return the sum of the loss over their words, and how many."""
        recipe, learnt = self.config.recipe, list(self._learnt.values())
        self.describer.parts.model.train()
        batches = [self._prepared(part) for part in _parts(texts, recipe.batch_size)]
        words = sum(map(_words, batches))
        total = 0.0
        for inputs in batches:
            loss = self._loss(inputs) * _words(inputs) / words
            loss.backward()
            total += float(loss.detach()) * words
        if not math.isfinite(total):
            raise WeightsInvalid(
                f"The loss of {self.config.model} became {total}.",
                "Train with a smaller recipe.learning_rate, and --fresh.",
            )
        torch.nn.utils.clip_grad_norm_(learnt, recipe.clip)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._optimiser.step()
        self._optimiser.zero_grad()
        return total, words

    def _prepared(self, texts: Batch) -> Inputs:
        inputs = prepare(self.lessons, texts, self.describer, self.config.recipe.longest)
        return self.describer.parts.placed(inputs)

    def _loss(self, inputs: Inputs) -> torch.Tensor:
        """Return the mean loss of the words of a batch."""
        loss: torch.Tensor = self.adapted(**inputs).loss
        return loss

    def _measure(self, split: str, adapted: bool = True) -> float:
        """Return the mean loss over words of a split, with the adapter or without; NaN for none."""
        texts = list(self.lessons.by_split[split])[: self.config.validate_on]
        self.describer.parts.model.eval()
        total, words = 0.0, 0
        with torch.inference_mode():
            for done, part in enumerate(_parts(texts, self.config.recipe.batch_size)):
                self._progress(f"measuring {split}", done, len(texts))
                inputs = self._prepared(part)
                if adapted:
                    loss = self._loss(inputs)
                else:
                    with self.adapted.disable_adapter():
                        loss = self._loss(inputs)
                total, words = total + float(loss) * _words(inputs), words + _words(inputs)
        return total / words if words else math.nan

    def state(self) -> dict[str, Any]:
        """Return adapter, optimiser and curve."""
        return {
            "adapter": {name: of.detach().clone() for name, of in self._learnt.items()},
            "optimiser": self._optimiser.state_dict(),
            "curve": [asdict(epoch) for epoch in self.curve],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Put adapter, optimiser and curve where they were.

        Raises:
            ValueError: the checkpoint is of another adapter.
        """
        learnt = self._learnt
        if set(learnt) != set(state["adapter"]):
            raise ValueError("the checkpoint is of another adapter")
        with torch.no_grad():
            for name, of in state["adapter"].items():
                learnt[name].copy_(of)
        self._optimiser.load_state_dict(state["optimiser"])
        self.curve = [Epoch(**epoch) for epoch in state["curve"]]

    def finish(self) -> Finished:
        """Measure the model with and without its adapter, and describe it."""
        measured = ("validation", "test") if self.config.validate_on else ()
        splits = [name for name in measured if self.lessons.by_split[name]]
        losses = {n: (self._measure(n), self._measure(n, adapted=False)) for n in splits}
        title = self.config.title or f"{self.config.model} on {self.facts['corpus']}"
        lines = {"training": [epoch.train_loss for epoch in self.curve]}
        level = None
        if "validation" in losses:
            lines["validation"] = [epoch.validation_loss for epoch in self.curve]
            level = "without adapter", losses["validation"][1]
        rates = [epoch.learning_rate for epoch in self.curve]
        chart = Chart(title, "loss of a word", lines, rates, level=level)
        parameters = sum(of.numel() for of in self._learnt.values())
        card = adapter_card(title, self.config, self.facts, parameters, losses)
        return Finished(self._save, card, chart)

    def _save(self, path: Path) -> None:
        save_adapter(self.adapted, path, self.facts["base_sha256"])

    def load(self) -> Path:
        """Return the folder of the finished adapter.

        Raises:
            SurveyInvalid: texts or model have changed since.
        """
        checkpoint = self.output / "checkpoint"
        if checkpoint.exists():  # it is large, and only a run that goes on needs it
            kept = torch.load(checkpoint, map_location="cpu", weights_only=True)
            require_same(self.output, kept["facts"], self.facts)
        return self.output


def _words(inputs: Inputs) -> int:
    """Return how many labels are learnt; the first token of a text is given."""
    return int((inputs["labels"][:, 1:] != UNLABELLED).sum())


def _parts(texts: Batch, size: int) -> list[Batch]:
    return [texts[start : start + size] for start in range(0, len(texts), size)]
