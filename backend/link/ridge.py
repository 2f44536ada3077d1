"""Ridge: the head in closed form, and its way from least squares to the optimum of the cosine.

A pair is x (d + 1), a pooled feature p with its mask's mean m as the last number, and g (D), the
unit vector of its photograph. With A = (W; b), z = x A = p W + m b is the view that A predicts.

Least squares minimises the sum of |z - g|^2, and so asks every z for the length 1. The method asks
for directions alone: its loss of a view is 1 - c, where r = |z|, u = z / r and c = u g. Where z
varies much in length that is another optimum. With respect to z the loss has

    gradient   -(g - c u) / r
    Hessian    (g u^T + u g^T + c I - 3 c u u^T) / r^2, which is c / r^2 (I - u u^T) on average
               over photographs that scatter around u

Across u the curvature is c / r^2, and along u, in length, there is none. To solve again is to take
a step of Newton with the weight w = c / r^2 in all directions, which holds the lengths where they
are: it minimises the weighted squares

    w |x A - y|^2    with    y = z - gradient / w = g r / c

A head that this maps to itself has sum x (g - c u)^T / r = 0: the gradient of the cosine loss is 0.
And since w is the curvature in all directions that the loss depends on, a start that is wrong by e
leaves about e^2. So a sample of the pairs is enough to start from, and one pass over all of them
comes to the optimum.

The weights may be any positive numbers without moving that fixed point, as long as y follows them.
So c counts as `LEAST_COSINE` where it is less (a view that points the other way has no curvature to
go by), and one of the two r of w as `SHORTEST` of the mean length, so that a nearly vanishing z,
whose direction means nothing, outweighs nothing. By tile, the k views of a point share
t = s / L with s = sum u_v and L = |s|: then c = t g, each z_v has the written-out gradient
of `cosine_loss`, and by Cauchy and Schwarz w_v = k c / (L r_v)^2 bounds what they curve together.
The bound is reached where the views of a tile look alike; where they differ, steps are shorter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import torch

from backend.link.adamw import PAPER, TINY, Recipe, cosine_loss, link_batch, mean_cosine, unit
from backend.link.head import LinkHead
from backend.link.views import Batch, Batches
from backend.progress import Progress, silent

BATCH = 8192  # pairs that are multiplied at once
COLUMNS = 256  # of x that are multiplied with all later ones at once
L2 = 1e-4  # where there is no validation to choose by
L2S = (L2, 1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0)  # to choose from by validation cosine
CHOOSING = 8192  # validation views, drawn by chance, that l2 is chosen by
SAMPLED = 32  # pairs for every column of x that all passes but the last one are fitted on
LEAST_COSINE = 0.1
SHORTEST = 0.1


@dataclass(frozen=True)
class RidgePath:
    """The heads of every l2, from one eigendecomposition.

    The bias is not shrunk. With it taken out (as centring does), S = Q diag(values) Q^T is what is
    left of the sums of p^T p, and W = Q (Q^T T) / (values + penalty) for each penalty.
    """

    values: torch.Tensor
    """(d,) float64: the eigenvalues of S."""
    vectors: torch.Tensor
    """Q (d, d)."""
    turned: torch.Tensor
    """Q^T T (d, D); T is what is left of the sums of p^T g."""
    bias: torch.Tensor
    """(D,): the bias where W is 0."""
    lean: torch.Tensor
    """(d,): how much the bias gives way to W."""
    unit: float
    """The mean square of a feature over all pairs, which l2 is relative to."""

    def head(self, l2: float) -> LinkHead:
        """Return the head that minimises the squared error plus l2 |W|^2."""
        shrunk = self.values + self.unit * l2
        # A feature that is always 0, or the copy of another, leaves an eigenvalue of rounding only.
        tiny = self.values[-1] * len(shrunk) * torch.finfo(torch.float64).eps
        inverse = torch.where(shrunk > tiny, 1 / shrunk, 0)
        weight = self.vectors @ (self.turned * inverse[:, None])
        return LinkHead(weight.float(), (self.bias - self.lean @ weight).float())


class RidgeSums:
    """Streamed sums of x^T x and x^T g in float64; sums of several machines can be merged.

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
            for at in range(0, xs.shape[1], COLUMNS):  # one triangle: the other is the same
                end = at + COLUMNS
                block = (xs[:, at:end].T @ xs[:, at:]).cpu()
                self.xx[at:end, at:] += block
                self.xx[end:, at:end] += block[:, COLUMNS:].T
            self.xg += (xs.T @ gs.to(xs.dtype)).cpu()
        self.count += len(x)

    def path(self) -> RidgePath:
        """Return the heads of every l2."""
        last = self.xx[-1, -1].clamp(min=torch.finfo(torch.float64).tiny)
        lean = self.xx[-1, :-1] / last
        values, vectors = torch.linalg.eigh(self.xx[:-1, :-1] - torch.outer(lean, lean) * last)
        turned = vectors.T @ (self.xg[:-1] - torch.outer(lean, self.xg[-1]))
        mean_square = float(torch.diag(self.xx)[:-1].mean())
        return RidgePath(values, vectors, turned, self.xg[-1] / last, lean, mean_square)

    def solve(self, l2: float) -> LinkHead:
        """Return the head that minimises the squared error plus l2 |W|^2.

        `l2` is relative to the mean square of a feature.
        """
        return self.path().head(l2)


