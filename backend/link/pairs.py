"""What a head is fitted on: pooled views paired with their photographs, as they lie in memory.

A pair has a pooled feature p (d,), the mean m of its view's mask, which is the factor of the bias,
and the photograph's unit vector g (D,). A missing view is left out, never filled with zeros.
"""

from collections.abc import Callable, Iterator
from copy import copy
from typing import Literal, NamedTuple

import numpy as np
import torch

from backend.errors import SurveyInvalid
from backend.link.wedges import VIEWS, mask_means

Array = torch.Tensor | np.ndarray
Supervision = Literal["view", "tile"]
ROWS = 4096  # points that are looked at together


class Batch(NamedTuple):
    """Some pairs: pooled (B k, d) as stored, mask means (B k,) and photographs (B, D) float32.

    k is 1 where views are paired with their photographs, 4 where tiles are with their references.
    """

    pooled: torch.Tensor
    means: torch.Tensor
    photos: torch.Tensor


class Pairs:
    """Pooled views (n, 4, d) and photographs (n, 4, D) of points, in any floating type.

    With supervision by "view" each view present is a pair; by "tile" each point is, its four
    views against the unit-length mean of the photographs present. Nothing is copied but batches.
    """

    def __init__(
        self,
        pooled: Array,
        photos: Array,
        valid: Array | None = None,
        *,
        grid: tuple[int, int] | None = None,
        supervision: Supervision = "view",
        name: Callable[[int], str] = "Tile {} of the survey".format,
    ) -> None:
        """`valid` (n, 4) says which photographs exist, None that all do; `grid` is the encoder's.

        `name` says what to call a point by its place, in messages. SurveyInvalid names the view
        that holds NaN, infinite values or a photograph of length 0.
        """
        self.pooled = torch.as_tensor(pooled).contiguous()
        self.photos = torch.as_tensor(photos).contiguous()
        shape = tuple(self.pooled.shape[:2])
        there = torch.ones(shape) if valid is None else torch.as_tensor(valid)
        self._check_shapes(there)
        there = there.to(self.device, torch.bool)
        self._by_tile = supervision == "tile"
        self._means = mask_means(grid).to(self.device, torch.float32)
        self._scale, self._imaged = self._measure(there, name)
        self._wanted = (there.any(1, keepdim=True) if self._by_tile else there).cpu()
        self._present = self._wanted.flatten().nonzero()[:, 0]

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self._present)

    @property
    def dims(self) -> tuple[int, int]:
        """Dimensions of the features and of the text space."""
        return self.pooled.shape[2], self.photos.shape[2]

    @property
    def device(self) -> torch.device:
        """Where the arrays lie."""
        return self.pooled.device

    def part(self, points: np.ndarray) -> "Pairs":
        """The pairs of some points by their place (k,), in this order; the arrays are shared."""
        part, chosen = copy(self), torch.from_numpy(points)
        each = self._wanted.shape[1]
        places = chosen[:, None] * each + torch.arange(each)
        part._present = places[self._wanted[chosen]]
        return part

    def batches(self, size: int, rng: np.random.Generator | None = None) -> Iterator[Batch]:
        """All pairs, `size` views at a time; in random order with `rng`."""
        order = self._present
        if rng is not None:
            order = order[torch.from_numpy(rng.permutation(len(order)))]
        for chosen in order.to(self.device).split(max(1, size // 4) if self._by_tile else size):
            yield self._tiles(chosen) if self._by_tile else self._views(chosen)

    def _views(self, chosen: torch.Tensor) -> Batch:
        """Views by their place among all 4 n."""
        pooled = self.pooled.flatten(0, 1).index_select(0, chosen)
        photos = self.photos.flatten(0, 1).index_select(0, chosen).float()
        photos *= self._scale.flatten()[chosen, None]
        return Batch(pooled, self._means[chosen % len(VIEWS)], photos)

    def _tiles(self, chosen: torch.Tensor) -> Batch:
        """Points by their row. A view without imagery has a mean of 0: it is linked to nothing."""
        scale = self._scale[chosen, :, None]
        present = torch.where(scale > 0, self.photos[chosen].float(), 0)  # 0 times NaN is NaN
        reference = torch.nn.functional.normalize((present * scale).sum(1), dim=1)
        means = self._means * self._imaged[chosen]
        return Batch(self.pooled[chosen].flatten(0, 1), means.flatten(), reference)

    def _check_shapes(self, there: torch.Tensor) -> None:
        p, g, v = tuple(self.pooled.shape), tuple(self.photos.shape), tuple(there.shape)
        if len(p) != 3 or len(g) != 3 or not p[:2] == g[:2] == v or p[1] != len(VIEWS):
            raise SurveyInvalid(
                f"The survey has features {p}, photographs {g} and valid {v}; expected (n, 4, d), "
                "(n, 4, D) and (n, 4).",
                "Build it anew: python -m backend.survey.",
            )
        if not there.any():
            raise SurveyInvalid("The survey has no view with a photograph.", "Add photographs.")

    def _measure(
        self, there: torch.Tensor, name: Callable[[int], str]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """What makes each photograph (n, 4) a unit vector, 0 where there is none.

        And whether the view (n, 4) has imagery: a survey holds zeros where it has none.
        """
        scale = torch.zeros(there.shape, device=self.device)
        imaged = torch.zeros_like(there)
        for start in range(0, len(there), ROWS):
            some = slice(start, start + ROWS)
            features, photos = _lengths(self.pooled[some]), _lengths(self.photos[some])
            needed = there[some].any(1, keepdim=True) if self._by_tile else there[some]
            for what, bad in (
                ("features hold NaN or infinite values", needed & ~features.isfinite()),
                ("photograph holds NaN or infinite values", there[some] & ~photos.isfinite()),
                ("photograph has length 0", there[some] & (photos == 0)),
            ):
                if bad.any():
                    row, view = bad.nonzero()[0].tolist()
                    raise SurveyInvalid(
                        f"{name(start + row)}, view {VIEWS[view]}: its {what}; expected finite "
                        "vectors that point somewhere.",
                        "Leave such points out, or mark the view as not valid.",
                    )
            scale[some] = torch.where(there[some], 1 / photos, 0)
            imaged[some] = features > 0
        return scale, imaged


def _lengths(vectors: torch.Tensor) -> torch.Tensor:
    """Lengths (n, 4) of vectors (n, 4, k): finite exactly where every number is."""
    precise = torch.promote_types(vectors.dtype, torch.float32)
    return torch.linalg.vector_norm(vectors, dim=2, dtype=precise).float()
