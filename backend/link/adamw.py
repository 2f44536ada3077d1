"""AdamW on 1 - cos(ĝ, g), as the paper trains: a trainer that can be left after any epoch.

ĝ is the unit vector of z = p W + m b. The gradient of the loss is short, so it is written out:
beside the two products with W that halves the time of a step.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch

from backend.device import has_bfloat16
from backend.errors import ConfigInvalid
from backend.link.head import LinkHead
from backend.link.views import Batch, Batches, Supervision
from backend.progress import Progress, silent

TINY = 1e-20  # the least length that is divided by; its inverse is finite in float32
BATCH = 1024  # views whose cosines are measured together
STAGE = "fitting the head"


@dataclass(frozen=True)
class Recipe:
    """How a head is fitted; the defaults are the paper's.

    Ridge uses `supervision`, `l2`, `reweightings` and `seed`.
    """

    epochs: int = 20
    learning_rate: float = 1e-3
    """At the first step; it falls to 0 along half a cosine."""
    weight_decay: float = 1e-4
    batch_size: int = 256
    """Views in a batch."""
    seed: int = 0
    """Draws the first weights and the order of the pairs; for ridge, the samples."""
    l2: float | None = None
    """How much ridge shrinks W, by the mean square of a feature; None for the best of `L2S`."""
    reweightings: int = 2
    """How often ridge is solved again towards the optimum of the cosine; 0 is least squares."""
    supervision: Supervision = "view"
    """What a pair is: a view and its photograph, or a tile and the mean of its photographs."""
    warm_start: bool = False
    """Whether AdamW begins at ridge's solution, not at small random weights."""
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    """The type of the products with W; auto is bfloat16 where the device is fast at it."""

    def __post_init__(self) -> None:
        above_zero = ("epochs", "learning_rate", "batch_size")
        for name in (*above_zero, "weight_decay", "seed", "l2", "reweightings"):
            value = getattr(self, name) or 0  # an l2 of None is chosen later
            if isinstance(value, int) and value >= 2**32:  # torch takes no larger seeds or sizes
                raise ConfigInvalid(f"The recipe's {name} is {value}.", "Expected less than 2^32.")
            if not 0 <= value < math.inf or (value == 0 and name in above_zero):
                least = "more than 0" if name in above_zero else "0 or more"
                raise ConfigInvalid(
                    f"The recipe's {name} is {value}.", f"Expected a finite number, {least}."
                )

    def matrices(self, device: torch.device) -> torch.dtype:
        """Return the type of the products with W on a device."""
        fast = self.precision == "auto" and has_bfloat16(device)
        return torch.bfloat16 if fast or self.precision == "bfloat16" else torch.float32


PAPER = Recipe()


@dataclass(frozen=True)
class Epoch:
    """A point of the learning curve."""

    epoch: int
    """Counted from 1."""
    learning_rate: float
    """That of its last step."""
    train_loss: float
    """The mean over its pairs, each as the weights were at its batch."""
    validation_cosine: float
    """NaN without validation views."""
    seconds: float


