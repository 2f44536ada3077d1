"""Fitting a head on pooled views: AdamW as in the paper, or ridge in closed form.

A view's prediction is z = p W + m b, p its pooled feature (d,), m the mean of its mask; the
photograph's embedding g is a unit vector. A missing view is left out, never filled with zeros.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from backend.errors import ConfigInvalid, SurveyInvalid
from backend.link.head import LinkHead
from backend.link.wedges import mask_means
from backend.progress import Progress, silent

Array = torch.Tensor | np.ndarray


@dataclass(frozen=True)
class Recipe:
    """The paper's training recipe; ridge uses only `l2`."""

    epochs: int = 20
    learning_rate: float = 1e-3
    weight_decay: float = 1e-4
    batch_size: int = 256
    seed: int = 0
    l2: float = 1e-4  # relative to the mean square of a feature


def fit_head(
    pooled: Array,
    photos: Array,
    valid: Array | None = None,
    solver: str = "adamw",
    *,
    grid: tuple[int, int] | None = None,
    recipe: Recipe = Recipe(),
    progress: Progress = silent,
) -> LinkHead:
    """Head fitted on `pooled` (n, 4, d), `photos` (n, 4, D) unit vectors and `valid` (n, 4).

    `valid` is True where the photograph exists; None means everywhere. `grid` (h, w) is the
    encoder's feature grid, which fixes the scale of the bias. Raises SurveyInvalid, ConfigInvalid.
    """
    views = _views(pooled, photos, valid, grid)
    if solver == "ridge":
        sums = RidgeSums(views.x.shape[1] - 1, views.g.shape[1])
        sums.add(views.x, views.g)
        return sums.solve(recipe.l2)
    if solver == "adamw":
        return _adamw(views, recipe, progress)
    raise ConfigInvalid(f"The solver is {solver!r}.", "Expected adamw or ridge.")


@dataclass(frozen=True)
class _Views:
    """All present views: x (N, d + 1) pooled features with the mask's mean last, g (N, D)."""

    x: torch.Tensor
    g: torch.Tensor

    def batches(self, size: int, rng: torch.Generator) -> Iterator[tuple[torch.Tensor, ...]]:
        order = torch.randperm(len(self.x), generator=rng)
        for chosen in order.split(size):
            yield self.x[chosen], self.g[chosen]


def _views(
    pooled: Array, photos: Array, valid: Array | None, grid: tuple[int, int] | None
) -> _Views:
    p, g = torch.as_tensor(pooled).float(), torch.as_tensor(photos).float()
    shape = tuple(p.shape[:2])
    present = torch.ones(shape, dtype=torch.bool) if valid is None else torch.as_tensor(valid)
    if p.ndim != 3 or g.ndim != 3 or tuple(g.shape[:2]) != shape or tuple(present.shape) != shape:
        raise SurveyInvalid(
            f"The survey has features {tuple(p.shape)}, photographs {tuple(g.shape)} and valid "
            f"{tuple(present.shape)}; expected (n, 4, d), (n, 4, D) and (n, 4).",
            "Build it anew: python -m backend.survey.",
        )
    present = present.bool()
    if not present.any():
        raise SurveyInvalid("The survey has no view with a photograph.", "Add photographs.")
    m = mask_means(grid).to(p)[:, None].expand(shape[0], -1, 1)
    x, g = torch.cat([p, m], dim=2)[present], g[present]
    if not (torch.isfinite(x).all() and torch.isfinite(g).all()):
        row = int((~torch.isfinite(x).all(1) | ~torch.isfinite(g).all(1)).nonzero()[0])
        raise SurveyInvalid(
            f"View {row} of the survey holds NaN or infinite values.",
            "Leave such points out, or mark the view as not valid.",
        )
    return _Views(x, g)


class RidgeSums:
    """Streamed sums of x^T x and x^T g in float64; sums of several machines can be merged."""

    def __init__(self, dim: int, text_dim: int) -> None:
        self.xx = torch.zeros(dim + 1, dim + 1, dtype=torch.float64)
        self.xg = torch.zeros(dim + 1, text_dim, dtype=torch.float64)
        self.count = 0

    def add(self, x: torch.Tensor, g: torch.Tensor) -> None:
        """Add views: x (N, d + 1) with the mask's mean in the last column, g (N, D)."""
        for xs, gs in zip(x.split(65536), g.split(65536), strict=True):
            xs = xs.to(torch.float64)
            self.xx += xs.T @ xs
            self.xg += xs.T @ gs.to(torch.float64)
        self.count += len(x)

    def merge(self, other: "RidgeSums") -> None:
        """Add the sums of another part of the survey."""
        self.xx += other.xx
        self.xg += other.xg
        self.count += other.count

    def solve(self, l2: float) -> LinkHead:
        """The head that minimises the squared error plus l2 |W|^2; the bias is not shrunk."""
        penalty = torch.diag(self.xx)[:-1].mean() * l2
        shrink = torch.full((len(self.xx),), float(penalty), dtype=torch.float64)
        shrink[-1] = 0
        solution = torch.linalg.lstsq(self.xx + torch.diag(shrink), self.xg, driver="gelsd")
        return LinkHead(solution.solution[:-1].float(), solution.solution[-1].float())


def _adamw(views: _Views, recipe: Recipe, progress: Progress) -> LinkHead:
    """AdamW on 1 - cos(z, g), cosine schedule to zero, started from small random weights."""
    rng = torch.Generator().manual_seed(recipe.seed)
    rows, columns = views.x.shape[1], views.g.shape[1]
    start = torch.randn(rows, columns, generator=rng) / rows**0.5 * 0.1
    weight = start.to(views.x.device).requires_grad_()
    optimiser = torch.optim.AdamW(
        [weight], lr=recipe.learning_rate, weight_decay=recipe.weight_decay
    )
    steps = recipe.epochs * -(-len(views.x) // recipe.batch_size)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=steps)
    for epoch in range(recipe.epochs):
        for step, (x, g) in enumerate(views.batches(recipe.batch_size, rng)):
            loss = (1 - torch.nn.functional.cosine_similarity(x @ weight, g)).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            if step % 64 == 0:
                progress("fitting the head", epoch, recipe.epochs)
    progress("fitting the head", recipe.epochs, recipe.epochs)
    solution = weight.detach()
    return LinkHead(solution[:-1], solution[-1])
