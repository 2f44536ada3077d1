"""What a head is fitted on: the points of a survey that one encoder and one text encoder share."""

import dataclasses
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count as count_up
from typing import Any

import numpy as np
import torch

from backend import __version__
from backend.device import free_memory
from backend.encoders import EncoderSpec, list_encoders, load_encoder
from backend.encoders.registry import find_encoder
from backend.errors import SurveyInvalid
from backend.link import Batch, Batches, Pooling, Views
from backend.link.views import Supervision
from backend.progress import Progress
from backend.resources import user_path
from backend.simulation.survey.build import build_simulated_survey
from backend.survey import SPLITS, Survey, open_survey
from backend.text import TextSpace, load_text_encoder
from backend.training.linking.config import TrainConfig

SHARE_OF_MEMORY = 0.6  # of what is free; batches, the optimiser and other programs have the rest


@dataclass(frozen=True)
class Source:
    """The views of a survey for one encoder, one pooling and one text encoder."""

    survey: Survey
    spec: EncoderSpec
    pooling: Pooling
    text: str
    """The name of the text encoder."""

    @cached_property
    def _present(self) -> np.ndarray:
        """Views (n, 4) with a photograph and imagery."""
        return self.survey.present(self.spec, text=self.text, pooling=self.pooling)

    @property
    def space(self) -> TextSpace:
        """The text space of the photographs."""
        return self.survey.space(self.text)

    @property
    def dims(self) -> tuple[int, int]:
        """Dimensions of the features and of the text space."""
        return self.spec.dim, self.space.dim

    def points(self, split: str) -> int:
        """Return how many points of a split can be learnt from."""
        return int(self._of(split).any(1).sum())

    def views(self, split: str) -> int:
        """Return how many views they have."""
        return int(self._of(split).sum())

    def _of(self, split: str) -> np.ndarray:
        return self._present[self.survey.split == SPLITS.index(split)]

    def read(self, split: str, shuffle: np.random.Generator | None = None) -> Iterator[Views]:
        """Yield the points of a split, some thousand at a time, in random order with `shuffle`."""
        return self.survey.chunks(
            self.spec, split, text=self.text, pooling=self.pooling, shuffle=shuffle
        )

    def batches(
        self, split: str, device: torch.device, supervision: Supervision = "view"
    ) -> Batches:
        """Return the pairs of a split, kept on the device where they fit, else read as they come.

        Both are the same batches in the same order: how much memory is free decides nothing but the
        time.
        """
        size = self.points(split) * 4 * sum(self.dims) * torch.float16.itemsize
        if any(size > SHARE_OF_MEMORY * free_memory(where) for where in (device, "cpu")):

            def read(size: int, rng: np.random.Generator | None) -> Iterator[Batch]:
                for views in self.read(split, rng):
                    yield from views.to(device).checked(supervision).batches(size, rng, supervision)

            return read
        views = self.survey.views(self.spec, split, text=self.text, pooling=self.pooling)
        views = views.to(device).checked(supervision)
        place = np.full(len(self.survey), -1)
        place[views.rows] = np.arange(len(views))

        def batches(size: int, rng: np.random.Generator | None) -> Iterator[Batch]:
            for blocks in self.survey.chunk_blocks(split, rng):
                places = np.concatenate([place[block] for block in blocks])
                yield from views.batches(size, rng, supervision, places[places >= 0])

        return batches

    def facts(self) -> dict[str, Any]:
        """Return what a run depends on beside its configuration, in plain numbers and words."""
        days, seen = self.survey.date[~np.isnat(self.survey.date)], self._present.any(1)
        region, number = self.survey.region[seen], self.survey.split[seen]
        return {
            "survey": self.survey.source,
            "survey_name": self.survey.path.stem,
            "surveyed": [str(days.min()), str(days.max())] if len(days) else [],
            "imagery": self.survey.imagery(self.spec.name, self.pooling),
            "regions": {
                split: len(np.unique(region[number == k])) for k, split in enumerate(SPLITS)
            },
            "encoder_identity": self.spec.identity,
            "text_space": dataclasses.asdict(self.space),
            "points": {split: self.points(split) for split in SPLITS},
            "views": {split: self.views(split) for split in SPLITS},
        }


def open_captions(config: TrainConfig, photographs: Source) -> Source:
    """Open the survey of captions that is learnt from together with photographs.

    Raises:
        SurveyInvalid: it is of another encoder, or has no caption in the train split.
        ConfigInvalid: its captions are of another text encoder.
    """
    assert config.captions is not None  # the caller saw to it
    survey = open_survey(config.captions)
    captions = Source(survey, photographs.spec, Pooling("mean"), survey.text(photographs.text))
    if not captions.views("train"):
        raise SurveyInvalid(
            f"The survey {survey.path.name} has no caption in the train split.",
            "Build it of a corpus with more chips: python -m backend.corpus survey.",
        )
    return captions


def mixed(photographs: Batches, captions: Batches, count: int, drawn: int) -> Batches:
    """Return batches of all `count` pairs of photographs and, among them, `drawn` of captions.

    Captions come in turns, again and again where there are fewer; with a generator each turn is in
    another order. So every pass has the same share of both.
    """

    def batches(size: int, rng: np.random.Generator | None) -> Iterator[Batch]:
        turns = (batch for _ in count_up() for batch in captions(size, rng))
        rest = next(turns)
        seen = given = 0
        for batch in photographs(size, rng):
            yield batch
            seen += len(batch.photos)
            while given < (due := drawn * seen // count):
                some, rest = _divided(rest, due - given)
                given += len(some.photos)
                yield some
                if not len(rest.photos):
                    rest = next(turns)

    return batches


def _divided(batch: Batch, pairs: int) -> tuple[Batch, Batch]:
    """Return the first pairs of a batch, and the others."""
    views = pairs * (len(batch.pooled) // len(batch.photos))
    first = Batch(batch.pooled[:views], batch.means[:views], batch.photos[:pairs])
    return first, Batch(batch.pooled[views:], batch.means[views:], batch.photos[pairs:])


def open_source(config: TrainConfig, device: torch.device, progress: Progress) -> Source:
    """Open the survey of a configuration, or simulate it.

    Raises:
        EncoderUnknown: there is no such encoder.
        SurveyInvalid: there is no survey, or none of this encoder.
        ConfigInvalid: the survey has several text encoders, and none was chosen.
    """
    if config.simulation:
        survey = _simulate(config, device, progress)
    else:
        assert config.survey is not None  # read_config saw to it
        survey = open_survey(config.survey)
    name = find_encoder(config.encoder).spec.name
    spec = next(spec for spec in list_encoders() if spec.name == name)
    if spec.unavailable:
        # The survey knows whose features it holds; the encoder's weights need not be here.
        identity = survey.encoder_identity(config.encoder, config.view_pooling)
        spec = dataclasses.replace(spec, identity=identity, unavailable="")
    return Source(survey, spec, config.view_pooling, survey.text(config.text))


def _simulate(config: TrainConfig, device: torch.device, progress: Progress) -> Survey:
    """Return the survey of a simulation, which is kept between runs."""
    assert config.simulation is not None
    encoder = load_encoder(config.encoder, device=device)
    text = load_text_encoder(config.text or "minilm", device=device, remember=False)
    made_by = [dataclasses.asdict(config.simulation), text.name, encoder.spec.identity, __version__]
    key = hashlib.sha256(json.dumps(made_by).encode()).hexdigest()
    path = user_path("surveys", f"simulated-{key[:16]}")
    return build_simulated_survey(
        path, config.simulation, encoder, text, progress, poolings=(config.view_pooling,)
    )