class AdamWTrainer:
    """Fits a head by AdamW. `epochs` goes on from where `restore` put the weights.

    Example:
        trainer = AdamWTrainer(views.dims, Recipe(epochs=5), views.device)
        for epoch in trainer.epochs(views.batches, views.pairs(), validation=None):
            print(epoch.train_loss)
    """

    def __init__(
        self,
        dims: tuple[int, int],
        recipe: Recipe,
        device: torch.device,
        start: LinkHead | None = None,
    ) -> None:
        """Begin at `start`, or at small random weights for features and a text space of `dims`."""
        self._recipe, self._matrices = recipe, recipe.matrices(device)
        if start is None:
            random = torch.Generator().manual_seed(recipe.seed)
            weights = torch.randn(dims[0] + 1, dims[1], generator=random) / dims[0] ** 0.5 * 0.1
            start = LinkHead(weights[:-1], weights[-1])
        self._weight, self._bias = (
            torch.nn.Parameter(torch.empty_like(tensor, device=device).copy_(tensor))
            for tensor in (start.weight.contiguous(), start.bias.contiguous())
        )
        self._optimiser = torch.optim.AdamW(
            [self._weight, self._bias], weight_decay=recipe.weight_decay, fused=True
        )
        self.curve: list[Epoch] = []
        self.best, self._best_cosine = self.head, -math.inf

    @property
    def head(self) -> LinkHead:
        """The weights as they are now."""
        return LinkHead(self._weight.detach().clone(), self._bias.detach().clone())

    def epochs(
        self, batches: Batches, count: int, validation: Batches | None, progress: Progress = silent
    ) -> Iterator[Epoch]:
        """Go through all `count` pairs of `batches` again and again; yield each epoch as it ends.

        `best` is then the head of the epoch with the highest validation cosine, or the last one
        where there is no validation.

        Raises:
            ConfigInvalid: the weights have become infinite or NaN.
        """
        total = self._recipe.epochs * count
        while (epoch := len(self.curve)) < self._recipe.epochs:
            began, seen = time.monotonic(), epoch * count
            # Drawn by epoch, so that a run that goes on sees the order it would have seen.
            rng = np.random.default_rng([self._recipe.seed, epoch])
            losses = []
            for batch in batches(self._recipe.batch_size, rng):
                rate = self._recipe.learning_rate * (1 + math.cos(math.pi * seen / total)) / 2
                losses.append(self._step(batch, rate))
                seen += len(batch.photos)
                if len(losses) % 64 == 0:
                    progress(STAGE, seen, total)
            if not (self._weight.isfinite().all() and self._bias.isfinite().all()):
                raise ConfigInvalid(
                    f"The head's weights have become infinite or NaN in epoch {epoch + 1}, at the "
                    f"learning rate {self._recipe.learning_rate:g}.",
                    "Lower the recipe's learning_rate.",
                )
            cosine = self._keep_best(validation)
            loss = float(torch.stack(losses).sum()) / count
            self.curve.append(Epoch(epoch + 1, rate, loss, cosine, time.monotonic() - began))
            yield self.curve[-1]
            progress(STAGE, seen, total)

    @torch.no_grad()
    def _step(self, batch: Batch, learning_rate: float) -> torch.Tensor:
        """Make one step of AdamW and return the sum of the batch's losses."""
        z, p = link_batch(batch, self._weight, self._bias, self._matrices)  # (B k, D), (B k, d)
        loss, dz = cosine_loss(z.unflatten(0, (len(batch.photos), -1)), batch.photos)
        dz = dz.flatten(0, 1) / len(batch.photos)  # the loss of a step is the mean over its pairs
        # z = p W + m b, so dW = p^T dz and db = m^T dz; the first in the type of the matrices.
        self._weight.grad = (p.T @ dz.to(p.dtype)).float()
        self._bias.grad = batch.means @ dz
        for group in self._optimiser.param_groups:
            group["lr"] = learning_rate
        self._optimiser.step()
        return loss

    def _keep_best(self, validation: Batches | None) -> float:
        """Return the validation cosine now, NaN without validation; keep the best head so far."""
        head = self.head
        if validation is None:
            self.best = head
            return math.nan
        cosine = mean_cosine(head, validation, self._matrices)
        if cosine > self._best_cosine:
            self.best, self._best_cosine = head, cosine
        return cosine

    def state(self) -> dict[str, Any]:
        """Return all that `restore` needs, as tensors and plain numbers."""
        return {
            "weight": self._weight.detach(),
            "bias": self._bias.detach(),
            "optimiser": self._optimiser.state_dict(),
            "best": (self.best.weight, self.best.bias, self._best_cosine),
            "curve": [vars(epoch) for epoch in self.curve],
        }

    @torch.no_grad()
    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a `state` of a trainer with the same recipe."""
        self._weight.copy_(state["weight"])
        self._bias.copy_(state["bias"])
        self._optimiser.load_state_dict(state["optimiser"])
        weight, bias, self._best_cosine = state["best"]
        self.best = LinkHead(weight.to(self._weight), bias.to(self._bias))
        self.curve = [Epoch(**epoch) for epoch in state["curve"]]


def cosine_loss(z: torch.Tensor, g: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the sum of 1 - cos(t, g) over pairs, and its gradient (B, k, D) in z.

    t is the unit-length mean of the k unit vectors of z (B, k, D), which for k = 1 is the unit
    vector itself; g (B, D) are unit vectors. A z of zeros counts for nothing.
    """
    u, lengths = unit(z)
    if z.shape[1] == 1:
        t, pull = u[:, 0], -g  # the gradient of 1 - t g in t
    else:
        t, length = unit(u.sum(1))  # the length of a sum is that of the mean, times k
        pull = _through_unit(-g, t, length)
    return (1 - (t * g).sum(1)).sum(), _through_unit(pull[:, None], u, lengths)


def unit(vectors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return unit vectors, and the lengths they had (…, 1)."""
    lengths = torch.linalg.vector_norm(vectors, dim=-1, keepdim=True).clamp_(min=TINY)
    return vectors / lengths, lengths


def _through_unit(pull: torch.Tensor, u: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Return the gradient in v of what has the gradient `pull` in u = v / |v|."""
    # Moving along u changes only the length of v: that part of the pull has no effect.
    return (pull - u * (u * pull).sum(-1, keepdim=True)) / lengths


@torch.no_grad()
def mean_cosine(head: LinkHead, batches: Batches, matrices: torch.dtype = torch.float32) -> float:
    """Return the mean over all views of cos(ĝ, g); the pairs of `batches` are views."""
    total, count = 0.0, 0
    for batch in batches(BATCH, None):
        weight, bias = head.weight.to(batch.pooled.device), head.bias.to(batch.pooled.device)
        z, _ = link_batch(batch, weight, bias, matrices)
        u, _ = unit(z)
        total += float((u * batch.photos).sum())
        count += len(z)
    return total / count


def link_batch(
    batch: Batch, weight: torch.Tensor, bias: torch.Tensor, matrices: torch.dtype
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return z = p W + m b (N, D) in float32, and p (N, d) in the type of the matrices."""
    p = batch.pooled.float().to(matrices)  # float16 by float32, since bfloat16 has fewer digits
    z = (p @ weight.to(matrices)).float()
    return z.addcmul_(batch.means[:, None], bias), p
