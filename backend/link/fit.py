"""Fitting a head on pooled views: AdamW as in the paper, or ridge in closed form.

Ridge sums up all pairs in one pass; the sums of several machines add up.
"""

from functools import partial

import torch

from backend.errors import ConfigInvalid
from backend.link.adamw import PAPER, AdamWTrainer, Recipe
from backend.link.head import LinkHead
from backend.link.views import Array, Batch, Batches, Views
from backend.progress import Progress, silent

__all__ = ["Recipe", "RidgeSums", "fit_cells", "fit_head"]

BATCH = 8192  # pairs that are multiplied at once
L2 = 1e-4  # where there is no validation to choose by
L2S = (L2, 1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0)  # to choose from by validation cosine


class RidgeSums:
    """Streamed sums of x^T x and x^T g in float64; sums of several machines can be merged.

    x (d + 1) is a pooled feature with its mask's mean as the last number, g (D) its photograph.

    Example:
        sums = ridge_sums(views.batches, views.dims, views.pairs())
        head = sums.solve(l2=1e-4)
    """

    def __init__(self, dim: int, text_dim: int) -> None:
        self.xx = torch.zeros(dim + 1, dim + 1, dtype=torch.float64)
        self.xg = torch.zeros(dim + 1, text_dim, dtype=torch.float64)
        self.count = 0

    def add(self, x: torch.Tensor, g: torch.Tensor) -> None:
        """Add pairs x (N, d + 1), g (N, D); blocks of them are multiplied in the type of x."""
        for xs, gs in zip(x.split(BATCH), g.split(BATCH), strict=True):
            self.xx += (xs.T @ xs).cpu()
            self.xg += (xs.T @ gs.to(xs.dtype)).cpu()
        self.count += len(x)

    def solve(self, l2: float) -> LinkHead:
        """Return the head that minimises the squared error plus l2 |W|^2.

        `l2` is relative to the mean square of a feature.
        """
        penalty = torch.diag(self.xx)[:-1].mean() * l2
        shrink = torch.full((len(self.xx),), float(penalty), dtype=torch.float64)
        shrink[-1] = 0  # the bias
        # By singular values, since a feature that is always 0 leaves the sums without an inverse.
        solution = torch.linalg.lstsq(self.xx + torch.diag(shrink), self.xg, driver="gelsd")
        return LinkHead(solution.solution[:-1].float(), solution.solution[-1].float())


def ridge_sums(
    batches: Batches, dims: tuple[int, int], count: int, progress: Progress = silent
) -> RidgeSums:
    """Return the sums over all `count` pairs, of features and a text space of `dims`."""
    sums = RidgeSums(*dims)
    for batch in batches(BATCH, None):
        sums.add(*_linear(batch))
        progress("summing up for ridge", sums.count, count)
    return sums


def _linear(batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """Return pairs x (B, d + 1) and g (B, D); of a tile the mean of its views.

    Half precision is multiplied in float32, where its products are exact; finer types in float64.
    """
    half = batch.pooled.dtype in (torch.float16, torch.bfloat16)
    p = batch.pooled.to(torch.float32 if half else torch.float64)
    x = torch.cat([p, batch.means.to(p)[:, None]], dim=1)
    if len(x) > len(batch.photos):
        x = x.unflatten(0, (len(batch.photos), -1))
        x = x.sum(1) / x[..., -1:].count_nonzero(1)  # the mean is 0 where there is no imagery
    return x, batch.photos


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
        l2 = L2 if recipe.l2 is None else recipe.l2
        start = ridge_sums(batches, views.dims, count, progress).solve(l2)
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
) -> LinkHead:
    """Return a head fitted by ridge on single cells (n, d), drawn towards `head` and not to 0.

    So the cells decide what they can tell, and `head` all else. `targets` (n, D) are vectors of the
    text space; each cell counts by its weight (n,); `l2` is as in `RidgeSums.solve`.
    """
    sums = RidgeSums(*head.weight.shape)
    weight, bias = head.weight.double(), head.bias.double()
    for rows in torch.arange(len(features)).split(BATCH):
        x, root = features[rows].double(), weights[rows].double().sqrt()[:, None]
        left = targets[rows] - (x @ weight + bias)
        sums.add(torch.cat([x, x.new_ones(len(x), 1)], dim=1) * root, left * root)
    step = sums.solve(l2)
    return LinkHead(head.weight + step.weight, head.bias + step.bias, head.meta)
