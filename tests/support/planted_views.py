"""Views in memory whose truth is known: photographs are a linear function of features."""

import numpy as np
import torch

from backend.link import LinkHead, Views, fit_head, mask_means
from backend.link.adamw import mean_cosine
from backend.link.fit import Recipe

GRID = (14, 14)


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


class PlantedViews:
    """Photographs are a known linear function of features, plus noise; some are missing."""

    def __init__(self, seed: int, n: int = 1200, dim: int = 8, text_dim: int = 16) -> None:
        rng = np.random.default_rng(seed)
        self.pooled = rng.standard_normal((n, 4, dim)).astype(np.float32) * 0.3
        weight, bias = rng.standard_normal((dim, text_dim)), rng.standard_normal(text_dim)
        self.oracle = LinkHead(torch.tensor(weight).float(), torch.tensor(bias).float())
        truth = self.pooled @ weight + mask_means(GRID).numpy()[:, None] * bias
        self.photos = unit(truth + rng.standard_normal(truth.shape) * 0.2)
        self.valid = rng.random((n, 4)) > 0.2

    def fit(self, solver: str = "adamw", **recipe: object) -> LinkHead:
        arrays = self.pooled, self.photos, self.valid
        return fit_head(*arrays, solver, grid=GRID, recipe=Recipe(**recipe))

    @property
    def views(self) -> Views:
        return Views.of(self.pooled, self.photos, self.valid, grid=GRID)

    def cosine(self, head: LinkHead) -> float:
        return mean_cosine(head, self.views.batches)

    def tile_cosine(self, head: LinkHead) -> float:
        """Mean cosine of the tiles' predictions and references, written out plainly."""
        bias = mask_means(GRID).numpy()[:, None] * head.bias.numpy()
        predicted = unit(unit(self.pooled @ head.weight.numpy() + bias).mean(1))
        reference = np.where(self.valid[..., None], self.photos, 0).sum(1)
        some = self.valid.any(1)
        return float((predicted * unit(reference + 1e-30))[some].sum(1).mean())
