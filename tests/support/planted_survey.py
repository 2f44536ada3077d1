"""A small survey cache whose truth is known: photographs are a linear function of features."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from backend.encoders import EncoderSpec
from backend.link import WEDGES, HeadMeta, LinkHead, Pooling, mask_means, save_head
from backend.simulation.survey.points import POINTS_PER_LANDSCAPE, place_points
from backend.survey import Survey, create_survey
from backend.survey.points import SurveyPoints
from backend.text import TextSpace

SEED = 5
LANDSCAPES = ("train", "train", "train", "validation", "test", "test", "test")
SPLIT_OF = {"train": 0, "validation": 1, "test": 2}


def planted_points(land_class: Sequence[int] = (0, 1, 2, 3, 4, 5, 6)) -> SurveyPoints:
    """The places of a simulated survey, with a test split of more than 100 and planted classes."""
    points = place_points(len(LANDSCAPES) * POINTS_PER_LANDSCAPE, SEED)
    split = [SPLIT_OF[name] for name in LANDSCAPES]
    return dataclasses.replace(
        points,
        split=np.repeat(np.array(split, np.uint8), POINTS_PER_LANDSCAPE),
        land_class=np.resize(np.array(land_class, np.int8), len(points)),
    )


class Planted:
    """The survey at `path`, and the head that knows its truth."""

    def __init__(
        self,
        path: Path,
        points: SurveyPoints,
        spec: EncoderSpec,
        spaces: dict[str, TextSpace],
        pooling: Pooling = WEDGES,
        kind: str = "simulated",
    ) -> None:
        source = {"kind": kind, "points": len(points), "seed": SEED}
        self.survey: Survey = create_survey(path, points, source)
        self.spec, self.spaces, self.pooling = spec, spaces, pooling
        rng = np.random.default_rng(0)
        n = len(points)
        self.features = rng.standard_normal((n, 1, spec.dim)) + rng.standard_normal(
            (n, 4, spec.dim)
        )
        self.features[..., spec.dim - spec.surroundings :] = 0  # no fit on wedges looks at them
        self.valid = rng.random((n, 4)) < 0.9
        self.heads = {text: self._plant(text, rng) for text in spaces}
        self.write_features(self.features)

    def _plant(self, text: str, rng: np.random.Generator) -> LinkHead:
        """Photographs in one text space; the head that they were made with."""
        space, spec = self.spaces[text], self.spec
        weight = rng.standard_normal((spec.dim, space.dim)) / spec.dim**0.5
        bias = 3 * rng.standard_normal(space.dim)
        means = mask_means(self.pooling.grid(spec.grid, spec.cell_m)).numpy()[:, None]
        clean = self.features @ weight + means * bias
        photos = clean + 0.5 * rng.standard_normal(clean.shape)
        photos /= np.linalg.norm(photos, axis=-1, keepdims=True)
        layer = self.survey.photo_layer(text, space)
        for rows in layer.missing():
            layer.write(rows, photos[rows], self.valid[rows])
        pooling = dataclasses.asdict(self.pooling)
        meta = HeadMeta(
            name=f"{spec.name}_{text}",
            encoder=spec.name,
            encoder_identity=spec.identity,
            text=text,
            text_space=space,
            training={} if self.pooling == WEDGES else {"pooling": pooling},
        )
        return LinkHead(torch.from_numpy(weight).float(), torch.from_numpy(bias).float(), meta)

    def write_features(self, features: np.ndarray) -> None:
        layer = self.survey.feature_layer(self.spec, self.pooling)
        for rows in layer.missing():
            layer.write(rows, features[rows], np.ones((len(features[rows]), 4), bool))

    def head_file(self, folder: Path, text: str, file: str = "", **meta: object) -> Path:
        """The head of one text space as a file, with fields of its card changed."""
        head = self.heads[text]
        changed = dataclasses.replace(head.meta, **meta)  # type: ignore[arg-type]
        path = folder / f"{file or changed.name}.safetensors"
        save_head(dataclasses.replace(head, meta=changed), path)
        return path