def fit_ridge(
    batches: Batches,
    dims: tuple[int, int],
    count: int,
    recipe: Recipe = PAPER,
    validation: Batches | None = None,
    progress: Progress = silent,
) -> tuple[LinkHead, float]:
    """Return ridge's head of all `count` pairs and its l2: the recipe's, or the best by validation.

    Least squares first, then as many reweightings as the recipe says. All but the last of these
    fits look at a sample of the pairs, if there are more; the last one looks at all.

    Example:
        head, l2 = fit_ridge(views.batches, views.dims, views.pairs(), validation=held.batches)
    """
    sample = max(4 * BATCH, SAMPLED * (dims[0] + 1))
    head, l2 = None, L2
    for step in range(recipe.reweightings + 1):
        some, of = batches, count
        if step < recipe.reweightings and sample < count:
            some, of = _sampled(batches, sample, recipe.seed), sample
        path = ridge_sums(some, dims, of, progress, head, recipe).path()
        head, l2 = _choose(path, recipe, validation, progress)
    assert head is not None  # the loop runs at least once
    return head, l2


def ridge_sums(
    batches: Batches,
    dims: tuple[int, int],
    count: int,
    progress: Progress = silent,
    head: LinkHead | None = None,
    recipe: Recipe = PAPER,
) -> RidgeSums:
    """Return the sums over all `count` pairs, of features and a text space of `dims`.

    With `head` they are those of the next step of Newton from there; without, of least squares.
    """
    sums, seen = RidgeSums(*dims), 0
    for batch in batches(BATCH, None):
        sums.add(*(_plain(batch) if head is None else _reweighted(batch, head, recipe)))
        seen += len(batch.photos)
        progress("summing up for ridge", min(seen, count), count)
    return sums


def _plain(batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """Return pairs x (B, d + 1) and g (B, D); of a tile the mean of its views."""
    x = _rows(batch)
    if len(x) > len(batch.photos):
        x = x.unflatten(0, (len(batch.photos), -1))
        x = x.sum(1) / x[..., -1:].count_nonzero(1)  # the mean is 0 where there is no imagery
    return x, batch.photos


def _reweighted(batch: Batch, head: LinkHead, recipe: Recipe) -> tuple[torch.Tensor, torch.Tensor]:
    """Return rows sqrt(w) x and sqrt(w) y of every view (B k), for a step from `head`."""
    g = batch.photos
    weight, bias = head.weight.to(g.device), head.bias.to(g.device)
    z, _ = link_batch(batch, weight, bias, recipe.matrices(g.device))
    root, y = _step_by_view(z, g) if len(z) == len(g) else _step_by_tile(z, g)
    return _rows(batch) * root[:, None], y


def _step_by_view(z: torch.Tensor, g: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return sqrt(w) (B,) and sqrt(w) y (B, D) of predictions z (B, D)."""
    r = torch.linalg.vector_norm(z, dim=1).clamp_(min=TINY)
    c = torch.linalg.vecdot(z, g) / r
    shortest = SHORTEST * r.mean()
    root = (c.clamp(min=LEAST_COSINE) / (r * r.clamp(min=shortest))).sqrt_()
    # w y = w z + (g - c u) / r. Where w is c / r^2 itself, as for most, the multiples of z cancel.
    y = g * (1 / (r * root))[:, None]
    odd = ((c < LEAST_COSINE) | (r < shortest)).nonzero()[:, 0]
    y[odd] += z[odd] * (root - c / (r * r * root))[odd, None]
    return root, y


def _step_by_tile(z: torch.Tensor, g: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return sqrt(w) (B k,) and sqrt(w) y (B k, D) of predictions z (B k, D), k of a tile."""
    z = z.unflatten(0, (len(g), -1))  # (B, k, D)
    _, pull = cosine_loss(z, g)
    u, lengths = unit(z)
    t, length = unit(u.sum(1))
    curvature = (t * g).sum(1, keepdim=True).clamp_(min=LEAST_COSINE) * z.shape[1]
    curvature /= length * length.clamp(min=SHORTEST * z.shape[1])
    root = (curvature[:, None] / (lengths * lengths.clamp(min=SHORTEST * lengths.mean()))).sqrt_()
    y = z.mul_(root).sub_(pull.div_(root))
    return root.flatten(), y.flatten(0, 1)


def _rows(batch: Batch) -> torch.Tensor:
    """Return x (B k, d + 1) of every view.

    Half precision is multiplied in float32, where its products are exact; finer types in float64.
    """
    half = batch.pooled.dtype in (torch.float16, torch.bfloat16)
    p = batch.pooled.to(torch.float32 if half else torch.float64)
    return torch.cat([p, batch.means.to(p)[:, None]], dim=1)


def _choose(
    path: RidgePath, recipe: Recipe, validation: Batches | None, progress: Progress
) -> tuple[LinkHead, float]:
    """Return a head of the path and its l2: the stated one, or the best of `L2S` by validation."""
    if recipe.l2 is not None or validation is None:
        l2 = L2 if recipe.l2 is None else recipe.l2
        return path.head(l2), l2
    some = _sampled(validation, CHOOSING, recipe.seed)
    heads, cosines = {}, {}
    for step, l2 in enumerate(L2S):
        progress("choosing l2", step, len(L2S))
        heads[l2] = path.head(l2)
        cosines[l2] = mean_cosine(heads[l2], some)
    chosen = max(L2S, key=cosines.__getitem__)
    return heads[chosen], chosen


def _sampled(batches: Batches, count: int, seed: int) -> Batches:
    """Return batches of about `count` pairs, the same ones each time."""

    def some(size: int, _: np.random.Generator | None) -> Iterator[Batch]:
        drawn = batches(size, np.random.default_rng(seed))
        return islice(drawn, -(-count // size))

    return some
