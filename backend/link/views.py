"""Views: what a head is fitted on and measured on, from a survey's cache to a trainer's batch."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
import torch

from backend.errors import SurveyInvalid
from backend.link.directions import VIEWS
from backend.link.wedges import mask_means

Array = torch.Tensor | np.ndarray
Supervision = Literal["view", "tile"]
BLOCK = 4096  # points whose lengths are taken together: no copy of all in float32 is made


class Batch(NamedTuple):
    """Some pairs of a prediction and what it should be.

    By view, k is 1: a view and its photograph. By tile, k is 4: the views of a point and the
    unit-length mean of its photographs.
    """

    pooled: torch.Tensor
    """(B k, d), in the type that the views are stored in."""
    means: torch.Tensor
    """(B k,) float32: the mean of each view's mask, which is the factor of the bias."""
    photos: torch.Tensor
    """(B, D) float32 unit vectors."""


Batches = Callable[[int, np.random.Generator | None], Iterator[Batch]]
"""All pairs in batches of so many views, in random order when there is a generator."""


@dataclass(frozen=True, eq=False)
class Views:
    """The views of points and their photographs.

    A photograph that does not exist is masked out, never filled with zeros. Arrays stay in the type
    they are stored in, and nothing is copied but batches.

    Example:
        views = Views.of(pooled, photos, valid, grid=(14, 14)).checked("view")
        for batch in views.batches(256, np.random.default_rng(0)):
            predicted = batch.pooled.float() @ head.weight + batch.means[:, None] * head.bias
    """

    pooled: torch.Tensor
    """(n, 4, d), in any floating type; zeros where a view has no imagery."""
    photos: torch.Tensor
    """(n, 4, D), in any floating type and of any length but 0."""
    valid: torch.Tensor
    """(n, 4) bool: the view has a photograph."""
    rows: np.ndarray
    """(n,): where the points stand in their survey."""
    grid: tuple[int, int] | None = None
    """The feature grid that was pooled, which fixes the scale of the bias; see `mask_means`."""
    name: Callable[[int], str] = "Tile {} of the survey".format
    """What a message calls the point of a row."""

    @classmethod
    def of(
        cls,
        pooled: Array,
        photos: Array,
        valid: Array | None = None,
        *,
        grid: tuple[int, int] | None = None,
    ) -> "Views":
        """Return views of (n, 4, d), photographs (n, 4, D) and a mask (n, 4), else all exist.

        Raises:
            SurveyInvalid: the shapes do not belong together, or no view has a photograph.
        """
        pooled, photos = (torch.as_tensor(array).contiguous() for array in (pooled, photos))
        valid = torch.ones(pooled.shape[:2]) if valid is None else torch.as_tensor(valid)
        p, g, v = tuple(pooled.shape), tuple(photos.shape), tuple(valid.shape)
        if len(p) != 3 or len(g) != 3 or not p[:2] == g[:2] == v or p[1] != len(VIEWS):
            raise SurveyInvalid(
                f"The survey has features {p}, photographs {g} and valid {v}; expected (n, 4, d), "
                "(n, 4, D) and (n, 4).",
                "Build it anew: python -m backend.survey.",
            )
        if not valid.any():
            raise SurveyInvalid("The survey has no view with a photograph.", "Add photographs.")
        return cls(pooled, photos, valid.to(pooled.device, torch.bool), np.arange(p[0]), grid)

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.pooled)

    @property
    def dims(self) -> tuple[int, int]:
        """Dimensions of the features and of the text space."""
        return self.pooled.shape[2], self.photos.shape[2]

    @property
    def device(self) -> torch.device:
        """Where the arrays lie."""
        return self.pooled.device

    @cached_property
    def means(self) -> torch.Tensor:
        """Mean of each view's mask (4,) float64, which is the factor of the bias."""
        return mask_means(self.grid)

    def to(self, device: torch.device) -> "Views":
        """Return the same views on another device."""
        pooled, photos = self.pooled.to(device), self.photos.to(device)
        return replace(self, pooled=pooled, photos=photos, valid=self.valid.to(device))

    def part(self, points: np.ndarray | slice) -> "Views":
        """Return a copy of the views of some points, by their places (m,) or a mask (n,)."""
        return replace(
            self,
            pooled=self.pooled[points],
            photos=self.photos[points],
            valid=self.valid[points],
            rows=self.rows[points],
        )

    def pairs(self, supervision: Supervision = "view") -> int:
        """Return how many pairs `batches` goes through."""
        return int(self._is_pair(supervision).sum())

    def checked(self, supervision: Supervision) -> "Views":
        """Return these views if every number that is needed is finite.

        By view a pooled view is needed where its photograph exists, by tile with every photograph
        of its point.

        Raises:
            SurveyInvalid: a vector holds NaN or infinite values, or a photograph has length 0.
        """
        pooled, photos = self._lengths
        for problem, bad in (
            (
                "features hold NaN or infinite values",
                self._is_pair(supervision) & ~pooled.isfinite(),
            ),
            ("photograph holds NaN or infinite values", self.valid & ~photos.isfinite()),
            ("photograph has length 0", self.valid & (photos == 0)),
        ):
            if bad.any():
                point, view = bad.nonzero()[0].tolist()
                raise SurveyInvalid(
                    f"{self.name(int(self.rows[point]))}, view {VIEWS[view]}: its {problem}; "
                    "expected finite vectors that point somewhere.",
                    "Leave such points out, mark the view as not valid, or encode the survey anew.",
                )
        return self

    def batches(
        self,
        size: int,
        rng: np.random.Generator | None = None,
        supervision: Supervision = "view",
        points: np.ndarray | None = None,
    ) -> Iterator[Batch]:
        """Yield all pairs, `size` views at a time; in random order with `rng`.

        With `points` (k,) only the pairs of these points, by their place and in this order.
        """
        is_pair = self._is_pair(supervision).cpu()
        chosen = torch.arange(len(self)) if points is None else torch.from_numpy(points)
        each = is_pair.shape[1]
        order = (chosen[:, None] * each + torch.arange(each))[is_pair[chosen]]
        if rng is not None:
            order = order[torch.from_numpy(rng.permutation(len(order)))]
        make, means = self._of_views, self.means.to(self.device, torch.float32)
        if supervision == "tile":
            make, size = self._of_tiles, max(1, size // len(VIEWS))
        order = order.to(self.device)
        for start in range(0, len(order), size):
            yield make(order[start : start + size], means)

    def _of_views(self, places: torch.Tensor, means: torch.Tensor) -> Batch:
        """Return the pairs of views by their place among all 4 n."""
        pooled = self.pooled.flatten(0, 1).index_select(0, places)
        photos = self.photos.flatten(0, 1).index_select(0, places).float()
        photos *= (1 / self._lengths[1].flatten()[places])[:, None]
        return Batch(pooled, means[places % len(VIEWS)], photos)

    def _of_tiles(self, places: torch.Tensor, means: torch.Tensor) -> Batch:
        """Return the pairs of points by their place."""
        pooled, photos = (lengths[places] for lengths in self._lengths)
        valid = self.valid[places]
        scale = torch.where(valid, 1 / photos, 0)[..., None]
        # Masked before it is scaled, since 0 times NaN is NaN.
        present = torch.where(valid[..., None], self.photos[places].float(), 0)
        reference = torch.nn.functional.normalize((present * scale).sum(1), dim=1)
        # Without imagery a view is zeros: a mean of 0 takes the bias from it, too.
        means = means * (pooled > 0)
        return Batch(self.pooled[places].flatten(0, 1), means.flatten(), reference)

    def _is_pair(self, supervision: Supervision) -> torch.Tensor:
        """Return which views (n, 4), or which points (n, 1), are pairs."""
        return self.valid if supervision == "view" else self.valid.any(1, keepdim=True)

    @cached_property
    def _lengths(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Lengths (n, 4) float32 of pooled views and photographs; finite where all numbers are."""
        pooled, photos = (
            torch.cat([_lengths(part) for part in array.split(BLOCK)])
            for array in (self.pooled, self.photos)
        )
        return pooled, photos


def _lengths(vectors: torch.Tensor) -> torch.Tensor:
    precise = torch.promote_types(vectors.dtype, torch.float32)  # squares of float16 overflow
    return torch.linalg.vector_norm(vectors, dim=2, dtype=precise).float()
