"""A training run from its configuration to the head, its curve and its card."""

import dataclasses
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import torch

from backend import __version__
from backend.device import choose_device
from backend.encoders import EncoderSpec
from backend.errors import SurveyInvalid
from backend.evaluation import mean_head
from backend.link import Batches, HeadMeta, LinkHead, load_head
from backend.link.adamw import AdamWTrainer, Epoch, mean_cosine
from backend.link.ridge import L2, L2S, ridge_sums
from backend.progress import Progress, silent
from backend.survey import SPLITS
from backend.training.config import TrainConfig
from backend.training.folder import RunFolder
from backend.training.source import Source, open_source


def train_head(
    config: TrainConfig, *, fresh: bool = False, progress: Progress = silent
) -> LinkHead:
    """The head of a run: fitted, measured and written, or as a finished run left it.

    A run that was stopped, killed even, goes on after its last whole epoch; `fresh` forgets it.
    Either way its survey must be as it was; a simulated one cannot be another.
    Raises ConfigInvalid, EncoderUnknown, SurveyInvalid, OutputUnwritable.
    """
    folder = RunFolder(config)
    with folder.held():
        folder.begin(fresh)
        if folder.finished and config.simulation:
            return load_head(folder.head)
        device = choose_device(config.device)
        source = open_source(config, device, progress)
        if folder.finished:
            finished = load_head(folder.head)
            folder.require_same_survey(finished.meta.training, source.facts())
            return finished
        run = _Run(config, source, device, folder, progress)
        head, curve, l2 = run.fit()
        meta = run.describe(curve, l2, run.measure(head))
        folder.finish(dataclasses.replace(head, meta=meta), curve)
        return load_head(folder.head)


@dataclass(frozen=True)
class _Run:
    config: TrainConfig
    source: Source
    device: torch.device
    folder: RunFolder
    progress: Progress

    def fit(self) -> tuple[LinkHead, list[Epoch], float | None]:
        """The fitted head, its curve if it is a trainer's, its l2 if it is ridge's.

        The folder keeps every whole epoch of a trainer.
        """
        source, recipe = self.source, self.config.recipe
        if not source.views("train"):
            raise SurveyInvalid(
                f"The survey {source.survey.path.name} has no point with a photograph and imagery "
                "in the train split.",
                "Build it with more points.",
            )
        train = source.batches("train", self.device, recipe.supervision)
        count = source.points("train") if recipe.supervision == "tile" else source.views("train")
        validation = source.batches("validation", self.device) if self._is_validated else None
        if self.config.solver == "ridge":
            head, l2 = self._ridge(train, count, validation)
            return head, [], l2
        trainer = AdamWTrainer(source.dims, recipe, self.device)
        facts = source.facts()
        if not self.folder.restore(trainer, facts) and recipe.warm_start:
            start, _ = self._ridge(train, count, validation)
            trainer = AdamWTrainer(source.dims, recipe, self.device, start)
        for _ in trainer.epochs(train, count, validation, self.progress):
            self.folder.save(trainer, facts)
        return trainer.best, trainer.curve, None

    def _ridge(
        self, train: Batches, count: int, validation: Batches | None
    ) -> tuple[LinkHead, float]:
        """Ridge's head and its l2: the stated one, else the best of some by validation cosine."""
        sums = ridge_sums(train, self.source.dims, count, self.progress)
        l2 = self.config.recipe.l2
        if l2 is not None or validation is None:
            l2 = L2 if l2 is None else l2
            return sums.solve(l2), l2
        heads, cosines = {}, {}
        for step, tried in enumerate(L2S):
            self.progress("choosing l2", step, len(L2S))
            heads[tried] = sums.solve(tried)
            cosines[tried] = mean_cosine(heads[tried], validation)
        chosen = max(L2S, key=cosines.__getitem__)
        return heads[chosen], chosen

    @property
    def _is_validated(self) -> bool:
        """Without validation views the last epoch is as good a choice as any."""
        return self.source.views("validation") > 0

    def measure(self, head: LinkHead) -> dict[str, float]:
        """Mean cosine over views of the head and of the mean photograph, validation and test."""
        heads = {"cosine": head, "cosine_of_mean": mean_head(self.source.read("train"))}
        scores = {}
        for step, split in enumerate(SPLITS[1:]):
            self.progress("measuring the head", step, len(SPLITS) - 1)
            if self.source.views(split):
                batches = self.source.batches(split, self.device)
                for name, of in heads.items():
                    scores[f"{split}_{name}"] = round(mean_cosine(of, batches), 6)
        return scores

    def describe(self, curve: list[Epoch], l2: float | None, scores: dict[str, float]) -> HeadMeta:
        """All that the head's card says."""
        config, source, spec = self.config, self.source, self.source.spec
        name = source.survey.path.stem
        on = "simulated landscapes" if config.simulation else name
        training: dict[str, Any] = {
            "solver": config.solver,
            "recipe": asdict(config.recipe),
            "pooling": asdict(config.views),
            "encoder": _facts(spec),
            **source.facts(),
            "version": __version__,
            "date": date.today().isoformat(),
            "validated": self._is_validated,
        }
        if l2 is not None:
            training["l2"] = l2
        if curve:
            kept = max(curve, key=_cosine) if self._is_validated else curve[-1]
            matrices = str(config.recipe.matrices(self.device)).removeprefix("torch.")
            training |= {"precision": matrices, "epoch": kept.epoch}
        return HeadMeta(
            name=config.output.stem,
            title=config.title or f"{spec.name} and {source.text} on {on}",
            encoder=spec.name,
            encoder_identity=spec.identity,
            text=source.text,
            text_space=source.space,
            scores=scores,
            summary=_summary(source),
            training=training,
        )


def _cosine(epoch: Epoch) -> float:
    return epoch.validation_cosine


def _facts(spec: EncoderSpec) -> dict[str, Any]:
    """What a card tells of an encoder beside its identity."""
    names = ("title", "modality", "dim", "grid", "licence", "source", "weights_hash")
    return {name: getattr(spec, name) for name in names} | {
        "window_m": spec.window_px * spec.pixel_m
    }


def _summary(source: Source) -> str:
    points = source.points("train")
    if source.survey.source.get("kind") == "simulated":
        return (
            f"Trained on {points} points of simulated landscapes only; it never saw a real scene."
        )
    return f"Trained on {points} points of the survey {source.survey.path.stem}."
