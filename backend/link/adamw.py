"""AdamW on 1 - cos(ĝ, g), as the paper trains: a trainer that can be left after any epoch.

ĝ is the unit vector of z = p W + m b. The loss has so short a gradient that it is written out,
which halves a step's time beside the two products with W.
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

TINY = 1e-20  # a length that counts as none; its inverse is finite in float32
BATCH = 1024  # pairs whose cosines are measured together
STAGE = "fitting the head"


@dataclass(frozen=True)
class Recipe:
    """How a head is fitted; the defaults are the paper's. Ridge uses `supervision` and `l2`."""

    epochs: int = 20
    learning_rate: float = 1e-3  # falls to 0 along half a cosine
    weight_decay: float = 1e-4
    batch_size: int = 256  # (view, tile) pairs
    seed: int = 0
    l2: float | None = None  # of ridge, relative to the mean square of a feature; None: `L2S`
    supervision: Supervision = "view"
    warm_start: bool = False  # begin at ridge's solution, not at small random weights
    precision: Literal["auto", "float32", "bfloat16"] = "auto"  # of the products with W

    def __post_init__(self) -> None:
        above_zero = {"epochs": self.epochs, "learning_rate": self.learning_rate}
        above_zero["batch_size"] = self.batch_size
        not_below = {"weight_decay": self.weight_decay, "seed": self.seed, "l2": self.l2 or 0}
        wrong = [(name, "more than 0") for name, of in above_zero.items() if not 0 < of < math.inf]
        wrong += [(name, "0 or more") for name, of in not_below.items() if not 0 <= of < math.inf]
        if wrong:
            name, expected = wrong[0]
            raise ConfigInvalid(
                f"The recipe's {name} is {getattr(self, name)}.",
                f"Expected a finite number, {expected}.",
            )

    def matrices(self, device: torch.device) -> torch.dtype:
        """The type that products with W are made in: bfloat16 where the device is fast at it."""
        if self.precision == "auto":
            return torch.bfloat16 if has_bfloat16(device) else torch.float32
        return torch.bfloat16 if self.precision == "bfloat16" else torch.float32


PAPER = Recipe()


@dataclass(frozen=True)
class Epoch:
    """A point of the learning curve; the validation cosine is NaN without validation views."""

    epoch: int
    learning_rate: float
    train_loss: float
    validation_cosine: float
    seconds: float


class AdamWTrainer:
    """Weights on their way down. `epochs` goes on from where `restore` put them."""

    def __init__(
        self,
        dims: tuple[int, int],
        recipe: Recipe,
        device: torch.device,
        start: LinkHead | None = None,
    ) -> None:
        """For features and a text space of `dims`, from `start` or small random weights."""
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

        `best` is then the head of the epoch with the highest validation cosine, the last one
        where there is no validation. ConfigInvalid when the weights leave all bounds.
        """
        total = self._recipe.epochs * count
        while (epoch := len(self.curve)) < self._recipe.epochs:
            began, seen = time.monotonic(), epoch * count
            rng = np.random.default_rng([self._recipe.seed, epoch])
            losses = []
            for batch in batches(self._recipe.batch_size, rng):
                rate = self._recipe.learning_rate * (1 + math.cos(math.pi * seen / total)) / 2
                losses.append(self._step(batch, rate))
                seen += len(batch.photos)
                if len(losses) % 64 == 0:
                    progress(STAGE, seen, total)
            self._require_finite(epoch + 1)
            cosine = self._keep_best(validation)
            loss = float(torch.stack(losses).sum()) / count
            seconds = time.monotonic() - began
            self.curve.append(Epoch(epoch + 1, rate, loss, cosine, seconds))
            yield self.curve[-1]
            progress(STAGE, seen, total)

    @torch.no_grad()
    def _step(self, batch: Batch, learning_rate: float) -> torch.Tensor:
        """One step of AdamW; the sum of the batch's losses."""
        z, p = _link(batch, self._weight, self._bias, self._matrices)  # (B k, D), (B k, d)
        loss, dz = cosine_loss(z.unflatten(0, (len(batch.photos), -1)), batch.photos)
        dz = dz.flatten(0, 1) / len(batch.photos)
        self._weight.grad = (p.T @ dz.to(p.dtype)).float()
        self._bias.grad = batch.means @ dz
        for group in self._optimiser.param_groups:
            group["lr"] = learning_rate
        self._optimiser.step()
        return loss

    def _require_finite(self, epoch: int) -> None:
        if not (self._weight.isfinite().all() and self._bias.isfinite().all()):
            raise ConfigInvalid(
                f"The head has left all bounds in epoch {epoch}, at the learning rate "
                f"{self._recipe.learning_rate:g}.",
                "Lower the recipe's learning_rate.",
            )

    def _keep_best(self, validation: Batches | None) -> float:
        """The validation cosine now, NaN without validation."""
        head = self.head
        if validation is None:
            self.best = head
            return math.nan
        cosine = mean_cosine(head, validation, self._matrices)
        if cosine > self._best_cosine:
            self.best, self._best_cosine = head, cosine
        return cosine

    def state(self) -> dict[str, Any]:
        """All that `restore` needs, as tensors and plain numbers."""
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
    """Sum of 1 - cos(t, g) over pairs, and its gradient (B, k, D) in z.

    t is the unit-length mean of the k unit vectors of z (B, k, D), which for k = 1 is the unit
    vector itself; g (B, D) are unit vectors. A z of zeros has no say.
    """
    u, lengths = _unit(z)
    if z.shape[1] == 1:
        t, pull = u[:, 0], -g
    else:
        t, length = _unit(u.sum(1))
        pull = _through_unit(-g, t, length)
    return (1 - (t * g).sum(1)).sum(), _through_unit(pull[:, None], u, lengths)


def _unit(vectors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Unit vectors, and the lengths they had (…, 1)."""
    lengths = torch.linalg.vector_norm(vectors, dim=-1, keepdim=True).clamp_(min=TINY)
    return vectors / lengths, lengths


def _through_unit(pull: torch.Tensor, u: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """The gradient in v of what has the gradient `pull` in u = v / |v|."""
    return (pull - u * (u * pull).sum(-1, keepdim=True)) / lengths


@torch.no_grad()
def mean_cosine(head: LinkHead, batches: Batches, matrices: torch.dtype = torch.float32) -> float:
    """Return the mean over all views of cos(ĝ, g); the pairs of `batches` are views."""
    total, count = 0.0, 0
    for batch in batches(BATCH, None):
        weight, bias = head.weight.to(batch.pooled.device), head.bias.to(batch.pooled.device)
        z, _ = _link(batch, weight, bias, matrices)
        u, _ = _unit(z)
        total += float((u * batch.photos).sum())
        count += len(z)
    return total / count


def _link(
    batch: Batch, weight: torch.Tensor, bias: torch.Tensor, matrices: torch.dtype
) -> tuple[torch.Tensor, torch.Tensor]:
    """z = p W + m b (N, D) in float32, and p (N, d) in the type of the matrices."""
    p = batch.pooled.float().to(matrices)
    z = (p @ weight.to(matrices)).float()
    return z.addcmul_(batch.means[:, None], bias), p
