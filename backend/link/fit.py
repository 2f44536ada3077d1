"""Fitting a head on pooled views: AdamW as in the paper, or ridge in closed form."""

from functools import partial

from backend.errors import ConfigInvalid
from backend.link.adamw import PAPER, AdamWTrainer, Recipe
from backend.link.head import LinkHead
from backend.link.ridge import L2, RidgeSums, ridge_sums
from backend.link.views import Array, Views
from backend.progress import Progress, silent

__all__ = ["Recipe", "RidgeSums", "fit_head"]


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
