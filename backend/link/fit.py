"""Fitting a head: on pooled views, by AdamW as in the paper or by ridge, and on single cells."""

from dataclasses import replace
from functools import partial

import torch

from backend.errors import ConfigInvalid
from backend.link.adamw import PAPER, AdamWTrainer, Recipe
from backend.link.head import LinkHead
from backend.link.ridge import BATCH, RidgeSums, fit_ridge
from backend.link.views import Array, Views
from backend.progress import Progress, silent

__all__ = ["Recipe", "fit_cells", "fit_head"]


def fit_head(
    pooled: Array,
    photos: Array,
    valid: Array | None = None,
    solver: str = "adamw",
    *,
    grid: tuple[int, int] | None = None,
    recipe: Recipe = PAPER,
    progress: Progress = silent,
) -> LinkHead:
    """Fit a head on `pooled` (n, 4, d), `photos` (n, 4, D) unit vectors and `valid` (n, 4).

    `valid` is True where the photograph exists; None means everywhere. `grid` (h, w) is the
    encoder's feature grid, which fixes the scale of the bias. The fit runs where `pooled` lies
    and copies batches only, so half precision saves memory. Ridge takes an l2 of 1e-4 if none is
    stated.

    Example:
        pooled = wedge_pool(encoder.encode(windows))
        head = fit_head(pooled, photos, valid, "ridge", grid=encoder.spec.grid)

    Raises:
        SurveyInvalid: the arrays do not belong together, hold NaN or no photograph.
        ConfigInvalid: there is no such solver, or the weights have left all bounds.
    """
    views = Views.of(pooled, photos, valid, grid=grid).checked(recipe.supervision)
    if solver not in ("adamw", "ridge"):
        raise ConfigInvalid(f"The solver is {solver!r}.", "Expected adamw or ridge.")
    batches = partial(views.batches, supervision=recipe.supervision)
    count, start = views.pairs(recipe.supervision), None
    if solver == "ridge" or recipe.warm_start:
        start, _ = fit_ridge(batches, views.dims, count, recipe, progress=progress)
        if solver == "ridge":
            return start
    trainer = AdamWTrainer(views.dims, recipe, views.device, start)
    for _ in trainer.epochs(batches, count, None, progress):
        pass
    return trainer.best


def fit_cells(
    head: LinkHead,
    features: torch.Tensor,
    targets: torch.Tensor,
    weights: torch.Tensor,
    l2: float,
    keep: torch.Tensor | None = None,
) -> LinkHead:
    """Return a head fitted by ridge on single cells (n, d), drawn towards `head` and not to 0.

    So the cells decide what they can tell, and `head` all else. `targets` (n, D) are vectors of the
    text space; each cell counts by its weight (n,); `l2` is as in `RidgeSums.solve`. `keep` (d,)
    says how many times more each feature stays where it was; None for once.
    """
    sums = RidgeSums(*head.weight.shape)
    weight, bias = head.weight.double(), head.bias.double()
    # At 1 / √k of its size a feature has to move √k times as far, and pays k times as much.
    size = torch.ones(len(weight)) if keep is None else keep.rsqrt()
    for rows in torch.arange(len(features)).split(BATCH):
        x, root = features[rows].double(), weights[rows].double().sqrt()[:, None]
        left = targets[rows] - (x @ weight + bias)
        sums.add(torch.cat([x * size, x.new_ones(len(x), 1)], dim=1) * root, left * root)
    mean_square = float((torch.diag(sums.xx)[:-1] / size**2).mean())
    step = replace(sums.path(), unit=mean_square).head(l2)
    return LinkHead(head.weight + size[:, None] * step.weight, head.bias + step.bias, head.meta)
