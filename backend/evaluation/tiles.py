"""Tiles of a survey: what is predicted for them, and what their photographs say.

A head predicts in the space of the photographs. A reference, an encoder whose vectors are in the
space of its own text tower, has no head: its prediction is its vector, in another space than the
photographs', and there is no cosine between the two.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch

from backend.errors import HeadMismatch, SurveyInvalid
from backend.link import LinkHead, mask_means
from backend.progress import Progress, silent

Array = torch.Tensor | np.ndarray
CHUNK = 512


@dataclass(frozen=True)
class Views:
    """A split of a survey: pooled (n, 4, d), photos (n, 4, D), valid (n, 4) or None: all are."""

    pooled: Array
    photos: Array
    valid: Array | None = None

    def __len__(self) -> int:
        return len(self.pooled)

    def check(self, head: LinkHead | None) -> None:
        """SurveyInvalid unless the arrays fit and a photograph is there; HeadMismatch."""
        p, g = tuple(self.pooled.shape), tuple(self.photos.shape)
        v = p[:2] if self.valid is None else tuple(self.valid.shape)
        if len(p) != 3 or len(g) != 3 or not p[:2] == g[:2] == v or p[1] != 4:
            raise SurveyInvalid(
                f"The survey has features {p}, photographs {g} and valid {v}; expected (n, 4, d), "
                "(n, 4, D) and (n, 4).",
                "Build it anew: python -m backend.survey.",
            )
        if not p[0] or not (self.valid is None or torch.as_tensor(self.valid).any()):
            raise SurveyInvalid("The survey has no view with a photograph.", "Add photographs.")
        wanted = (p[2], g[2]) if head is None else tuple(head.weight.shape)
        if head is not None and (p[2], g[2]) != wanted:
            raise HeadMismatch(
                f"The head {head.meta.name} links {wanted[0]} dimensions to {wanted[1]}; the "
                f"survey has features of {p[2]} and photographs of {g[2]}.",
                "Take a head of this survey's encoder and text space.",
            )


@dataclass(frozen=True)
class Tiles:
    """Tiles that have a photograph, float64.

    rows (k,) of the survey; predicted and reference (k, D) unit vectors; the mean cosine of the
    views present (k,), NaN without a head, and how many they are (k,).
    """

    rows: np.ndarray
    predicted: np.ndarray
    reference: np.ndarray
    cosine: np.ndarray
    views: np.ndarray


def read_tiles(
    head: LinkHead | None,
    views: Views,
    grid: tuple[int, int] | None,
    progress: Progress = silent,
) -> Iterator[Tiles]:
    """All tiles of `views` that have a photograph, in chunks; without a head a reference's.

    `grid` is the encoder's feature grid, which fixes the scale of the bias.
    """
    link = _link(head, grid)
    where = torch.device("cpu") if head is None else head.weight.device
    n = len(views)
    for start in range(0, n, CHUNK):
        progress("linking tiles", start, n)
        rows = slice(start, start + CHUNK)
        pooled, photos = (
            torch.as_tensor(a[rows]).to(where, torch.float64) for a in (views.pooled, views.photos)
        )
        valid = torch.ones(pooled.shape[:2], dtype=torch.bool, device=where)
        if views.valid is not None:
            valid = torch.as_tensor(views.valid[rows]).to(valid)
        _check_finite(start, pooled, photos, valid)
        imaged = pooled.any(2)  # a survey holds zeros where a view has no imagery
        yield _tiles(start, link(pooled), imaged, photos, valid, comparable=head is not None)
    progress("linking tiles", n, n)


def _link(
    head: LinkHead | None, grid: tuple[int, int] | None
) -> Callable[[torch.Tensor], torch.Tensor]:
    """From pooled views (k, 4, d) to vectors (k, 4, D) of the space that answers."""
    if head is None:
        return lambda pooled: pooled
    weight, bias = head.weight.double(), head.bias.double()
    offsets = mask_means(grid).to(bias)[:, None] * bias  # (4, D)
    return lambda pooled: pooled @ weight + offsets


def _tiles(
    start: int,
    linked: torch.Tensor,
    imaged: torch.Tensor,
    photos: torch.Tensor,
    valid: torch.Tensor,
    comparable: bool,
) -> Tiles:
    """Tiles of linked views and photographs (k, 4, D); what is missing of either is masked out.

    `comparable`: both are in one space.
    """
    some = valid.any(1)
    photos, valid = photos[some], valid[some]
    linked = _unit(torch.where(imaged[some][..., None], linked[some], 0))
    photos = _unit(torch.where(valid[..., None], photos, 0))
    counts = valid.sum(1)
    cosine = torch.full(counts.shape, torch.nan, dtype=torch.float64)
    if comparable:
        cosine = (linked * photos).sum(2).sum(1) / counts
    arrays = (
        torch.nonzero(some)[:, 0] + start,
        _unit(linked.sum(1)),
        _unit(photos.sum(1)),
        cosine,
        counts,
    )
    return Tiles(*(array.cpu().numpy() for array in arrays))


def _unit(vectors: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.normalize(vectors, dim=-1, eps=1e-30)


def _check_finite(
    start: int, pooled: torch.Tensor, photos: torch.Tensor, valid: torch.Tensor
) -> None:
    """The prediction needs all four pooled views, the reference only photographs that exist."""
    good = torch.isfinite(pooled).all(2) & (torch.isfinite(photos).all(2) | ~valid)
    bad = valid.any(1) & ~good.all(1)
    if bad.any():
        raise SurveyInvalid(
            f"Tile {start + int(bad.nonzero()[0])} of the survey holds NaN or infinite values.",
            "Leave such points out, or mark the view as not valid.",
        )
